// The nightly comparison: what lost webhooks left behind is repaired, what nobody can explain is reported, and nothing else changes.
#include "payments/testing.hpp"

namespace visavis::payments {
namespace {

class Reconcile : public Till {
protected:
    void run() { must(reconcile(host.platform, now())); }
    // The next night.
    void nightLater() {
        host.clock.advance(Days(1));
        run();
    }
    Payment payUnnoticed(MinorUnits amount) {
        auto const payment = open(amount);
        payAtGateway(payment);
        return payment;
    }
};

TEST_F(Reconcile, ALostSuccessIsRepaired) {
    std::vector<Payment> lost;
    for (int i = 0; i < 5; ++i) lost.push_back(payUnnoticed(1'000 + i)); // more than a page
    auto const fine = pay(7'000);
    run();
    for (auto const& payment : lost) EXPECT_EQ(stored(payment).status, PaymentStatus::succeeded);
    EXPECT_EQ(stored(fine).version, fine.version);
    EXPECT_EQ(audited("payment.repaired").size(), 5U);
    EXPECT_EQ(host.emitted<PaymentSucceeded>().size(), 6U) << "bookings are confirmed as by a webhook";
    EXPECT_EQ(audited("payments.reconciled").size(), 1U);
    EXPECT_EQ(host.emitted<MoneyAtOdds>().size(), 0U);
}

TEST_F(Reconcile, ALostCancellationAndALostDeclineAreRepaired) {
    auto const cancelled = open(1'000);
    intent(cancelled).status = IntentStatus::cancelled;
    auto const declined = open(2'000);
    intent(declined).failureCode = "card_declined";
    auto const waiting = open(3'000);
    run();
    EXPECT_EQ(stored(cancelled).status, PaymentStatus::failed);
    EXPECT_EQ(stored(declined).failureCode, "card_declined");
    EXPECT_EQ(stored(waiting).version, waiting.version);
    EXPECT_EQ(audited("payment.repaired"), std::vector{cancelled.id.hex() + " failed"}) << "a decline moves no status";
}

TEST_F(Reconcile, AnIntentWhoseIdWasNeverNotedIsClaimed) {
    auto const bookingId = host.ids.make<Booking>(now());
    auto const row = transact([&](Tx& tx) {
        return openPayment(host.platform, tx, {bookingId, specialistId, customerId, 10'000, *Currency::parse("USD"), 20, {}}, now());
    });
    must(intentOf(host.platform, row)); // the server dies here
    gateway.intents.front().status = IntentStatus::succeeded;
    run();
    EXPECT_EQ(stored(row).status, PaymentStatus::succeeded);
}

TEST_F(Reconcile, LostNewsOfRefundsIsRepaired) {
    gateway.refundsBecome = RefundStatus::pending;
    auto const succeeds = refund(pay(1'000));
    auto const fails = refund(pay(2'000));
    auto const waits = refund(pay(3'000));
    gateway.refundsBecome = RefundStatus::succeeded;
    auto const failsLate = refund(pay(4'000));
    MemoryGateway::at(gateway.refunds, *succeeds.stripeRefundId).status = RefundStatus::succeeded;
    MemoryGateway::at(gateway.refunds, *fails.stripeRefundId).status = RefundStatus::failed;
    MemoryGateway::at(gateway.refunds, *failsLate.stripeRefundId).status = RefundStatus::failed;
    run();
    EXPECT_EQ(stored(succeeds).status, RefundState::succeeded);
    EXPECT_EQ(stored(fails).status, RefundState::failed);
    EXPECT_EQ(stored(failsLate).status, RefundState::failed);
    EXPECT_EQ(stored(waits).version, waits.version);
    EXPECT_EQ(audited("refund.repaired").size(), 3U);
    EXPECT_EQ(audited("refund.failed").size(), 2U);
}

// A refund may be pending for longer than the list goes back.
TEST_F(Reconcile, OpenRefundsAreAskedForHoweverOld) {
    gateway.refundsBecome = RefundStatus::pending;
    auto const noted = refund(pay(1'000));
    auto const unnoted = must(request(pay(2'000)));
    gateway.loseAnswers = true;
    EXPECT_FALSE(carryOut(unnoted));
    auto const uncalled = must(request(pay(3'000)));
    host.clock.advance(Days(60));
    for (auto& seen : gateway.refunds) seen.status = RefundStatus::succeeded;
    run();
    EXPECT_EQ(stored(noted).status, RefundState::succeeded);
    EXPECT_EQ(stored(unnoted).status, RefundState::succeeded);
    EXPECT_EQ(stored(uncalled).status, RefundState::pending);
}

TEST_F(Reconcile, ARefundThatWasGivenUpIsAskedForAgainAndOnce) {
    auto const paid = pay(5'000);
    auto const given = must(request(paid));
    auto const entries = [&] {
        auto all = host.all(outbox);
        std::erase_if(all, [](OutboxEntry const& entry) { return entry.topic != "RefundRequested"; });
        return all;
    };
    auto const giveUp = [&] {
        transact([&](Tx& tx) {
            return tx.update(outbox, outbox->id == entries().front().id,
                             set(outbox->status, OutboxStatus::failed).set(outbox->attempts, 25));
        });
    };
    run();
    EXPECT_EQ(host.emitted<MoneyAtOdds>().size(), 0U) << "its call is still to be made";
    for (int night = 0; night < 2; ++night) {
        giveUp();
        nightLater();
        ASSERT_EQ(entries().size(), 1U);
        EXPECT_EQ(entries().front().status, OutboxStatus::waiting);
        EXPECT_EQ(entries().front().attempts, 0);
        EXPECT_EQ(entries().front().nextAt, now());
    }
    EXPECT_EQ(audited("refund.given_up"), std::vector{given.id.hex()});
    ASSERT_EQ(host.emitted<MoneyAtOdds>().size(), 1U);
    EXPECT_EQ(host.emitted<MoneyAtOdds>().front().paymentId, paid.id);
    gateway.loseAnswers = true;
    EXPECT_FALSE(carryOut(given));
    host.clock.advance(Days(2)); // the gateway has forgotten the key
    gateway.loseAnswers = false;
    giveUp();
    run();
    must(carryOut(given));
    EXPECT_EQ(stored(given).status, RefundState::succeeded);
    EXPECT_EQ(gateway.refunds.size(), 1U);
}

TEST_F(Reconcile, WhatCannotBeExplainedIsReportedOnce) {
    auto const differs = open(1'000);
    intent(differs).amount = 900;
    auto const uncaptured = pay(2'000);
    intent(uncaptured).status = IntentStatus::needsPayment;
    Intent unknown;
    unknown.id = "pi_unknown";
    unknown.paymentId = "0123456789abcdef01234567";
    unknown.status = IntentStatus::succeeded;
    unknown.created = now();
    gateway.intents.push_back(unknown);
    unknown.id = "pi_unpaid";
    unknown.status = IntentStatus::needsPayment;
    gateway.intents.push_back(unknown);
    unknown.id = "pi_of_another_shop";
    unknown.paymentId.clear();
    unknown.status = IntentStatus::succeeded;
    gateway.intents.push_back(unknown);
    GatewayRefund dashboard;
    dashboard.id = "re_dashboard";
    dashboard.paymentIntentId = *pay(3'000).stripePaymentIntentId;
    dashboard.created = now();
    gateway.refunds.push_back(dashboard);
    run();
    nightLater();
    EXPECT_EQ(audited("payment.differs").size(), 2U);
    EXPECT_EQ(audited("payment.unknown"), std::vector<std::string>{"pi_unknown"});
    EXPECT_EQ(audited("refund.unknown"), std::vector<std::string>{"re_dashboard"});
    EXPECT_EQ(host.emitted<MoneyAtOdds>().size(), 4U);
    EXPECT_EQ(stored(differs).status, PaymentStatus::pending);
    EXPECT_EQ(stored(uncaptured).status, PaymentStatus::succeeded) << "forward only";
    EXPECT_EQ(audited("payment.repaired").size(), 0U);
}

TEST_F(Reconcile, CapturedPaymentsThatTheGatewayDoesNotKnowAreReported) {
    run();
    host.clock.advance(Hours(2));
    auto const lost = pay(1'000);
    pay(2'000);
    auto const unpaid = open(3'000);
    std::erase_if(gateway.intents,
                  [&](Intent const& one) { return one.id == *lost.stripePaymentIntentId || one.id == *unpaid.stripePaymentIntentId; });
    nightLater();
    auto const matters = host.emitted<MoneyAtOdds>();
    ASSERT_EQ(matters.size(), 1U);
    EXPECT_EQ(matters[0].what, Odds::payment_missing);
    EXPECT_EQ(matters[0].paymentId, lost.id);
}

TEST_F(Reconcile, EventsThatNeverCameAreStoredAsIfTheyHad) {
    WebhookEvent event{
        .id = "evt_1", .type = "refund.failed", .objectId = "re_1", .objectKind = "refund", .created = now(), .rawBody = "{}"};
    gateway.events = {event, event, event};
    gateway.events[1].id = "evt_2";
    gateway.events[2].id = "evt_3";
    transact([&](Tx& tx) { return storeEvent(tx, gateway.events[1], now()); });
    run();
    nightLater();
    EXPECT_EQ(host.all(webhookInbox).size(), 3U);
    EXPECT_EQ(host.emitted<WebhookStored>().size(), 3U);
}

TEST_F(Reconcile, ANightBeginsWhereTheLastOneThatEndedBegan) {
    run();
    EXPECT_EQ(gateway.listedFrom, now() - Days(30)) << "the first looks as far back as events are kept";
    auto const first = now();
    nightLater();
    EXPECT_EQ(gateway.listedFrom, first - Days(1));
    auto const second = now();
    gateway.eventsFail = true;
    host.clock.advance(Days(1));
    EXPECT_FALSE(reconcile(host.platform, now()));
    gateway.eventsFail = false;
    nightLater();
    EXPECT_EQ(gateway.listedFrom, second - Days(1)) << "one that broke off does not count";
    host.clock.advance(Days(90));
    run();
    EXPECT_EQ(gateway.listedFrom, now() - Days(30));
}

} // namespace
} // namespace visavis::payments
