// Composing mails: values from the records of a booking, then the texts of a language.
#include "notifications/compose.hpp"

#include "notifications/ics.hpp"

#include <algorithm>

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

CalendarEvent eventOf(Parties const& parties, Party side, std::string const& publicUrl, Instant now) {
    auto const& table = tableOf(parties.language(side));
    auto const& booking = parties.booking;
    auto const link = bookingLink(publicUrl, booking.id);
    CalendarEvent event;
    event.uid = booking.id.hex() + "@" + hostOf(publicUrl);
    event.sequence = static_cast<int>(booking.calendarSequence);
    event.stamp = now;
    event.startsAt = booking.startsAt;
    event.endsAt = booking.endsAt;
    event.summary = filled(table.eventTitle, {{"other", nameOf(parties, otherOf(side))}});
    event.description = filled(table.eventText, {{"link", link}});
    event.url = link;
    event.cancelled = booking.status == booking::BookingStatus::cancelled;
    return event;
}

CalendarPart invitation(CalendarMethod method, Parties const& parties, Party side, Recipient const& to, Letterhead const& head,
                        Instant now) {
    auto event = eventOf(parties, side, head.publicUrl, now);
    event.organizer = CalendarPerson{head.from.address, head.from.name};
    event.attendees = {{to.address, to.name}};
    return {std::string(wordOf(method)), calendarText(method, {event})};
}

// Of a booking that was never more than held nobody has an invitation.
bool wasInvited(booking::Booking const& booking) {
    auto const& history = booking.statusHistory;
    return std::any_of(history.begin(), history.end(),
                       [](auto const& change) { return change.status == booking::BookingStatus::confirmed; });
}

// What of the price goes back to the customer; nothing to be said where nothing was paid.
std::string refundText(Parties const& parties, Party side) {
    auto const& payment = parties.payment;
    if (side != Party::customer || !payment) return {};
    return moneyText(payment->refund ? payment->refund->refundAmount : 0, payment->currency);
}

std::string textOf(std::optional<Lines<0, 500>> const& reason) { return reason ? reason->value : ""; }

} // namespace

std::string bookingLink(std::string const& publicUrl, Ref<booking::Booking> booking) {
    return linkOf(publicUrl, LinkKind::booking, booking.hex());
}

Values bookingValues(Parties const& parties, Party side, std::string const& publicUrl) {
    auto const& booking = parties.booking;
    auto const language = parties.language(side);
    auto const zone = zoneOfSide(parties, side);
    auto const otherZone = zoneOfSide(parties, otherOf(side));
    Values values{
        {"specialist", nameOf(parties, Party::specialist)},
        {"customer", nameOf(parties, Party::customer)},
        {"other", nameOf(parties, otherOf(side))},
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
    mail.calendar = invitation(CalendarMethod::request, parties, side, to, head, now);
    return mail;
}

bool wasCancelledBy(booking::Booking const& booking, Party side) {
    return booking.cancelReason == (side == Party::customer ? booking::CancelReason::by_customer : booking::CancelReason::by_specialist);
}

Mail cancellationMail(Parties const& parties, Party side, Recipient const& to, Letterhead const& head, Instant now) {
    auto const& booking = parties.booking;
    auto const text = wasCancelledBy(booking, side)            ? MailText::cancelledByYou
                      : wasCancelledBy(booking, otherOf(side)) ? MailText::cancelledByOther
                                                               : MailText::cancelledByPlatform;
    auto values = bookingValues(parties, side, head.publicUrl);
    values["refund"] = refundText(parties, side);
    values["reason"] = textOf(booking.cancellation.reason);
    auto mail = linkMail(text, parties.language(side), std::move(values), to, head);
    if (wasInvited(booking)) mail.calendar = invitation(CalendarMethod::cancel, parties, side, to, head, now);
    return mail;
}

Values rescheduleValues(Parties const& parties, Party side, availability::Slot const& from) {
    auto const language = parties.language(side);
    auto const& booking = parties.booking;
    bool const mayLeave = side == Party::customer && booking.sessionPrice > 0 && booking.rescheduleHistory.back().party != Party::customer;
    Values values{{"oldTime", sessionTime(language, zoneOfSide(parties, side), from.startsAt, from.endsAt)},
                  {"leave", mayLeave ? tableOf(language).mayLeave : ""},
                  {"reason", textOf(booking.rescheduleHistory.back().reason)}};
    if (mayLeave) values["policy"] = ""; // it does not hold for this one
    return values;
}

Mail rescheduleMail(Parties const& parties, Party side, availability::Slot const& from, Recipient const& to, Letterhead const& head,
                    Instant now) {
    auto values = rescheduleValues(parties, side, from);
    values.merge(bookingValues(parties, side, head.publicUrl));
    auto mail = linkMail(MailText::rescheduled, parties.language(side), std::move(values), to, head);
    mail.calendar = invitation(CalendarMethod::request, parties, side, to, head, now);
    return mail;
}

Mail messageMail(Parties const& parties, Party side, booking::Message const& message, Recipient const& to, Letterhead const& head) {
    auto values = bookingValues(parties, side, head.publicUrl);
    values["message"] = message.text;
    return linkMail(MailText::message, parties.language(side), std::move(values), to, head);
}

std::string calendarOf(Parties const& parties, Party side, std::string const& publicUrl, Instant now) {
    return calendarText(CalendarMethod::publish, {eventOf(parties, side, publicUrl, now)});
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
