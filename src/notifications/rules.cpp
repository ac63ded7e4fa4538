// Rules of notifications.
#include "notifications/rules.hpp"

#include <boost/url/parse.hpp>

namespace visavis::notifications {

bool isObligatory(MailKind kind) {
    switch (kind) { // a new kind has to be decided here
        case MailKind::booking_confirmation:
        case MailKind::refund_processed:
        case MailKind::late_money_refunded:
        case MailKind::booking_cancelled:
        case MailKind::booking_rescheduled:
            return true;
        case MailKind::message_received:
        case MailKind::reminder_day:
        case MailKind::reminder_hour:
        case MailKind::review_wanted:
        case MailKind::availability_request:
            return false;
    }
    return false;
}

namespace {

bool isReminder(MailKind kind) {
    return kind == MailKind::reminder_day || kind == MailKind::reminder_hour || kind == MailKind::review_wanted;
}

} // namespace

bool mayMail(MailKind kind, profiles::Preferences const& preferences) {
    if (isObligatory(kind)) return true;
    return preferences.emailNotifications && (!isReminder(kind) || preferences.remindersEnabled);
}

std::optional<booking::ReminderKind> dueReminder(booking::Booking const& booking, Instant now) {
    using booking::BookingStatus;
    using booking::ReminderKind;
    auto const& sent = booking.reminders;
    if (booking.status == BookingStatus::completed) {
        bool const due = booking.endsAt <= now && now < booking.endsAt + afterSession && !sent.post_session_sent;
        return due ? std::optional(ReminderKind::post_session) : std::nullopt;
    }
    if (booking.status != BookingStatus::confirmed || now >= booking.startsAt || now < booking.startsAt - dayBefore) return std::nullopt;
    if (now >= booking.startsAt - hourBefore) return sent.hour_before_sent ? std::nullopt : std::optional(ReminderKind::hour_before);
    return sent.day_before_sent ? std::nullopt : std::optional(ReminderKind::day_before);
}

Language languageOf(std::optional<Text<2, 35>> const& tag) {
    if (!tag) return Language::en;
    auto const primary = lowered(tag->value.substr(0, tag->value.find_first_of("-_")));
    for (auto const language : languages)
        if (primary == tableOf(language).code) return language;
    return Language::en;
}

Zone zoneOf(profiles::Specialist const& specialist) { return specialist.availability.timezone.value_or(Zone{}); }

Zone zoneOf(booking::Booking const& booking, profiles::Customer const& customer, profiles::Specialist const& specialist) {
    if (booking.timezone) return *booking.timezone;
    if (customer.timezone) return *customer.timezone;
    return zoneOf(specialist);
}

Ref<Notification> notificationId(std::string_view about, Ref<identity::User> recipient) {
    return {ObjectId::derived("notification:" + std::string(about) + ":" + recipient.hex())};
}

std::string effectKey(MailDue const& due) {
    auto const subject = due.messageId   ? due.messageId->hex()
                         : due.refundId  ? due.refundId->hex()
                         : due.requestId ? due.requestId->hex()
                         : due.bookingId ? due.bookingId->hex()
                                         : "";
    return wordOf(due.kind) + ":" + subject + ":" + due.userId.hex() + ":" + std::to_string(due.sequence);
}

std::string linkOf(std::string const& publicUrl, LinkKind kind, std::string const& about) {
    switch (kind) {
        case LinkKind::booking:
            return publicUrl + "/bookings/" + about;
        case LinkKind::requests:
            return publicUrl + "/app/bookings/requests";
        case LinkKind::verification:
            return publicUrl + "/verify-email?token=" + about;
        case LinkKind::reset:
            return publicUrl + "/reset-password?token=" + about;
    }
    return publicUrl;
}

std::string hostOf(std::string const& publicUrl) {
    auto const url = boost::urls::parse_uri(publicUrl);
    return url && !url->host().empty() ? url->host() : "localhost";
}

std::string messageId(std::string_view effect, std::string const& publicUrl) {
    return sha256Hex(effect).substr(0, 40) + "@" + hostOf(publicUrl);
}

} // namespace visavis::notifications
