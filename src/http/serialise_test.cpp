// Heads as bytes.
#include "http/serialise.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace visavis::http {
namespace {

std::string headOf(Response const& response, Delivery delivery = {}) {
    std::string out;
    delivery.date = "Date: now\r\n";
    return appendHead(out, response, delivery) ? out : "refused";
}

struct Row {
    char const* name;
    Response response;
    Delivery delivery;
    char const* head;
};

Response withStream() {
    Response response;
    response.stream = [](std::shared_ptr<Stream> const&) {};
    return response;
}

Response withStatus(int status) {
    Response response;
    response.status = status;
    return response;
}

Response withShared() {
    Response response;
    response.shared = std::make_shared<std::string const>("shared");
    return response;
}

TEST(AppendHead, FollowsItsTable) {
    Row const rows[] = {
        {"ok",
         answer(200, "text/plain", "body"),
         {},
         "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n"},
        {"close",
         withStatus(404),
         {.keepAlive = false},
         "HTTP/1.1 404 Not Found\r\nDate: now\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"},
        {"HTTP/1.0", Response(), {.http10 = true}, "HTTP/1.1 200 OK\r\nDate: now\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"},
        {"no content", withStatus(204), {}, "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n"},
        {"not modified", withStatus(304).with("ETag", "\"1\""), {}, "HTTP/1.1 304 Not Modified\r\nDate: now\r\nETag: \"1\"\r\n\r\n"},
        {"unknown status", withStatus(299), {}, "HTTP/1.1 299 \r\nDate: now\r\nContent-Length: 0\r\n\r\n"},
        {"shared", withShared(), {}, "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 6\r\n\r\n"},
        {"stream", withStream(), {}, "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {"stream to HTTP/1.0",
         withStream(),
         {.http10 = true, .keepAlive = false},
         "HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\n\r\n"},
        {"ours are left out",
         Response().with("date", "x").with("CONNECTION", "x").with("Content-Length", "9").with("Transfer-Encoding", "x"),
         {},
         "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n"},
        {"repeated",
         Response().with("Set-Cookie", "a").with("Set-Cookie", "b"),
         {},
         "HTTP/1.1 200 OK\r\nDate: now\r\nSet-Cookie: a\r\nSet-Cookie: b\r\nContent-Length: 0\r\n\r\n"},
        {"split by CRLF", Response().with("Location", "/\r\nSet-Cookie: x"), {}, "refused"},
        {"split by LF", Response().with("Location", "/\nSet-Cookie: x"), {}, "refused"},
        {"NUL", Response().with("Location", std::string("/\0", 2)), {}, "refused"},
        {"bad name", Response().with("A b", "x"), {}, "refused"},
        {"no name", Response().with("", "x"), {}, "refused"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(headOf(row.response, row.delivery), row.head);
    }
}

struct DateRow {
    std::int64_t ms;
    char const* line;
};

constexpr DateRow dates[] = {
    {784'111'777'000, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"}, // RFC 9110's own example
    {784'111'777'999, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"},
    {0, "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"},
    {-1, "Date: Wed, 31 Dec 1969 23:59:59 GMT\r\n"},
    {1'772'355'599'000, "Date: Sun, 01 Mar 2026 08:59:59 GMT\r\n"},
    {1'709'208'000'000, "Date: Thu, 29 Feb 2024 12:00:00 GMT\r\n"},
};

TEST(DateLine, FollowsItsTable) {
    for (auto const& row : dates) EXPECT_EQ(dateLine(Instant{row.ms}), row.line);
}

TEST(Problem, IsJsonWhateverTheTextHolds) {
    auto const response = problem(400, "bad_request", "quote \" backslash \\ line\n");
    auto const body = boost::json::parse(response.body).as_object();
    EXPECT_EQ(body.at("status"), 400);
    EXPECT_EQ(body.at("title"), "Bad Request");
    EXPECT_EQ(body.at("code"), "bad_request");
    EXPECT_EQ(body.at("detail"), "quote \" backslash \\ line");
    EXPECT_EQ(response.headers.at(0).value, "application/problem+json");
}

TEST(Method, WordsRoundTrip) {
    for (auto const* text : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) EXPECT_EQ(word(methodOf(text)), text);
    EXPECT_EQ(methodOf("get"), Method::other);
    EXPECT_EQ(methodOf(""), Method::other);
    EXPECT_EQ(word(Method::other), "");
}

} // namespace
} // namespace visavis::http
