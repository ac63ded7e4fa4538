// payments, their refunds, the double-entry ledger and the webhook inbox. Rows are never deleted.
#pragma once

#include "availability/records.hpp"

namespace visavis::payments {

using availability::Customer;
using availability::Specialist;
using booking::Booking;
using identity::User;

WORDS(PaymentStatus, pending, succeeded, failed, refunded, chargeback)
// Captured at some time: succeeded, refunded or charged back.
constexpr bool isCaptured(PaymentStatus status) { return status != PaymentStatus::pending && status != PaymentStatus::failed; }
WORDS(PaymentMethod, card, bank_transfer, wallet)
WORDS(RefundState, pending, succeeded, failed)

// Mirrors the latest refund (seed); the rows of `refunds` are the truth.
struct RefundMirror {
    std::optional<Instant> requestedAt;
    std::optional<Ref<User>> requestedBy;
    std::optional<Lines<0, 500>> reason;
    MinorUnits refundAmount = 0; // the total of all refunds that did not fail
    std::optional<Instant> refundedAt;
    std::optional<std::string> stripeRefundId;
    RefundState status{};
};
RECORD(RefundMirror, requestedAt, requestedBy, reason, refundAmount, refundedAt, stripeRefundId, status)

struct PaymentMetadata {
    std::optional<Text<1, 100>> specialistName;
    std::optional<Email> customerEmail;
    std::optional<Text<1, 60>> consultationType;
    std::optional<std::int64_t> duration;
};
RECORD(PaymentMetadata, specialistName, customerEmail, consultationType, duration)

struct Payment {
    Ref<Payment> id;
    Ref<Booking> bookingId;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;

    MinorUnits amount = 0;
    Currency currency;

    MinorUnits platformFee = 0;
    std::int64_t platformFeePercentage = 0;
    MinorUnits specialistPayout = 0;

    std::optional<std::string> stripePaymentIntentId;
    std::optional<std::string> stripeChargeId;
    std::optional<std::string> stripeCustomerId;
    std::optional<std::string> stripeConnectAccountId;

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

    PaymentMetadata metadata;

    std::optional<Instant> payoutFrozenAt; // the sides disagree whether the session took place: nothing is paid out before staff decide

    std::string idempotencyKey; // booking:{id}:charge:{n}, sent to the provider
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(Payment, id, bookingId, specialistId, customerId, amount, currency, platformFee, platformFeePercentage, specialistPayout,
       stripePaymentIntentId, stripeChargeId, stripeCustomerId, stripeConnectAccountId, status, paymentMethod, createdAt, initiatedAt,
       succeededAt, failedAt, refundedAt, failureCode, failureMessage, failureReason, refund, invoiceId, invoiceUrl, receiptNumber,
       metadata, payoutFrozenAt, idempotencyKey, updatedAt, version)

COLLECTION(Payment, payments)

struct Refund {
    Ref<Refund> id;
    Ref<Payment> paymentId;
    Ref<Booking> bookingId;
    MinorUnits amount = 0;
    Currency currency;
    MinorUnits platformShare = 0; // pro rata, half-even; the last refund takes the rest
    MinorUnits specialistShare = 0;
    RefundState status{};
    std::optional<Lines<0, 500>> reason;
    std::optional<Ref<User>> requestedBy; // absent: the platform itself
    std::optional<std::string> stripeRefundId;
    std::optional<std::string> failureReason;
    std::string idempotencyKey; // payment:{id}:refund:{n}
    Instant requestedAt;
    std::optional<Instant> refundedAt;
    std::optional<Instant> failedAt;
    std::int64_t version = 0;
};
RECORD(Refund, id, paymentId, bookingId, amount, currency, platformShare, specialistShare, status, reason, requestedBy, stripeRefundId,
       failureReason, idempotencyKey, requestedAt, refundedAt, failedAt, version)

COLLECTION(Refund, refunds)

// One side of a posting. The entries of a posting sum to zero; nothing is ever changed or removed.
WORDS(Account, customer, platform, specialist)

struct LedgerEntry {
    Ref<LedgerEntry> id;
    std::string posting; // "charge:{paymentId}", "refund:{refundId}": the entries that belong together
    Account account{};
    Ref<Payment> paymentId;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
    MinorUnits amount = 0; // positive: the account receives
    Currency currency;
    Instant at;
};
RECORD(LedgerEntry, id, posting, account, paymentId, specialistId, customerId, amount, currency, at)

COLLECTION(LedgerEntry, ledgerEntries)

// What a specialist has earned in one currency by the payments that succeeded on one UTC day; a refund counts on the day of its payment.
// Written in the transaction that moves the money, so that earnings are read from a row a day instead of a row a payment.
struct EarningsDay {
    Ref<EarningsDay> id; // derived from the three that follow
    Ref<Specialist> specialistId;
    Currency currency;
    LocalDate day;
    std::string month;                 // of `day`: "2026-03"
    MinorUnits totalEarnings = 0;      // payouts, less the specialist's shares of refunds
    std::int64_t transactionCount = 0; // payments that are `succeeded` now
    std::int64_t version = 0;
};
RECORD(EarningsDay, id, specialistId, currency, day, month, totalEarnings, transactionCount, version)

// The sums are keys too: the index alone answers, no document is read.
COLLECTION(EarningsDay, earningsDays)

// A provider's event as it came, stored before it is answered. `_id` is derived from the provider and its event id.
struct WebhookReceipt {
    Ref<WebhookReceipt> id;
    std::string provider;
    std::string eventId;
    std::string type;
    bool livemode = false;
    std::string objectKind; // "payment_intent", "refund", …
    std::string objectId;
    std::string paymentIntentId; // that the object is or belongs to; empty if none
    std::string body;
    Instant receivedAt;
    std::int64_t version = 0;
};
RECORD(WebhookReceipt, id, provider, eventId, type, livemode, objectKind, objectId, paymentIntentId, body, receivedAt, version)

COLLECTION(WebhookReceipt, webhookInbox)

} // namespace visavis::payments
