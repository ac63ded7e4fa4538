// The SMTP sink: the conversation line by line, mail of every shape, and the whole way through a socket.
#include "outbound/smtp.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/smtp/mime.hpp"
#include "sandbox/smtp/session.hpp"
#include "sandbox/testing.hpp"

namespace visavis::sandbox {
namespace {

using smtp::Envelope;
using smtp::parseMail;
using smtp::Session;

struct Talk {
    std::vector<Envelope> delivered;
    std::vector<int> seen;
    std::map<std::string, Faults> faults;
    Session session{{[this](Envelope const& envelope) { delivered.push_back(envelope); },
                     [this](std::string_view subject) { return faults[std::string(subject)]; }, [](Millis) {},
                     [this](Envelope const&, int status) { seen.push_back(status); }}};

    // The reply codes, one for each reply.
    std::string codes(std::string_view input) {
        std::string out;
        auto const answer = session.feed(input);
        for (std::size_t at = 0; at < answer.size(); at = answer.find("\r\n", at) + 2) {
            if (answer[at + 3] == ' ') out += (out.empty() ? "" : " ") + answer.substr(at, 3);
        }
        return out;
    }
};

TEST(SmtpSession, AnswersAsTheRfcSays) {
    struct Row {
        char const* name;
        std::string input;
        char const* codes;
        std::size_t delivered = 0;
        bool ended = false;
    };
    std::string const hello = "EHLO me\r\n";
    std::string const mail = hello + "MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n";
    Row const rows[] = {
        {"one mail, all at once", mail + "DATA\r\nSubject: s\r\n\r\nhi\r\n.\r\nQUIT\r\n", "250 250 250 354 250 221", 1, true},
        {"two mails", mail + "DATA\r\n\r\n.\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n\r\n.\r\n",
         "250 250 250 354 250 250 250 354 250", 2},
        {"HELO", "HELO me\r\n", "250"},
        {"nothing before EHLO", "MAIL FROM:<a@x.test>\r\n", "503"},
        {"EHLO without a name", "EHLO\r\n", "501"},
        {"RCPT before MAIL", hello + "RCPT TO:<b@x.test>\r\n", "250 503"},
        {"DATA before RCPT", hello + "MAIL FROM:<a@x.test>\r\nDATA\r\n", "250 250 503"},
        {"MAIL twice", hello + "MAIL FROM:<a@x.test>\r\nMAIL FROM:<a@x.test>\r\n", "250 250 503"},
        {"after RSET", mail + "RSET\r\nDATA\r\n", "250 250 250 250 503"},
        {"the empty sender", hello + "MAIL FROM:<>\r\n", "250 250"},
        {"no brackets", hello + "MAIL FROM:a@x.test\r\n", "250 501"},
        {"no mailbox", hello + "MAIL FROM:<a@x.test>\r\nRCPT TO:<b>\r\n", "250 250 501"},
        {"parameters", hello + "MAIL FROM:<a@x.test> SIZE=100 BODY=8BITMIME\r\n", "250 250"},
        {"too large by its own word", hello + "MAIL FROM:<a@x.test> SIZE=99999999\r\n", "250 552"},
        {"small letters", "ehlo me\r\nmail from:<a@x.test>\r\nrcpt to:<b@x.test>\r\n", "250 250 250"},
        {"AUTH at once", hello + "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "250 235"},
        {"AUTH in two steps", hello + "AUTH PLAIN\r\nAHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "250 334 235"},
        {"AUTH of another kind", hello + "AUTH LOGIN\r\n", "250 504"},
        {"NOOP, VRFY, nonsense", "NOOP\r\nVRFY x\r\nEXPN x\r\n", "250 252 500"},
        {"a line without an end", std::string(3'000, 'x'), "500", 0, true},
        {"a bare line feed ends nothing", mail + "DATA\r\nx\n.\nQUIT\r\n", "250 250 250 354"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Talk talk;
        EXPECT_EQ(talk.codes(row.input), row.codes);
        EXPECT_EQ(talk.delivered.size(), row.delivered);
        EXPECT_EQ(talk.session.ended(), row.ended);

        Talk slow; // the same bytes one by one
        std::string codes;
        for (char const c : row.input) {
            if (auto const more = slow.codes(std::string(1, c)); !more.empty()) codes += (codes.empty() ? "" : " ") + more;
        }
        EXPECT_EQ(codes, row.codes);
    }
}

TEST(SmtpSession, UndoublesDotsAndRefusesTooMuch) {
    Talk talk;
    talk.codes("EHLO me\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nRCPT TO:<c@x.test>\r\nDATA\r\n..one\r\n.two\r\n\r\n.\r\n");
    ASSERT_EQ(talk.delivered.size(), 1U);
    EXPECT_EQ(talk.delivered[0].content, ".one\r\ntwo\r\n\r\n");
    EXPECT_EQ(talk.delivered[0].to, (std::vector<std::string>{"b@x.test", "c@x.test"}));

    EXPECT_EQ(talk.codes("MAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n"), "250 250 354");
    std::string const block = std::string(998, 'x') + "\r\n";
    for (std::size_t sent = 0; sent < Session::mostContent; sent += block.size()) EXPECT_EQ(talk.codes(block), "");
    EXPECT_EQ(talk.codes(block + ".\r\n"), "552");
    EXPECT_EQ(talk.delivered.size(), 1U);
    EXPECT_EQ(talk.codes("NOOP\r\n"), "250");
}

TEST(SmtpSession, FailsWhenAsked) {
    std::string const talk = "EHLO me\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n\r\n.\r\n";
    struct Row {
        char const* name;
        char const* subject;
        Faults faults;
        char const* codes;
        std::size_t delivered;
        bool ended;
    };
    Row const rows[] = {
        {"refused for now", "RCPT b@x.test", {.status = 450}, "250 250 450 503 500 500", 0, false},
        {"refused for good", "RCPT b@x.test", {.status = 550}, "250 250 550 503 500 500", 0, false},
        {"refused at the end", "DATA b@x.test", {.status = 451}, "250 250 250 354 451", 0, false},
        {"taken without a word", "DATA b@x.test", {.timeoutAfterSuccess = true}, "250 250 250 354", 1, true},
        {"hung up", "DATA b@x.test", {.reset = true}, "250 250 250 354", 0, true},
        {"another's", "RCPT c@x.test", {.status = 550}, "250 250 250 354 250", 1, false},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Talk session;
        session.faults[row.subject] = row.faults;
        EXPECT_EQ(session.codes(talk), row.codes);
        EXPECT_EQ(session.delivered.size(), row.delivered);
        EXPECT_EQ(session.session.ended(), row.ended);
    }
}

TEST(Mime, ReadsSubjects) {
    std::pair<char const*, char const*> const rows[] = {
        {"plain", "plain"},
        {"=?UTF-8?B?SsO8cmdlbg==?=", "Jürgen"},
        {"=?utf-8?q?J=C3=BCrgen_Gro=C3=9F?=", "Jürgen Groß"},
        {"=?UTF-8?Q?a?= =?UTF-8?Q?b?=", "ab"},
        {"=?UTF-8?Q?a?= b =?UTF-8?Q?c?=", "a b c"},
        {"=?iso-8859-1?q?caf=E9?=", "café"},
        {"=?windows-1252?q?=80_5?=", "€ 5"},
        {"=?UTF-8?X?a?=", "=?UTF-8?X?a?="},
        {"=?UTF-8?Q?unfinished", "=?UTF-8?Q?unfinished"},
        {"=?UTF-8?Q?=FF?=", "\xEF\xBF\xBD"},
        {"=?UTF-8?B?4oKs?= =?UTF-8?B?NQ==?=\r\n folded", "€5 folded"},
    };
    for (auto const& [header, subject] : rows)
        EXPECT_EQ(parseMail(std::string("Subject: ") + header + "\r\n\r\n").subject, subject) << header;
}

TEST(Mime, ReadsBodies) {
    struct Row {
        char const* name;
        char const* message;
        char const* text;
        char const* html;
        std::vector<std::string> attachments; // filename|type|content
    };
    Row const rows[] = {
        {"no header at all", "\r\nhello\r\n", "hello\n", "", {}},
        {"HTML alone", "Content-Type: TEXT/HTML; charset=utf-8\r\n\r\n<p>x", "", "<p>x", {}},
        {"base64", "Content-Transfer-Encoding: base64\r\n\r\naGVs\r\nbG8=\r\n", "hello", "", {}},
        {"quoted-printable", "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db=\r\nc =E2=82=AC =zz\r\n", "a=bc € =zz\n", "", {}},
        {"Latin-1", "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E9", "é", "", {}},
        {"an invitation",
         "Content-Type: multipart/mixed; boundary=\"out;er\"\r\n\r\npreamble\r\n"
         "--out;er\r\nContent-Type: multipart/alternative;\r\n boundary=inner\r\n\r\n"
         "--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n"
         "--inner\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n"
         "--inner\r\nContent-Type: text/calendar; charset=UTF-8; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n"
         "--inner--\r\n"
         "--out;er\r\nContent-Type: application/ics; name=invite.ics\r\nContent-Disposition: attachment; filename=invite.ics\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\nQkVHSU46VkNBTEVOREFS\r\n--out;er--\r\nepilogue\r\n",
         "plain",
         "<b>rich</b>",
         {"invite.ics|application/ics|BEGIN:VCALENDAR"}},
        {"a calendar that is not attached",
         "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nt\r\n--b\r\nContent-Type: text/calendar; "
         "method=CANCEL\r\n\r\nX\r\n--b--\r\n",
         "t",
         "",
         {"invite.ics|text/calendar|X"}},
        {"bytes",
         "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nt\r\n--b\r\nContent-Type: application/pdf\r\n"
         "Content-Disposition: attachment; filename*=UTF-8''Rechnung%20%E2%82%AC.pdf\r\nContent-Transfer-Encoding: "
         "base64\r\n\r\n/wAB\r\n--b--",
         "t",
         "",
         {"Rechnung €.pdf|application/pdf|/wAB"}},
        {"an attached text is no body",
         "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Disposition: attachment; filename=\"a "
         "b.txt\"\r\n\r\nfile\r\n--b\r\n\r\nbody\r\n--b--",
         "body",
         "",
         {"a b.txt|text/plain|file"}},
        {"never closed", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody", "body", "", {}},
        {"no boundary", "Content-Type: multipart/mixed\r\n\r\nx", "", "", {"attachment|multipart/mixed|eA=="}},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const mail = parseMail(row.message);
        EXPECT_EQ(mail.text, row.text);
        EXPECT_EQ(mail.html, row.html);
        std::vector<std::string> attachments;
        for (auto const& one : mail.attachments) attachments.push_back(one.filename + "|" + one.contentType + "|" + one.content);
        EXPECT_EQ(attachments, row.attachments);
    }
}

TEST(Mime, SurvivesNestingWithoutEnd) {
    std::string message;
    for (int i = 0; i < 1'000; ++i) {
        auto const boundary = "b" + std::to_string(i);
        message += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
    }
    EXPECT_EQ(parseMail(message + "\r\nx").text, "");
    std::string many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < 1'000; ++i) many += "--b\r\n\r\nx\r\n";
    EXPECT_LE(parseMail(many).attachments.size(), 200U);
}

TEST(SmtpSink, TakesMailAndShowsIt) {
    Bench bench;
    outbound::SmtpClient client({.url = "smtp://127.0.0.1:" + std::to_string(bench.sandbox->ports().smtp) + "/me",
                                 .user = "u",
                                 .password = "p",
                                 .requireTls = false});
    std::string const content =
        "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        "--b\r\n\r\nsee http://localhost:8080/verify-email?token=x now\r\n.dot\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n";
    EXPECT_EQ(client.send({"no-reply@visavis.test", "Ann@X.test", content}).value(), 250);
    EXPECT_EQ(client.send({"no-reply@visavis.test", "bob@x.test", "Subject: 2\r\n\r\n\r\n"}).value(), 250);

    auto const all = bench.control("GET", "/sandbox/mail").body.at("items").as_array();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(textOf(all.at(1).as_object(), "to"), "bob@x.test") << "newest last";
    auto const list = bench.control("GET", "/sandbox/mail?to=aNN%40x.test").body;
    auto const& items = list.at("items").as_array();
    ASSERT_EQ(items.size(), 1U);
    auto const& mail = items.at(0).as_object();
    EXPECT_EQ(textOf(mail, "subject"), "Grüße");
    EXPECT_EQ(textOf(mail, "text"), "see http://localhost:8080/verify-email?token=x now\n.dot");
    EXPECT_EQ(textOf(mail, "html"), "<script>alert(1)</script>");
    EXPECT_EQ(mail.size(), 6U);

    std::string const id(textOf(mail, "id"));
    auto const page = bench.control("GET", "/sandbox/inbox/" + id);
    EXPECT_EQ(page.whole.body.find("<script>alert"), std::string::npos);
    EXPECT_NE(page.whole.body.find("<iframe sandbox "), std::string::npos);
    EXPECT_NE(page.whole.body.find("href=\"http://localhost:8080/verify-email?token=x\""), std::string::npos);
    auto const framed = bench.control("GET", "/sandbox/mail-html/" + id);
    EXPECT_TRUE(framed.whole.header("Content-Security-Policy").starts_with("default-src 'none'"));
    EXPECT_NE(framed.whole.header("Content-Security-Policy").find("; sandbox;"), std::string::npos);
}

TEST(SmtpSink, RefusesWhomTheRulesName) {
    Bench bench;
    bench.fault(
        R"({"provider":"smtp","match":"RCPT ann@","kind":"status","times":1,"value":450},{"provider":"smtp","match":"RCPT bob@","kind":"status","times":1,"value":550})");
    outbound::SmtpClient client({.url = "smtp://127.0.0.1:" + std::to_string(bench.sandbox->ports().smtp) + "/me", .requireTls = false});
    auto const send = [&](char const* to) { return client.send({"a@x.test", to, "\r\n"}).value(); };
    EXPECT_EQ(send("ann@x.test"), 450);
    EXPECT_EQ(send("bob@x.test"), 550);
    EXPECT_EQ(send("ann@x.test"), 250);
    EXPECT_EQ(bench.control("GET", "/sandbox/mail").body.at("items").as_array().size(), 1U);
    EXPECT_EQ(bench.control("GET", "/sandbox/requests?provider=smtp").body.at("items").as_array().size(), 3U);
}

TEST(Encoding, IsLenient) {
    std::pair<char const*, char const*> const rows[] = {
        {"", ""}, {"eA==", "x"}, {"eHk=", "xy"}, {"eHl6", "xyz"}, {"e H\r\nl6", "xyz"}, {"eHl6eA", "xyzx"}, {"?", ""}};
    for (auto const& [encoded, plain] : rows) EXPECT_EQ(base64Decoded(encoded), plain) << encoded;
    EXPECT_EQ(toUtf8("a\xC3(\xED\xA0\x80\xF0\x9F\x98\x80", "utf-8"), "a\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80");
}

} // namespace
} // namespace visavis::sandbox
