// Stripe as the payment gateway: our words to its requests, its answers to our words. Keeps no state but its circuit breaker.
//
// Payments are plain charges on the platform's account; money for specialists goes out by separate transfers. `transfer_data`,
// `application_fee_amount`, `reverse_transfer` and `refund_application_fee` are never sent (DESIGN §6).
//
// Cards and card wallets only: `automatic_payment_methods` without redirects is the one way of saying it that is valid in every API version
// we know (`payment_method_types` is refused since endive, `allowed_payment_method_types` unknown before dahlia). Which of the remaining
// methods are on is the account's choice in Stripe's dashboard: an operator leaves on cards, Apple Pay and Google Pay there.
#pragma once

#include "outbound/channel.hpp"
#include "outbound/form.hpp"
#include "payments/gateway.hpp"
#include "providers/stripe/settings.hpp"

#include <boost/json/object.hpp>

namespace visavis::providers::stripe {

class Stripe final : public payments::Gateway {
public:
    Stripe(Settings settings, outbound::Means means);

    Result<payments::Intent> createPaymentIntent(payments::NewIntent const& input) override;
    Result<payments::Intent> getPaymentIntent(std::string const& id) override;
    Result<payments::Intent> cancelPaymentIntent(std::string const& id, std::string const& idempotencyKey) override;
    Result<payments::GatewayRefund> createRefund(payments::NewRefund const& input) override;
    Result<payments::GatewayRefund> getRefund(std::string const& id) override;
    Result<payments::GatewayPage<payments::GatewayRefund>> listRefunds(std::string const& paymentIntentId,
                                                                       std::optional<std::string> const& cursor) override;
    Result<payments::GatewayTransfer> createTransfer(payments::NewTransfer const& input) override;
    Result<payments::GatewayReversal> reverseTransfer(payments::NewReversal const& input) override;
    Result<payments::GatewayDispute> getDispute(std::string const& id) override;
    Result<payments::GatewayPage<payments::Intent>> listPaymentIntents(Instant createdAfter,
                                                                       std::optional<std::string> const& cursor) override;
    Result<payments::GatewayPage<payments::GatewayRefund>> listRefundsSince(Instant createdAfter,
                                                                            std::optional<std::string> const& cursor) override;
    Result<payments::GatewayPage<payments::WebhookEvent>> listEvents(Instant createdAfter,
                                                                     std::optional<std::string> const& cursor) override;
    Result<payments::WebhookEvent> verifyWebhook(std::string_view rawBody, std::string_view signatureHeader, Instant now) const override;
    std::string const& publishableKey() const override { return settings_.publishableKey; }
    bool livemode() const override { return settings_.livemode; }

private:
    Result<boost::json::object> get(std::string const& path, outbound::Form const& query = {});
    Result<boost::json::object> post(std::string const& path, outbound::Form const& form, std::string const& idempotencyKey);
    Result<boost::json::object> exchange(outbound::OutRequest request);

    Settings settings_;
    outbound::Channel channel_;
};

} // namespace visavis::providers::stripe
