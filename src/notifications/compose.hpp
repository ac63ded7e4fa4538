// Mails and in-app texts of a booking, as each side may read them. Pure: everything is handed in.
#pragma once

#include "notifications/mailer.hpp"
#include "notifications/rules.hpp"
#include "notifications/templates.hpp"

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
// To the customer, about `amount` that went or goes back.
Mail moneyMail(MailText text, Parties const& parties, MinorUnits amount, Recipient const& to, Letterhead const& head);
// A mail around one link: `values` has `link` and what else the text names.
Mail linkMail(MailText text, Language language, Values values, Recipient const& to, Letterhead const& head);

} // namespace visavis::notifications
