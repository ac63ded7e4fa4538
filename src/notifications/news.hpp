// What the files of this slice share: one piece of news for one side of a booking, and how it is told. Private to notifications.
#pragma once

#include "notifications/compose.hpp"
#include "notifications/service.hpp"

namespace visavis::notifications {

// One thing that one side is to be told.
struct News {
    NotificationType type{};
    NoteText text{};
    Party to{};
    std::string about; // tells it from other news of its type
    std::optional<Ref<payments::Payment>> paymentId = {};
    Values values = {}; // beside those of the booking
    std::string action = "view_booking";
    std::optional<MailKind> mail = {};
    std::optional<Ref<payments::Refund>> refundId = {};
    std::optional<Ref<booking::Message>> messageId = {};
};

// What open pages learn of a notification (GET /events: `notification`).
struct NotificationUpdate {
    Ref<Notification> id;
    NotificationType type{};
    Text<1, 200> title;
    Lines<1, 2000> message;
    std::optional<std::string> action;
    std::optional<std::string> actionUrl;
    std::optional<Ref<booking::Booking>> bookingId;
    std::optional<Ref<payments::Payment>> paymentId;
    Instant createdAt;
};
RECORD(NotificationUpdate, id, type, title, message, action, actionUrl, bookingId, paymentId, createdAt)

std::optional<Parties> partiesOf(Reader& reader, Ref<booking::Booking> bookingId);

// Stores a notification and shows it on open pages; false when it was there already.
Result<bool> put(Tx& tx, Notification const& note, Instant now);
// The row for the application, and the mail if there is one to be.
Result<void> tell(Platform& platform, Tx& tx, Parties const& parties, News news, Instant now);

// reminders.cpp: nothing once the reminder is outdated.
std::optional<Mail> reminderMail(MailDue const& due, Parties const& parties, Recipient const& to, Letterhead const& head, Instant now);
// requests.cpp
std::optional<Mail> requestMail(Reader& reader, Ref<availability::AvailabilityRequest> requestId, Recipient const& to,
                                Letterhead const& head);

} // namespace visavis::notifications
