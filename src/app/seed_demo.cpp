// The demo's people, as rows of a table.
#include "app/seed.hpp"
#include "availability/api.hpp"
#include "booking/service.hpp"
#include "identity/passwords.hpp"
#include "profiles/service.hpp"

namespace visavis::app {
namespace {

using identity::Call;
using identity::Platform;
using identity::UserType;

struct DemoSpecialist {
    char const* name;
    char const* email;
    char const* zone;
    char const* headline;
    char const* bio;
    std::vector<char const*> specialties;
    std::vector<char const*> languages;
    std::int64_t price; // of a session of the first duration
    char const* currency;
    std::vector<std::int64_t> durations;
    std::int64_t buffer;
    LocalTime opens, closes;
};

std::vector<DemoSpecialist> const& demoSpecialists() {
    static std::vector<DemoSpecialist> const table{
        {"Ada Kessler",
         "ada@demo.example",
         "America/New_York",
         "Pricing for small software companies",
         "Twelve years of setting prices. Bring your numbers; you leave with three experiments to run.",
         {"pricing", "strategy"},
         {"English", "German"},
         9'000,
         "USD",
         {60, 30},
         15,
         {9 * 60},
         {17 * 60}},
        {"Ravi Menon",
         "ravi@demo.example",
         "Asia/Kolkata",
         "Databases that stay fast",
         "We look at one slow query together and at what its plan says.",
         {"databases", "performance"},
         {"English", "Malayalam"},
         250'000,
         "INR",
         {45},
         0,
         {10 * 60},
         {19 * 60}},
        {"Lena Vogt",
         "lena@demo.example",
         "Europe/Berlin",
         "First steps into freelancing",
         "Half an hour, free of charge, for whatever keeps you from starting.",
         {"freelancing"},
         {"German", "English"},
         0,
         "EUR",
         {30},
         0,
         {8 * 60},
         {13 * 60}},
    };
    return table;
}

struct DemoCustomer {
    char const* name;
    char const* email;
    char const* zone;
};

constexpr std::array demoCustomers{DemoCustomer{"Cora Lindqvist", "cora@demo.example", "Europe/Stockholm"},
                                   DemoCustomer{"Dan Okafor", "dan@demo.example", "Africa/Lagos"}};

struct Person {
    identity::User user;
    DemoLogIn logIn;
};

Result<Person> person(Call& call, Rng& rng, char const* name, char const* email, UserType type) {
    Person made;
    made.logIn = {"", email, rng.token().substr(0, 16)};
    TRY(auto const hash, call.platform.passwords.hash(made.logIn.password));
    TRY(made.user, visavis::transact(call.store, [&](Tx& tx) {
            return identity::createUser(call, tx, {*parseEmail(email), hash, Text<1, 100>(name), type, {}, true});
        }));
    call.who.userId = made.user.id;
    call.who.userType = type;
    call.who.isVerified = true;
    return made;
}

profiles::WritableSpecialist profileOf(profiles::Specialist const& made, DemoSpecialist const& row) {
    auto wanted = project<profiles::WritableSpecialist>(made);
    wanted.headline = Text<1, 200>(row.headline);
    wanted.bio = Lines<0, 5000>(row.bio);
    for (auto const* word : row.specialties) wanted.specialties.emplace_back(word);
    for (auto const* word : row.languages) wanted.languages.emplace_back(word);
    auto& availability = wanted.availability;
    availability.isAvailable = true;
    availability.minBookingNotice = {2};
    availability.bufferTime = {row.buffer};
    profiles::WorkingDay const day{{true}, row.opens, row.closes};
    auto& hours = availability.workingHours;
    hours.monday = hours.tuesday = hours.wednesday = hours.thursday = hours.friday = day;
    for (auto const* weekday : {"monday", "tuesday", "wednesday", "thursday", "friday"})
        availability.breakTimes.push_back({Text<1, 10>(weekday), LocalTime{12 * 60}, LocalTime{13 * 60}, {true}});
    auto& consulting = wanted.consulting;
    consulting.sessionDurations.clear();
    for (auto const minutes : row.durations) consulting.sessionDurations.push_back({minutes});
    consulting.defaultDuration = {row.durations.front()};
    consulting.basePrice = profiles::Price{row.price};
    consulting.currency = *Currency::parse(row.currency);
    return wanted;
}

// On one Saturday of the coming weeks there is an extra morning: a schedule of date exceptions, the other days keep the working hours.
availability::ScheduleInput extraSaturday(LocalDate today) {
    availability::ScheduleInput input;
    input.type = availability::ScheduleType::custom;
    auto const saturday = today + (12 - today.weekday()) % 7 + 7;
    input.dateExceptions.push_back({saturday, {true}, {{LocalTime{10 * 60}, LocalTime{13 * 60}}}});
    return input;
}

Result<DemoLogIn> makeSpecialist(Platform& platform, Rng& rng, DemoSpecialist const& row, Instant now) {
    Call call(platform, {}, now);
    TRY(auto made, person(call, rng, row.name, row.email, UserType::specialist));
    auto const zone = Zone::load(row.zone).value_or(Zone{});
    TRY(auto const id, visavis::transact(platform.store, [&](Tx& tx) -> Result<Ref<profiles::Specialist>> {
            TRY(auto const specialist, profiles::createSpecialist(call, tx, made.user, zone));
            CHECK(profiles::updateSpecialist(call, tx, specialist, profileOf(specialist, row)));
            return specialist.id;
        }));
    call.who.specialistId = id;
    CHECK(availability::createSchedule(call, extraSaturday(zone.dateAt(now)))); // makes the slots as well
    auto const price = row.price == 0 ? "free"
                                      : moneyText(row.price, *Currency::parse(row.currency)) + " for " +
                                            std::to_string(row.durations.front()) + " minutes";
    made.logIn.about = std::string("specialist, ") + row.zone + ", " + price;
    return made.logIn;
}

struct Guest {
    identity::Caller caller;
    DemoLogIn logIn;
};

Result<Guest> makeCustomer(Platform& platform, Rng& rng, DemoCustomer const& row, Instant now) {
    Call call(platform, {}, now);
    TRY(auto made, person(call, rng, row.name, row.email, UserType::customer));
    TRY(auto const customer,
        visavis::transact(platform.store, [&](Tx& tx) { return profiles::createCustomer(call, tx, made.user, Zone::load(row.zone)); }));
    call.who.customerId = customer.id;
    made.logIn.about = std::string("customer, ") + row.zone;
    return Guest{call.who, made.logIn};
}

// Books the first slot that is at least so many days ahead and free for both.
Result<void> book(Platform& platform, identity::Caller const& guest, char const* specialistEmail, int days, Instant now) {
    Call call(platform, guest, now);
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto const specialist = tx.find(profiles::specialists, profiles::specialists->email == *parseEmail(specialistEmail)).first();
        if (!specialist) return notFound();
        auto const& slots = availability::slots;
        auto const where = slots->specialistId == specialist->id && slots->status == availability::SlotStatus::available &&
                           slots->startsAt >= now + Days(days);
        for (auto const& slot : tx.find(slots, where).sort(slots->startsAt, slots->id).limit(20).all()) {
            if (availability::customerIsBusy(tx, *guest.customerId, slot.startsAt, slot.endsAt)) continue;
            booking::NewBooking input;
            input.slotId = slot.id;
            CHECK(booking::request(call, tx, input));
            return ok;
        }
        return notFound("The demo found no free time.");
    });
}

} // namespace

Result<std::vector<DemoLogIn>> seedDemo(Platform& platform, Rng& rng) {
    std::vector<DemoLogIn> logIns;
    auto const last = *parseEmail(demoCustomers.back().email);
    if (visavis::read(platform.store, [&](Reader& reader) { return identity::userByEmail(reader, last).has_value(); })) return logIns;
    auto const now = platform.clock.now();
    for (auto const& row : demoSpecialists()) {
        TRY(auto made, makeSpecialist(platform, rng, row, now));
        logIns.push_back(std::move(made));
    }
    std::vector<identity::Caller> guests;
    for (auto const& row : demoCustomers) {
        TRY(auto made, makeCustomer(platform, rng, row, now));
        guests.push_back(std::move(made.caller));
        logIns.push_back(std::move(made.logIn));
    }
    CHECK(book(platform, guests[0], "lena@demo.example", 1, now));
    CHECK(book(platform, guests[1], "lena@demo.example", 2, now));
    CHECK(book(platform, guests[0], "lena@demo.example", 8, now));
    CHECK(book(platform, guests[1], "ada@demo.example", 3, now)); // held for a quarter of an hour: pay for it
    return logIns;
}

} // namespace visavis::app
