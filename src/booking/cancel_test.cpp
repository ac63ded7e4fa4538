// Cancelling on a real store: where the money goes, and what happens when two things happen at once.
#include "booking/testing.hpp"

namespace visavis::booking {
namespace {

using support::keyOf;
using S = BookingStatus;
using availability::SlotStatus;
using identity::Caller;

using Cancelling = Desk;

TEST_F(Cancelling, ACustomerGetsBackExactlyWhatThePreviewSaid) {
    setPolicy({{24}, {100}, {{{48}, {100}}, {{24}, {50}}}});
    struct Row {
        char const* name;
        Millis before;
        MinorUnits back;
    };
    std::vector<Row> const rows{{"in the first tier", Hours(48), 10'000},
                                {"in the second", Hours(48) - Millis(1), 5'000},
                                {"behind both", Hours(24) - Millis(1), 0},
                                {"at the start", Millis(0), 0}};
    std::size_t number = 20;
    for (auto const& row : rows) {
        auto const id = paid(asKiran(), number);
        setPolicy({{24}, {0}, {}}); // changes nothing about what is booked
        auto const slotId = booking(id).slotId;
        moveTo(booking(id).startsAt - row.before);
        auto const preview = previewAs(asKiran(), id);
        EXPECT_TRUE(preview.allowed) << row.name;
        EXPECT_EQ(preview.refundAmount, row.back) << row.name;
        EXPECT_EQ(preview.policy.tiers.size(), 2U) << row.name;
        auto const view = must(cancelAs(asKiran(), id));
        EXPECT_EQ(refunded(id), row.back) << row.name;
        EXPECT_EQ(refundsOf(id).size(), row.back > 0 ? 1U : 0U) << row.name;
        EXPECT_EQ(view.status, S::cancelled);
        EXPECT_EQ(view.cancelReason, CancelReason::by_customer);
        EXPECT_EQ(view.cancellation.status, CancellationStatus::cancelledByCustomer);
        EXPECT_EQ(view.cancellation.cancelledAt, now());
        EXPECT_EQ(view.cancellation.requestedAt, now());
        EXPECT_EQ(view.cancellation.approvedAt, now());
        EXPECT_EQ(view.cancellation.reason->value, "Something came up.");
        EXPECT_EQ(view.statusHistory.back().changedBy, asKiran().userId);
        EXPECT_EQ(view.calendarSequence, 1);
        EXPECT_NE(slotStatus(slotId), SlotStatus::booked) << row.name;
        settle();
        setPolicy({{24}, {100}, {{{48}, {100}}, {{24}, {50}}}});
        number += 10;
    }
    EXPECT_EQ(host.get(profiles::customers, kiran)->totalSpent, 25'000);
    EXPECT_EQ(host.get(profiles::specialists, sara)->totalEarnings, 20'000);
    EXPECT_EQ(host.get(profiles::specialists, sara)->totalBookings, 4) << "ever confirmed";
    EXPECT_EQ(host.emitted<BookingCancelled>().size(), 4U);
}

TEST_F(Cancelling, AFreedSlotOpensAgain) {
    auto const id = paid(asKiran(), 20);
    EXPECT_EQ(slotStatus(slot(20).id), SlotStatus::booked);
    must(cancelAs(asKiran(), id));
    EXPECT_EQ(slotStatus(slot(20).id), SlotStatus::available);
    EXPECT_FALSE(host.get(availability::slots, slot(20).id)->bookingId);
    hold(asOlga(), 20);
}

TEST_F(Cancelling, SpecialistAndStaffGiveAllBack) {
    auto const bySara = paid(asKiran(), 0);
    auto const byAdmin = paid(asKiran(), 2);
    moveTo(slot(0).startsAt);
    EXPECT_EQ(previewAs(asKiran(), bySara).refundAmount, 0);
    EXPECT_EQ(previewAs(asSara(), bySara).refundAmount, 10'000);
    EXPECT_EQ(must(cancelAs(asSara(), bySara)).cancellation.status, CancellationStatus::cancelledBySpecialist);
    auto const view = must(cancelAs(asAdmin(), byAdmin));
    EXPECT_EQ(view.cancelReason, CancelReason::platform);
    EXPECT_EQ(view.cancellation.status, CancellationStatus::notCancelled);
    EXPECT_EQ(refunded(bySara), 10'000);
    EXPECT_EQ(refunded(byAdmin), 10'000);
    settle();
    EXPECT_EQ(paymentOf(bySara).status, payments::PaymentStatus::refunded);
}

TEST_F(Cancelling, NobodyCancelsAfterTheStart) {
    auto const id = paid(asKiran(), 0);
    moveTo(slot(0).startsAt + Millis(1));
    for (auto const& who : {asKiran(), asSara(), asAdmin()}) {
        EXPECT_FALSE(previewAs(who, id).allowed);
        EXPECT_EQ(keyOf(cancelAs(who, id)), "too_late");
    }
    EXPECT_EQ(booking(id).status, S::confirmed);
    EXPECT_TRUE(refundsOf(id).empty());
}

TEST_F(Cancelling, AnEarlierRefundIsNotGivenTwice) {
    auto const id = paid(asKiran(), 20);
    must(transact([&](Tx& tx) { return payments::requestRefund(tx, host.platform, paymentOf(id).id, 3'000, "", {}, now()); }));
    EXPECT_EQ(previewAs(asKiran(), id).refundAmount, 7'000);
    must(cancelAs(asKiran(), id));
    EXPECT_EQ(refunded(id), 10'000);
    settle();
    EXPECT_EQ(paymentOf(id).status, payments::PaymentStatus::refunded);
}

TEST_F(Cancelling, CancellingTwiceGivesBackOnce) {
    auto const id = paid(asKiran(), 20);
    must(cancelAs(asKiran(), id));
    for (auto const& who : {asKiran(), asSara(), asAdmin()}) EXPECT_EQ(keyOf(cancelAs(who, id)), "wrong_state");
    EXPECT_EQ(refundsOf(id).size(), 1U);
}

TEST_F(Cancelling, AHoldIsGivenUpForNothing) {
    auto const id = hold(asKiran(), 20);
    ask(asKiran(), id);
    auto const intent = *paymentOf(id).stripePaymentIntentId;
    EXPECT_EQ(previewAs(asKiran(), id).refundAmount, 0);
    must(cancelAs(asKiran(), id));
    EXPECT_EQ(paymentOf(id).status, payments::PaymentStatus::failed);
    EXPECT_EQ(slotStatus(slot(20).id), SlotStatus::available);
    settle();
    EXPECT_EQ(till.intents.at(intent).status, payments::IntentStatus::cancelled) << "nobody can pay any more";
    auto call = host.call(asKiran());
    EXPECT_EQ(keyOf(askPayment(call, {id})), "wrong_state");
}

TEST_F(Cancelling, MoneyThatMeetsACancelledHoldGoesBack) {
    enum class Known { byTheGatewayAlone, byOurRow, afterwards };
    std::size_t number = 20;
    for (auto const known : {Known::byTheGatewayAlone, Known::byOurRow, Known::afterwards}) {
        auto const id = hold(asKiran(), number);
        ask(asKiran(), id);
        auto& intent = till.intents.at(*paymentOf(id).stripePaymentIntentId);
        if (known == Known::byTheGatewayAlone) intent.status = payments::IntentStatus::succeeded, intent.latestChargeId = "ch_1";
        if (known == Known::byOurRow) {
            succeed(id);
            EXPECT_EQ(previewAs(asKiran(), id).refundAmount, 10'000);
        }
        must(cancelAs(asKiran(), id));
        if (known == Known::afterwards) succeed(id);
        for (int i = 0; i < 3; ++i) settle();
        auto const about = std::to_string(static_cast<int>(known));
        EXPECT_EQ(booking(id).status, S::cancelled) << about;
        EXPECT_EQ(booking(id).cancelReason, CancelReason::by_customer) << about;
        ASSERT_EQ(refundsOf(id).size(), 1U) << about;
        EXPECT_EQ(refundsOf(id).front().amount, 10'000) << about;
        EXPECT_EQ(paymentOf(id).status, payments::PaymentStatus::refunded) << about;
        EXPECT_EQ(slotStatus(slot(number).id), SlotStatus::available) << about;
        ++number;
    }
    EXPECT_EQ(host.get(profiles::customers, kiran)->totalSpent, 0);
}

TEST_F(Cancelling, NothingToPayWithForWhatWasCancelledMeanwhile) {
    auto const id = hold(asKiran(), 20);
    till.onCreate = [&] { must(cancelAs(asKiran(), id)); };
    auto call = host.call(asKiran());
    EXPECT_EQ(keyOf(askPayment(call, {id})), "wrong_state");
    EXPECT_EQ(booking(id).status, S::cancelled);
    EXPECT_EQ(host.emitted<HoldReleased>().size(), 2U) << "the first one did not know the intent yet";
    settle();
    EXPECT_EQ(till.intents.at(*paymentOf(id).stripePaymentIntentId).status, payments::IntentStatus::cancelled) << "nobody can pay";
}

TEST_F(Cancelling, AHoldThatRunsOutAndIsCancelledIsOneOrTheOther) {
    auto const cancelledFirst = hold(asKiran(), 20);
    auto const expiredFirst = hold(asOlga(), 22);
    host.clock.advance(Minutes(16));
    must(cancelAs(asKiran(), cancelledFirst));
    must(expireHolds(host.platform, now()));
    EXPECT_EQ(booking(cancelledFirst).cancelReason, CancelReason::by_customer);
    EXPECT_EQ(booking(cancelledFirst).statusHistory.size(), 2U);
    EXPECT_EQ(booking(expiredFirst).cancelReason, CancelReason::hold_expired);
    EXPECT_EQ(keyOf(cancelAs(asOlga(), expiredFirst)), "wrong_state");
}

} // namespace
} // namespace visavis::booking
