// SMTP against a server that takes the message, or refuses it at any step.
#include "outbound/smtp.hpp"

#include "outbound/client.hpp"
#include "support/loopback.hpp"

#include <gtest/gtest.h>

namespace visavis::outbound {
namespace {

using support::SmtpScript;

SmtpMessage message() { return {"from@visavis.test", "to@example.test", "Subject: x\r\n\r\n.dot\r\nline\r\n"}; }

TEST(SmtpClient, TellsTheLastWord) {
    struct Row {
        char const* name;
        char const* refused;
        char const* refusal;
        int status;
        char const* key = "";
    };
    Row const rows[] = {
        {"taken", "", "", 250},
        {"log-in refused", "AUTH", "535 5.7.8 who", 535},
        {"greylisted", "RCPT", "450 4.2.0 later", 450},
        {"no such box", "RCPT", "550 5.1.1 nobody", 550},
        {"sender refused", "MAIL", "553 5.1.8 you", 553},
        {"storage full", "MAIL", "452 4.3.1 full", 452},
        {"data refused", "DATA", "554 5.5.1 none", 554},
        {"content refused after the dot", ".", "554 5.7.1 spam", 554},
        {"later, after the dot", ".", "451 4.3.0 busy", 451},
        {"hangs up at the sender", "MAIL", "", 0, trouble::noAnswer},
        {"hangs up after the dot", ".", "", 0, trouble::noAnswer},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        SmtpScript const server(row.refused, row.refusal);
        SmtpClient client({.url = server.url(), .user = "tim", .password = "x", .requireTls = false});
        auto const outcome = client.send(message());
        EXPECT_EQ(outcome ? *outcome : 0, row.status);
        EXPECT_EQ(outcome ? "" : outcome.error().key, row.key);
    }
}

TEST(SmtpClient, ChecksWithoutSending) {
    struct Row {
        char const* name;
        char const* refused;
        char const* refusal;
        int status;
    };
    Row const rows[] = {
        {"would be heard", "", "", 250},
        {"log-in refused", "AUTH", "535 5.7.8 who", 535},
        {"not now", "NOOP", "421 4.3.2 closing", 421},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        SmtpScript const server(row.refused, row.refusal);
        SmtpClient client({.url = server.url(), .user = "tim", .password = "x", .requireTls = false});
        auto const outcome = client.check();
        EXPECT_EQ(outcome ? *outcome : 0, row.status);
        EXPECT_EQ(server.message(), "");
    }
}

TEST(SmtpClient, SpeaksTheProtocol) {
    SmtpScript const server;
    SmtpClient client({.url = server.url(), .user = "tim", .password = "tanstaaftanstaaf", .requireTls = false});
    ASSERT_TRUE(client.send(message()));
    auto const commands = server.commands();
    ASSERT_GE(commands.size(), 5U);
    EXPECT_EQ(commands[0], "EHLO visavis.test");
    EXPECT_EQ(commands[1], "AUTH PLAIN");
    EXPECT_EQ(commands[2], "AHRpbQB0YW5zdGFhZnRhbnN0YWFm") << "RFC 4616";
    EXPECT_EQ(server.message(), "Subject: x\r\n\r\n..dot\r\nline\r\n") << "a leading dot is doubled";
}

TEST(SmtpClient, WithoutTlsThereIsNoMail) {
    SmtpScript const server; // offers no STARTTLS
    SmtpClient client({.url = server.url(), .requireTls = true});
    auto const outcome = client.send(message());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, trouble::notConnected);
    EXPECT_EQ(server.message(), "");
}

TEST(SmtpClient, NobodyThere) {
    std::string url;
    {
        SmtpScript const server;
        url = server.url();
    }
    SmtpClient client({.url = url, .requireTls = false});
    auto const outcome = client.send(message());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, trouble::notConnected);
}

} // namespace
} // namespace visavis::outbound
