// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "payments/records.hpp"

namespace visavis::payments {

DEFINE_COLLECTION(Payment, payments) {
    auto const& it = paths<Payment>();
    return collection<Payment>("payments")
        .index(it.bookingId)
        .index(it.specialistId, it.status)
        .index(it.customerId, it.status)
        .index(it.stripePaymentIntentId)
        .index(it.createdAt)
        .unique("payment_intent_taken", it.stripePaymentIntentId)
        .unique("idempotency_key_taken", it.idempotencyKey)
        .index(it.specialistId, it.createdAt, it.id)
        .index(it.customerId, it.createdAt, it.id)
        .index(it.status, it.createdAt, it.id)
        .index(it.refund.status, it.createdAt, it.id)
        .index(it.specialistId, it.status, it.succeededAt);
}

DEFINE_COLLECTION(Refund, refunds) {
    auto const& it = paths<Refund>();
    return collection<Refund>("refunds")
        .index(it.paymentId, it.requestedAt, it.id)
        .index(it.bookingId)
        .unique("refund_taken", it.stripeRefundId)
        .unique("idempotency_key_taken", it.idempotencyKey)
        .index(it.status, it.requestedAt, it.id);
}

DEFINE_COLLECTION(LedgerEntry, ledgerEntries) {
    auto const& it = paths<LedgerEntry>();
    return collection<LedgerEntry>("ledgerEntries")
        .unique("posted", it.posting, it.account)
        .index(it.paymentId)
        .index(it.specialistId, it.at, it.id);
}

DEFINE_COLLECTION(EarningsDay, earningsDays) {
    auto const& it = paths<EarningsDay>();
    return collection<EarningsDay>("earningsDays")
        .index(it.specialistId, it.currency, it.month, it.day, it.totalEarnings,
               it.transactionCount) // in the order of its groups, so that none is sorted
        .ownedBy(it.specialistId);  // whatever changes what is earned changes a day of it
}

DEFINE_COLLECTION(WebhookReceipt, webhookInbox) {
    auto const& it = paths<WebhookReceipt>();
    return collection<WebhookReceipt>("webhookInbox").unique("event_seen", it.provider, it.eventId).index(it.receivedAt, it.id);
}

} // namespace visavis::payments
