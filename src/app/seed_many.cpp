// Load-test data: the slices' verbs, many to a commit.
#include "app/seed.hpp"
#include "availability/service.hpp"
#include "booking/service.hpp"
#include "identity/passwords.hpp"
#include "payments/service.hpp"
#include "profiles/service.hpp"
#include "store/outbox.hpp"

#include <algorithm>

namespace visavis::app {
namespace {

using identity::Call;
using identity::Platform;
using identity::UserType;

constexpr std::int64_t specialistsPerCommit = 10;
constexpr std::int64_t customersPerCommit = 500;
constexpr std::int64_t bookingsPerCustomer = 10;
constexpr std::int64_t slotsPerWeek = 5 * 8; // Monday to Friday, 9 to 17, an hour each
constexpr std::int64_t fewestDays = 28, mostDays = 365;

// An engine whose transactions are steps of one that is open already, so that verbs which commit for themselves join its commit.
// An error leaves their writes behind: whoever uses it must give up the whole transaction. It outlives the transaction.
class InsideTransaction final : public Engine {
public:
    void enter(EngineTx& tx) { tx_ = &tx; }

    Result<void> transact(std::function<Result<void>(EngineTx&)> const& work) override { return work(*tx_); }
    void read(std::function<void(EngineReader&)> const& work) override { work(*tx_); }
    std::vector<std::string> migrate(std::vector<CollectionSpec const*> const&, bool) override { return {}; }
    std::vector<IndexFault> checkIndexes(std::vector<CollectionSpec const*> const&) override { return {}; }
    std::vector<std::string> integrityFaults() override { return {}; }
    std::string describe() const override { return "one open transaction"; }
    bool alone() const override { return true; }
    std::vector<Counter> counters() const override { return {}; }

private:
    EngineTx* tx_ = nullptr;
};

class Seeder {
public:
    Seeder(Platform& platform, SeedSize size, SeedProgress const& progress)
        : outer_(platform),
          size_(size),
          progress_(progress),
          inner_{inside_,       platform.clock,    platform.rng,       platform.ids,     platform.publicUrl, unlimited(),
                 platform.auth, platform.payments, platform.passwords, platform.limiter, platform.gateway,   platform.memory},
          now_(platform.clock.now()),
          tag_(ObjectId::derived(platform.rng.token()).hex().substr(0, 8)) {}

    Result<Seeded> run() {
        CHECK(check());
        made_.password = outer_.rng.token().substr(0, 16);
        TRY(hash_, outer_.passwords.hash(made_.password)); // once: bcrypt for thousands would take an hour
        made_.firstSpecialist = address("specialist", 1);
        made_.firstCustomer = address("customer", 1);
        auto const wantedCustomers = size_.bookings == 0 ? 0 : std::max<std::int64_t>(1, size_.bookings / bookingsPerCustomer);
        CHECK(inBatches(wantedCustomers, customersPerCommit, [this](Tx& tx, std::int64_t number) { return addCustomer(tx, number); }));
        CHECK(
            inBatches(size_.specialists, specialistsPerCommit, [this](Tx& tx, std::int64_t number) { return addSpecialist(tx, number); }));
        return made_;
    }

private:
    static identity::LimitSettings const& unlimited() {
        static identity::LimitSettings const off = [] {
            identity::LimitSettings limits;
            limits.enabled = false;
            return limits;
        }();
        return off;
    }

    std::int64_t bookingsOf(std::int64_t number) const {
        return size_.bookings / size_.specialists + (number <= size_.bookings % size_.specialists ? 1 : 0);
    }

    // Enough days for the busiest specialist to be booked by at most two thirds, since a customer may be busy elsewhere.
    std::int64_t daysAhead() const { return std::max(fewestDays, bookingsOf(1) * 3 * 7 / (2 * slotsPerWeek) + 7); }

    Result<void> check() const {
        if (outer_.gateway.livemode()) return conflict("live_providers", "Made-up data does not go where real money is.");
        if (size_.specialists < 1) return invalid("/specialists", "out_of_range", "Must be at least 1.");
        if (size_.bookings < 0 || daysAhead() > mostDays)
            return invalid("/bookings", "out_of_range", "Must be between 0 and about 1,250 per specialist.");
        return ok;
    }

    std::string address(char const* kind, std::int64_t number) const {
        return std::string(kind) + "-" + std::to_string(number) + "-" + tag_ + "@load.example";
    }

    // What is counted during a batch counts once it is committed; a batch may run more than once.
    template <class Add> Result<void> inBatches(std::int64_t total, std::int64_t most, Add const& add) {
        for (std::int64_t from = 1; from <= total; from += most) {
            auto const before = made_;
            auto const knownBefore = customers_.size();
            CHECK(outer_.store.transact([&](EngineTx& raw) -> Result<void> {
                inside_.enter(raw);
                made_ = before;
                customers_.resize(knownBefore);
                Tx tx(raw, inside_.generations);
                for (auto number = from; number < std::min(from + most, total + 1); ++number) CHECK(add(tx, number));
                return ok;
            }));
            if (progress_) progress_(made_);
        }
        return ok;
    }

    Result<identity::User> addUser(Call& call, Tx& tx, char const* kind, std::int64_t number, UserType type) {
        auto const name = std::string(type == UserType::specialist ? "Specialist " : "Customer ") + std::to_string(number) + " " + tag_;
        TRY(auto user, identity::createUser(call, tx, {*parseEmail(address(kind, number)), hash_, Text<1, 100>(name), type, {}, true}));
        call.who.userId = user.id;
        return user;
    }

    Result<void> addCustomer(Tx& tx, std::int64_t number) {
        Call call(inner_, {}, now_);
        TRY(auto const user, addUser(call, tx, "customer", number, UserType::customer));
        TRY(auto const customer, profiles::createCustomer(call, tx, user, Zone{}));
        customers_.push_back({user.id, customer.id});
        ++made_.customers;
        return ok;
    }

    profiles::WritableSpecialist profileOf(profiles::Specialist const& made, std::int64_t number) const {
        auto wanted = project<profiles::WritableSpecialist>(made);
        profiles::WorkingDay const day{{true}, LocalTime{9 * 60}, LocalTime{17 * 60}};
        auto& hours = wanted.availability.workingHours;
        hours.monday = hours.tuesday = hours.wednesday = hours.thursday = hours.friday = day;
        wanted.availability.isAvailable = true;
        wanted.availability.maxAdvanceBooking = {daysAhead()};
        wanted.consulting.basePrice = profiles::Price{number % 4 == 0 ? 0 : 2'000 + number % 181 * 100};
        wanted.specialties = {std::array{"law", "tax", "design", "health", "music"}.at(static_cast<std::size_t>(number % 5))};
        wanted.languages = {std::array{"English", "German", "Hindi"}.at(static_cast<std::size_t>(number % 3))};
        return wanted;
    }

    Result<void> addSpecialist(Tx& tx, std::int64_t number) {
        static std::array<char const*, 6> const zones{"Europe/Berlin",    "America/New_York",  "Asia/Kolkata",
                                                      "Australia/Sydney", "America/Sao_Paulo", "UTC"};
        Call call(inner_, {}, now_);
        TRY(auto const user, addUser(call, tx, "specialist", number, UserType::specialist));
        TRY(auto const made,
            profiles::createSpecialist(call, tx, user, Zone::load(zones.at(static_cast<std::size_t>(number) % zones.size()))));
        TRY(auto const specialist, profiles::updateSpecialist(call, tx, made, profileOf(made, number)));
        TRY(auto const generated, availability::regenerate(inner_, tx, specialist.id, now_));
        CHECK(done(tx, "AvailabilityRulesChanged:" + specialist.id.hex() + ":" + std::to_string(specialist.availabilityVersion)));
        ++made_.specialists;
        made_.slots += generated.created;
        return addBookings(tx, specialist, bookingsOf(number));
    }

    // Spread over the whole horizon.
    Result<void> addBookings(Tx& tx, profiles::Specialist const& specialist, std::int64_t wanted) {
        if (wanted == 0) return ok;
        auto const& slots = availability::slots;
        auto const where = slots->specialistId == specialist.id && slots->status == availability::SlotStatus::available;
        auto all = tx.find(slots, where).sort(slots->startsAt, slots->id).all();
        std::erase_if(all, [&](auto const& slot) { return !availability::checkBookable(specialist, slot, now_); });
        auto const size = static_cast<std::int64_t>(all.size());
        std::int64_t made = 0;
        for (std::int64_t i = 0; i < size && made < wanted; ++i) {
            if ((i + 1) * wanted / size <= made && size - i > wanted - made) continue; // not its turn yet
            auto const guest = freeGuest(tx, all[static_cast<std::size_t>(i)]);
            if (!guest) continue;
            CHECK(addBooking(tx, all[static_cast<std::size_t>(i)], *guest));
            ++made;
        }
        return ok;
    }

    struct Guest {
        Ref<identity::User> user;
        Ref<profiles::Customer> customer;
    };

    std::optional<Guest> freeGuest(Tx& tx, availability::Slot const& slot) {
        for (int tries = 0; tries < 20; ++tries) {
            auto const& guest = customers_[next_++ % customers_.size()];
            if (!availability::customerIsBusy(tx, guest.customer, slot.startsAt, slot.endsAt)) return guest;
        }
        return std::nullopt;
    }

    Result<void> addBooking(Tx& tx, availability::Slot const& slot, Guest const& guest) {
        identity::Caller caller;
        caller.userId = guest.user;
        caller.customerId = guest.customer;
        Call call(inner_, caller, now_);
        booking::NewBooking input;
        input.slotId = slot.id;
        TRY(auto const booking, booking::request(call, tx, input));
        if (booking.sessionPrice > 0) CHECK(pay(tx, booking));
        ++made_.bookings;
        return done(tx, "BookingConfirmed:" + booking.id.hex());
    }

    Result<void> pay(Tx& tx, booking::Booking const& booking) {
        TRY(auto const payment, payments::openPayment(inner_, tx,
                                                      {booking.id,
                                                       booking.specialistId,
                                                       booking.customerId,
                                                       booking.sessionPrice,
                                                       booking.currency,
                                                       booking.platformFeePercentage.value_or(0),
                                                       {}},
                                                      now_));
        payments::Intent intent;
        intent.id = "pi_seeded" + payment.id.hex();
        intent.amount = intent.amountReceived = payment.amount;
        intent.currency = payment.currency;
        intent.status = payments::IntentStatus::succeeded;
        intent.latestChargeId = "ch_seeded" + payment.id.hex();
        CHECK(payments::noteIntent(tx, payment, intent, now_));
        CHECK(payments::applyIntent(inner_, payment.id, intent, now_));
        CHECK(booking::onPaymentSucceeded(inner_, {payment.id, booking.id}, now_));
        return done(tx, "PaymentSucceeded:" + payment.id.hex());
    }

    // Made-up people get no mail, and their slots are made already.
    Result<void> done(Tx& tx, std::string const& effectKey) {
        auto const id = Ref<OutboxEntry>{ObjectId::derived(effectKey)};
        CHECK(tx.update(outbox, outbox->id == id && outbox->status == OutboxStatus::waiting,
                        set(outbox->status, OutboxStatus::done).set(outbox->doneAt, now_)));
        return ok;
    }

    Platform& outer_;
    SeedSize size_;
    SeedProgress const& progress_;
    InsideTransaction inside_;
    Platform inner_;
    Instant now_;
    std::string tag_;
    std::string hash_;
    Seeded made_;
    std::vector<Guest> customers_;
    std::size_t next_ = 0;
};

} // namespace

Result<Seeded> seedMany(Platform& platform, SeedSize size, SeedProgress const& progress) { return Seeder(platform, size, progress).run(); }

} // namespace visavis::app
