// The mailer against a server on loopback: what is taken, what is for later, what is for good.
#include "providers/smtp/smtp.hpp"

#include "support/loopback.hpp"

#include <gtest/gtest.h>

namespace visavis::providers::smtp {
namespace {

using support::SmtpScript;

notifications::Mail mail() { return {.to = "ann@example.test", .subject = "Hello", .text = ".hidden dot", .messageId = "m1@visavis.test"}; }

TEST(Smtp, TellsForGoodFromLater) {
    struct Row {
        char const* name;
        char const* refused;
        char const* refusal;
        char const* key; // empty: sent
        Code code = Code::unavailable;
    };
    Row const rows[] = {
        {"taken", "", "", ""},
        {"no such box", "RCPT", "550 5.1.1 nobody", "mail_rejected", Code::conflict},
        {"spam, says the server", ".", "554 5.7.1 no", "mail_rejected", Code::conflict},
        {"greylisted", "RCPT", "451 4.7.1 later", "mail_unavailable"},
        {"closing down", "MAIL", "421 4.3.2 bye", "mail_unavailable"},
        {"our log-in is refused", "AUTH", "535 5.7.8 who", "mail_unavailable"},
        {"log-in needed", "MAIL", "530 5.7.0 log in", "mail_unavailable"},
        {"hangs up", "DATA", "", "mail_unavailable"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        SmtpScript const server(row.refused, row.refusal);
        ManualClock const clock({0});
        Smtp mailer({.url = server.url(), .user = "u", .password = "p", .requireTls = false}, clock);
        auto const sent = mailer.send(mail());
        EXPECT_EQ(sent ? "" : sent.error().key, row.key);
        EXPECT_EQ(sent ? row.code : sent.error().code, row.code);
    }
}

TEST(Smtp, SendsTheMessage) {
    SmtpScript const server;
    ManualClock const clock({0});
    Smtp mailer({.url = server.url(), .requireTls = false, .fromAddress = "mail@visavis.test"}, clock);
    ASSERT_TRUE(mailer.send(mail()));
    auto const commands = server.commands();
    ASSERT_GE(commands.size(), 3U);
    EXPECT_TRUE(commands[1].starts_with("MAIL FROM:<mail@visavis.test>")) << commands[1];
    EXPECT_TRUE(commands[2].starts_with("RCPT TO:<ann@example.test>")) << commands[2];
    auto const message = server.message();
    EXPECT_NE(message.find("Message-ID: <m1@visavis.test>\r\n"), message.npos);
    EXPECT_NE(message.find("\r\n\r\n..hidden dot\r\n"), message.npos);
}

TEST(Smtp, AServerThatDoesNotAnswerIsLeftAloneForAWhile) {
    SmtpScript const server("MAIL"); // hangs up
    ManualClock clock({0});
    Smtp mailer({.url = server.url(), .requireTls = false}, clock);
    outbound::BreakerRules const rules;
    for (int i = 0; i < rules.failures; ++i) EXPECT_FALSE(mailer.send(mail()));
    auto const tried = server.commands().size();
    auto const spared = mailer.send(mail());
    ASSERT_FALSE(spared);
    EXPECT_EQ(spared.error().key, "mail_unavailable");
    EXPECT_EQ(server.commands().size(), tried);
    clock.advance(rules.openFor);
    EXPECT_FALSE(mailer.send(mail()));
    EXPECT_GT(server.commands().size(), tried) << "a probe";
}

TEST(Smtp, AServerThatRefusesHasAnswered) {
    SmtpScript const server("RCPT", "450 4.2.0 later");
    ManualClock const clock({0});
    Smtp mailer({.url = server.url(), .requireTls = false}, clock);
    outbound::BreakerRules const rules;
    for (int i = 0; i < rules.failures; ++i) EXPECT_FALSE(mailer.send(mail()));
    auto const tried = server.commands().size();
    EXPECT_FALSE(mailer.send(mail()));
    EXPECT_GT(server.commands().size(), tried);
}

TEST(Smtp, AddressesCannotCarryCommands) {
    SmtpScript const server;
    ManualClock const clock({0});
    Smtp mailer({.url = server.url(), .requireTls = false}, clock);
    for (auto const* address : {"a@b>\r\nDATA", "", "ann", "a@b\nRCPT TO:<c@d>", "ünn@example.test"}) {
        auto input = mail();
        input.to = address;
        auto const sent = mailer.send(input);
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error().key, "mail_rejected");
    }
    EXPECT_TRUE(server.commands().empty());
}

} // namespace
} // namespace visavis::providers::smtp
