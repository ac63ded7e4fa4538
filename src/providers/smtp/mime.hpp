// Builds the message that goes over the wire (RFC 5322, 2045–2047, 2231, 6047): text, HTML, an invitation, attachments. Pure.
#pragma once

#include "core/time.hpp"
#include "notifications/mailer.hpp"

#include <string>
#include <string_view>

namespace visavis::providers::smtp {

struct Sender {
    std::string address;
    std::string name;
};

// The shape, from the outside in; what would hold one part alone is left out:
//   multipart/mixed        only with an invitation or attachments
//     multipart/alternative
//       text/plain · text/html · text/calendar; method=…   (quoted-printable, the calendar in base64 with CRLF inside)
//     application/ics      the same invitation as invite.ics
//     attachments          base64
std::string mimeMessage(notifications::Mail const& mail, Sender const& sender, Instant now);

// name@host in printable ASCII without anything that needs quoting, at most 254 characters: what we are willing to put into a command.
bool isAddress(std::string_view text);

// Encoded words where plain ASCII will not do (RFC 2047), folded; control characters are taken out.
std::string encodedHeader(std::string_view text);
// CRLF line ends, at most 76 characters a line.
std::string quotedPrintable(std::string_view text);
// Base64 in lines of 76 characters.
std::string base64Lines(std::string_view bytes);
// Tue, 01 Dec 2026 15:00:00 +0000
std::string mailDate(Instant instant);

} // namespace visavis::providers::smtp
