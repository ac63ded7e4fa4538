// notifications: what a person is told in the application; they go after 30 days.
#pragma once

#include "booking/records.hpp"

namespace visavis::notifications {

// The seed's types, then ours (DESIGN §6).
WORDS(NotificationType, booking_confirmation, booking_reminder, session_started, session_completed, recording_ready, payment_received,
      refund_processed, availability_request, message_received, booking_cancelled, booking_rescheduled, payment_failed, review_received)
WORDS(Channel, email, inApp, sms)

struct NotificationMetadata {
    std::optional<Text<1, 100>> specialistName;
    std::optional<Text<1, 100>> customerName;
    std::optional<Instant> sessionTime;
};
RECORD(NotificationMetadata, specialistName, customerName, sessionTime)

struct Notification {
    Ref<Notification> id;
    Ref<identity::User> recipientId;

    NotificationType type{};
    Text<1, 200> title;
    Lines<1, 2000> message;
    std::optional<std::string> action;
    std::optional<std::string> actionUrl;

    std::optional<Ref<booking::Booking>> bookingId;
    std::optional<Ref<payments::Payment>> paymentId;

    bool isRead = false;
    bool isArchived = false;

    std::vector<Channel> channels;
    std::optional<Instant> emailSentAt;
    std::optional<Instant> smsSentAt;

    NotificationMetadata metadata;

    Instant createdAt;
    Instant expiresAt;
    std::int64_t version = 0;
};
RECORD(Notification, id, recipientId, type, title, message, action, actionUrl, bookingId, paymentId, isRead, isArchived, channels,
       emailSentAt, smsSentAt, metadata, createdAt, expiresAt, version)

COLLECTION(Notification, notifications)

} // namespace visavis::notifications
