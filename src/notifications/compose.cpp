// Composing mails: values from the records of a booking, then the texts of a language.
#include "notifications/compose.hpp"

#include "notifications/ics.hpp"

namespace visavis::notifications {
namespace {

Party otherOf(Party side) { return side == Party::customer ? Party::specialist : Party::customer; }

Zone zoneOfSide(Parties const& parties, Party side) {
    return side == Party::customer ? zoneOf(parties.booking, parties.customer, parties.specialist) : zoneOf(parties.specialist);
}

std::string const& nameOf(Parties const& parties, Party side) {
    return side == Party::customer ? parties.customer.name.value : parties.specialist.creatorName.value;
}

void addSplit(Values& values, Parties const& parties) {
    auto const& payment = parties.payment;
    values["fee"] = payment ? moneyText(payment->platformFee, payment->currency) : "";
    values["payout"] = payment ? moneyText(payment->specialistPayout, payment->currency) : "";
}

Mail addressed(MailBody body, Recipient const& to) {
    Mail mail;
    mail.to = to.address;
    mail.toName = to.name;
    mail.subject = std::move(body.subject);
    mail.text = std::move(body.text);
    mail.html = std::move(body.html);
    return mail;
}

CalendarPart invitation(Parties const& parties, Party side, Recipient const& to, Letterhead const& head, Instant now) {
    auto const& table = tableOf(parties.language(side));
    auto const& booking = parties.booking;
    auto const link = bookingLink(head.publicUrl, booking.id);
    CalendarEvent const event{
        .uid = booking.id.hex() + "@" + hostOf(head.publicUrl),
        .sequence = static_cast<int>(booking.calendarSequence),
        .stamp = now,
        .startsAt = booking.startsAt,
        .endsAt = booking.endsAt,
        .organizer = CalendarPerson{head.from.address, head.from.name},
        .attendees = {{to.address, to.name}},
        .summary = filled(table.eventTitle, {{"other", nameOf(parties, otherOf(side))}}),
        .description = filled(table.eventText, {{"link", link}}),
        .location = "",
        .url = link,
    };
    return {std::string(wordOf(CalendarMethod::request)), calendarText(CalendarMethod::request, {event})};
}

} // namespace

std::string bookingLink(std::string const& publicUrl, Ref<booking::Booking> booking) { return publicUrl + "/bookings/" + booking.hex(); }

Values bookingValues(Parties const& parties, Party side, std::string const& publicUrl) {
    auto const& booking = parties.booking;
    auto const language = parties.language(side);
    auto const zone = zoneOfSide(parties, side);
    auto const otherZone = zoneOfSide(parties, otherOf(side));
    Values values{
        {"specialist", nameOf(parties, Party::specialist)},
        {"customer", nameOf(parties, Party::customer)},
        {"time", sessionTime(language, zone, booking.startsAt, booking.endsAt)},
        {"otherTime", zone == otherZone ? "" : sessionTime(language, otherZone, booking.startsAt, booking.endsAt)},
        {"minutes", std::to_string(booking.sessionDuration)},
        {"type", booking.consultationType ? booking.consultationType->value : ""},
        {"price", priceText(language, booking.sessionPrice, booking.currency)},
        {"policy", side == Party::customer && booking.sessionPrice > 0 ? policySentence(language, booking.policy) : ""},
        {"link", bookingLink(publicUrl, booking.id)},
    };
    if (side == Party::specialist) addSplit(values, parties);
    return values;
}

Mail confirmationMail(Parties const& parties, Party side, Recipient const& to, Letterhead const& head, Instant now) {
    auto const text = side == Party::customer ? MailText::confirmedForCustomer : MailText::confirmedForSpecialist;
    auto mail = linkMail(text, parties.language(side), bookingValues(parties, side, head.publicUrl), to, head);
    mail.calendar = invitation(parties, side, to, head, now);
    return mail;
}

Mail moneyMail(MailText text, Parties const& parties, MinorUnits amount, Recipient const& to, Letterhead const& head) {
    auto values = bookingValues(parties, Party::customer, head.publicUrl);
    values["amount"] = moneyText(amount, parties.booking.currency);
    return linkMail(text, parties.language(Party::customer), std::move(values), to, head);
}

Mail linkMail(MailText text, Language language, Values values, Recipient const& to, Letterhead const& head) {
    values["name"] = to.name;
    values["platform"] = head.from.name;
    return addressed(mailBody(language, text, values), to);
}

} // namespace visavis::notifications
