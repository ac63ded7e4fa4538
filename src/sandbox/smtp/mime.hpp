// Reads a message (RFC 5322, 2045–2047, 2231): headers, nested parts, encodings, character sets. Lenient: every input gives a Mail.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace visavis::sandbox::smtp {

struct Attachment {
    std::string filename;
    std::string contentType; // media type in lower case, without parameters
    std::string content;     // UTF-8 of a text (text/*, application/ics, JSON, XML), base64 of anything else
};

// All texts are valid UTF-8; `text` and `html` have \n line ends and are empty if there is no such part.
struct Mail {
    std::string subject;
    std::string text;
    std::string html;
    // Also parts that are neither shown text nor marked as attachments, e.g. an invitation's text/calendar; but not the same content twice.
    std::vector<Attachment> attachments;
};

Mail parseMail(std::string_view message);
// RFC 2047: "=?UTF-8?B?…?= =?utf-8?q?…?=".
std::string decodedWords(std::string_view header);

} // namespace visavis::sandbox::smtp
