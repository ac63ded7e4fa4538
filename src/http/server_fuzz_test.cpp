// Bytes that mean nothing, and requests with bytes changed: the server must answer or close, and go on serving others.
#include "http/test_support.hpp"

#include <random>

namespace visavis::http {
namespace {

using Random = std::mt19937; // a fixed seed: the same bytes in every run

std::string const seeds[] = {
    get("/hello"),
    get("/work?a=b", "X: y\r\nCookie: a=b\r\n"),
    post("/echo", "some body"),
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody",
};

std::string noise(Random& random) {
    std::string bytes(random() % 300, '\0');
    for (auto& c : bytes) c = static_cast<char>(random());
    return bytes;
}

std::string changed(Random& random) {
    static constexpr std::string_view tricky("\r\n\0 :\t;,%", 9);
    auto bytes = seeds[random() % std::size(seeds)];
    for (auto edits = random() % 4 + 1; edits > 0; --edits) {
        auto const at = random() % (bytes.size() + 1);
        char const c = random() % 2 == 0 ? tricky[random() % tricky.size()] : static_cast<char>(random());
        switch (random() % 4) {
            case 0:
                bytes.insert(at, 1, c);
                break;
            case 1:
                bytes.erase(at, random() % 5);
                break;
            case 2:
                bytes.insert(at, seeds[random() % std::size(seeds)]);
                break;
            default:
                bytes.replace(at, 1, 1, c);
        }
    }
    return bytes;
}

TEST(ServerFuzz, SurvivesAnyBytes) {
    TestServer server({.ioThreads = 2});
    Random random(20'260'301);
    for (int round = 0; round < 3'000; ++round) {
        auto const bytes = round % 4 == 0 ? noise(random) : changed(random);
        auto client = server.connect();
        auto const cut = random() % (bytes.size() + 1);
        client.send(std::string_view(bytes).substr(0, cut)).send(std::string_view(bytes).substr(cut));
        client.finishSending();
        auto const answers = client.rest();
        if (!answers.empty()) {
            ASSERT_TRUE(answers.starts_with("HTTP/1.1 ")) << answers;
            ASSERT_EQ(answers.find("HTTP/1.1 5"), answers.find("HTTP/1.1 505")) << "only 505 may be our fault:\n"
                                                                                << bytes << '\n'
                                                                                << answers;
        }
    }
    EXPECT_EQ(server.connect().send(get("/hello")).reply().body, "hello");
    EXPECT_TRUE(server.eventually([](Stats const& stats) { return stats.inFlight == 0; }));
    EXPECT_TRUE(server.errors().empty());
}

} // namespace
} // namespace visavis::http
