// The handlers of /notifications. Everybody sees and changes only their own; foreign ones are not there.
#pragma once

#include "identity/answer.hpp"
#include "identity/call.hpp"
#include "notifications/records.hpp"

namespace visavis::notifications {

using identity::Call;

struct ListInput {
    Flag<false> unread;                   // true: only those
    std::optional<Bounded<1, 100>> limit; // 20
    std::optional<std::string> cursor;
};
RECORD(ListInput, unread, limit, cursor)

struct NotificationPath {
    Ref<Notification> id;
};
RECORD(NotificationPath, id)

struct NotificationCount {
    std::int64_t count = 0;
};
RECORD(NotificationCount, count)

struct CalendarPath {
    Ref<booking::Booking> id;
};
RECORD(CalendarPath, id)

// GET /bookings/{id}/calendar.ics: the session as an event with one UID for life. wrong_state before it is confirmed.
Result<identity::Raw> calendar(Call& call, CalendarPath const& path);

// GET /notifications: newest first, without archived and expired ones.
Result<Page<Notification>> list(Call& call, ListInput const& input);
// GET /notifications/unread-count: of those that the list shows.
Result<NotificationCount> unreadCount(Call& call);
std::optional<NotificationCount> recallUnreadCount(Call& call); // from memory, if this process remembers it
// PUT and DELETE /notifications/{id}/read, PUT /notifications/{id}/archive: the notification as it is then.
Result<Notification> markRead(Call& call, NotificationPath const& path);
Result<Notification> markUnread(Call& call, NotificationPath const& path);
Result<Notification> archive(Call& call, NotificationPath const& path);
// POST /notifications/read-all: how many became read.
Result<NotificationCount> readAll(Call& call);

} // namespace visavis::notifications
