// The port to whoever carries e-mail: one message to one address. providers/smtp implements it.
#pragma once

#include "core/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace visavis::notifications {

struct Attachment {
    std::string filename;
    std::string contentType; // "application/pdf"
    std::string content;     // bytes
};

// An invitation, its change or its end: shown by mail programs as an event, and attached once more as invite.ics.
struct CalendarPart {
    std::string method; // REQUEST, CANCEL or PUBLISH: the same word as METHOD inside (RFC 6047)
    std::string ics;    // with CRLF line ends, as notifications/ics makes it
};

// All texts are UTF-8. Line breaks in `to`, `toName`, `subject` and `messageId` cannot reach the header: they are taken out.
struct Mail {
    std::string to;
    std::string toName; // may be empty
    std::string subject;
    std::string text;
    std::string html; // may be empty: then the mail is text alone
    std::optional<CalendarPart> calendar;
    std::vector<Attachment> attachments;
    // `unique@our-domain` without angle brackets. The same for every try of one mail, so that a receiver can drop a second copy.
    std::string messageId;
};

// Who mails come from.
struct Sender {
    std::string address;
    std::string name; // may be empty
};

class Mailer {
public:
    Mailer() = default;
    Mailer(Mailer const&) = delete;
    Mailer& operator=(Mailer const&) = delete;
    virtual ~Mailer() = default;

    // Code::conflict "mail_rejected": for good (5yz), do not repeat. Code::unavailable "mail_unavailable": try again later (4yz, no answer).
    virtual Result<void> send(Mail const& mail) = 0;
    // Invitations name the sender as their organizer; with another one mail programs distrust them.
    virtual Sender sender() const = 0;
};

} // namespace visavis::notifications
