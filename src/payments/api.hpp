// The handlers of payments.
#pragma once

#include "http/message.hpp"
#include "payments/service.hpp"

namespace visavis::payments {

struct Received {
    bool received = true;
};
RECORD(Received, received)

// A payment as one of its sides sees it. The split is for the specialist and for staff: customers do not see it.
struct PaymentView {
    Ref<Payment> id;
    Ref<Booking> bookingId;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
    MinorUnits amount = 0;
    Currency currency;
    std::optional<MinorUnits> platformFee;
    std::optional<std::int64_t> platformFeePercentage;
    std::optional<MinorUnits> specialistPayout;
    std::optional<std::string> stripePaymentIntentId;
    std::optional<std::string> stripeChargeId;
    PaymentStatus status{};
    PaymentMethod paymentMethod{};
    Instant createdAt;
    std::optional<Instant> initiatedAt;
    std::optional<Instant> succeededAt;
    std::optional<Instant> failedAt;
    std::optional<Instant> refundedAt;
    std::optional<std::string> failureCode;
    std::optional<std::string> failureMessage;
    std::optional<std::string> failureReason;
    std::optional<RefundMirror> refund;
    std::optional<std::string> invoiceId;
    std::optional<std::string> invoiceUrl;
    std::optional<std::string> receiptNumber;
    PaymentMetadata metadata; // without the customer's address, which is not the specialist's to see
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(PaymentView, id, bookingId, specialistId, customerId, amount, currency, platformFee, platformFeePercentage, specialistPayout,
       stripePaymentIntentId, stripeChargeId, status, paymentMethod, createdAt, initiatedAt, succeededAt, failedAt, refundedAt, failureCode,
       failureMessage, failureReason, refund, invoiceId, invoiceUrl, receiptNumber, metadata, updatedAt, version)

struct PaymentPath {
    Ref<Payment> id;
};
RECORD(PaymentPath, id)

// The caller's own payments, newest first; staff see all.
Result<Page<PaymentView>> listPayments(Call& call, identity::PageQuery const& query);
Result<PaymentView> getPayment(Call& call, PaymentPath const& path);

// POST /webhooks/stripe: 200 once the event is stored durably under its id; 400 bad_signature without storing anything.
Result<Received> receiveStripe(Call& call, http::Request const& request);

} // namespace visavis::payments
