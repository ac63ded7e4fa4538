// News of payments.
#pragma once

#include "payments/records.hpp"

namespace visavis::payments {

// A webhook was stored: read the object again at the provider and move our row.
struct WebhookStored {
    Ref<WebhookReceipt> receiptId;
};
RECORD(WebhookStored, receiptId)

// The money of a booking is captured. Booking confirms, or re-claims, or has it refunded.
struct PaymentSucceeded {
    Ref<Payment> paymentId;
    Ref<Booking> bookingId;
};
RECORD(PaymentSucceeded, paymentId, bookingId)

// An attempt was declined; the payment stays pending and may be tried again.
struct PaymentDeclined {
    Ref<Payment> paymentId;
    Ref<Booking> bookingId;
    std::string failureCode;
};
RECORD(PaymentDeclined, paymentId, bookingId, failureCode)

// A refund row was written: ask the provider for it, under its idempotency key.
struct RefundRequested {
    Ref<Refund> refundId;
};
RECORD(RefundRequested, refundId)

struct RefundSucceeded {
    Ref<Refund> refundId;
    Ref<Booking> bookingId;
};
RECORD(RefundSucceeded, refundId, bookingId)

} // namespace visavis::payments
