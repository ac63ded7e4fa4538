// The HTTP client against servers that misbehave: every exchange ends, in one of a few ways.
#include "outbound/client.hpp"

#include "support/loopback.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace visavis::outbound {
namespace {

using support::answer;
using support::HttpScript;
using support::Reply;

struct Row {
    char const* name;
    Reply reply;
    int status;      // 0: no answer
    char const* key; // then this
    std::string body = {};
};

TEST(CurlClient, EveryExchangeEnds) {
    Row const rows[] = {
        {"an answer", answer(200, "hello"), 200, "", "hello"},
        {"an error is an answer", answer(503, "later"), 503, "", "later"},
        {"a redirect is not followed", answer(302, "", "Location: http://127.0.0.1:1/\r\n"), 302, ""},
        {"an interim answer comes first", {"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" + answer(201, "x").bytes}, 201, "", "x"},
        {"an empty answer", answer(204, ""), 204, ""},
        {"closed before the answer", {"", false, true}, 0, trouble::noAnswer},
        {"closed within the answer", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", false, true}, 0, trouble::noAnswer},
        {"no answer in time", {"", true}, 0, trouble::noAnswer},
        {"half an answer in time", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", true}, 0, trouble::noAnswer},
        {"not HTTP", {"220 mail here\r\n\r\n", false, true}, 0, trouble::noAnswer},
        {"a body at the bound", answer(200, std::string(2'000, 'x')), 200, "", std::string(2'000, 'x')},
        {"a body beyond the bound", answer(200, std::string(2'001, 'x')), 0, trouble::tooLarge},
        {"a body without an end", {"HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x'), true}, 0, trouble::tooLarge},
        {"too many headers", answer(200, "", "A: " + std::string(5'000, 'x') + "\r\n"), 0, trouble::tooLarge},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        HttpScript const server({row.reply});
        CurlClient client({.maxBody = 2'000, .maxHeaders = 4'000});
        auto const outcome = client.send({.url = server.url(), .timeouts = {Millis(2'000), Millis(300)}});
        EXPECT_EQ(outcome ? outcome->status : 0, row.status);
        EXPECT_EQ(outcome ? outcome->body : "", row.body);
        EXPECT_EQ(outcome ? "" : outcome.error().key, row.key);
        EXPECT_EQ(outcome ? Code::unavailable : outcome.error().code, Code::unavailable);
        EXPECT_EQ(server.seen().size(), 1U);
    }
}

TEST(CurlClient, TellsWhenNothingWasSent) {
    std::string closed;
    {
        HttpScript const server({answer(200, "")});
        closed = server.url(); // nobody listens there any more
    }
    char const* const urls[] = {closed.c_str(), "http://name.invalid/", "file:///etc/passwd", "gopher://127.0.0.1/", "nonsense", ""};
    for (auto const* url : urls) {
        SCOPED_TRACE(url);
        CurlClient client;
        auto const outcome = client.send({.url = url, .timeouts = {Millis(200), Millis(200)}});
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().key, trouble::notConnected);
    }
}

TEST(CurlClient, RefusesServersWithoutTls) {
    support::LoopbackServer const server([](support::Peer& peer) { peer.write("HTTP/1.1 200 OK\r\n\r\n"); });
    CurlClient client;
    auto const outcome = client.send({.url = "https://" + server.hostAndPort()});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, trouble::notConnected);
}

TEST(CurlClient, SendsWhatItWasGiven) {
    HttpScript const server({answer(200, "{}", "Request-Id: req_1\r\nrequest-id: req_2\r\n")});
    CurlClient client;
    auto const post = client.send({.method = "POST", .url = server.url() + "/v1/x", .headers = {{"X-Key", "k 1"}}, .body = "a=b"});
    ASSERT_TRUE(post);
    EXPECT_EQ(post->header("REQUEST-ID"), "req_2");
    EXPECT_EQ(post->header("absent"), "");
    ASSERT_TRUE(client.send({.method = "DELETE", .url = server.url() + "/v1/y"}));
    ASSERT_TRUE(client.send({.method = "PATCH", .url = server.url(), .body = "{}"}));
    ASSERT_TRUE(client.send({.method = "POST", .url = server.url()}));

    auto const seen = server.seen();
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen[0].line, "POST /v1/x HTTP/1.1");
    EXPECT_EQ(seen[0].header("X-Key"), "k 1");
    EXPECT_EQ(seen[0].body, "a=b");
    EXPECT_EQ(seen[1].line, "DELETE /v1/y HTTP/1.1");
    EXPECT_EQ(seen[1].body, "");
    EXPECT_EQ(seen[2].line, "PATCH / HTTP/1.1");
    EXPECT_EQ(seen[2].body, "{}");
    EXPECT_EQ(seen[3].header("Content-Length"), "0");
    EXPECT_EQ(server.connections(), 1) << "the connection is kept";
}

TEST(CurlClient, AHeaderCannotStartAnother) {
    HttpScript const server({answer(200, "")});
    CurlClient client;
    auto const outcome = client.send({.url = server.url(), .headers = {{"A", "b\r\nX-Evil: 1"}}});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, "bad_header");
    EXPECT_TRUE(server.seen().empty());
}

TEST(CurlClient, WhatMustGoOnceTakesAFreshConnection) {
    HttpScript const server({answer(200, "")});
    CurlClient client;
    ASSERT_TRUE(client.send({.url = server.url()}));
    ASSERT_TRUE(client.send({.method = "POST", .url = server.url(), .once = true}));
    EXPECT_EQ(server.connections(), 2);
}

TEST(CurlClient, IsSharedByThreads) {
    HttpScript const server({answer(200, "hello")});
    CurlClient client;
    std::vector<std::thread> threads;
    threads.reserve(8);
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 20; ++n) {
                auto const outcome = client.send({.url = server.url()});
                if (outcome && outcome->body == "hello") ++right;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(right, 160);
    EXPECT_LE(server.connections(), 8 + 8);
}

} // namespace
} // namespace visavis::outbound
