// Holds: who may have how many, what becomes of them when they run out, and what money does that comes too late.
#include "booking/api.hpp"
#include "booking/rules.hpp"
#include "support/office.hpp"

#include <array>

namespace visavis::booking {
namespace {

using support::keyOf;

class Holds : public Office {};

TEST_F(Holds, AreLimitedToTwoOpenOnes) {
    host.limits.enabled = true;
    book(slot(0));
    auto const second = book(slot(2));
    EXPECT_EQ(keyOf(ask(slot(4))), "too_many_holds");
    arrives(paymentFor(second)); // what is confirmed is no hold
    book(slot(4));
    EXPECT_EQ(keyOf(ask(slot(6))), "too_many_holds");
    EXPECT_EQ(keyOf(ask(slot(6), customer("dan"))), "ok") << "each customer has their own";
}

TEST_F(Holds, AreLimitedByTheDay) {
    host.limits.enabled = true;
    host.limits.holds_per_day = 2;
    for (std::size_t i : {0U, 1U}) {
        book(slot(i));
        host.clock.advance(Minutes(16));
        expire();
    }
    EXPECT_EQ(keyOf(ask(slot(5))), "too_many_holds");
    host.clock.advance(Hours(24));
    EXPECT_EQ(keyOf(ask(slot(5))), "ok");
}

TEST_F(Holds, FreeSessionsAreLimitedByThePair) {
    host.limits.enabled = true;
    auto const free = specialist("grace");
    publish(free, 0);
    auto const open = slotsOf(free);
    auto const first = must(ask(open[0], customerId));
    EXPECT_EQ(first.status, BookingStatus::confirmed);
    EXPECT_FALSE(first.holdExpiresAt);
    must(ask(open[2], customerId));
    must(ask(open[4], customerId));
    EXPECT_EQ(keyOf(ask(open[6], customerId)), "too_many_holds");
    auto const another = specialist("lin");
    publish(another, 0);
    EXPECT_EQ(keyOf(ask(slotsOf(another)[5], customerId)), "ok") << "with another specialist";
    EXPECT_EQ(keyOf(ask(open[7], customer("dan"))), "ok") << "another customer";
    EXPECT_EQ(keyOf(ask(slot(1))), "ok") << "paid ones do not count";
    transact([&](Tx& tx) -> Result<bool> { // what was cancelled counts no more
        auto gone = *tx.get(bookings, first.id);
        move(gone, BookingStatus::cancelled, now(), {}, "platform");
        gone.cancelReason = CancelReason::platform;
        CHECK(tx.replace(bookings, gone));
        CHECK(availability::release(tx, gone.id, now()));
        return true;
    });
    EXPECT_EQ(keyOf(ask(open[6], customerId)), "ok");
}

TEST_F(Holds, LimitsCanBeSwitchedOff) {
    host.limits.enabled = false;
    for (std::size_t i = 0; i < 6; ++i) book(slot(i));
}

TEST_F(Holds, ThePriceIsTheOneThatWasShown) {
    auto const price = [](std::int64_t value) { return std::optional(profiles::Price{value}); };
    struct Row {
        NewBooking shown;
        char const* outcome;
    };
    for (auto const& row :
         {Row{{{}, {}, {}, price(9'999), {}}, "price_changed"}, Row{{{}, {}, {}, {}, Currency::parse("EUR")}, "price_changed"},
          Row{{{}, {}, {}, price(10'000), Currency::parse("USD")}, "ok"}})
        EXPECT_EQ(keyOf(ask(slot(0), customerId, row.shown)), row.outcome);
    auto const refused = ask(slot(1), customerId, {{}, {}, {}, price(1), {}});
    EXPECT_EQ(refused.error().extra.at("price"), 10'000);
    EXPECT_EQ(refused.error().extra.at("shown").at("price"), 1);
}

TEST_F(Holds, WhoHoldsATimeIsToldSo) {
    auto const mine = book(slot(0));
    auto const again = ask(slotNow(slot(0)), customerId);
    EXPECT_EQ(keyOf(again), "slot_taken");
    EXPECT_EQ(again.error().extra.at("bookingId").as_string(), mine.id.hex());
    auto const other = ask(slotNow(slot(0)), customer("dan"));
    EXPECT_EQ(keyOf(other), "slot_taken");
    EXPECT_FALSE(other.error().extra.contains("bookingId")) << "whose it is, is nobody's business";
}

// The slot was seen open and its claim is there all the same: so it looks to a process when another one has committed in between.
TEST_F(Holds, WhoLosesAtTheCommitIsToldAsIfTheyHadComeLater) {
    auto const wanted = slot(0);
    auto const mine = book(wanted);
    auto const show = [&](availability::SlotStatus status) {
        transact([&](Tx& tx) {
            return tx.update(availability::slots, availability::slots->id == wanted.id, set(availability::slots->status, status));
        });
    };
    show(availability::SlotStatus::available);
    auto const dan = customer("dan");
    auto call = callOf(dan);
    auto const lost = createBooking(call, {wanted.id, {}, {}, {}, {}});
    EXPECT_EQ(keyOf(lost), "slot_taken");
    EXPECT_EQ(lost.error().extra.at("current").as_string(), "booked");
    show(availability::SlotStatus::booked);
    for (auto const* index : {"slot_taken", "customer_busy"})
        for (auto const& who : {customerId, dan}) {
            auto const told = afterTheWinner(callOf(who), conflict(index), wanted.id);
            EXPECT_EQ(told.key, "slot_taken");
            EXPECT_EQ(told.extra.at("current").as_string(), "booked");
            EXPECT_EQ(told.extra.contains("bookingId"), who == customerId);
        }
    EXPECT_EQ(afterTheWinner(call, conflict("price_changed"), wanted.id).key, "price_changed");
    EXPECT_EQ(afterTheWinner(call, conflict("customer_busy"), slot(5).id).key, "customer_busy") << "by another time";
    EXPECT_EQ(booked(mine).status, BookingStatus::pending);
}

TEST_F(Holds, NeverOutlastTheStart) {
    auto const soon = slot(0);
    host.clock.advance(soon.startsAt - now() - Minutes(5));
    auto const made = book(soon);
    EXPECT_EQ(made.holdExpiresAt, soon.startsAt);
    EXPECT_EQ(extendedHold(made, Minutes(10), now()), soon.startsAt);
}

TEST_F(Holds, KeepWhatTheyWereMadeWith) {
    publish(specialistId, 10'000, 15);
    auto const made = book(slot(0));
    publish(specialistId, 99'000, 45);
    host.payments.platform_fee_percentage = 50;
    auto const kept = booked(made);
    EXPECT_EQ(kept.sessionPrice, 10'000);
    EXPECT_EQ(kept.bufferMinutes, 15);
    EXPECT_EQ(kept.platformFeePercentage, 20);
    EXPECT_EQ(kept.policy.refundableBefore, 24);
    EXPECT_EQ(kept.sessionDuration, 60);
    EXPECT_EQ(kept.holdExpiresAt, made.createdAt + Minutes(15));
}

TEST_F(Holds, WhatIsNotBookableIsNotBooked) {
    auto const free = slot(0);
    transact([&](Tx& tx) {
        return tx.update(profiles::specialists, profiles::specialists->id == specialistId, set(profiles::specialists->published, false));
    });
    EXPECT_EQ(keyOf(ask(free)), "slot_not_bookable");
    Slot unknown;
    unknown.id = {*ObjectId::parse("0123456789abcdef01234567")};
    EXPECT_EQ(keyOf(ask(unknown)), "not_found");
}

// ---- running out ----

TEST_F(Holds, RunOutAtTheirTime) {
    auto const unasked = book(slot(0));
    auto const asked = book(slot(2));
    auto const payment = paymentFor(asked);
    host.clock.advance(Minutes(15) - Millis(1));
    expire();
    EXPECT_EQ(booked(unasked).status, BookingStatus::pending) << "not a moment too early";
    host.clock.advance(Millis(1));
    expire();
    for (auto const& one : {unasked, asked}) {
        auto const gone = booked(one);
        EXPECT_EQ(gone.status, BookingStatus::cancelled);
        EXPECT_EQ(gone.cancelReason, CancelReason::hold_expired);
        EXPECT_EQ(gone.cancellation.status, CancellationStatus::notCancelled);
        EXPECT_TRUE(isOpen(*host.get(availability::slots, one.slotId)));
    }
    EXPECT_EQ(stored(payment).status, payments::PaymentStatus::failed);
    EXPECT_EQ(intent(payment).status, payments::IntentStatus::cancelled) << "nobody can pay any more";
    EXPECT_EQ(host.emitted<HoldExpired>().size(), 2U);
    expire();
    EXPECT_EQ(host.emitted<HoldExpired>().size(), 2U);
    EXPECT_TRUE(host.emitted<HoldReleased>().empty()) << "the gateway has been told";
}

TEST_F(Holds, AnotherAmountPaysForNothing) {
    auto const made = book(slot(0));
    auto const payment = paymentFor(made);
    intent(payment).amount = made.sessionPrice - 1;
    payAtGateway(payment);
    auto call = callOf(customerId);
    auto const asked = askPayment(call, {made.id});
    EXPECT_EQ(keyOf(asked), "payment_differs");
    EXPECT_EQ(asked.error().extra.at("current"), "pending");
    host.clock.advance(Minutes(16));
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::cancelled) << "the time is not held for ever";
    EXPECT_TRUE(isOpen(*host.get(availability::slots, made.slotId)));
    EXPECT_EQ(host.emitted<payments::MoneyAtOdds>().size(), 1U) << "staff are told once";
}

// A hold ends with the start of its session; news of what was paid by then may take some minutes.
TEST_F(Holds, APaymentOfWhatHasBegunGoesBack) {
    struct Row {
        Millis afterStart;
        BookingStatus becomes;
        std::size_t refunds;
    };
    std::size_t number = 0;
    for (auto const& row : {Row{Minutes(10) - Millis(1), BookingStatus::confirmed, 0}, Row{Minutes(10), BookingStatus::cancelled, 1}}) {
        auto const made = book(slot(number++));
        auto const payment = paymentFor(made);
        host.clock.advance(made.startsAt + row.afterStart - now());
        arrives(payment);
        EXPECT_EQ(booked(made).status, row.becomes) << row.afterStart.count();
        EXPECT_EQ(refundsOf(payment), row.refunds) << row.afterStart.count();
    }
}

TEST_F(Holds, APaymentWhoseNewsIsLateConfirms) {
    auto const made = book(slot(0));
    auto const payment = paymentFor(made);
    payAtGateway(payment);
    host.clock.advance(Minutes(16));
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::pending) << "its event confirms it";
    EXPECT_EQ(stored(payment).status, payments::PaymentStatus::succeeded);
    expire(); // the event waits still
    EXPECT_EQ(booked(made).status, BookingStatus::pending);
    must(onPaymentSucceeded(host.platform, {payment.id, made.id}, now()));
    auto const confirmed = booked(made);
    EXPECT_EQ(confirmed.status, BookingStatus::confirmed);
    EXPECT_FALSE(confirmed.holdExpiresAt);
}

// The payer was faster than our cancelling, but not than our look.
TEST_F(Holds, APaymentThatIsFasterThanItsCancelling) {
    auto const made = book(slot(0));
    auto const payment = paymentFor(made);
    host.clock.advance(Minutes(16));
    intent(payment).status = payments::IntentStatus::processing;
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::pending) << "a payment in processing is waited for";
    EXPECT_EQ(intent(payment).status, payments::IntentStatus::processing);
    host.clock.advance(Minutes(58));
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::pending);
    host.clock.advance(Minutes(2));
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::cancelled) << "for an hour";
    EXPECT_EQ(intent(payment).status, payments::IntentStatus::cancelled);
}

// What happens while the gateway is asked about a hold that has run out.
TEST_F(Holds, APaymentThatArrivesBetweenOurLookAndItsCancelling) {
    auto const made = book(slot(0));
    auto const payment = paymentFor(made);
    host.clock.advance(Minutes(16));
    gateway.meanwhile = [&] { payAtGateway(payment); };
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::pending) << "its event confirms it";
    EXPECT_EQ(stored(payment).status, payments::PaymentStatus::succeeded);
}

TEST_F(Holds, OneThatIsExtendedMeanwhileStays) {
    auto const made = book(slot(0));
    paymentFor(made);
    host.clock.advance(Minutes(16));
    gateway.meanwhile = [&] {
        transact([&](Tx& tx) { return tx.update(bookings, bookings->id == made.id, set(bookings->holdExpiresAt, now() + Minutes(15))); });
    };
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::pending);
}

TEST_F(Holds, APaymentWhoseNewsComesWhileTheGatewayIsSilentConfirms) {
    auto const made = book(slot(0));
    auto const payment = paymentFor(made);
    host.clock.advance(Minutes(90));
    gateway.intentsFail = true;
    gateway.meanwhile = [&] {
        payAtGateway(payment);
        must(payments::applyIntent(host.platform, payment.id, intent(payment), now()));
    };
    expire();
    EXPECT_EQ(booked(made).status, BookingStatus::pending) << "its event confirms it";
    EXPECT_EQ(stored(payment).status, payments::PaymentStatus::succeeded);
}

TEST_F(Holds, AGatewayThatIsSilentKeepsNobodyElseWaiting) {
    auto const first = book(slot(0));
    auto const payment = paymentFor(first);
    host.clock.advance(Seconds(1));
    auto const second = book(slot(2)); // without a payment: there is nobody to ask
    host.clock.advance(Minutes(16));
    gateway.intentsFail = true;
    expire();
    EXPECT_EQ(booked(first).status, BookingStatus::pending) << "it may be paid";
    EXPECT_EQ(booked(second).status, BookingStatus::cancelled);
    host.clock.advance(Minutes(60));
    expire();
    EXPECT_EQ(booked(first).status, BookingStatus::cancelled);
    EXPECT_EQ(stored(payment).status, payments::PaymentStatus::failed);
    ASSERT_EQ(host.emitted<HoldReleased>().size(), 1U);
    EXPECT_EQ(keyOf(onHoldReleased(host.platform, {first.id}, now())), "unavailable") << "it is tried again";
    gateway.intentsFail = false;
    EXPECT_EQ(keyOf(onHoldReleased(host.platform, {first.id}, now())), "ok");
    EXPECT_EQ(intent(payment).status, payments::IntentStatus::cancelled) << "nobody can pay any more";
}

TEST_F(Holds, AreExtendedOnceByAskingForThePayment) {
    auto made = book(slot(3));
    host.clock.advance(Minutes(10));
    EXPECT_EQ(extendedHold(made, Minutes(10), now()), now() + Minutes(10));
    EXPECT_EQ(extendedHold(made, Minutes(2), now()), *made.holdExpiresAt) << "never shortened";
    made.holdExtended = true;
    EXPECT_EQ(extendedHold(made, Minutes(10), now()), *made.holdExpiresAt);
}

// ---- late money ----

class LateMoney : public Office {
protected:
    // A hold that ran out while the gateway was silent, so that its payment can still be made.
    LateMoney() {
        made = book(slot(10));
        payment = paymentFor(made);
        host.clock.advance(Minutes(76));
        gateway.intentsFail = true;
        expire();
        gateway.intentsFail = false;
    }
    void expectTakenAgain() {
        arrives(payment);
        auto const again = booked(made);
        EXPECT_EQ(again.status, BookingStatus::confirmed);
        EXPECT_FALSE(again.cancelReason || again.holdExpiresAt);
        EXPECT_EQ(slotNow(*host.get(availability::slots, made.slotId)).status, availability::SlotStatus::booked);
        EXPECT_EQ(refundsOf(payment), 0U);
    }
    void expectRefunded() {
        arrives(payment);
        EXPECT_EQ(booked(made).status, BookingStatus::cancelled);
        EXPECT_EQ(refundsOf(payment), 1U);
        EXPECT_EQ(host.emitted<LateMoneyRefunded>().size(), 1U);
        must(onPaymentSucceeded(host.platform, {payment.id, made.id}, now())); // told again
        EXPECT_EQ(refundsOf(payment), 1U);
    }
    Slot slotOfMade() { return *host.get(availability::slots, made.slotId); }

    Booking made;
    Payment payment;
};

TEST_F(LateMoney, TakesItsTimeAgain) {
    ASSERT_EQ(booked(made).status, BookingStatus::cancelled);
    expectTakenAgain();
}

TEST_F(LateMoney, NoticeIsNotAskedASecondTime) {
    transact([&](Tx& tx) {
        return tx.update(profiles::specialists, profiles::specialists->id == specialistId,
                         set(profiles::specialists->availability.minBookingNotice, Bounded<0, 8760>{500}));
    });
    expectTakenAgain();
}

TEST_F(LateMoney, GoesBackWhenTheTimeIsTaken) {
    must(ask(slotOfMade(), customer("dan")));
    expectRefunded();
}

TEST_F(LateMoney, GoesBackWhenTheTimeIsBlocked) {
    transact([&](Tx& tx) {
        return tx.update(availability::slots, availability::slots->id == made.slotId,
                         set(availability::slots->status, availability::SlotStatus::blocked));
    });
    expectRefunded();
}

TEST_F(LateMoney, GoesBackWhenTheCustomerIsElsewhere) {
    auto const other = specialist("grace");
    publish(other, 5'000);
    auto const open = slotsOf(other);
    auto const same = std::find_if(open.begin(), open.end(), [&](Slot const& one) { return one.startsAt == made.startsAt; });
    ASSERT_NE(same, open.end());
    must(ask(*same, customerId));
    expectRefunded();
}

TEST_F(LateMoney, GoesBackAfterTheStart) {
    host.clock.advance(made.startsAt - now());
    expectRefunded();
}

TEST_F(LateMoney, GoesBackWhenTheCustomerIsSuspended) {
    transact([&](Tx& tx) {
        return tx.update(profiles::customers, profiles::customers->id == customerId,
                         set(profiles::customers->status, profiles::CustomerStatus::suspended));
    });
    expectRefunded();
}

TEST_F(LateMoney, GoesBackWhenTheSpecialistIsSuspended) {
    auto const host_ = host.get(profiles::specialists, specialistId)->userId;
    transact([&](Tx& tx) { return tx.update(identity::users, identity::users->id == host_, set(identity::users->isActive, false)); });
    expectRefunded();
}

TEST_F(LateMoney, GoesBackWhenTheBookingWasCancelledByIntent) {
    transact([&](Tx& tx) { return tx.update(bookings, bookings->id == made.id, set(bookings->cancelReason, CancelReason::by_customer)); });
    expectRefunded();
}

// Somebody claims the time between our look at the slot and our own claim.
TEST_F(LateMoney, GoesBackWhenTheTimeIsTakenAtTheLastMoment) {
    auto const rival = customer("dan");
    transact([&](Tx& tx) -> Result<bool> {
        availability::Claim faster;
        faster.bookingId = host.ids.make<Booking>(now());
        faster.id = {faster.bookingId.id};
        faster.slotId = made.slotId;
        faster.specialistId = specialistId;
        faster.customerId = rival;
        faster.startsAt = made.startsAt;
        faster.endsAt = faster.claimEndsAt = made.endsAt;
        faster.specialistCells = faster.customerCells = {made.startsAt.ms / 300'000};
        CHECK(tx.insert(availability::claims, faster)); // by hand: the slot does not show it
        return true;
    });
    expectRefunded();
}

TEST_F(LateMoney, OfASecondPaymentGoesBackAlone) {
    auto const second = openAgain(made.id, made.sessionPrice);
    ASSERT_NE(second.id, payment.id);
    arrives(second);
    ASSERT_EQ(booked(made).status, BookingStatus::confirmed);
    arrives(payment);
    EXPECT_EQ(refundsOf(payment), 1U);
    EXPECT_EQ(refundsOf(second), 0U);
    EXPECT_EQ(booked(made).status, BookingStatus::confirmed);
}

// ---- rules ----

constexpr std::array states{BookingStatus::pending, BookingStatus::confirmed, BookingStatus::cancelled, BookingStatus::completed,
                            BookingStatus::noShow};

TEST(BookingStates, MoveAlongTheGraphOnly) {
    using S = BookingStatus;
    std::vector<std::pair<S, S>> const legal{{S::pending, S::confirmed},  {S::pending, S::cancelled},   {S::confirmed, S::completed},
                                             {S::confirmed, S::noShow},   {S::confirmed, S::cancelled}, {S::completed, S::noShow},
                                             {S::cancelled, S::confirmed}};
    for (auto const from : states)
        for (auto const to : states) {
            bool const is = std::find(legal.begin(), legal.end(), std::pair(from, to)) != legal.end();
            EXPECT_EQ(isLegalStep(from, to), is) << wordOf(from) << " to " << wordOf(to);
            Booking booking;
            booking.status = from;
            for (auto const reason :
                 {CancelReason::hold_expired, CancelReason::platform, CancelReason::by_customer, CancelReason::by_specialist}) {
                booking.cancelReason = reason;
                EXPECT_EQ(mayMove(booking, to), is && (from != S::cancelled || reason == CancelReason::hold_expired));
            }
        }
}

} // namespace
} // namespace visavis::booking
