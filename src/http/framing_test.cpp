// Ends of heads and chunked bodies: every form, in every way of cutting the bytes.
#include "http/framing.hpp"

#include <gtest/gtest.h>

#include <string>

namespace visavis::http {
namespace {

using Found = HeadScanner::Found;
using State = ChunkDecoder::State;

struct HeadRow {
    char const* name;
    std::string bytes;
    Found found;
    std::size_t size = 0;
};

HeadRow const heads[] = {
    {"whole", "GET / HTTP/1.1\r\nA: b\r\n\r\n", Found::head, 24},
    {"body follows", "GET / HTTP/1.1\r\n\r\nrest\n", Found::head, 18},
    {"nothing yet", "", Found::more},
    {"unfinished", "GET / HTTP/1.1\r\nA: b\r\n", Found::more},
    {"bare LF in the request line", "GET / HTTP/1.1\nA: b\r\n\r\n", Found::malformed},
    {"bare LF after a header", "GET / HTTP/1.1\r\nA: b\n\r\n", Found::malformed},
    {"bare LF as the end", "GET / HTTP/1.1\r\nA: b\r\n\n", Found::malformed},
    {"LF first", "\nGET / HTTP/1.1\r\n\r\n", Found::malformed},
    {"folded with a space", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", Found::malformed},
    {"folded with a tab", "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n", Found::malformed},
    {"folded after the request line", "GET / HTTP/1.1\r\n A: b\r\n\r\n", Found::malformed},
    {"just fits", std::string(60, 'x') + "\r\n\r\n", Found::head, 64},
    {"one too many", std::string(61, 'x') + "\r\n\r\n", Found::tooLarge},
    {"too long without an end", std::string(64, 'x'), Found::tooLarge},
};

TEST(HeadScanner, FindsTheSameHoweverTheBytesAreCut) {
    for (auto const& row : heads) {
        for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) {
            SCOPED_TRACE(row.name + std::string(" cut at ") + std::to_string(cut));
            HeadScanner scanner;
            auto found = scanner.scan(std::string_view(row.bytes).substr(0, cut), 64);
            if (found == Found::more) found = scanner.scan(row.bytes, 64);
            EXPECT_EQ(found, row.found);
            if (found == Found::head) {
                EXPECT_EQ(scanner.size(), row.size);
            }
        }
    }
}

struct ChunkRow {
    char const* name;
    std::string bytes;
    State state;
    std::string body = {};
    std::string rest = {};
};

ChunkRow const chunked[] = {
    {"one", "5\r\nhello\r\n0\r\n\r\n", State::done, "hello"},
    {"two", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", State::done, "hello!"},
    {"none", "0\r\n\r\n", State::done, ""},
    {"hex", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", State::done, "01234567890123456789"},
    {"leading zeros", "0005\r\nhello\r\n000\r\n\r\n", State::done, "hello"},
    {"the next request stays", "1\r\nx\r\n0\r\n\r\nGET", State::done, "x", "GET"},
    {"extension", "5;a=b;c=\"d\"\r\nhello\r\n0;x\r\n\r\n", State::done, "hello"},
    {"trailers", "1\r\nx\r\n0\r\nA: b\r\nC: d\r\n\r\n", State::done, "x"},
    {"data looks like framing", "7\r\n0\r\n\r\n0\r\r\n0\r\n\r\n", State::done, "0\r\n\r\n0\r"},
    {"unfinished", "5\r\nhel", State::more, "hel"},
    {"no size", "\r\nhello\r\n0\r\n\r\n", State::malformed},
    {"only an extension", ";a\r\n", State::malformed},
    {"0x", "0x5\r\nhello\r\n0\r\n\r\n", State::malformed},
    {"negative", "-5\r\n", State::malformed},
    {"plus", "+5\r\n", State::malformed},
    {"space before", " 5\r\n", State::malformed},
    {"space after", "5 \r\n", State::malformed},
    {"bare LF after the size", "5\nhello\r\n0\r\n\r\n", State::malformed},
    {"bare CR after the size", "5\rhello\r\n0\r\n\r\n", State::malformed},
    {"bare LF in an extension", "5;a\nhello\r\n0\r\n\r\n", State::malformed},
    {"bare LF after the data", "5\r\nhello\n0\r\n\r\n", State::malformed},
    {"data longer than told", "4\r\nhello\r\n0\r\n\r\n", State::malformed},
    {"data shorter than told", "6\r\nhello\r\n0\r\n\r\n", State::malformed},
    {"64-bit overflow", "10000000000000005\r\nhello\r\n0\r\n\r\n", State::malformed},
    {"16 digits", "ffffffffffffffff\r\n", State::malformed},
    {"17 zeros", "00000000000000000\r\n\r\n", State::malformed},
    {"bare LF as the end", "0\r\n\n", State::malformed},
    {"bare LF after a trailer", "0\r\nA: b\n\r\n", State::malformed},
    {"folded trailer", "0\r\nA: b\r\n c\r\n\r\n", State::malformed},
    {"control in a trailer", std::string("0\r\nA: \0\r\n\r\n", 11), State::malformed},
    {"just fits", "20\r\n" + std::string(32, 'x') + "\r\n0\r\n\r\n", State::done, std::string(32, 'x')},
    {"one too many", "21\r\n" + std::string(33, 'x') + "\r\n0\r\n\r\n", State::tooLarge},
    {"too many in two", "20\r\n" + std::string(32, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n", State::tooLarge},
    {"too large, told before it comes", "ffff\r\n", State::tooLarge},
    {"endless extension", "1;" + std::string(9000, 'x'), State::malformed},
    {"endless trailers", "0\r\nA: " + std::string(9000, 'x'), State::malformed},
};

TEST(ChunkDecoder, JoinsTheSameHoweverTheBytesAreCut) {
    for (auto const& row : chunked) {
        for (std::size_t cut = 0; cut <= std::min<std::size_t>(row.bytes.size(), 200); ++cut) {
            SCOPED_TRACE(row.name + std::string(" cut at ") + std::to_string(cut));
            ChunkDecoder decoder;
            std::string body;
            auto bytes = std::string_view(row.bytes).substr(0, cut);
            auto state = decoder.feed(bytes, body, 32);
            if (state == State::more) {
                EXPECT_TRUE(bytes.empty());
                bytes = std::string_view(row.bytes).substr(cut);
                state = decoder.feed(bytes, body, 32);
            } else {
                bytes = std::string_view(row.bytes).substr(cut - bytes.size());
            }
            EXPECT_EQ(state, row.state);
            if (state == State::done || state == State::more) {
                EXPECT_EQ(body, row.body);
                EXPECT_EQ(bytes, row.rest);
            }
        }
    }
}

} // namespace
} // namespace visavis::http
