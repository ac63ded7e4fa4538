// A gateway in memory for tests of slices.
#pragma once

#include "payments/gateway.hpp"
#include "support/platform.hpp"

#include <functional>
#include <map>

namespace visavis::support {

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
        if (onCreate) onCreate();
        return intents[intent.id] = intent;
    }
    Result<payments::Intent> getPaymentIntent(std::string const& id) override {
        if (!intents.contains(id)) return notFound();
        return intents[id];
    }
    Result<payments::Intent> cancelPaymentIntent(std::string const& id, std::string const&) override {
        if (intents[id].status == payments::IntentStatus::succeeded) return conflict(payments::refusal::wrongIntentState, "Too late.");
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
    Result<payments::GatewayPage<payments::GatewayRefund>> listRefundsSince(Instant, std::optional<std::string> const&) override {
        return notFound();
    }
    Result<payments::GatewayPage<payments::WebhookEvent>> listEvents(Instant, std::optional<std::string> const&) override {
        return notFound();
    }
    Result<payments::WebhookEvent> verifyWebhook(std::string_view, std::string_view, Instant) const override { return notFound(); }
    std::string const& publishableKey() const override { return key_; }
    bool livemode() const override { return false; }

    std::map<std::string, payments::Intent> intents;
    std::function<void()> onCreate; // what happens while an intent is made

private:
    std::string key_ = "pk_test";
};

} // namespace visavis::support
