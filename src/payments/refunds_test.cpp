// Refunds: never above what was captured, made once at the gateway, and undone to the last unit when they fail.
#include "payments/testing.hpp"

namespace visavis::payments {
namespace {

using Refunds = Till;

TEST_F(Refunds, PartsAddUpToTheWhole) {
    auto const payment = pay(10'000);
    auto const first = refund(payment, 3'333);
    EXPECT_EQ(first.status, RefundState::succeeded);
    EXPECT_EQ(first.platformShare, 667);
    EXPECT_EQ(first.specialistShare, 2'666);
    EXPECT_EQ(stored(payment).status, PaymentStatus::succeeded);
    EXPECT_EQ(stored(payment).refund->refundAmount, 3'333);
    EXPECT_EQ(day().totalEarnings, 8'000 - 2'666);
    EXPECT_EQ(day().transactionCount, 1);
    host.clock.advance(Days(3)); // a refund counts on the day of its payment
    auto const rest = refund(payment);
    EXPECT_EQ(rest.amount, 6'667);
    EXPECT_EQ(rest.platformShare, 1'333);
    auto const done = stored(payment);
    EXPECT_EQ(done.status, PaymentStatus::refunded);
    EXPECT_EQ(done.refundedAt, now());
    EXPECT_EQ(done.refund->refundAmount, 10'000);
    EXPECT_EQ(done.refund->stripeRefundId, rest.stripeRefundId);
    EXPECT_EQ(ledger(), Ledger{});
    ASSERT_EQ(host.all(earningsDays).size(), 1U);
    EXPECT_EQ(host.all(earningsDays)[0].totalEarnings, 0);
    EXPECT_EQ(host.all(earningsDays)[0].transactionCount, 0);
    EXPECT_EQ(host.get(profiles::specialists, specialistId)->totalEarnings, 0);
    EXPECT_EQ(host.get(profiles::customers, customerId)->totalSpent, 0);
    EXPECT_EQ(host.emitted<RefundSucceeded>().size(), 2U);
}

// The request writes the payment itself: two of them at once meet there, on any engine.
TEST_F(Refunds, ARequestIsSeenOnThePaymentAtOnce) {
    auto const payment = pay(10'000);
    must(request(payment, 400));
    EXPECT_GT(stored(payment).version, payment.version);
    EXPECT_EQ(stored(payment).refund->refundAmount, 400);
    EXPECT_EQ(stored(payment).refund->status, RefundState::pending);
}

TEST_F(Refunds, NeverExceedWhatIsLeft) {
    auto const payment = pay(1'000);
    struct Row {
        std::optional<MinorUnits> amount;
        char const* outcome;
    };
    // None of them is carried out: what is requested counts as gone.
    for (auto const& row : {Row{1'001, "invalid"}, Row{0, "invalid"}, Row{-5, "invalid"}, Row{400, "ok"}, Row{601, "invalid"},
                            Row{600, "ok"}, Row{1, "nothing_to_refund"}, Row{{}, "nothing_to_refund"}})
        EXPECT_EQ(support::keyOf(request(payment, row.amount)), row.outcome) << row.amount.value_or(-1);
    EXPECT_EQ(support::keyOf(request(open(1'000))), "nothing_to_refund") << "nothing was captured";
    Payment unknown;
    unknown.id = {*ObjectId::parse("0123456789abcdef01234567")};
    EXPECT_EQ(support::keyOf(request(unknown)), "not_found");
}

TEST_F(Refunds, AFailureAfterSuccessTakesEverythingBack) {
    auto const payment = pay(10'000);
    auto const before = stored(payment);
    auto const made = refund(payment);
    auto const again = [&](RefundStatus status) {
        auto& seen = MemoryGateway::at(gateway.refunds, *made.stripeRefundId);
        seen.status = status;
        seen.failureReason = "expired_or_canceled_card";
        must(followRefund(host.platform, seen.id, now()));
    };
    again(RefundStatus::failed);
    auto const after = stored(payment);
    EXPECT_EQ(after.status, PaymentStatus::succeeded);
    EXPECT_FALSE(after.refundedAt);
    EXPECT_EQ(after.refund->refundAmount, 0);
    EXPECT_EQ(after.refund->status, RefundState::failed);
    EXPECT_EQ(stored(made).failureReason, "expired_or_canceled_card");
    EXPECT_EQ(ledger(), (Ledger{-10'000, 2'000, 8'000}));
    EXPECT_EQ(day().totalEarnings, 8'000);
    EXPECT_EQ(day().transactionCount, 1);
    EXPECT_EQ(host.get(profiles::specialists, specialistId)->totalEarnings, 8'000);
    EXPECT_EQ(host.get(profiles::customers, customerId)->totalSpent, before.amount);
    EXPECT_EQ(audited("refund.failed"), std::vector{made.id.hex()});
    EXPECT_EQ(host.emitted<MoneyAtOdds>().size(), 1U);
    // Repeated and disordered news change nothing.
    auto const version = stored(made).version;
    for (auto const status : {RefundStatus::failed, RefundStatus::succeeded, RefundStatus::pending, RefundStatus::cancelled}) again(status);
    EXPECT_EQ(stored(made).version, version);
    EXPECT_EQ(day().totalEarnings, 8'000);
    // All of it can be given back once more.
    EXPECT_EQ(refund(payment).amount, 10'000);
    EXPECT_EQ(stored(payment).status, PaymentStatus::refunded);
    EXPECT_EQ(ledger(), Ledger{});
}

TEST_F(Refunds, APartThatFailsLeavesTheOthers) {
    auto const payment = pay(10'000);
    auto const first = refund(payment, 4'000);
    refund(payment, 6'000);
    auto seen = MemoryGateway::at(gateway.refunds, *first.stripeRefundId);
    seen.status = RefundStatus::failed;
    must(applyRefund(host.platform, first.id, seen, now()));
    EXPECT_EQ(stored(payment).status, PaymentStatus::succeeded);
    EXPECT_EQ(stored(payment).refund->refundAmount, 6'000);
    EXPECT_EQ(day().totalEarnings, 3'200);
    auto const again = refund(payment);
    EXPECT_EQ(again.amount, 4'000);
    EXPECT_EQ(again.platformShare, 800);
    EXPECT_EQ(stored(payment).status, PaymentStatus::refunded);
}

TEST_F(Refunds, ARefusalIsSeen) {
    auto const payment = pay(10'000);
    gateway.refuse = conflict(refusal::disputed);
    auto const refused = refund(payment);
    EXPECT_EQ(refused.status, RefundState::failed);
    EXPECT_EQ(refused.failureReason, refusal::disputed);
    EXPECT_EQ(stored(payment).refund->refundAmount, 0);
    EXPECT_EQ(ledger(), (Ledger{-10'000, 2'000, 8'000})) << "it never was given back";
    EXPECT_EQ(day().totalEarnings, 8'000);
    EXPECT_EQ(audited("refund.failed"), std::vector{refused.id.hex()});
    gateway.refuse.reset();
    auto const calls = gateway.refundCalls;
    must(carryOut(refused)); // an entry of the outbox may come again
    EXPECT_EQ(gateway.refundCalls, calls) << "a no is final: whoever wants it now asks for another refund";
    auto const matters = host.emitted<MoneyAtOdds>();
    ASSERT_EQ(matters.size(), 1U);
    EXPECT_EQ(matters[0].paymentId, payment.id);
    EXPECT_NE(matters[0].detail.find("100.00 USD"), std::string::npos) << matters[0].detail;
}

// What an operator can mend, and what nobody knows, waits in the outbox.
TEST_F(Refunds, WhatMayStillPassStaysPending) {
    auto const payment = pay(10'000);
    auto const requested = must(request(payment));
    for (auto const& refused : {failure(Code::unavailable, "unavailable"), conflict(refusal::notAllowed), conflict(refusal::fundsShort)}) {
        gateway.refuse = refused;
        EXPECT_FALSE(carryOut(requested)) << refused.key;
        EXPECT_EQ(stored(requested).status, RefundState::pending);
    }
    gateway.refuse.reset();
    must(carryOut(requested));
    EXPECT_EQ(stored(requested).status, RefundState::succeeded);
    must(carryOut(requested));
    EXPECT_EQ(gateway.refunds.size(), 1U) << "what is done is not asked for again";
}

// The refund was made and the answer lost. Within a day the key protects; after it the refund is looked up first.
TEST_F(Refunds, ALostAnswerNeverMakesASecondRefund) {
    for (auto const wait : {Hours(0), Hours(22), Hours(23), Hours(24), Hours(100)}) {
        auto const payment = pay(10'000);
        refund(payment, 1); // another one of the same payment is not taken for it
        auto const requested = must(request(payment, 5'000));
        auto const made = gateway.refunds.size();
        gateway.loseAnswers = true;
        EXPECT_FALSE(carryOut(requested));
        gateway.loseAnswers = false;
        host.clock.advance(wait);
        must(carryOut(requested));
        EXPECT_EQ(gateway.refunds.size(), made + 1) << wait.count();
        EXPECT_EQ(stored(requested).status, RefundState::succeeded) << wait.count();
    }
}

// It never reached the gateway: after a day it is still made.
TEST_F(Refunds, AnOldRefundThatWasNeverMadeIsMade) {
    auto const requested = must(request(pay(10'000)));
    gateway.refuse = failure(Code::unavailable, "unavailable");
    EXPECT_FALSE(carryOut(requested));
    gateway.refuse.reset();
    host.clock.advance(Hours(30));
    must(carryOut(requested));
    EXPECT_EQ(stored(requested).status, RefundState::succeeded);
    EXPECT_EQ(gateway.refunds.size(), 1U);
}

TEST_F(Refunds, OneThatIsNotOursIsReportedAndNotCounted) {
    struct Row {
        char const* name;
        void (*change)(GatewayRefund&);
    };
    gateway.refundsBecome = RefundStatus::pending;
    for (auto const& row : {Row{"another amount", [](GatewayRefund& one) { one.amount += 1; }},
                            Row{"another currency", [](GatewayRefund& one) { one.currency = Currency::parse("EUR"); }},
                            Row{"another payment", [](GatewayRefund& one) { one.paymentIntentId = "pi_other"; }}}) {
        auto const made = refund(pay(10'000));
        auto seen = MemoryGateway::at(gateway.refunds, *made.stripeRefundId);
        seen.status = RefundStatus::succeeded;
        row.change(seen);
        auto const before = audited("refund.differs").size();
        for (int twice = 0; twice < 2; ++twice) must(applyRefund(host.platform, made.id, seen, now()));
        EXPECT_EQ(stored(made).status, RefundState::pending) << row.name;
        EXPECT_EQ(audited("refund.differs").size(), before + 1) << row.name;
    }
}

// Somebody refunded in the gateway's dashboard: money has gone that no row of ours counts.
TEST_F(Refunds, OneThatWeDidNotMakeIsReported) {
    auto const payment = pay(10'000);
    GatewayRefund foreign;
    foreign.id = "re_dashboard";
    foreign.paymentIntentId = *payment.stripePaymentIntentId;
    foreign.amount = 700;
    foreign.currency = payment.currency;
    foreign.status = RefundStatus::succeeded;
    gateway.refunds.push_back(foreign);
    for (int twice = 0; twice < 2; ++twice) must(followRefund(host.platform, foreign.id, now()));
    EXPECT_EQ(audited("refund.unknown"), std::vector<std::string>{"re_dashboard"});
    EXPECT_EQ(host.emitted<MoneyAtOdds>().size(), 1U);
    foreign.id = "re_others";
    foreign.paymentIntentId = "pi_others";
    gateway.refunds.push_back(foreign);
    must(followRefund(host.platform, foreign.id, now()));
    EXPECT_EQ(audited("refund.unknown").size(), 1U) << "payments of others are not ours to watch";
}

// The webhook is faster than the answer to our own call.
TEST_F(Refunds, NewsBeforeTheAnswerIsTheSame) {
    auto const payment = pay(10'000);
    auto const requested = must(request(payment, 2'500));
    gateway.loseAnswers = true;
    EXPECT_FALSE(carryOut(requested));
    gateway.loseAnswers = false;
    must(followRefund(host.platform, gateway.refunds.front().id, now()));
    EXPECT_EQ(stored(requested).status, RefundState::succeeded);
    EXPECT_EQ(stored(requested).stripeRefundId, gateway.refunds.front().id);
    must(carryOut(requested));
    EXPECT_EQ(gateway.refundCalls, 1);
    EXPECT_EQ(day().totalEarnings, 6'000);
}

} // namespace
} // namespace visavis::payments
