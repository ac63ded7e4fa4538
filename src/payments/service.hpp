// The verbs of payments. Money moves at the gateway, outside any transaction; our rows follow what the gateway says, never the other way.
#pragma once

#include "payments/events.hpp"
#include "payments/gateway.hpp"
#include "profiles/service.hpp"

namespace visavis::payments {

using identity::Call;
using identity::Platform;

// Whether payments move real money.
bool isLive(Platform const& platform);

struct NewPayment {
    Ref<Booking> bookingId;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
    MinorUnits amount = 0;
    Currency currency;
    std::int64_t feePercentage = 0;
    PaymentMetadata metadata;
};

// The booking's payment that can still be paid: the pending one, or a new row. The row is written before the gateway is called.
Result<Payment> openPayment(Platform& platform, Tx& tx, NewPayment const& input, Instant now);
// The newest payment of a booking.
std::optional<Payment> paymentOf(Reader& reader, Ref<Booking> bookingId);

// The payment that a booking is paid with, and what of it neither has gone back nor is about to.
struct Captured {
    Ref<Payment> paymentId;
    MinorUnits left = 0;
};
std::optional<Captured> capturedOf(Reader& reader, Ref<Booking> bookingId);
// Nothing of what was captured for a booking is paid out while this is so.
Result<void> freezePayout(Tx& tx, Ref<Booking> bookingId, bool frozen, Instant now);

// The payment's intent at the gateway: made under the row's idempotency key, or read again. No transaction may be open.
Result<Intent> intentOf(Platform& platform, Payment const& payment);
// Notes the intent's id on the row, once.
Result<Payment> noteIntent(Tx& tx, Payment payment, Intent const& intent, Instant now);

// Moves our row to where the gateway's intent is: forward only, and only if id, amount and currency are ours (else an audit entry).
// Emits PaymentSucceeded or PaymentDeclined. Harmless when repeated.
Result<void> applyIntent(Platform& platform, Ref<Payment> paymentId, Intent const& intent, Instant now);

// Cancels the intent so that nobody can pay any more. The intent as it is then: cancelled, or succeeded when the payer was faster.
Result<Intent> closeIntent(Platform& platform, Payment const& payment);
// The same for the row: pending → failed.
Result<void> markFailed(Tx& tx, Ref<Payment> paymentId, std::string reason, Instant now);

// Writes a refund row and queues its call to the gateway. conflict nothing_to_refund; invalid when above what is left.
Result<Refund> requestRefund(Tx& tx, Platform& platform, Ref<Payment> paymentId, std::optional<MinorUnits> amount, std::string reason,
                             std::optional<Ref<User>> requestedBy, Instant now);

// The refunds of a payment, oldest first.
std::vector<Refund> refundsOf(Reader& reader, Ref<Payment> paymentId);
// Moves our refund to where the gateway's is: pending → succeeded → failed, forward only, and only if payment, amount and currency are ours.
// One that fails after it had succeeded takes back all that it caused. Harmless when repeated.
Result<void> applyRefund(Platform& platform, Ref<Refund> refundId, GatewayRefund const& seen, Instant now);

// Stores a gateway's event under its id and queues what follows from it; false if it was there already.
Result<bool> storeEvent(Tx& tx, WebhookEvent const& event, Instant now);
Ref<WebhookReceipt> receiptId(std::string const& eventId);

// Reads an intent or a refund at the gateway and moves our row to where it is. Unknown ones have no effect; a refund of ours that has no row
// is reported.
Result<void> followIntent(Platform& platform, std::string const& intentId, Instant now);
Result<void> followRefund(Platform& platform, std::string const& stripeRefundId, Instant now);
Result<void> followRefund(Platform& platform, GatewayRefund const& seen, Instant now);
// The payment of an intent: by its id, or as its metadata name it.
std::optional<Payment> paymentOf(Reader& reader, Intent const& intent);
// The refund row of one of the gateway's, in the same way.
std::optional<Refund> refundOf(Reader& reader, GatewayRefund const& seen);
// Our refund at the gateway, if it is there: by its id, or as its metadata name it.
Result<std::optional<GatewayRefund>> refundAtGateway(Platform& platform, Payment const& payment, Refund const& refund);

// Job: compares the gateway's lists with our rows, repairs what lost webhooks left behind, and reports what it cannot explain.
Result<void> reconcile(Platform& platform, Instant now);

// Job: shares go to the accounts that specialists have connected. Nobody can connect one in this release, so every share stays
// pendingPayout, which this says in the log.
Result<void> payOut(Platform& platform, Instant now);
// What the open pages of both sides are told after every change of a payment (GET /events: `payment`); nothing of the split.
struct PaymentUpdate {
    Ref<Payment> id;
    Ref<Booking> bookingId;
    PaymentStatus status{};
    MinorUnits amount = 0;
    Currency currency;
    std::optional<MinorUnits> refundAmount; // of all refunds that did not fail
    std::int64_t version = 0;
};
RECORD(PaymentUpdate, id, bookingId, status, amount, currency, refundAmount, version)

// The last step of every verb that changes a payment.
Result<void> publishChange(Tx& tx, Payment const& payment, Instant now);

// Outbox.
Result<void> onWebhookStored(Platform& platform, WebhookStored const& event, Instant now);
Result<void> onRefundRequested(Platform& platform, RefundRequested const& event, Instant now);

} // namespace visavis::payments
