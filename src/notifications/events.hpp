// News of notifications: mails that are due. They are composed when they are sent, so that nothing private lies in the outbox.
#pragma once

#include "notifications/records.hpp"

namespace visavis::notifications {

WORDS(MailKind, booking_confirmation, refund_processed, late_money_refunded, booking_cancelled, booking_rescheduled, message_received,
      reminder_day, reminder_hour, review_wanted, availability_request)

struct MailDue {
    MailKind kind{};
    Ref<identity::User> userId;                      // who gets it
    std::optional<Ref<Notification>> notificationId; // the row that notes when the mail went out
    std::optional<Ref<booking::Booking>> bookingId;  // what it is about
    std::optional<Ref<payments::Payment>> paymentId;
    std::optional<Ref<payments::Refund>> refundId;
    std::int64_t sequence = 0; // the booking's calendarSequence when the mail became due
    std::optional<Ref<booking::Message>> messageId = {};
    std::optional<Ref<availability::AvailabilityRequest>> requestId = {};
};
RECORD(MailDue, kind, userId, notificationId, bookingId, paymentId, refundId, sequence, messageId, requestId)

} // namespace visavis::notifications
