// Which heads are taken, how they are framed, and which are refused: the smuggling corpus.
#include "http/head.hpp"

#include <gtest/gtest.h>

namespace visavis::http {
namespace {

using Body = Framing::Body;

struct Row {
    char const* name;
    std::string head; // without the empty line at its end
    int status;       // 0 = taken
    Body body = Body::none;
    std::uint64_t length = 0;
};

std::string const get = "GET / HTTP/1.1\r\nHost: a\r\n";
std::string const post = "POST / HTTP/1.1\r\nHost: a\r\n";

Row const rows[] = {
    {"plain", get, 0},
    {"length", post + "Content-Length: 5\r\n", 0, Body::length, 5},
    {"length of nothing", post + "Content-Length: 0\r\n", 0},
    {"chunked", post + "Transfer-Encoding: chunked\r\n", 0, Body::chunked},
    {"chunked in capitals", post + "TRANSFER-ENCODING: Chunked\r\n", 0, Body::chunked},
    {"GET with a body", get + "Content-Length: 5\r\n", 0, Body::length, 5},
    {"value with spaces around", post + "Content-Length: \t 5 \r\n", 0, Body::length, 5},

    {"CL.TE", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
    {"TE.CL", post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
    {"TE.TE", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
    {"TE twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
    {"TE list", post + "Transfer-Encoding: gzip, chunked\r\n", 400},
    {"TE list, chunked not last", post + "Transfer-Encoding: chunked, gzip\r\n", 400},
    {"TE chunked twice in one", post + "Transfer-Encoding: chunked, chunked\r\n", 400},
    {"TE unknown", post + "Transfer-Encoding: xchunked\r\n", 400},
    {"TE empty", post + "Transfer-Encoding:\r\n", 400},
    {"TE identity", post + "Transfer-Encoding: identity\r\n", 400},
    {"TE with a vertical tab",
     post + "Transfer-Encoding: \x0b"
            "chunked\r\n",
     400},
    {"TE with a bare CR", post + "X: a\rTransfer-Encoding: chunked\r\n", 400},
    {"TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n", 400},
    {"space before the colon", post + "Transfer-Encoding : chunked\r\n", 400},
    {"tab before the colon", post + "Content-Length\t: 5\r\n", 400},
    {"CL twice, different", post + "Content-Length: 5\r\nContent-Length: 6\r\n", 400},
    {"CL twice, the same", post + "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
    {"CL list", post + "Content-Length: 5, 5\r\n", 400},
    {"CL with a sign", post + "Content-Length: +5\r\n", 400},
    {"CL negative", post + "Content-Length: -5\r\n", 400},
    {"CL hexadecimal", post + "Content-Length: 0x5\r\n", 400},
    {"CL fraction", post + "Content-Length: 5.0\r\n", 400},
    {"CL empty", post + "Content-Length:\r\n", 400},
    {"CL with a space inside", post + "Content-Length: 5 5\r\n", 400},
    {"CL over 64 bits", post + "Content-Length: 18446744073709551617\r\n", 400},

    {"no Host", "GET / HTTP/1.1\r\n", 400},
    {"two Hosts", get + "Host: b\r\n", 400},
    {"no Host in HTTP/1.0", "GET / HTTP/1.0\r\n", 0},
    {"no name", get + ": b\r\n", 400},
    {"no colon", get + "Nonsense\r\n", 400},
    {"space in a name", get + "A B: c\r\n", 400},
    {"NUL in a value", get + std::string("A: b\0c\r\n", 8), 400},
    {"NUL in a name", get + std::string("A\0: c\r\n", 7), 400},
    {"DEL in a value", get + "A: \x7f\r\n", 400},
    {"obs-text in a value", get + "A: \xC3\xA9\r\n", 0},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n", 505},
    {"HTTP/0.9 with headers", "GET / HTTP/0.9\r\nHost: a\r\n", 505},
    {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n", 505},
    {"no version", "GET /\r\nHost: a\r\n", 400},
    {"lower-case http", "GET / http/1.1\r\nHost: a\r\n", 505},
    {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n", 400},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n", 505},
    {"control in the target", "GET /a\x01 HTTP/1.1\r\nHost: a\r\n", 400},
    {"target without a slash", "GET a HTTP/1.1\r\nHost: a\r\n", 400},
    {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n", 400},
    {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n", 0},
    {"asterisk with GET", "GET * HTTP/1.1\r\nHost: a\r\n", 400},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n", 505},
    {"unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n", 0},
    {"bad method", "G(T / HTTP/1.1\r\nHost: a\r\n", 400},
    {"TLS hello", std::string("\x16\x03\x01\x02\x00\x01\r\n", 8), 400},
    {"unknown expectation", post + "Expect: a-miracle\r\n", 417},
};

TEST(ParseHead, FollowsItsTable) {
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Request request;
        Framing framing;
        auto const refusal = parseHead(row.head + "\r\n", request, framing);
        ASSERT_EQ(refusal ? refusal->status : 0, row.status);
        if (refusal) continue;
        EXPECT_EQ(framing.body, row.body);
        EXPECT_EQ(framing.length, row.length);
    }
}

struct TargetRow {
    char const* sent;
    char const* target;
    char const* path;
    char const* query;
};

TargetRow const targets[] = {
    {"/", "/", "/", ""},
    {"/a/b?c=d", "/a/b?c=d", "/a/b", "c=d"},
    {"/a?b?c", "/a?b?c", "/a", "b?c"},
    {"/a%20b", "/a%20b", "/a%20b", ""},
    {"http://host/a?b", "/a?b", "/a", "b"},
    {"HTTPS://host:1/a", "/a", "/a", ""},
    {"http://host", "/", "/", ""},
    {"http://host?a", "/?a", "/", "a"},
};

TEST(ParseHead, ReducesTargetsToOriginForm) {
    for (auto const& row : targets) {
        SCOPED_TRACE(row.sent);
        Request request;
        Framing framing;
        ASSERT_FALSE(parseHead("GET " + std::string(row.sent) + " HTTP/1.1\r\nHost: a\r\n\r\n", request, framing));
        EXPECT_EQ(request.target, row.target);
        EXPECT_EQ(request.path(), row.path);
        EXPECT_EQ(request.query(), row.query);
    }
}

struct ConnectionRow {
    char const* version;
    char const* headers;
    bool keepAlive;
};

ConnectionRow const connections[] = {
    {"1.1", "", true},
    {"1.1", "Connection: close\r\n", false},
    {"1.1", "Connection: x, Close\r\n", false},
    {"1.1", "Connection: keep-alive\r\n", true},
    {"1.0", "", false},
    {"1.0", "Connection: Keep-Alive\r\n", true},
};

TEST(ParseHead, KnowsWhenTheConnectionEnds) {
    for (auto const& row : connections) {
        SCOPED_TRACE(std::string(row.version) + " " + row.headers);
        Request request;
        Framing framing;
        ASSERT_FALSE(parseHead("GET / HTTP/" + std::string(row.version) + "\r\nHost: a\r\n" + row.headers + "\r\n", request, framing));
        EXPECT_EQ(framing.keepAlive, row.keepAlive);
    }
}

TEST(ParseHead, KeepsHeadersInOrderAndRepeated) {
    Request request;
    Framing framing;
    ASSERT_FALSE(parseHead("PATCH /a HTTP/1.1\r\nhost: h\r\nX-A: 1\r\nx-b:  two \r\nx-a: 3\r\nEmpty:\r\n\r\n", request, framing));
    EXPECT_EQ(request.method, Method::patch);
    EXPECT_EQ(request.methodWord, "PATCH");
    EXPECT_EQ(request.header("HOST"), "h");
    EXPECT_EQ(request.header("x-A"), "1");
    EXPECT_EQ(request.header("X-B"), "two");
    EXPECT_EQ(request.header("none"), "");
    EXPECT_EQ(request.headerCount("X-A"), 2U);
    EXPECT_EQ(request.headerCount("Empty"), 1U);
    EXPECT_EQ(request.headerCount("none"), 0U);
    ASSERT_EQ(request.headers.size(), 5U);
    EXPECT_EQ(request.headers[3].name, "x-a");
    EXPECT_EQ(request.headers[3].value, "3");
}

TEST(ParseHead, SeesExpectations) {
    Request request;
    Framing framing;
    ASSERT_FALSE(parseHead(post + "Content-Length: 1\r\nExpect: 100-Continue\r\n\r\n", request, framing));
    EXPECT_TRUE(framing.expectContinue);
    Framing without;
    ASSERT_FALSE(parseHead(get + "Expect: 100-continue\r\n\r\n", request, without));
    EXPECT_FALSE(without.expectContinue) << "there is no body to wait for";
}

} // namespace
} // namespace visavis::http
