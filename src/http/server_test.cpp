// The server over real sockets: requests in every shape, answers, pipelining, refusals.
#include "http/test_support.hpp"

#include <fmt/format.h>

namespace visavis::http {
namespace {

struct Row {
    char const* name;
    std::string request;
    int status;
    std::string body = {}; // empty: not looked at
    bool closes = false;   // after the answer
};

std::string const chunkedEcho = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

std::vector<Row> const rows{
    {"inline", get("/hello"), 200, "hello"},
    {"on a worker", get("/work"), 200, "work"},
    {"query", get("/hello?a=b"), 200, "hello"},
    {"percent-encoded", get("/say/a%20b"), 200, "a%20b"},
    {"empty line before", "\r\n" + get("/hello"), 200, "hello"},
    {"body", post("/echo", "some text"), 200, "some text"},
    {"body, inline", post("/echo-inline", "some text"), 200, "some text"},
    {"empty body", post("/echo", ""), 200},
    {"chunks", chunkedEcho + "4\r\nsome\r\n5;x\r\n text\r\n0\r\nA: b\r\n\r\n", 200, "some text"},
    {"close asked for", get("/hello", "Connection: close\r\n"), 200, "hello", true},
    {"close by the handler", post("/closing", ""), 200, "bye", true},
    {"HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n", 200, "hello", true},
    {"HTTP/1.0 kept alive", "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 200, "hello"},
    {"no content", get("/empty"), 204},
    {"the peer's address", get("/peer"), 200, "127.0.0.1"},
    {"absolute form", "GET http://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", 200, "hello"},
    {"unknown path", get("/nothing"), 404},
    {"unknown path with a body", post("/nothing", "body"), 404, "", true},
    {"wrong method", "DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"unknown method", "BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n", 405},
    {"handler throws", get("/throw"), 500},
    {"handler throws no exception", get("/throw-odd"), 500},
    {"answer would be split", get("/split"), 500},
    {"body at its limit", post("/small", "0123456789"), 200, "0123456789"},
    {"body over its limit", post("/small", "0123456789x"), 413, "", true},
    {"chunks over the limit", "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n5\r\n12345\r\n0\r\n\r\n",
     413, "", true},
    {"body over the default limit", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413, "", true},
    {"headers too large", get("/hello", "X: " + std::string(17'000, 'x') + "\r\n"), 431, "", true},
    {"target too large", get("/" + std::string(17'000, 'x')), 431, "", true},
    {"header bomb",
     get("/hello",
         [] {
             std::string all;
             for (int i = 0; i < 6'000; ++i) all += "a:\r\n";
             return all;
         }()),
     431, "", true},
    {"not HTTP", "nonsense\r\n\r\n", 400, "", true},
    {"bare LF", "GET /hello HTTP/1.1\nHost: a\n\n", 400, "", true},
    {"known in memory", get("/known/yes"), 200, "from memory"},
    {"not known in memory", get("/known/no"), 200, "from a worker"},
    {"memory that throws", get("/known/broken"), 200, "from a worker"},
    {"known, with a body", "GET /known/yes HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 200, "from memory"},
    {"folded header", get("/hello", "A: b\r\n c\r\n"), 400, "", true},
    {"CL.TE", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG", 400, "", true},
    {"TE.CL", "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nG", 400, "", true},
    {"two lengths", post("/echo", "x", "Content-Length: 1\r\n"), 400, "", true},
    {"chunk overflow", chunkedEcho + "10000000000000000\r\n", 400, "", true},
    {"chunk longer than told", chunkedEcho + "1\r\nxy\r\n0\r\n\r\n", 400, "", true},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "", true},
    {"HTTP/3.0", "GET / HTTP/3.0\r\n\r\n", 505, "", true},
    {"odd expectation", post("/echo", "x", "Expect: more\r\n"), 417, "", true},
};

TEST(Server, FollowsItsTable) {
    TestServer server;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto client = server.connect();
        auto reply = client.send(row.request).reply();
        EXPECT_EQ(reply.status, row.status);
        if (!row.body.empty()) {
            EXPECT_EQ(reply.body, row.body);
        }
        if (row.status >= 400) {
            EXPECT_EQ(reply.header("content-type"), "application/problem+json");
            EXPECT_EQ(reply.body.find("secret"), std::string::npos);
            EXPECT_NE(reply.body.find(fmt::format("\"status\":{}", row.status)), std::string::npos) << reply.body;
        }
        EXPECT_EQ(reply.header("date"), "Sun, 06 Nov 1994 08:49:37 GMT");
        EXPECT_EQ(reply.header("connection") == "close", row.closes);
        if (row.closes) {
            EXPECT_TRUE(client.ended());
        } else {
            EXPECT_EQ(client.send(get("/hello")).reply().body, "hello") << "the connection goes on";
        }
    }
}

TEST(Server, TellsTheLogWhatHandlersThrew) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/throw") + get("/throw-odd") + get("/split"));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.reply().status, 500);
    auto const errors = server.errors();
    ASSERT_EQ(errors.size(), 3U);
    EXPECT_EQ(errors[0], "secret of the house");
}

TEST(Server, NamesTheAllowedMethods) {
    TestServer server;
    auto client = server.connect();
    EXPECT_EQ(client.send("POST /hello HTTP/1.1\r\nHost: a\r\n\r\n").reply().header("allow"), "GET, HEAD");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    TestServer server;
    auto client = server.connect();
    std::string all;
    for (int i = 0; i < 300; ++i)
        all += i % 3 == 0 ? get("/hello") : i % 3 == 1 ? get(fmt::format("/say/{}", i)) : post("/echo", fmt::format("{}", i));
    client.send(all);
    for (int i = 0; i < 300; ++i) EXPECT_EQ(client.reply().body, i % 3 == 0 ? "hello" : fmt::format("{}", i));
}

TEST(Server, StopsAPipelineAtARefusal) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/work") + "GET /hello HTTP/1.1\nHost: a\n\n" + get("/work"));
    EXPECT_EQ(client.reply().status, 200);
    EXPECT_EQ(client.reply().status, 400);
    EXPECT_TRUE(client.ended());
}

TEST(Server, ReadsARequestCutAtEveryByte) {
    TestServer server;
    std::string const whole[] = {get("/work", "X: y\r\n"), post("/echo", "body"), chunkedEcho + "2\r\nbo\r\n2\r\ndy\r\n0\r\nT: u\r\n\r\n"};
    auto client = server.connect();
    for (auto const& request : whole) {
        for (std::size_t cut = 1; cut < request.size(); ++cut) {
            client.send(request.substr(0, cut)).send(request.substr(cut));
            ASSERT_EQ(client.reply().status, 200) << request << " cut at " << cut;
        }
        for (char const c : request) client.send(std::string_view(&c, 1));
        ASSERT_EQ(client.reply().status, 200) << request << " byte by byte";
    }
}

TEST(Server, AnswersHeadWithoutABody) {
    TestServer server;
    auto client = server.connect();
    client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nHEAD /shared HTTP/1.1\r\nHost: a\r\n\r\nHEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n" +
                get("/hello"));
    auto const first = client.reply(true);
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.headers.at("content-length"), "5");
    EXPECT_EQ(client.reply(true).headers.at("content-length"), "8388608");
    EXPECT_EQ(client.reply(true).status, 404);
    EXPECT_EQ(client.reply().body, "hello");
}

TEST(Server, SendsASharedBodyWhole) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/shared") + get("/hello"));
    EXPECT_TRUE(client.reply().body == *server.big);
    EXPECT_EQ(client.reply().body, "hello");
}

TEST(Server, TakesALargeBody) {
    TestServer server;
    auto client = server.connect();
    std::string body(1024 * 1024, 'x');
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 7919 >> 8U);
    EXPECT_EQ(client.send(post("/echo", body)).reply().body, body);
    EXPECT_EQ(client.send(post("/echo", body)).reply().body, body);
}

TEST(Server, InvitesTheBodyThatWasAnnounced) {
    TestServer server;
    auto client = server.connect();
    std::string const head = "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ";
    EXPECT_EQ(client.send(head + "4\r\n\r\n").reply().status, 100);
    EXPECT_EQ(client.send("body").reply().body, "body");
    EXPECT_EQ(client.send(head + "9999999\r\n\r\n").reply().status, 413) << "no invitation to send too much";
    EXPECT_TRUE(client.ended());
}

TEST(Server, LetsALargeRefusedBodyReadItsAnswer) {
    TestServer server;
    auto client = server.connect();
    client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + std::string(200'000, 'x'));
    EXPECT_EQ(client.reply().status, 413);
    EXPECT_TRUE(client.ended());
}

TEST(Server, AnswersAPeerThatHasFinishedSending) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/work") + get("/work"));
    client.finishSending();
    EXPECT_EQ(client.reply().body, "work");
    EXPECT_EQ(client.reply().body, "work");
    EXPECT_TRUE(client.ended());
}

TEST(Server, HangsUpWhenAHandlerSaysSo) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/hello") + get("/hang-up") + get("/hello"));
    EXPECT_EQ(client.reply().body, "hello");
    EXPECT_TRUE(client.ended());
}

TEST(Server, ForgetsAPeerThatLeaves) {
    TestServer server;
    for (std::string const& begun : {std::string(), std::string("GET /hel"),
                                     std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nbody"), std::string("\r\n")}) {
        SCOPED_TRACE(begun);
        auto client = server.connect();
        client.send(begun);
        client.close();
        auto resetting = server.connect();
        resetting.send(begun);
        resetting.reset();
        EXPECT_TRUE(server.eventually([](Stats const& stats) { return stats.connections == 0; }));
    }
    auto gone = server.connect();
    gone.send(get("/shared"));
    gone.close();
    auto blocked = server.connect();
    blocked.send(get("/block"));
    ASSERT_TRUE(server.gate.awaitWaiting(1));
    blocked.reset();
    server.gate.open();
    EXPECT_TRUE(server.eventually([](Stats const& stats) { return stats.connections == 0 && stats.inFlight == 0; }));
    EXPECT_EQ(server.connect().send(get("/hello")).reply().body, "hello");
}

TEST(Server, ServesOnSeveralThreads) {
    TestServer server({.ioThreads = 3});
    std::vector<RawClient> clients;
    for (int i = 0; i < 30; ++i) clients.push_back(server.connect());
    for (auto& client : clients) client.send(get("/work") + get("/hello"));
    for (auto& client : clients) {
        EXPECT_EQ(client.reply().body, "work");
        EXPECT_EQ(client.reply().body, "hello");
    }
    EXPECT_EQ(server.server().stats().requests, 60U);
}

TEST(Server, DatesAnswersByItsClock) {
    TestServer server;
    auto client = server.connect();
    server.clock.advance(2s);
    std::string date;
    for (int i = 0; i < 100'000 && date != "Sun, 06 Nov 1994 08:49:39 GMT"; ++i) date = client.send(get("/hello")).reply().header("date");
    EXPECT_EQ(date, "Sun, 06 Nov 1994 08:49:39 GMT");
}

TEST(Server, SaysWhyItCannotListen) {
    TestServer server;
    Server second({}, {.handle = [](Request&&) { return Response(); }}, server.clock);
    auto const taken = second.listen("127.0.0.1", server.port);
    ASSERT_FALSE(taken.has_value());
    EXPECT_EQ(taken.error().key, "cannot_listen");
    EXPECT_FALSE(second.listen("no address", 0).has_value());
    EXPECT_TRUE(second.listen("localhost", 0).has_value());
}

} // namespace
} // namespace visavis::http
