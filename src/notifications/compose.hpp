// Mails and in-app texts of a booking, as each side may read them. Pure: everything is handed in.
#pragma once

#include "notifications/mailer.hpp"
#include "notifications/rules.hpp"
#include "notifications/templates.hpp"
#include "store/tx.hpp"

namespace visavis::notifications {

using booking::Party;

// A booking and who is in it.
struct Parties {
    booking::Booking booking;
    profiles::Specialist specialist;
    profiles::Customer customer;
    std::optional<payments::Payment> payment; // whose money was captured

    Ref<identity::User> user(Party side) const { return side == Party::customer ? customer.userId : specialist.userId; }
    profiles::Preferences const& preferences(Party side) const {
        return side == Party::customer ? customer.preferences : specialist.preferences;
    }
    // A specialist's profile names the languages they speak, not the one they read; they are written to in English.
    Language language(Party side) const { return side == Party::customer ? languageOf(customer.language) : Language::en; }
};

// What there is to say about a booking that is stored.
std::optional<Parties> partiesOf(Reader& reader, Ref<booking::Booking> bookingId);

// Who writes, and where our pages are.
struct Letterhead {
    Sender from;
    std::string publicUrl;
};

struct Recipient {
    std::string address;
    std::string name;
};

std::string bookingLink(std::string const& publicUrl, Ref<booking::Booking> booking);

// What the texts may name. The split of the money is there for the specialist alone.
Values bookingValues(Parties const& parties, Party side, std::string const& publicUrl);

// With an invitation. The messageId is the caller's to set, as in all mails here.
Mail confirmationMail(Parties const& parties, Party side, Recipient const& to, Letterhead const& head, Instant now);
// Who cancelled it, and what the reader is told: by themselves, by the other side, by us.
bool wasCancelledBy(booking::Booking const& booking, Party side);
// With the end of the invitation, if there was one.
Mail cancellationMail(Parties const& parties, Party side, Recipient const& to, Letterhead const& head, Instant now);
// With the updated invitation. `from` is the slot that it was moved from.
Mail rescheduleMail(Parties const& parties, Party side, availability::Slot const& from, Recipient const& to, Letterhead const& head,
                    Instant now);
Values rescheduleValues(Parties const& parties, Party side, availability::Slot const& from);
Mail messageMail(Parties const& parties, Party side, booking::Message const& message, Recipient const& to, Letterhead const& head);
// For "add to calendar" (RFC 5546 PUBLISH).
std::string calendarOf(Parties const& parties, Party side, std::string const& publicUrl, Instant now);
// To the customer, about `amount` that went or goes back.
Mail moneyMail(MailText text, Parties const& parties, MinorUnits amount, Recipient const& to, Letterhead const& head);
// A mail around one link: `values` has `link` and what else the text names.
Mail linkMail(MailText text, Language language, Values values, Recipient const& to, Letterhead const& head);

} // namespace visavis::notifications
