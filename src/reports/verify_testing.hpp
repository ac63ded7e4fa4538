// For tests: a store on which everything has happened that verify looks at, through the verbs themselves.
#pragma once

#include "availability/service.hpp"
#include "booking/service.hpp"
#include "notifications/service.hpp"
#include "payments/service.hpp"
#include "reviews/service.hpp"
#include "support/people.hpp"
#include "support/till.hpp"

#include <map>

namespace visavis::reports {

using support::must;

using support::Till;

// Who and what there is on a market.
struct MarketNames {
    Ref<profiles::Specialist> paid, free; // `free` has a review
    Ref<profiles::Customer> first, second;
    Ref<booking::Booking> ended, missed, confirmed, partlyRefunded, gratis, cancelled, moved, late, expired, taker, held;
};

// Two specialists, two customers, and bookings in every state that the verbs can reach. The first one of a process comes about through the verbs;
// those after it are its likeness, document by document.
class Market : public MarketNames {
public:
    Market() {
        static std::optional<Picture> picture;
        if (picture) {
            resemble(*picture);
        } else {
            comeAbout();
            picture = pictureOf();
        }
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
    std::unique_ptr<Engine> readOnly() { return host.place.look(app::allCollections()); }

    Ref<profiles::Customer> customer(std::string const& name) {
        auto const owner = user(name, identity::UserType::customer);
        auto call = host.call({.userId = owner.id});
        return transact([&](Tx& tx) { return profiles::createCustomer(call, tx, owner, Zone{}); }).id;
    }

    Till till;
    support::TestPlatform host{&till};

private:
    struct Picture {
        MarketNames names;
        std::map<std::string, payments::Intent> intents;
        Instant now;
        std::vector<std::pair<CollectionSpec const*, std::vector<Bson>>> documents;
    };

    Picture pictureOf() {
        Picture picture{*this, till.intents, host.clock.now(), {}};
        readOnly()->read([&](EngineReader& reader) {
            picture.documents.clear();
            for (auto const* collection : app::allCollections())
                picture.documents.emplace_back(collection, reader.find({collection, {}, {{"_id", false}}, 0, {}}));
        });
        return picture;
    }
    void resemble(Picture const& picture) {
        static_cast<MarketNames&>(*this) = picture.names;
        till.intents = picture.intents;
        host.clock.set(picture.now);
        must(host.store->transact([&](EngineTx& tx) -> Result<void> {
            for (auto const& [collection, documents] : picture.documents) CHECK(tx.insertAll(*collection, documents));
            return ok;
        }));
    }

    void comeAbout() {
        paid = specialist("ada", 9'999, 15);
        free = specialist("grace", 0, 0);
        first = customer("cora");
        second = customer("dan");
        ended = pay(book(second, paid, 0));
        missed = pay(book(second, paid, 3));
        host.clock.advance(Hours(30)); // both are over
        must(booking::completeBookings(host.platform, host.clock.now()));
        miss(missed);
        confirmed = pay(book(first, paid, 2));
        partlyRefunded = pay(book(second, paid, 5));
        refund(paymentOf(partlyRefunded), 3'333);
        gratis = book(first, free, 1);
        review(book(second, free, 20), 4);
        cancelled = pay(book(first, paid, 18));
        cancel(cancelled);
        moved = pay(book(first, paid, 20));
        reschedule(moved, slotOf(paid, 22));
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

    identity::User user(std::string const& name, identity::UserType type) { return support::newUser(host, name, type); }

    Ref<profiles::Specialist> specialist(std::string const& name, std::int64_t price, std::int64_t buffer) {
        auto const owner = user(name, identity::UserType::specialist);
        auto call = host.call({.userId = owner.id});
        return transact([&](Tx& tx) -> Result<Ref<profiles::Specialist>> {
            TRY(auto made, profiles::createSpecialist(call, tx, owner, Zone{}));
            auto wanted = project<profiles::WritableSpecialist>(made);
            support::openOfficeHours(wanted.availability.workingHours);
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

    // The n-th slot that can be booked.
    Ref<availability::Slot> slotOf(Ref<profiles::Specialist> specialist, std::size_t number) {
        auto const& slots = availability::slots;
        auto const soonest = host.clock.now() + Hours(25);
        return visavis::read(*host.store,
                             [&](Reader& reader) {
                                 return reader.find(slots, slots->specialistId == specialist && slots->startsAt >= soonest)
                                     .sort(slots->startsAt, slots->id)
                                     .all();
                             })
            .at(number)
            .id;
    }

    Ref<booking::Booking> book(Ref<profiles::Customer> customer, Ref<profiles::Specialist> specialist, std::size_t number) {
        auto const owner = host.get(profiles::customers, customer)->userId;
        auto call = host.call({.userId = owner, .customerId = customer});
        auto const slot = slotOf(specialist, number);
        return transact([&](Tx& tx) -> Result<Ref<booking::Booking>> {
            TRY(auto const made, booking::request(call, tx, {slot, {}, {}, {}, {}}));
            return made.id;
        });
    }

    // Completes a booking of `second`, who says what they think of it.
    void review(Ref<booking::Booking> id, std::int64_t rating) {
        auto call = host.call({.userId = host.get(profiles::customers, second)->userId, .customerId = second});
        transact([&](Tx& tx) -> Result<bool> {
            auto done = *tx.get(booking::bookings, id);
            done.status = booking::BookingStatus::completed;
            done.statusHistory.push_back({done.status, done.endsAt, {}, {}});
            CHECK(tx.replace(booking::bookings, done));
            CHECK(reviews::addReview(call, tx, {id, {rating}, "Fine", reviews::Aspects{{{5}}, {}, {}, {}}, {true}}));
            return true;
        });
    }
    booking::Actor customerOf(booking::Booking const& of) {
        return {booking::Party::customer, host.get(profiles::customers, of.customerId)->userId};
    }
    void cancel(Ref<booking::Booking> id) {
        transact([&](Tx& tx) { return booking::cancel(host.platform, tx, booking(id), customerOf(booking(id)), {}, host.clock.now()); });
        refundWhatIsDue();
    }
    void reschedule(Ref<booking::Booking> id, Ref<availability::Slot> slot) {
        transact([&](Tx& tx) { return booking::reschedule(tx, booking(id), customerOf(booking(id)), slot, {}, host.clock.now()); });
    }
    void miss(Ref<booking::Booking> id) {
        transact([&](Tx& tx) {
            auto const by = customerOf(booking(id));
            return booking::reportNoShow(host.platform, tx, booking(id), by, booking::Party::specialist, host.clock.now());
        });
        refundWhatIsDue();
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
        refundWhatIsDue();
    }

    void refundWhatIsDue() {
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
        for (auto const& event : host.emitted<reviews::ReviewReceived>())
            must(notifications::onReviewReceived(host.platform, event, host.clock.now()));
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
