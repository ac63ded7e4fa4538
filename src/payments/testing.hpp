// For tests of payments: a gateway in memory that forgets idempotency keys after a day as the real one does, and a platform with a specialist,
// a customer, and payments made through the verbs.
#pragma once

#include "payments/books.hpp"
#include "support/people.hpp"

#include <functional>
#include <map>
#include <utility>

namespace visavis::payments {

using support::must;

class MemoryGateway final : public Gateway {
public:
    explicit MemoryGateway(Clock const& clock) : clock_(&clock) {}

    Result<Intent> createPaymentIntent(NewIntent const& input) override {
        Intent intent;
        intent.id = "pi_" + std::to_string(intents.size() + 1);
        intent.amount = input.amount;
        intent.currency = input.currency;
        intent.bookingId = input.bookingId;
        intent.paymentId = input.paymentId;
        intent.status = IntentStatus::needsPayment;
        intent.created = clock_->now();
        intents.push_back(intent);
        return intent;
    }
    Result<Intent> getPaymentIntent(std::string const& id) override {
        auto seen = found(intents, id);
        if (auto const happens = std::exchange(meanwhile, nullptr)) happens();
        if (intentsFail) return failure(Code::unavailable, "unavailable");
        return seen;
    }
    Result<Intent> cancelPaymentIntent(std::string const& id, std::string const&) override {
        if (intentsFail) return failure(Code::unavailable, "unavailable");
        auto& intent = at(intents, id);
        if (intent.status == IntentStatus::succeeded) return conflict(refusal::wrongIntentState);
        intent.status = IntentStatus::cancelled;
        return intent;
    }
    Result<GatewayRefund> createRefund(NewRefund const& input) override {
        ++refundCalls;
        if (refuse) return *refuse;
        auto const known = answers_.find(input.idempotencyKey);
        if (known != answers_.end() && clock_->now() - known->second.second < Hours(24)) return at(refunds, known->second.first);
        GatewayRefund refund;
        refund.id = "re_" + std::to_string(refunds.size() + 1);
        refund.paymentIntentId = input.paymentIntentId;
        refund.amount = input.amount;
        refund.currency = at(intents, input.paymentIntentId).currency;
        refund.status = refundsBecome;
        refund.refundId = input.refundId;
        refund.created = clock_->now();
        refunds.push_back(refund);
        answers_[input.idempotencyKey] = {refund.id, clock_->now()};
        if (loseAnswers) return failure(Code::unavailable, "unavailable");
        return refund;
    }
    Result<GatewayRefund> getRefund(std::string const& id) override { return found(refunds, id); }
    Result<GatewayPage<GatewayRefund>> listRefunds(std::string const& intentId, std::optional<std::string> const& cursor) override {
        auto of = refunds;
        std::erase_if(of, [&](GatewayRefund const& refund) { return refund.paymentIntentId != intentId; });
        return page(of, cursor);
    }
    Result<GatewayTransfer> createTransfer(NewTransfer const&) override { return notFound(); }
    Result<GatewayReversal> reverseTransfer(NewReversal const&) override { return notFound(); }
    Result<GatewayDispute> getDispute(std::string const&) override { return notFound(); }
    Result<GatewayPage<Intent>> listPaymentIntents(Instant after, std::optional<std::string> const& cursor) override {
        listedFrom = after;
        return page(since(intents, after), cursor);
    }
    Result<GatewayPage<GatewayRefund>> listRefundsSince(Instant after, std::optional<std::string> const& cursor) override {
        return page(since(refunds, after), cursor);
    }
    Result<GatewayPage<WebhookEvent>> listEvents(Instant after, std::optional<std::string> const& cursor) override {
        if (eventsFail) return failure(Code::unavailable, "unavailable");
        return page(since(events, after), cursor);
    }
    Result<WebhookEvent> verifyWebhook(std::string_view, std::string_view, Instant) const override { return notFound(); }
    std::string const& publishableKey() const override { return key_; }
    bool livemode() const override { return false; }

    template <class T> static T& at(std::vector<T>& list, std::string const& id) {
        auto const it = std::find_if(list.begin(), list.end(), [&](T const& one) { return one.id == id; });
        if (it == list.end()) throw std::logic_error("no " + id);
        return *it;
    }

    std::vector<Intent> intents; // oldest first, as all lists here
    std::vector<GatewayRefund> refunds;
    std::vector<WebhookEvent> events;
    RefundStatus refundsBecome = RefundStatus::succeeded;
    std::optional<Error> refuse; // what every refund is refused with
    bool loseAnswers = false;    // refunds are made, but nobody learns of it
    bool eventsFail = false;
    bool intentsFail = false;        // neither read nor cancelled
    std::function<void()> meanwhile; // happens once, between the gateway's look at an intent and its answer
    int refundCalls = 0;
    std::optional<Instant> listedFrom;

private:
    template <class T> static Result<T> found(std::vector<T> const& list, std::string const& id) {
        for (auto const& one : list)
            if (one.id == id) return one;
        return notFound();
    }
    template <class T> static std::vector<T> since(std::vector<T> list, Instant after) {
        std::erase_if(list, [&](T const& one) { return one.created < after; });
        return list;
    }
    // Two to a page, so that every test turns pages.
    template <class T> static Result<GatewayPage<T>> page(std::vector<T> list, std::optional<std::string> const& cursor) {
        std::reverse(list.begin(), list.end());
        GatewayPage<T> made;
        bool inPage = !cursor;
        for (auto const& one : list) {
            if (inPage && made.items.size() == 2) {
                made.cursor = made.items.back().id;
                break;
            }
            if (inPage) made.items.push_back(one);
            inPage = inPage || one.id == *cursor;
        }
        return made;
    }

    Clock const* clock_;
    std::map<std::string, std::pair<std::string, Instant>> answers_; // by key: the refund, and when
    std::string key_ = "pk_test";
};

// A clock for the gateway that is there before the platform, whose own it shows.
struct ClockOf final : Clock {
    Instant now() const override { return clock == nullptr ? Instant{} : clock->now(); }
    Clock const* clock = nullptr;
};

struct Ledger {
    MinorUnits customer = 0, platform = 0, specialist = 0;
    bool operator==(Ledger const&) const = default;
};

class Till : public ::testing::Test {
protected:
    Till() {
        clock_.clock = &host.clock;
        specialistId = specialist("ada");
        customerId = customer("cora");
    }

    template <class F> auto transact(F const& work) { return must(visavis::transact(*host.store, work)); }
    Instant now() const { return host.clock.now(); }

    // A payment row with its intent, not paid yet.
    Payment open(MinorUnits amount, char const* currency = "USD") {
        auto const bookingId = host.ids.make<Booking>(now());
        return openAgain(bookingId, amount, currency);
    }
    Payment openAgain(Ref<Booking> bookingId, MinorUnits amount, char const* currency = "USD") {
        auto const row = transact([&](Tx& tx) {
            return openPayment(host.platform, tx, {bookingId, specialistId, customerId, amount, *Currency::parse(currency), 20, {}}, now());
        });
        auto const intent = must(intentOf(host.platform, row));
        return transact([&](Tx& tx) { return noteIntent(tx, row, intent, now()); });
    }
    Intent& intent(Payment const& payment) { return MemoryGateway::at(gateway.intents, *payment.stripePaymentIntentId); }
    // The payer pays; our row does not know yet.
    void payAtGateway(Payment const& payment) {
        auto& paid = intent(payment);
        paid.status = IntentStatus::succeeded;
        paid.latestChargeId = "ch_" + paid.id;
    }
    Payment pay(MinorUnits amount, char const* currency = "USD") {
        auto const payment = open(amount, currency);
        payAtGateway(payment);
        must(applyIntent(host.platform, payment.id, intent(payment), now()));
        return stored(payment);
    }
    Result<Refund> request(Payment const& payment, std::optional<MinorUnits> amount = {}) {
        return visavis::transact(*host.store,
                                 [&](Tx& tx) { return requestRefund(tx, host.platform, payment.id, amount, "Because.", {}, now()); });
    }
    Result<void> carryOut(Refund const& refund) { return onRefundRequested(host.platform, {refund.id}, now()); }
    Refund refund(Payment const& payment, std::optional<MinorUnits> amount = {}) {
        auto const requested = must(request(payment, amount));
        must(carryOut(requested));
        return stored(requested);
    }

    identity::User user(std::string const& name, identity::UserType type) { return support::newUser(host, name, type); }
    Ref<Specialist> specialist(std::string const& name) {
        auto const owner = user(name, identity::UserType::specialist);
        auto call = host.call({.userId = owner.id});
        return transact([&](Tx& tx) { return profiles::createSpecialist(call, tx, owner, Zone{}); }).id;
    }
    Ref<Customer> customer(std::string const& name) {
        auto const owner = user(name, identity::UserType::customer);
        auto call = host.call({.userId = owner.id});
        return transact([&](Tx& tx) { return profiles::createCustomer(call, tx, owner, Zone{}); }).id;
    }

    Payment stored(Payment const& payment) { return *host.get(payments, payment.id); }
    Refund stored(Refund const& refund) { return *host.get(refunds, refund.id); }
    Ledger ledger() {
        Ledger sum;
        for (auto const& entry : host.all(ledgerEntries))
            (entry.account == Account::customer   ? sum.customer
             : entry.account == Account::platform ? sum.platform
                                                  : sum.specialist) += entry.amount;
        return sum;
    }
    EarningsDay day(char const* currency = "USD") {
        auto const id = earningsDayId(specialistId, *Currency::parse(currency), Zone{}.dateAt(now()));
        return host.get(earningsDays, id).value_or(EarningsDay{});
    }
    // The audit entries of an action.
    std::vector<std::string> audited(std::string const& action) {
        std::vector<std::string> subjects;
        for (auto const& entry : host.all(identity::auditEntries))
            if (entry.action == action) subjects.push_back(entry.subject.value_or(""));
        return subjects;
    }

private:
    ClockOf clock_;

protected:
    MemoryGateway gateway{clock_};
    support::TestPlatform host{&gateway};
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
};

} // namespace visavis::payments
