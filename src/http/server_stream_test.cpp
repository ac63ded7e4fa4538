// Answers that do not end by themselves.
#include "http/test_support.hpp"

#include <atomic>
#include <future>
#include <thread>

namespace visavis::http {
namespace {

TEST(Stream, PushesChunksFromAnyThread) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/stream"));
    auto head = client.head();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("transfer-encoding"), "chunked");
    EXPECT_EQ(head.header("content-length"), "");
    auto const stream = server.stream();
    ASSERT_TRUE(stream);
    EXPECT_TRUE(stream->write("first"));
    EXPECT_EQ(client.chunk(), "first");
    EXPECT_TRUE(stream->write(""));
    std::thread([&] { EXPECT_TRUE(stream->write("second")); }).join();
    EXPECT_EQ(client.chunk(), "second");
    EXPECT_FALSE(stream->closed());
    stream->close();
    EXPECT_TRUE(stream->closed());
    EXPECT_FALSE(stream->write("after the end"));
    EXPECT_EQ(client.rest(), "0\r\n\r\n");
}

TEST(Stream, SendsWhatWasQueuedBeforeClosing) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/stream"));
    auto const stream = server.stream();
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(stream->write("x"));
    stream->close();
    auto const reply = client.reply();
    EXPECT_EQ(reply.body, std::string(100, 'x'));
    EXPECT_TRUE(client.ended());
}

TEST(Stream, EndsByClosingForHttp10) {
    TestServer server;
    auto client = server.connect();
    client.send("GET /stream HTTP/1.0\r\n\r\n");
    auto const stream = server.stream();
    EXPECT_TRUE(stream->write("raw"));
    stream->close();
    EXPECT_EQ(client.reply().body, "raw");
}

TEST(Stream, HeadGetsNoStream) {
    TestServer server;
    auto client = server.connect();
    client.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get("/hello"));
    EXPECT_EQ(client.reply(true).status, 200);
    EXPECT_EQ(client.reply().body, "hello");
}

TEST(Stream, LearnsThatThePeerIsGone) {
    for (bool const reset : {false, true}) {
        TestServer server;
        auto client = server.connect();
        client.send(get("/stream"));
        EXPECT_EQ(client.head().status, 200);
        auto const stream = server.stream();
        std::promise<void> gone;
        stream->onClose([&] { gone.set_value(); });
        reset ? client.reset() : client.close();
        ASSERT_EQ(gone.get_future().wait_for(10s), std::future_status::ready);
        EXPECT_TRUE(stream->closed());
        EXPECT_FALSE(stream->write("x"));
        bool at_once = false;
        stream->onClose([&] { at_once = true; });
        EXPECT_TRUE(at_once);
    }
}

TEST(Stream, DropsAPeerThatDoesNotKeepUp) {
    Settings settings;
    settings.limits.streamBuffer = 64 * 1024;
    TestServer server(settings);
    auto client = server.connect();
    client.shrinkReceiveBuffer();
    client.send(get("/stream"));
    auto const stream = server.stream();
    std::promise<void> gone;
    stream->onClose([&] { gone.set_value(); });
    std::string const chunk(8 * 1024, 'x');
    std::size_t written = 0;
    while (written < 100'000 && stream->write(chunk)) ++written;
    EXPECT_LT(written, 100'000U);
    ASSERT_EQ(gone.get_future().wait_for(10s), std::future_status::ready);
    EXPECT_TRUE(server.eventually([](Stats const& stats) { return stats.connections == 0; }));
}

TEST(Stream, EndsWhenTheServerDrains) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/stream"));
    auto const stream = server.stream();
    EXPECT_TRUE(stream->write("last"));
    auto drained = std::async(std::launch::async, [&] { return server.server().drain(10s); });
    EXPECT_EQ(client.reply().body, "last");
    client.close();
    EXPECT_TRUE(drained.get());
    EXPECT_TRUE(stream->closed());
}

TEST(Stream, TakesManyWritersAtOnce) {
    TestServer server;
    auto client = server.connect();
    client.send(get("/stream"));
    auto const stream = server.stream();
    std::vector<std::thread> writers;
    for (char name = 'a'; name < 'e'; ++name) {
        writers.emplace_back([&, name] {
            for (int i = 0; i < 200; ++i) EXPECT_TRUE(stream->write(std::string(10, name)));
        });
    }
    for (auto& writer : writers) writer.join();
    stream->close();
    auto const body = client.reply().body;
    ASSERT_EQ(body.size(), 8'000U);
    for (std::size_t at = 0; at < body.size(); at += 10) EXPECT_EQ(body.substr(at, 10), std::string(10, body[at]));
}

} // namespace
} // namespace visavis::http
