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

struct RefundOrder {
    Ref<Payment> id;
    std::optional<Bounded<1, 99'999'999>> amount; // default: all that is left
    std::optional<Lines<0, 500>> reason;
};
RECORD(RefundOrder, id, amount, reason)

struct RefundQuestion {
    Ref<Payment> id;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(RefundQuestion, id, limit, cursor)

// A refund as the specialist and staff see it: with what each side bears.
struct RefundView {
    Ref<Refund> id;
    Ref<Payment> paymentId;
    Ref<Booking> bookingId;
    MinorUnits amount = 0;
    Currency currency;
    MinorUnits platformShare = 0;
    MinorUnits specialistShare = 0;
    RefundState status{};
    std::optional<Lines<0, 500>> reason;
    std::optional<Ref<User>> requestedBy;
    std::optional<std::string> stripeRefundId;
    std::optional<std::string> failureReason;
    Instant requestedAt;
    std::optional<Instant> refundedAt;
    std::optional<Instant> failedAt;
    std::int64_t version = 0;
};
RECORD(RefundView, id, paymentId, bookingId, amount, currency, platformShare, specialistShare, status, reason, requestedBy, stripeRefundId,
       failureReason, requestedAt, refundedAt, failedAt, version)

struct PaymentQuestion {
    std::optional<PaymentStatus> status;
    std::optional<RefundState> refund; // of the latest refund: what has failed wants somebody to look
    std::optional<Ref<Specialist>> specialistId;
    std::optional<Ref<Customer>> customerId;
    std::optional<Ref<Booking>> bookingId;
    std::optional<std::string> from; // on createdAt: instants [from, to), or days (UTC), both included
    std::optional<std::string> to;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(PaymentQuestion, status, refund, specialistId, customerId, bookingId, from, to, limit, cursor)

// The caller's own payments, newest first; staff see all.
Result<Page<PaymentView>> listPayments(Call& call, identity::PageQuery const& query);
Result<PaymentView> getPayment(Call& call, PaymentPath const& path);

// Of all, newest first; for staff.
Result<Page<PaymentView>> listAllPayments(Call& call, PaymentQuestion const& question);

// A refund of part or all of what is left; the gateway is asked for it right after. conflict nothing_to_refund.
Result<identity::Created<RefundView>> refundPayment(Call& call, RefundOrder const& order);
// Oldest first.
Result<Page<RefundView>> listRefunds(Call& call, RefundQuestion const& question);

// POST /webhooks/stripe: 200 once the event is stored durably under its id; 400 bad_signature without storing anything.
Result<Received> receiveStripe(Call& call, http::Request const& request);

} // namespace visavis::payments
