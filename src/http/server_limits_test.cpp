// Bounds and ends: timeouts, full queues, too many connections, draining, stopping.
#include "http/test_support.hpp"

#include <future>

namespace visavis::http {
namespace {

Settings impatient() {
    Settings settings;
    settings.limits.readTimeout = Millis(100);
    settings.limits.idleTimeout = Millis(100);
    settings.limits.writeTimeout = Millis(100);
    return settings;
}

struct SlowRow {
    char const* name;
    char const* sent;
    int status; // 0: closed without a word
};

constexpr SlowRow slow[] = {
    {"nothing", "", 0},
    {"only an empty line", "\r\n", 0},
    {"half a request line", "GET /he", 408},
    {"no end of the headers", "GET /hello HTTP/1.1\r\nHost: a\r\n", 408},
    {"half a body", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody", 408},
    {"half a chunk", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbody", 408},
    {"no body after the invitation", "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", 100},
};

TEST(ServerTimeouts, EndWhoDoesNotGoOn) {
    TestServer server(impatient());
    for (auto const& row : slow) {
        SCOPED_TRACE(row.name);
        auto client = server.connect();
        client.send(row.sent);
        if (row.status != 0) {
            EXPECT_EQ(client.reply().status, row.status);
        }
        if (row.status == 100) {
            EXPECT_EQ(client.reply().status, 408);
        }
        EXPECT_TRUE(client.ended());
    }
}

TEST(ServerTimeouts, CountFromTheFirstByteOfARequest) {
    TestServer server(impatient());
    auto client = server.connect();
    EXPECT_EQ(client.send(get("/hello")).reply().status, 200);
    EXPECT_TRUE(client.ended()) << "idle after an answer";

    // A trickle that never stops is no progress: one byte at a time, each well within the timeout, still ends in a 408.
    auto trickle = server.connect();
    auto reader = std::async(std::launch::async, [&] { return trickle.reply().status; });
    while (reader.wait_for(Millis(5)) != std::future_status::ready) trickle.send("x");
    EXPECT_EQ(reader.get(), 408);
}

TEST(ServerTimeouts, DoNotHurryAHandler) {
    TestServer server(impatient());
    auto client = server.connect();
    auto idle = server.connect();
    client.send(get("/block"));
    ASSERT_TRUE(server.gate.awaitWaiting(1));
    EXPECT_TRUE(idle.ended()); // so both timeouts have passed
    server.gate.open();
    EXPECT_EQ(client.reply().body, "at last");
}

TEST(ServerTimeouts, EndAPeerThatDoesNotRead) {
    TestServer server(impatient());
    auto client = server.connect();
    client.shrinkReceiveBuffer();
    client.send(get("/shared"));
    EXPECT_TRUE(server.eventually([](Stats const& stats) { return stats.requests == 1 && stats.connections == 0; }));
    EXPECT_LT(client.rest().size(), server.big->size());
}

TEST(ServerBounds, AFullQueueAnswers503) {
    Settings settings{.workers = 2};
    settings.limits.queue = 3;
    TestServer server(settings);
    std::vector<RawClient> running;
    for (int i = 0; i < 2; ++i) running.push_back(server.connect());
    for (auto& client : running) client.send(get("/block"));
    ASSERT_TRUE(server.gate.awaitWaiting(2));
    std::vector<RawClient> queued;
    for (int i = 0; i < 3; ++i) queued.push_back(server.connect());
    for (auto& client : queued) client.send(get("/work"));
    ASSERT_TRUE(server.eventually([](Stats const& stats) { return stats.queued == 3; }));

    auto late = server.connect();
    auto refused = late.send(get("/work")).reply();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("retry-after"), "1");
    EXPECT_EQ(refused.header("content-type"), "application/problem+json");
    EXPECT_EQ(late.send(get("/hello")).reply().body, "hello") << "inline answers need no worker";
    EXPECT_EQ(server.server().stats().inFlight, 5U);
    EXPECT_EQ(server.server().stats().workers, 2U);

    server.gate.open();
    for (auto& client : running) EXPECT_EQ(client.reply().body, "at last");
    for (auto& client : queued) EXPECT_EQ(client.reply().body, "work");
    EXPECT_EQ(late.send(get("/work")).reply().body, "work");
}

TEST(ServerBounds, RefusesInTheApplicationsWords) {
    Handler handler;
    handler.handle = [](Request&&) { return Response(); };
    handler.refuse = [](Refusal const& why) { return answer(why.status, "text/plain", std::string(why.code)).with("X-Request-Id", "r1"); };
    ManualClock const clock(Instant{0});
    Server server({}, handler, clock);
    auto const port = server.listen("127.0.0.1", 0).value();
    server.start();
    auto reply = RawClient(port).send("nonsense\r\n\r\n").reply();
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, "bad_request");
    EXPECT_EQ(reply.header("x-request-id"), "r1");
}

TEST(ServerBounds, TurnsAwayTooManyConnections) {
    Settings settings;
    settings.limits.maxConnections = 3;
    TestServer server(settings);
    std::vector<RawClient> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(server.connect());
    for (auto& client : clients) EXPECT_EQ(client.send(get("/hello")).reply().status, 200);
    auto extra = server.connect();
    auto reply = extra.reply();
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("retry-after"), "1");
    EXPECT_TRUE(extra.ended());
    clients.pop_back();
    ASSERT_TRUE(server.eventually([](Stats const& stats) { return stats.connections == 2; }));
    EXPECT_EQ(server.connect().send(get("/hello")).reply().status, 200);
}

TEST(ServerDrain, FinishesWhatIsInFlight) {
    TestServer server({.ioThreads = 2});
    auto busy = server.connect();
    auto begun = server.connect();
    auto idle = server.connect();
    EXPECT_EQ(idle.send(get("/hello")).reply().status, 200);
    begun.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    EXPECT_EQ(begun.reply().status, 100);
    busy.send(get("/block"));
    ASSERT_TRUE(server.gate.awaitWaiting(1));

    auto drained = std::async(std::launch::async, [&] { return server.server().drain(10s); });
    EXPECT_TRUE(idle.ended());
    EXPECT_EQ(drained.wait_for(Millis(0)), std::future_status::timeout);
    auto late = begun.send("late").reply();
    EXPECT_EQ(late.body, "late");
    EXPECT_EQ(late.header("connection"), "close");
    EXPECT_TRUE(begun.ended());
    begun.close();
    server.gate.open();
    auto last = busy.reply();
    EXPECT_EQ(last.body, "at last");
    EXPECT_EQ(last.header("connection"), "close");
    EXPECT_TRUE(busy.ended());
    busy.close();
    EXPECT_TRUE(drained.get());
    EXPECT_THROW(server.connect(), std::runtime_error) << "nobody listens any more";
}

TEST(ServerDrain, AnswersWhoConnectedBefore) {
    for (int round = 0; round < 20; ++round) {
        TestServer other({.ioThreads = 2});
        std::vector<RawClient> clients;
        for (int i = 0; i < 10; ++i) clients.push_back(other.connect());
        for (auto& client : clients) client.send(get("/hello"));
        auto drained = std::async(std::launch::async, [&] { return other.server().drain(10s); });
        for (auto& client : clients) {
            EXPECT_EQ(client.reply().body, "hello") << "sent before the drain began";
            client.close();
        }
        EXPECT_TRUE(drained.get());
    }
}

TEST(ServerDrain, GivesUpAtItsDeadline) {
    TestServer server;
    auto busy = server.connect();
    busy.send(get("/block"));
    ASSERT_TRUE(server.gate.awaitWaiting(1));
    EXPECT_FALSE(server.server().drain(Millis(50)));
    server.gate.open();
}

TEST(ServerDrain, OfNothingReturnsAtOnce) {
    TestServer server;
    EXPECT_TRUE(server.server().drain(10s));
    server.server().stop();
    server.server().stop();
}

TEST(ServerStop, EndsEveryKindOfConnection) {
    auto server = std::make_unique<TestServer>(Settings{.ioThreads = 2});
    std::vector<RawClient> clients;
    for (std::string const& sent : {std::string(), std::string("GET /hel"), get("/hello"), get("/stream"), get("/shared"), get("/block")}) {
        clients.push_back(server->connect());
        clients.back().send(sent);
    }
    ASSERT_TRUE(server->gate.awaitWaiting(1));
    auto const stream = server->stream();
    server.reset();
    for (auto& client : clients) client.rest();
    EXPECT_FALSE(stream->write("too late")) << "a stream outlives its server";
    EXPECT_TRUE(stream->closed());
}

} // namespace
} // namespace visavis::http
