// A payment row follows its intent, forward only, and what it earns is counted once.
#include "payments/testing.hpp"

namespace visavis::payments {
namespace {

using Payments = Till;

TEST_F(Payments, ACaptureIsBookedOnce) {
    auto const payment = pay(10'000);
    EXPECT_EQ(payment.status, PaymentStatus::succeeded);
    EXPECT_EQ(payment.stripeChargeId, "ch_pi_1");
    EXPECT_EQ(ledger(), (Ledger{-10'000, 2'000, 8'000}));
    EXPECT_EQ(day().totalEarnings, 8'000);
    EXPECT_EQ(day().transactionCount, 1);
    EXPECT_EQ(day().month, "2026-03");
    EXPECT_EQ(host.get(profiles::specialists, specialistId)->totalEarnings, 8'000);
    EXPECT_EQ(host.get(profiles::customers, customerId)->totalSpent, 10'000);
    must(applyIntent(host.platform, payment.id, intent(payment), now()));
    EXPECT_EQ(stored(payment).version, payment.version);
    EXPECT_EQ(host.all(ledgerEntries).size(), 3U);
    EXPECT_EQ(day().transactionCount, 1);
    EXPECT_EQ(host.emitted<PaymentSucceeded>().size(), 1U);
}

TEST_F(Payments, DaysAndCurrenciesAreCountedApart) {
    pay(1'000);
    pay(2'000);
    pay(5'000, "EUR");
    EXPECT_EQ(day().totalEarnings, 2'400);
    EXPECT_EQ(day().transactionCount, 2);
    EXPECT_EQ(day("EUR").totalEarnings, 4'000);
    host.clock.advance(Days(1));
    pay(100);
    EXPECT_EQ(day().totalEarnings, 80);
    EXPECT_EQ(host.all(earningsDays).size(), 3U);
}

struct ForeignRow {
    char const* name;
    void (*change)(Intent&);
};

TEST_F(Payments, MoneyThatIsNotOursIsReportedAndNotCounted) {
    for (auto const& row : {ForeignRow{"another amount", [](Intent& intent) { intent.amount -= 1; }},
                            ForeignRow{"another currency", [](Intent& intent) { intent.currency = Currency::parse("EUR"); }},
                            ForeignRow{"a currency that nobody knows", [](Intent& intent) { intent.currency.reset(); }},
                            ForeignRow{"another intent", [](Intent& intent) { intent.id = "pi_other"; }},
                            ForeignRow{"real money in a test", [](Intent& intent) { intent.livemode = true; }}}) {
        auto const payment = open(10'000);
        auto seen = intent(payment);
        seen.status = IntentStatus::succeeded;
        row.change(seen);
        auto const before = audited("payment.differs").size();
        for (int twice = 0; twice < 2; ++twice) must(applyIntent(host.platform, payment.id, seen, now()));
        EXPECT_EQ(stored(payment).status, PaymentStatus::pending) << row.name;
        EXPECT_EQ(audited("payment.differs").size(), before + 1) << row.name << ": one matter is reported once";
    }
    EXPECT_EQ(host.emitted<MoneyAtOdds>().size(), 5U);
    EXPECT_EQ(host.all(ledgerEntries).size(), 0U);
}

TEST_F(Payments, LateMoneyRevivesAFailedPayment) {
    auto const payment = open(10'000);
    transact([&](Tx& tx) -> Result<bool> {
        CHECK(markFailed(tx, payment.id, "hold_expired", now()));
        return true;
    });
    EXPECT_EQ(stored(payment).status, PaymentStatus::failed);
    payAtGateway(payment);
    must(applyIntent(host.platform, payment.id, intent(payment), now()));
    auto const paid = stored(payment);
    EXPECT_EQ(paid.status, PaymentStatus::succeeded);
    EXPECT_FALSE(paid.failedAt || paid.failureReason);
    EXPECT_EQ(day().transactionCount, 1);
}

TEST_F(Payments, ACapturedPaymentDoesNotFail) {
    auto const payment = pay(10'000);
    transact([&](Tx& tx) -> Result<bool> {
        CHECK(markFailed(tx, payment.id, "hold_expired", now()));
        return true;
    });
    EXPECT_EQ(stored(payment).status, PaymentStatus::succeeded);
    for (auto const older : {IntentStatus::cancelled, IntentStatus::needsPayment}) { // disorder
        intent(payment).status = older;
        intent(payment).failureCode = "card_declined";
        must(applyIntent(host.platform, payment.id, intent(payment), now()));
        EXPECT_EQ(stored(payment).status, PaymentStatus::succeeded);
        EXPECT_FALSE(stored(payment).failureCode);
    }
    EXPECT_TRUE(host.emitted<PaymentDeclined>().empty());
}

TEST_F(Payments, ADeclineIsNewsOncePerAttempt) {
    auto const payment = open(10'000);
    auto& seen = intent(payment);
    seen.failureCode = "card_declined";
    seen.declineCode = "insufficient_funds";
    seen.latestChargeId = "ch_1";
    must(applyIntent(host.platform, payment.id, seen, now()));
    auto const version = stored(payment).version;
    must(applyIntent(host.platform, payment.id, seen, now()));
    EXPECT_EQ(stored(payment).version, version) << "nobody is told again";
    EXPECT_EQ(host.emitted<PaymentDeclined>().size(), 1U);
    EXPECT_EQ(stored(payment).failureReason, "insufficient_funds");
    seen.latestChargeId = "ch_2";
    must(applyIntent(host.platform, payment.id, seen, now()));
    EXPECT_EQ(host.emitted<PaymentDeclined>().size(), 2U);
    EXPECT_EQ(stored(payment).status, PaymentStatus::pending);
}

TEST_F(Payments, ABookingHasOneOpenPayment) {
    auto const first = open(10'000);
    auto const again = openAgain(first.bookingId, 10'000);
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.stripePaymentIntentId, first.stripePaymentIntentId) << "an intent is noted once";
    transact([&](Tx& tx) -> Result<bool> {
        CHECK(markFailed(tx, first.id, "cancelled", now()));
        return true;
    });
    host.clock.advance(Seconds(1));
    auto const second = openAgain(first.bookingId, 10'000);
    EXPECT_NE(second.id, first.id);
    EXPECT_TRUE(second.idempotencyKey.ends_with(":charge:2"));
    visavis::read(*host.store, [&](Reader& reader) {
        EXPECT_EQ(paymentOf(reader, first.bookingId)->id, second.id);
        EXPECT_FALSE(capturedOf(reader, first.bookingId));
        return true;
    });
    payAtGateway(first);
    must(applyIntent(host.platform, first.id, intent(first), now()));
    visavis::read(*host.store, [&](Reader& reader) {
        EXPECT_EQ(capturedOf(reader, first.bookingId)->paymentId, first.id);
        return true;
    });
}

// Whichever of the two went back, the other one is the session's.
TEST_F(Payments, OfTwoCapturedTheOneWithMoreLeftCounts) {
    for (std::size_t const gone : {0U, 1U}) {
        auto const first = open(10'000);
        transact([&](Tx& tx) -> Result<bool> {
            CHECK(markFailed(tx, first.id, "hold_expired", now()));
            return true;
        });
        host.clock.advance(Seconds(1));
        std::array const both{first, openAgain(first.bookingId, 10'000)};
        for (auto const& payment : both) {
            payAtGateway(payment);
            must(applyIntent(host.platform, payment.id, intent(payment), now()));
        }
        refund(both[gone]);
        auto const counts = visavis::read(*host.store, [&](Reader& reader) { return capturedOf(reader, first.bookingId); });
        EXPECT_EQ(counts->paymentId, both[1 - gone].id) << gone;
        EXPECT_EQ(counts->left, 10'000);
    }
}

// An intent's id is noted once: a second one, of a request whose key was forgotten, does not replace it.
TEST_F(Payments, ANotedIntentStays) {
    auto const payment = open(10'000);
    Intent other;
    other.id = "pi_other";
    auto const noted = transact([&](Tx& tx) { return noteIntent(tx, payment, other, now()); });
    EXPECT_EQ(noted.stripePaymentIntentId, payment.stripePaymentIntentId);
}

TEST_F(Payments, ClosingWhatIsPaidReadsItAgain) {
    auto const payment = open(10'000);
    payAtGateway(payment);
    EXPECT_EQ(must(closeIntent(host.platform, payment)).status, IntentStatus::succeeded);
    auto const unpaid = open(10'000);
    EXPECT_EQ(must(closeIntent(host.platform, unpaid)).status, IntentStatus::cancelled);
}

// The answer to our own create call was lost, and so was the id; the webhook's intent names our row.
TEST_F(Payments, AnIntentThatNamesOurRowIsClaimed) {
    auto const bookingId = host.ids.make<Booking>(now());
    auto const row = transact([&](Tx& tx) {
        return openPayment(host.platform, tx, {bookingId, specialistId, customerId, 10'000, *Currency::parse("USD"), 20, {}}, now());
    });
    auto made = must(intentOf(host.platform, row));
    struct Row {
        char const* name;
        void (*change)(Intent&);
    };
    for (auto const& wrong :
         {Row{"another amount", [](Intent& one) { one.amount += 1; }}, Row{"another booking", [](Intent& one) { one.bookingId = "x"; }},
          Row{"no payment of ours", [](Intent& one) { one.paymentId.clear(); }}}) {
        auto changed = made;
        wrong.change(changed);
        changed.status = IntentStatus::succeeded;
        gateway.intents.front() = changed;
        must(followIntent(host.platform, made.id, now()));
        EXPECT_FALSE(stored(row).stripePaymentIntentId) << wrong.name;
    }
    made.status = IntentStatus::succeeded;
    gateway.intents.front() = made;
    must(followIntent(host.platform, made.id, now()));
    EXPECT_EQ(stored(row).stripePaymentIntentId, made.id);
    EXPECT_EQ(stored(row).status, PaymentStatus::succeeded);
}

TEST_F(Payments, AnEventIsStoredOnceAndOfTheOtherModeHasNoEffect) {
    auto const payment = open(10'000);
    payAtGateway(payment);
    WebhookEvent event{.id = "evt_1",
                       .type = "payment_intent.succeeded",
                       .livemode = true,
                       .objectKind = "payment_intent",
                       .paymentIntentId = *payment.stripePaymentIntentId};
    auto const store = [&] { return transact([&](Tx& tx) { return storeEvent(tx, event, now()); }); };
    EXPECT_TRUE(store());
    host.clock.advance(Seconds(1));
    EXPECT_FALSE(store());
    EXPECT_EQ(host.emitted<WebhookStored>().size(), 1U);
    must(onWebhookStored(host.platform, {receiptId("evt_1")}, now()));
    EXPECT_EQ(stored(payment).status, PaymentStatus::pending);
    event.id = "evt_2";
    event.livemode = false;
    EXPECT_TRUE(store());
    must(onWebhookStored(host.platform, {receiptId("evt_2")}, now()));
    EXPECT_EQ(stored(payment).status, PaymentStatus::succeeded);
}

// The seed's own aggregate, gross: { $match: {specialistId, status, succeededAt ≥ …} }, { $group: {$sum: specialistPayout, $sum: 1} }.
TEST_F(Payments, TheSeedsEarningsAreAQuery) {
    pay(1'000);
    host.clock.advance(Days(2));
    auto const since = now();
    auto const partly = pay(2'000);
    refund(partly, 500);
    auto const whole = pay(3'000);
    refund(whole);
    open(4'000);
    auto const rows = visavis::read(*host.store, [&](Reader& reader) {
        auto const where =
            payments->specialistId == specialistId && payments->status == PaymentStatus::succeeded && payments->succeededAt >= since;
        return reader.find(payments, where).group({payments->specialistId.name}, {payments->specialistPayout.name});
    });
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].key, std::vector<Scalar>{specialistId.id});
    EXPECT_EQ(rows[0].sums, std::vector<std::int64_t>{1'600});
    EXPECT_EQ(rows[0].count, 1);
}

} // namespace
} // namespace visavis::payments
