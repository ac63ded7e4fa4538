// For tests: a gateway in memory, and a store on which everything has happened that verify looks at, through the verbs themselves.
#pragma once

#include "availability/service.hpp"
#include "booking/service.hpp"
#include "notifications/service.hpp"
#include "payments/service.hpp"
#include "support/platform.hpp"

#include <map>

namespace visavis::reports {

// Intents and refunds as the test sets them; every refund succeeds at once.
class Till final : public payments::Gateway {
public:
    Result<payments::Intent> createPaymentIntent(payments::NewIntent const& input) override {
        payments::Intent intent;
        intent.id = "pi_" + input.paymentId;
        intent.amount = input.amount;
        intent.currency = input.currency;
        intent.bookingId = input.bookingId;
        intent.paymentId = input.paymentId;
        intent.status = payments::IntentStatus::needsPayment;
        return intents[intent.id] = intent;
    }
    Result<payments::Intent> getPaymentIntent(std::string const& id) override {
        if (!intents.contains(id)) return notFound();
        return intents[id];
    }
    Result<payments::Intent> cancelPaymentIntent(std::string const& id, std::string const&) override {
        intents[id].status = payments::IntentStatus::cancelled;
        return intents[id];
    }
    Result<payments::GatewayRefund> createRefund(payments::NewRefund const& input) override {
        payments::GatewayRefund refund;
        refund.id = "re_" + input.refundId;
        refund.paymentIntentId = input.paymentIntentId;
        refund.amount = input.amount;
        refund.currency = intents[input.paymentIntentId].currency;
        refund.status = payments::RefundStatus::succeeded;
        refund.refundId = input.refundId;
        return refund;
    }
    Result<payments::GatewayRefund> getRefund(std::string const&) override { return notFound(); }
    Result<payments::GatewayPage<payments::GatewayRefund>> listRefunds(std::string const&, std::optional<std::string> const&) override {
        return notFound();
    }
    Result<payments::GatewayTransfer> createTransfer(payments::NewTransfer const&) override { return notFound(); }
    Result<payments::GatewayReversal> reverseTransfer(payments::NewReversal const&) override { return notFound(); }
    Result<payments::GatewayDispute> getDispute(std::string const&) override { return notFound(); }
    Result<payments::GatewayPage<payments::Intent>> listPaymentIntents(Instant, std::optional<std::string> const&) override {
        return notFound();
    }
    Result<payments::GatewayPage<payments::WebhookEvent>> listEvents(Instant, std::optional<std::string> const&) override {
        return notFound();
    }
    Result<payments::WebhookEvent> verifyWebhook(std::string_view, std::string_view, Instant) const override { return notFound(); }
    std::string const& publishableKey() const override { return key_; }
    bool livemode() const override { return false; }

    std::map<std::string, payments::Intent> intents;

private:
    std::string key_ = "pk_test";
};

// Two specialists, two customers, and bookings in every state that the verbs can reach.
class Market {
public:
    Market() {
        paid = specialist("ada", 9'999, 15);
        free = specialist("grace", 0, 0);
        first = customer("cora");
        second = customer("dan");
        confirmed = pay(book(first, paid, 2));
        partlyRefunded = pay(book(second, paid, 5));
        refund(paymentOf(partlyRefunded), 3'333);
        gratis = book(first, free, 1);
        late = book(second, paid, 9);
        open(late);
        expired = book(first, paid, 12);
        host.clock.advance(Minutes(16));
        must(booking::expireHolds(host.platform, host.clock.now()));
        taker = pay(book(first, paid, 9)); // the time of `late`, whose money comes now
        succeed(paymentOf(late));
        held = book(second, paid, 15);
        open(held);
        finishOutbox();
        keepAnswer();
    }

    template <class T> static T must(Result<T> outcome) {
        if (!outcome) throw std::logic_error(outcome.error().key + ": " + outcome.error().detail);
        return *std::move(outcome);
    }
    static void must(Result<void> const& outcome) {
        if (!outcome) throw std::logic_error(outcome.error().key + ": " + outcome.error().detail);
    }

    template <class F> auto transact(F const& work) { return must(visavis::transact(*host.store, work)); }

    booking::Booking booking(Ref<booking::Booking> id) { return *host.get(booking::bookings, id); }
    payments::Payment paymentOf(Ref<booking::Booking> id) {
        return *visavis::read(*host.store, [&](Reader& reader) { return payments::paymentOf(reader, id); });
    }

    // Every document of a collection; through other eyes, since on its own engine the platform forbids to read all.
    template <class T> std::vector<T> all(Collection<T> const& from) {
        return visavis::read(*readOnly(), [&](Reader& reader) { return reader.find(from).sort(from->id).all(); });
    }
    // As `visavis verify` looks at the store beside a running server.
    std::unique_ptr<SqliteEngine> readOnly() {
        return openSqlite({.file = host.directory.path() / "store.db", .readOnly = true, .readers = 2}, support::everyCollection());
    }

    Till till;
    support::TestPlatform host{&till};
    Ref<profiles::Specialist> paid, free;
    Ref<profiles::Customer> first, second;
    Ref<booking::Booking> confirmed, partlyRefunded, gratis, late, expired, taker, held;

private:
    identity::User user(std::string const& name, identity::UserType type) {
        auto call = host.call();
        return transact([&](Tx& tx) {
            return identity::createUser(call, tx, {*parseEmail(name + "@example.org"), "$2b$", Text<1, 100>(name), type, {}, true});
        });
    }

    Ref<profiles::Specialist> specialist(std::string const& name, std::int64_t price, std::int64_t buffer) {
        auto const owner = user(name, identity::UserType::specialist);
        auto call = host.call({.userId = owner.id});
        return transact([&](Tx& tx) -> Result<Ref<profiles::Specialist>> {
            TRY(auto made, profiles::createSpecialist(call, tx, owner, Zone{}));
            auto wanted = project<profiles::WritableSpecialist>(made);
            profiles::WorkingDay const day{{true}, LocalTime{9 * 60}, LocalTime{17 * 60}};
            auto& hours = wanted.availability.workingHours;
            hours.monday = hours.tuesday = hours.wednesday = hours.thursday = hours.friday = day;
            wanted.availability.isAvailable = true;
            wanted.availability.maxAdvanceBooking = {14};
            wanted.availability.bufferTime = {buffer};
            wanted.consulting.basePrice = profiles::Price{price};
            TRY(made, profiles::updateSpecialist(call, tx, made, wanted));
            availability::Schedule schedule;
            schedule.id = call.newId<availability::Schedule>();
            schedule.specialistId = made.id;
            availability::ScheduleDay weekday;
            weekday.slots.push_back({LocalTime{9 * 60}, LocalTime{17 * 60}});
            auto& week = schedule.weeklyPattern;
            week.monday = week.tuesday = week.wednesday = week.thursday = week.friday = weekday;
            CHECK(tx.insert(availability::schedules, schedule));
            CHECK(availability::regenerate(host.platform, tx, made.id, call.now));
            return made.id;
        });
    }

    Ref<profiles::Customer> customer(std::string const& name) {
        auto const owner = user(name, identity::UserType::customer);
        auto call = host.call({.userId = owner.id});
        return transact([&](Tx& tx) { return profiles::createCustomer(call, tx, owner, Zone{}); }).id;
    }

    // The n-th slot that can be booked.
    Ref<booking::Booking> book(Ref<profiles::Customer> customer, Ref<profiles::Specialist> specialist, std::size_t number) {
        auto const owner = host.get(profiles::customers, customer)->userId;
        auto call = host.call({.userId = owner, .customerId = customer});
        return transact([&](Tx& tx) -> Result<Ref<booking::Booking>> {
            auto const& slots = availability::slots;
            auto const soonest = call.now + Hours(25);
            auto const all =
                tx.find(slots, slots->specialistId == specialist && slots->startsAt >= soonest).sort(slots->startsAt, slots->id).all();
            TRY(auto const made, booking::request(call, tx, {all.at(number).id, {}, {}, {}, {}}));
            return made.id;
        });
    }

    payments::Intent open(Ref<booking::Booking> id) {
        auto const what = booking(id);
        auto const payment = transact([&](Tx& tx) {
            return payments::openPayment(
                host.platform, tx, {id, what.specialistId, what.customerId, what.sessionPrice, what.currency, 20, {}}, host.clock.now());
        });
        auto const intent = must(payments::intentOf(host.platform, payment));
        transact([&](Tx& tx) { return payments::noteIntent(tx, payment, intent, host.clock.now()); });
        return intent;
    }

    Ref<booking::Booking> pay(Ref<booking::Booking> id) {
        open(id);
        succeed(paymentOf(id));
        return id;
    }

    void succeed(payments::Payment const& payment) {
        auto intent = till.intents[*payment.stripePaymentIntentId];
        intent.status = payments::IntentStatus::succeeded;
        intent.latestChargeId = "ch_" + payment.id.hex();
        must(payments::applyIntent(host.platform, payment.id, intent, host.clock.now()));
        must(booking::onPaymentSucceeded(host.platform, {payment.id, payment.bookingId}, host.clock.now()));
        for (auto const& refund : host.emitted<payments::RefundRequested>())
            must(payments::onRefundRequested(host.platform, refund, host.clock.now()));
    }

    void refund(payments::Payment const& payment, MinorUnits amount) {
        auto const row = transact([&](Tx& tx) {
            return payments::requestRefund(tx, host.platform, payment.id, amount, "Half an hour only.", {}, host.clock.now());
        });
        must(payments::onRefundRequested(host.platform, {row.id}, host.clock.now()));
    }

    void finishOutbox() {
        for (auto const& event : host.emitted<booking::BookingConfirmed>())
            must(notifications::onBookingConfirmed(host.platform, event, host.clock.now()));
        for (auto const& entry : all(outbox))
            transact([&](Tx& tx) {
                return tx.update(outbox, outbox->id == entry.id,
                                 set(outbox->status, OutboxStatus::done).set(outbox->doneAt, host.clock.now()));
            });
    }

    void keepAnswer() {
        transact([&](Tx& tx) -> Result<bool> {
            CHECK(visavis::keepAnswer(tx, {ObjectId::derived("key"), sha256Hex("{}")}, 201, "{}", host.clock.now()));
            return true;
        });
    }
};

// A row that a reminder would leave behind.
inline notifications::Notification reminder(Market& market, Ref<booking::Booking> about, char const* id) {
    notifications::Notification note;
    note.id = {*ObjectId::parse(id)};
    note.recipientId = market.host.get(profiles::customers, market.first)->userId;
    note.type = notifications::NotificationType::booking_reminder;
    note.title = "In an hour";
    note.message = "Your session begins in an hour.";
    note.bookingId = about;
    note.createdAt = market.host.clock.now();
    note.expiresAt = note.createdAt + Days(30);
    return note;
}

inline constexpr char const* noteA = "aaaaaaaaaaaaaaaaaaaaaaaa";
inline constexpr char const* noteB = "bbbbbbbbbbbbbbbbbbbbbbbb";

} // namespace visavis::reports
