// Rules of notifications.
#include "notifications/rules.hpp"

#include <boost/url/parse.hpp>

namespace visavis::notifications {

bool isObligatory(MailKind kind) {
    switch (kind) { // a new kind has to be decided here
        case MailKind::booking_confirmation:
        case MailKind::refund_processed:
        case MailKind::late_money_refunded:
            return true;
    }
    return false;
}

bool mayMail(MailKind kind, profiles::Preferences const& preferences) { return isObligatory(kind) || preferences.emailNotifications; }

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
    auto const subject = due.refundId ? due.refundId->hex() : due.bookingId ? due.bookingId->hex() : "";
    return wordOf(due.kind) + ":" + subject + ":" + due.userId.hex() + ":" + std::to_string(due.sequence);
}

std::string hostOf(std::string const& publicUrl) {
    auto const url = boost::urls::parse_uri(publicUrl);
    return url && !url->host().empty() ? url->host() : "localhost";
}

std::string messageId(std::string_view effect, std::string const& publicUrl) {
    return sha256Hex(effect).substr(0, 40) + "@" + hostOf(publicUrl);
}

} // namespace visavis::notifications
