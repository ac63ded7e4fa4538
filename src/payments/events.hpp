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

// Money is not where our rows say, or could not be moved as they wanted: an administrator must look.
WORDS(Odds, refund_failed, refund_given_up, refund_unknown, refund_differs, payment_differs, payment_unknown, payment_missing)

struct MoneyAtOdds {
    Odds what{};
    std::string subject; // the id that it is about; the same matter is reported once
    std::string detail;  // a sentence for the administrator
    std::optional<Ref<Payment>> paymentId;
    std::optional<Ref<Booking>> bookingId;
};
RECORD(MoneyAtOdds, what, subject, detail, paymentId, bookingId)

} // namespace visavis::payments
