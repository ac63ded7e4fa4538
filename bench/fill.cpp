// Stores for the benches that need many rows of one kind: a practice of years, a directory, one person's notifications, work that is due at once.
// Usage: bench_fill DATA KIND COUNT; prints one line of JSON that says who may log in and what was made.
#include "app/wire.hpp"
#include "availability/service.hpp"
#include "booking/rules.hpp"
#include "identity/passwords.hpp"
#include "notifications/records.hpp"
#include "payments/books.hpp"
#include "profiles/service.hpp"

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <functional>
#include <iostream>

namespace visavis::bench {
namespace {

namespace json = boost::json;
using identity::Call;
using identity::Platform;

constexpr auto password = "bench password";
constexpr std::int64_t rowsPerCommit = 500;

template <class T> T must(Result<T> outcome) {
    if (!outcome) throw std::runtime_error(outcome.error().key + ": " + outcome.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

struct Host {
    Ref<identity::User> user;
    Ref<profiles::Specialist> specialist;
};
struct Guest {
    Ref<identity::User> user;
    Ref<profiles::Customer> customer;
};

class Filler {
public:
    explicit Filler(Platform& platform) : platform_(platform), now_(platform.clock.now()), hash_(must(platform.passwords.hash(password))) {}

    json::object practice(std::int64_t count);
    json::object directory(std::int64_t count);
    json::object inbox(std::int64_t count);
    json::object dueAtOnce(std::int64_t count);

private:
    void inCommits(std::int64_t count, std::function<Result<void>(Tx&, std::int64_t)> const& add) {
        for (std::int64_t from = 0; from < count; from += rowsPerCommit)
            must(visavis::transact(platform_.store, [&](Tx& tx) -> Result<void> {
                for (auto n = from; n < std::min(count, from + rowsPerCommit); ++n) CHECK(add(tx, n));
                return ok;
            }));
    }

    static std::string address(char const* kind, std::int64_t n) { return fmt::format("{}-{}@bench.example", kind, n); }

    Result<identity::User> user(Call& call, Tx& tx, char const* kind, std::int64_t n, std::string const& name, identity::UserType type) {
        TRY(auto made, identity::createUser(call, tx, {*parseEmail(address(kind, n)), hash_, Text<1, 100>(name), type, {}, true}));
        call.who.userId = made.id;
        return made;
    }

    Result<Guest> guest(Tx& tx, std::int64_t n) {
        Call call(platform_, {}, now_);
        TRY(auto const made, user(call, tx, "customer", n, fmt::format("Customer {}", n), identity::UserType::customer));
        TRY(auto const customer, profiles::createCustomer(call, tx, made, Zone{}));
        return Guest{made.id, customer.id};
    }

    Result<Host> host(Tx& tx, std::int64_t n, std::string const& name, std::function<void(profiles::WritableSpecialist&)> const& describe) {
        Call call(platform_, {}, now_);
        TRY(auto const made, user(call, tx, "specialist", n, name, identity::UserType::specialist));
        TRY(auto const specialist, profiles::createSpecialist(call, tx, made, Zone{}));
        auto wanted = project<profiles::WritableSpecialist>(specialist);
        wanted.availability.isAvailable = true;
        wanted.consulting.basePrice = profiles::Price{2'000 + n % 181 * 100};
        describe(wanted);
        CHECK(profiles::updateSpecialist(call, tx, specialist, wanted));
        return Host{made.id, specialist.id};
    }

    std::vector<Host> hosts(std::int64_t count) {
        std::vector<Host> all(static_cast<std::size_t>(count));
        inCommits(count, [&](Tx& tx, std::int64_t n) -> Result<void> {
            TRY(all[static_cast<std::size_t>(n)], host(tx, n, fmt::format("Specialist {}", n), [](auto&) {}));
            return ok;
        });
        return all;
    }
    std::vector<Guest> guests(std::int64_t count) {
        std::vector<Guest> all(static_cast<std::size_t>(count));
        inCommits(count, [&](Tx& tx, std::int64_t n) -> Result<void> {
            TRY(all[static_cast<std::size_t>(n)], guest(tx, n));
            return ok;
        });
        return all;
    }

    booking::Booking bookingOf(Host const& host, Guest const& guest, Instant startsAt, Millis length, Instant createdAt) {
        booking::Booking made;
        made.id = platform_.ids.make<booking::Booking>(createdAt);
        made.slotId = platform_.ids.make<availability::Slot>(createdAt);
        made.specialistId = host.specialist;
        made.customerId = guest.customer;
        made.sessionDuration = length.count() / 60'000;
        made.sessionPrice = 12'000;
        made.currency = *Currency::parse("USD");
        made.platformFeePercentage = 20;
        made.startsAt = startsAt;
        made.endsAt = startsAt + length;
        made.createdAt = createdAt;
        booking::move(made, booking::BookingStatus::pending, createdAt, guest.user);
        return made;
    }

    Result<void> pay(Tx& tx, booking::Booking const& booking, MinorUnits amount, Instant at) {
        payments::Payment payment;
        payment.id = platform_.ids.make<payments::Payment>(at);
        payment.bookingId = booking.id;
        payment.specialistId = booking.specialistId;
        payment.customerId = booking.customerId;
        payment.amount = amount;
        payment.currency = booking.currency;
        auto const split = payments::splitOf(amount, 20);
        payment.platformFee = split.platformFee;
        payment.platformFeePercentage = 20;
        payment.specialistPayout = split.specialistPayout;
        payment.stripePaymentIntentId = "pi_bench" + payment.id.hex();
        payment.status = payments::PaymentStatus::succeeded;
        payment.createdAt = payment.updatedAt = at;
        payment.succeededAt = at;
        payment.idempotencyKey = "booking:" + booking.id.hex() + ":charge:1";
        CHECK(tx.insert(payments::payments, payment));
        return payments::bookCharge(platform_, tx, payment, at);
    }

    // A slot of its own, claimed for the booking.
    Result<void> take(Tx& tx, booking::Booking const& booking) {
        availability::Slot slot;
        slot.id = booking.slotId;
        slot.specialistId = booking.specialistId;
        slot.status = availability::SlotStatus::available;
        slot.startsAt = booking.startsAt;
        slot.endsAt = booking.endsAt;
        slot.duration = booking.sessionDuration;
        slot.price = booking.sessionPrice;
        slot.currency = booking.currency;
        slot.createdAt = slot.updatedAt = now_;
        CHECK(tx.insert(availability::slots, slot));
        return availability::claim(tx, slot, {booking.id, booking.customerId, 0}, now_);
    }

    Platform& platform_;
    Instant now_;
    std::string hash_;
};

// COUNT completed and paid sessions of one specialist with a thousand customers, two years long.
json::object Filler::practice(std::int64_t count) {
    auto const host = hosts(1).front();
    auto const all = guests(1'000);
    auto const step = Millis(Days(730)) / count;
    inCommits(count, [&](Tx& tx, std::int64_t n) -> Result<void> {
        auto const at = now_ - Days(740) + step * n;
        auto booking = bookingOf(host, all[static_cast<std::size_t>(n) % all.size()], at + Hours(30), Minutes(60), at);
        booking::move(booking, booking::BookingStatus::confirmed, at, {});
        booking::move(booking, booking::BookingStatus::completed, at + Hours(32), {});
        CHECK(tx.insert(booking::bookings, booking));
        return pay(tx, booking, 5'000 + n % 97 * 100, at);
    });
    return {{"specialistId", host.specialist.hex()}};
}

// COUNT published specialists whose words, prices, languages and ratings differ in how often they occur.
json::object Filler::directory(std::int64_t count) {
    constexpr std::array specialties{"law", "tax", "design", "health", "music", "career", "nutrition", "languages"};
    constexpr std::array languages{"English", "German", "Hindi", "Portuguese"};
    constexpr std::array first{"Ada", "Ben", "Chandra", "Dora", "Emil", "Fatima", "Goran", "Hana", "Igor", "Joana", "Kenji"};
    constexpr std::array second{"Almeida", "Becker", "Castro", "Dvorak", "Eriksen", "Fischer", "Gupta"};
    inCommits(count, [&](Tx& tx, std::int64_t n) -> Result<void> {
        auto const pick = [n](auto const& words, std::int64_t each) { return words[static_cast<std::size_t>(n / each) % words.size()]; };
        auto const name = fmt::format("{} {}", pick(first, 1), pick(second, 3));
        TRY(auto const made, host(tx, n, name, [&](profiles::WritableSpecialist& wanted) {
                wanted.specialties = {Text<1, 60>(pick(specialties, 1)), Text<1, 60>(pick(specialties, 5))};
                wanted.languages = {Text<1, 60>(n % 50 == 0 ? "Welsh" : pick(languages, 1))};
                wanted.headline = Text<1, 200>(n % 1'000 == 0 ? "Rare advice on inheritance" : "Calm advice in plain words");
            }));
        auto const rating = static_cast<double>(n * 7 % 41) / 10 + 1;
        CHECK(tx.update(profiles::specialists, profiles::specialists->id == made.specialist,
                        set(profiles::specialists->averageRating, rating).set(profiles::specialists->reviewCount, n % 300)));
        return ok;
    });
    return {};
}

// COUNT notifications of one customer, one in a thousand unread, and as many of others.
json::object Filler::inbox(std::int64_t count) {
    auto const all = guests(100);
    inCommits(2 * count, [&](Tx& tx, std::int64_t n) -> Result<void> {
        notifications::Notification note;
        auto const at = now_ - Days(20) + Seconds(n % 1'000'000);
        note.id = platform_.ids.make<notifications::Notification>(at);
        note.recipientId = all[n % 2 == 0 ? 0 : 1 + static_cast<std::size_t>(n) % (all.size() - 1)].user;
        note.title = Text<1, 200>("Your session is tomorrow");
        note.message = Lines<1, 2000>("It begins at 10:00. You can still move it.");
        note.isRead = n % 2'000 > 1;
        note.channels = {notifications::Channel::inApp};
        note.createdAt = at;
        note.expiresAt = at + Days(30);
        return tx.insert(notifications::notifications, note);
    });
    return {{"recipientId", all.front().user.hex()}};
}

// COUNT holds that run out and COUNT confirmed sessions whose reminder falls due, two hours from now.
json::object Filler::dueAtOnce(std::int64_t count) {
    constexpr std::int64_t perDay = 80; // quarters of an hour within the window of the reminder of the day before
    auto const pairs = (count + perDay - 1) / perDay;
    auto const specialists = hosts(pairs);
    auto const customers = guests(pairs);
    auto const due = Instant{(now_ + Hours(2)).ms / 300'000 * 300'000}; // claims go by cells of five minutes
    inCommits(2 * count, [&](Tx& tx, std::int64_t n) -> Result<void> {
        bool const isHold = n >= count;
        auto const place = n % count;
        auto const pair = static_cast<std::size_t>(place / perDay);
        auto const startsAt = due + Hours(isHold ? 48 : 2) + Minutes(15) * (place % perDay);
        auto booking = bookingOf(specialists[pair], customers[pair], startsAt, Minutes(15), now_);
        if (isHold)
            booking.holdExpiresAt = due;
        else
            booking::move(booking, booking::BookingStatus::confirmed, now_, {});
        CHECK(take(tx, booking));
        CHECK(tx.insert(booking::bookings, booking));
        return isHold ? Result<void>(ok) : pay(tx, booking, booking.sessionPrice, now_);
    });
    return {{"specialistId", specialists.front().specialist.hex()}};
}

int fill(std::string const& data, std::string const& kind, std::int64_t count) {
    app::Settings settings;
    settings.http.listen = "127.0.0.1:0";
    settings.store.data = data;
    settings.auth.bcrypt_cost = 4;
    settings.limits.enabled = false;
    auto const application = must(app::Application::open(settings)); // never started: only its parts are used
    Filler filler(application->platform());
    auto said = kind == "practice"      ? filler.practice(count)
                : kind == "directory"   ? filler.directory(count)
                : kind == "inbox"       ? filler.inbox(count)
                : kind == "due-at-once" ? filler.dueAtOnce(count)
                                        : throw std::runtime_error("no kind " + kind);
    said["password"] = password;
    std::cout << json::serialize(said) << '\n';
    return 0;
}

} // namespace
} // namespace visavis::bench

int main(int argc, char** argv) {
    try {
        return argc == 4 ? visavis::bench::fill(argv[1], argv[2], std::stoll(argv[3])) : 2;
    } catch (std::exception const& failed) {
        std::cerr << "fill: " << failed.what() << '\n';
        return 1;
    }
}
