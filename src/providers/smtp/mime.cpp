// Builds MIME entities from the inside out: text, calendar, attachments, and the multiparts around them.
#include "providers/smtp/mime.hpp"

#include "core/text.hpp"
#include "outbound/form.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

namespace visavis::providers::smtp {
namespace {

using notifications::Attachment;
using notifications::CalendarPart;
using notifications::Mail;

constexpr std::string_view eol = "\r\n";

bool isControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }
bool isAscii(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string withoutControls(std::string_view text) {
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return !isControl(c); });
    return out;
}

std::string inQuotes(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

// 39 bytes make a word of 64 characters: with "Subject: " before it the line stays below 76.
std::string encodedWords(std::string_view text) {
    constexpr std::size_t longest = 39;
    std::string out;
    while (!text.empty()) {
        auto end = std::min(longest, text.size());
        while (end > 1 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + base64(text.substr(0, end)) + "?=";
        text.remove_prefix(end);
    }
    return out;
}

// "Ann \"x\" Lee" <ann@example.test>
std::string mailbox(std::string_view address, std::string_view name) {
    auto bare = "<" + withoutControls(address) + ">";
    auto const clean = withoutControls(name);
    if (clean.empty()) return bare;
    return (isAscii(clean) && clean.size() <= 60 ? inQuotes(clean) : encodedWords(clean)) + "\r\n " + bare;
}

std::string messageId(Mail const& mail, Sender const& sender, Instant now) {
    auto id = withoutControls(mail.messageId);
    std::erase_if(id, [](char c) { return c == '<' || c == '>' || c == ' '; });
    if (!id.empty()) return id;
    auto const host = sender.address.substr(sender.address.find('@') + 1);
    return sha256Hex(mail.to + '\n' + mail.subject + '\n' + mail.text + '\n' + toRfc3339(now)).substr(0, 32) + "@" + host;
}

// An entity is its header lines, an empty line and its body, ending with a line end.
std::string textEntity(std::string_view subtype, std::string_view text) {
    return "Content-Type: text/" + std::string(subtype) + "; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
           quotedPrintable(text);
}

std::string methodWord(CalendarPart const& part) {
    auto word = part.method;
    std::erase_if(word, [](char c) { return c < 'A' || c > 'Z'; });
    return word;
}

std::string calendarEntity(CalendarPart const& part) {
    return "Content-Type: text/calendar; charset=UTF-8; method=" + methodWord(part) + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           base64Lines(part.ics);
}

bool isMediaType(std::string_view type) {
    auto const slash = type.find('/');
    auto const token = [](char c) {
        return c > ' ' && c < 0x7F && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
    };
    return slash != type.npos && slash > 0 && slash + 1 < type.size() &&
           std::all_of(type.begin(), type.begin() + static_cast<std::ptrdiff_t>(slash), token) &&
           std::all_of(type.begin() + static_cast<std::ptrdiff_t>(slash) + 1, type.end(), token);
}

// RFC 2231 where the name is not plain ASCII.
std::string filenameParameter(std::string_view filename) {
    auto const clean = withoutControls(filename);
    return isAscii(clean) && clean.size() <= 60 ? "filename=" + inQuotes(clean) : "filename*=UTF-8''" + outbound::percentEncoded(clean);
}

std::string attachmentEntity(Attachment const& attachment) {
    auto const type = isMediaType(attachment.contentType) ? attachment.contentType : "application/octet-stream";
    return "Content-Type: " + type + "\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n " +
           filenameParameter(attachment.filename) + "\r\n\r\n" + base64Lines(attachment.content);
}

std::string invitationEntity(CalendarPart const& part) {
    return "Content-Type: application/ics; name=invite.ics\r\nContent-Transfer-Encoding: base64\r\n"
           "Content-Disposition: attachment; filename=invite.ics\r\n\r\n" +
           base64Lines(part.ics);
}

// One part alone needs no wrapping. "=_" can occur neither in base64 nor in quoted-printable, so the boundary in no body.
std::string multipart(std::string_view subtype, std::string const& boundary, std::vector<std::string> const& parts) {
    if (parts.size() == 1) return parts.front();
    auto out = "Content-Type: multipart/" + std::string(subtype) + ";\r\n boundary=\"" + boundary + "\"\r\n\r\n";
    for (auto const& part : parts) out += "--" + boundary + "\r\n" + part;
    return out + "--" + boundary + "--\r\n";
}

std::string content(Mail const& mail, std::string const& boundary) {
    std::vector<std::string> alternatives{textEntity("plain", mail.text)};
    if (!mail.html.empty()) alternatives.push_back(textEntity("html", mail.html));
    if (mail.calendar) alternatives.push_back(calendarEntity(*mail.calendar));

    std::vector<std::string> mixed{multipart("alternative", boundary + "a", alternatives)};
    if (mail.calendar) mixed.push_back(invitationEntity(*mail.calendar));
    for (auto const& attachment : mail.attachments) mixed.push_back(attachmentEntity(attachment));
    return multipart("mixed", boundary + "m", mixed);
}

// The bytes of one line of quoted-printable, without soft breaks. White space at the end would be lost on the way.
std::vector<std::string> quotedBytes(std::string_view line) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::vector<std::string> out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        auto const c = line[i];
        bool const blank = c == ' ' || c == '\t';
        bool const plain = (blank && i + 1 < line.size()) || (c > ' ' && c < 0x7F && c != '=');
        auto const byte = static_cast<unsigned char>(c);
        out.push_back(plain ? std::string(1, c) : std::string{'=', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

} // namespace

bool isAddress(std::string_view text) {
    auto const at = text.find('@');
    bool const shaped = at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos && text.size() <= 254;
    return shaped && std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c < 0x7F && std::string_view("()<>,;:\\\"[]").find(c) == std::string_view::npos;
           });
}

std::string encodedHeader(std::string_view text) {
    auto const clean = withoutControls(text);
    bool const plain = isAscii(clean) && clean.size() <= 66 && clean.find("=?") == clean.npos;
    return plain ? clean : encodedWords(clean);
}

std::string quotedPrintable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        std::size_t column = 0;
        for (auto const& piece : quotedBytes(line)) {
            if (column + piece.size() > 75) {
                out += "=\r\n";
                column = 0;
            }
            out += piece;
            column += piece.size();
        }
        out += eol;
    }
    return out;
}

std::string base64Lines(std::string_view bytes) {
    std::string out;
    for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(57, bytes.size())))
        out.append(base64(bytes.substr(0, 57))).append(eol);
    return out;
}

std::string mailDate(Instant instant) {
    constexpr std::array days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const seconds = std::chrono::floor<Seconds>(Millis(instant.ms)).count();
    auto const dayNumber = std::chrono::floor<Days>(Seconds(seconds)).count();
    LocalDate const date{static_cast<std::int32_t>(dayNumber)};
    auto const ofDay = static_cast<int>(seconds - dayNumber * 86'400);
    auto const day = civil(date);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d +0000", days[static_cast<std::size_t>(date.weekday())],
                  day.day, months[static_cast<std::size_t>(day.month - 1)], day.year, ofDay / 3600, ofDay / 60 % 60, ofDay % 60);
    return text.data();
}

std::string mimeMessage(Mail const& mail, Sender const& sender, Instant now) {
    auto const id = messageId(mail, sender, now);
    auto const boundary = "=_" + sha256Hex(id).substr(0, 24);
    return "Date: " + mailDate(now) + "\r\nFrom: " + mailbox(sender.address, sender.name) + "\r\nTo: " + mailbox(mail.to, mail.toName) +
           "\r\nSubject: " + encodedHeader(mail.subject) + "\r\nMessage-ID: <" + id +
           ">\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n" + content(mail, boundary);
}

} // namespace visavis::providers::smtp
