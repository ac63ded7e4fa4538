// Messages byte by byte: encodings, shapes, and what must never reach a header.
#include "providers/smtp/mime.hpp"

#include <gtest/gtest.h>

namespace visavis::providers::smtp {
namespace {

using notifications::Mail;

Sender const sender{"mail@visavis.test", "Visavis"};
Instant const now = *parseRfc3339("2026-12-01T15:04:05Z");

Mail mail() {
    return {.to = "ann@example.test",
            .toName = "Ann",
            .subject = "Hello",
            .text = "Hi\nthere",
            .html = "<p>Hi</p>",
            .messageId = "m1@visavis.test"};
}

TEST(Mime, EncodesHeaders) {
    struct Row {
        char const* name;
        std::string text;
        std::string encoded;
    };
    Row const rows[] = {
        {"plain", "Your session is confirmed", "Your session is confirmed"},
        {"empty", "", ""},
        {"German", "Übernahme", "=?UTF-8?B?w5xiZXJuYWhtZQ==?="},
        {"looks like an encoded word", "=?x?=", "=?UTF-8?B?PT94Pz0=?="},
        {"line breaks are taken out", "a\r\nBcc: evil@example.test", "aBcc: evil@example.test"},
        {"so are controls", std::string("a\0b\x7f", 4), "ab"},
        {"no character is torn", std::string(38, 'a') + "éb",
         "=?UTF-8?B?YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=?=\r\n =?UTF-8?B?w6li?="},
    };
    for (auto const& row : rows) EXPECT_EQ(encodedHeader(row.text), row.encoded) << row.name;
    auto const longest = "Subject: " + encodedHeader(std::string(500, 'x'));
    for (std::size_t at = 0; at < longest.size();) {
        auto const end = std::min(longest.find("\r\n", at), longest.size());
        EXPECT_LE(end - at, 76U);
        at = end + 2;
    }
}

TEST(Mime, QuotesWhatIsNotPrintable) {
    struct Row {
        char const* name;
        std::string text;
        std::string quoted;
    };
    Row const rows[] = {
        {"plain", "abc", "abc\r\n"},
        {"nothing", "", ""},
        {"both line ends", "a\r\nb\nc\n", "a\r\nb\r\nc\r\n"},
        {"a lonely return", "a\rb", "a=0Db\r\n"},
        {"equals and UTF-8", "1=é", "1=3D=C3=A9\r\n"},
        {"space at the end", "a b \nc\t", "a b=20\r\nc=09\r\n"},
        {"75 fit", std::string(75, 'a'), std::string(75, 'a') + "\r\n"},
        {"76 do not", std::string(76, 'a'), std::string(75, 'a') + "=\r\na\r\n"},
        {"a code is not torn", std::string(74, 'a') + "=", std::string(74, 'a') + "=\r\n=3D\r\n"},
        {"an empty line", "a\n\nb", "a\r\n\r\nb\r\n"},
    };
    for (auto const& row : rows) EXPECT_EQ(quotedPrintable(row.text), row.quoted) << row.name;
}

TEST(Mime, BreaksBase64) {
    EXPECT_EQ(base64Lines(""), "");
    EXPECT_EQ(base64Lines("a"), "YQ==\r\n");
    EXPECT_EQ(base64Lines(std::string(58, '\0')), std::string(76, 'A') + "\r\nAA==\r\n");
}

TEST(Mime, WritesDates) {
    EXPECT_EQ(mailDate(now), "Tue, 01 Dec 2026 15:04:05 +0000");
    EXPECT_EQ(mailDate({0}), "Thu, 01 Jan 1970 00:00:00 +0000");
    EXPECT_EQ(mailDate({951'827'696'789}), "Tue, 29 Feb 2000 12:34:56 +0000");
}

TEST(Mime, KnowsAddresses) {
    std::pair<std::string, bool> const rows[] = {
        {"ann@example.test", true},
        {"a.b+c_d'e@x-y.example", true},
        {"ann", false},
        {"@example.test", false},
        {"ann@", false},
        {"a@b@c", false},
        {"ann @example.test", false},
        {"ann@exämple", false},
        {"a@b\r\nRCPT TO:<c@d>", false},
        {"a>@b", false},
        {"\"a b\"@example", false},
        {"", false},
        {std::string(250, 'a') + "@b.cc", false},
    };
    for (auto const& [address, good] : rows) EXPECT_EQ(isAddress(address), good) << address;
}

std::string const head =
    "Date: Tue, 01 Dec 2026 15:04:05 +0000\r\nFrom: \"Visavis\"\r\n <mail@visavis.test>\r\nTo: \"Ann\"\r\n <ann@example.test>\r\nSubject: "
    "Hello\r\n"
    "Message-ID: <m1@visavis.test>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n";
std::string const plainPart =
    "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHi\r\nthere\r\n";
std::string const htmlPart = "Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Hi</p>\r\n";
// The first 24 digits of the SHA-256 of the Message-ID.
std::string const boundary = "=_49aae343f936e4ff9889da74";

TEST(Mime, TextAlone) {
    auto input = mail();
    input.html.clear();
    EXPECT_EQ(mimeMessage(input, sender, now), head + plainPart);
}

TEST(Mime, TextAndHtml) {
    auto const b = boundary + "a";
    EXPECT_EQ(mimeMessage(mail(), sender, now), head + "Content-Type: multipart/alternative;\r\n boundary=\"" + b + "\"\r\n\r\n--" + b +
                                                    "\r\n" + plainPart + "--" + b + "\r\n" + htmlPart + "--" + b + "--\r\n");
}

TEST(Mime, AnInvitation) {
    auto input = mail();
    input.calendar = notifications::CalendarPart{"REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"};
    std::string const ics = "Content-Transfer-Encoding: base64\r\n";
    std::string const encoded = "QkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo=\r\n";
    auto const a = boundary + "a";
    auto const m = boundary + "m";
    EXPECT_EQ(mimeMessage(input, sender, now),
              head + "Content-Type: multipart/mixed;\r\n boundary=\"" + m + "\"\r\n\r\n--" + m +
                  "\r\nContent-Type: multipart/alternative;\r\n boundary=\"" + a + "\"\r\n\r\n--" + a + "\r\n" + plainPart + "--" + a +
                  "\r\n" + htmlPart + "--" + a + "\r\nContent-Type: text/calendar; charset=UTF-8; method=REQUEST\r\n" + ics + "\r\n" +
                  encoded + "--" + a + "--\r\n--" + m + "\r\nContent-Type: application/ics; name=invite.ics\r\n" + ics +
                  "Content-Disposition: attachment; filename=invite.ics\r\n\r\n" + encoded + "--" + m + "--\r\n");
}

TEST(Mime, Attachments) {
    struct Row {
        char const* name;
        notifications::Attachment attachment;
        std::string header;
    };
    Row const rows[] = {
        {"a receipt",
         {"receipt.pdf", "application/pdf", "%PDF"},
         "application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n filename=\"receipt.pdf\"\r\n"},
        {"a name beyond ASCII", {"é \".pdf", "application/pdf", "x"}, "attachment;\r\n filename*=UTF-8''%C3%A9%20%22.pdf\r\n"},
        {"a type that is none", {"x", "text/html\r\nX-Evil: 1", "x"}, "Content-Type: application/octet-stream\r\n"},
        {"a name that would add a header", {"x\r\nX-Evil: 1\".pdf", "a/b", "x"}, " filename=\"xX-Evil: 1\\\".pdf\"\r\n"},
    };
    for (auto const& row : rows) {
        auto input = mail();
        input.attachments = {row.attachment};
        auto const text = mimeMessage(input, sender, now);
        EXPECT_NE(text.find(row.header), text.npos) << row.name << "\n" << text;
        EXPECT_EQ(text.find("\r\nX-Evil"), text.npos) << row.name;
    }
}

TEST(Mime, NobodyCanAddAHeader) {
    std::string const evil = "x\r\nBcc: evil@example.test\r\n\r\nbody";
    auto const text = mimeMessage(
        {.to = evil, .toName = evil, .subject = evil, .text = "t", .calendar = notifications::CalendarPart{evil, "i"}, .messageId = evil},
        {sender.address, evil}, now);
    EXPECT_EQ(text.find("\r\nBcc"), text.npos);
    EXPECT_EQ(text.find("\nbody"), text.npos);
    EXPECT_EQ(text.find("\r\n\r\n"), text.find("\r\n\r\n--=_")) << "the header ends where the first part begins";
}

TEST(Mime, MakesAMessageIdIfNeedBe) {
    auto input = mail();
    input.messageId.clear();
    auto const text = mimeMessage(input, sender, now);
    EXPECT_NE(text.find("@visavis.test>\r\nMIME-Version"), text.npos);
    EXPECT_EQ(text, mimeMessage(input, sender, now)) << "the same mail at the same time is the same message";
}

} // namespace
} // namespace visavis::providers::smtp
