// The verbs of payments. Money moves at the gateway, outside any transaction; our rows follow what the gateway says, never the other way.
#pragma once

#include "payments/events.hpp"
#include "payments/gateway.hpp"
#include "profiles/service.hpp"

namespace visavis::payments {

using identity::Call;
using identity::Platform;

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
// Whether another payment of the booking than this one is captured: then this one is a double charge.
bool isPaidByAnother(Reader& reader, Ref<Booking> bookingId, Ref<Payment> paymentId);

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

// Outbox.
Result<void> onWebhookStored(Platform& platform, WebhookStored const& event, Instant now);
Result<void> onRefundRequested(Platform& platform, RefundRequested const& event, Instant now);

} // namespace visavis::payments
