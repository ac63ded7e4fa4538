// Rules of notifications: who must be told, in which language and zone, and how mails are recognised. Pure.
#pragma once

#include "booking/service.hpp"
#include "notifications/events.hpp"
#include "notifications/language.hpp"

namespace visavis::notifications {

// Notifications go after so long.
inline constexpr Days lifetime{30};

// Confirmations, changes, money and security are told whatever the preferences say (DESIGN §6).
bool isObligatory(MailKind kind);
bool mayMail(MailKind kind, profiles::Preferences const& preferences);

// The reminder of a booking that is due now, if one is (DESIGN §6): a day and an hour before the start, and after the end. An overdue one goes
// only until the next kind is due, and one of the hour before never after the start. A session that was never completed is not asked about.
std::optional<booking::ReminderKind> dueReminder(booking::Booking const& booking, Instant now);
inline constexpr Hours dayBefore{24};
inline constexpr Hours hourBefore{1};
inline constexpr Days afterSession{7}; // so long after the end a review is asked for at all

// From a BCP 47 tag ("de-AT"); English for what we do not speak.
Language languageOf(std::optional<Text<2, 35>> const& tag);

// The zones that each side reads its times in.
Zone zoneOf(profiles::Specialist const& specialist);
Zone zoneOf(booking::Booking const& booking, profiles::Customer const& customer, profiles::Specialist const& specialist);

// The pages that mails, notifications and invitations lead to; no other text of this slice names an address of ours.
WORDS(LinkKind, booking, requests, verification, reset)
// `about`: the booking's id, or the token.
std::string linkOf(std::string const& publicUrl, LinkKind kind, std::string const& about = {});

// The same notification has the same id however often its news comes. `about` says what tells it from others of its kind.
Ref<Notification> notificationId(std::string_view about, Ref<identity::User> recipient);

// kind:subject:recipient:sequence, the name under which a mail is sent once.
std::string effectKey(MailDue const& due);

// The host of our public URL, which ids of mails and of calendar events end in.
std::string hostOf(std::string const& publicUrl);
// `hash@host`, the same for every try of one mail.
std::string messageId(std::string_view effect, std::string const& publicUrl);

} // namespace visavis::notifications
