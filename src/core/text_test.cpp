// What counts as text, and the digests against published vectors.
#include "core/text.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

using namespace std::string_literals;

TEST(Text, CountsCharactersOrRefuses) {
    struct Row {
        char const* name;
        std::string text;
        std::optional<std::size_t> want;
    };
    Row const rows[]{
        {"empty", "", 0},
        {"ASCII", "Hello", 5},
        {"two, three and four bytes", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 3},
        {"the last code point", "\xF4\x8F\xBF\xBF", 1},
        {"beyond the last", "\xF4\x90\x80\x80", {}},
        {"a surrogate", "\xED\xA0\x80", {}},
        {"overlong slash", "\xC0\xAF", {}},
        {"overlong in three bytes", "\xE0\x80\xAF", {}},
        {"overlong in four bytes", "\xF0\x80\x80\xAF", {}},
        {"cut off", "\xE2\x82", {}},
        {"a lone continuation", "\x80", {}},
        {"lead without continuation", "\xC3(", {}},
        {"NUL", "a\0b"s, {}},
        {"tab", "a\tb", {}},
        {"carriage return", "a\rb", {}},
        {"DEL", "a\x7F", {}},
        {"C1", "\xC2\x85", {}},
        {"no-break space", "\xC2\xA0", 1},
        {"right-to-left override", "\xE2\x80\xAE", {}},
        {"isolate", "\xE2\x81\xA6", {}},
        {"line separator", "\xE2\x80\xA8", {}},
        {"Hebrew", "\xD7\xA9\xD7\x9C", 2},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(textLength(row.text, Breaks::refused), row.want) << row.name;
        EXPECT_EQ(textLength(row.text, Breaks::allowed), row.want) << row.name;
    }
    EXPECT_EQ(textLength("a\nb", Breaks::refused), std::nullopt);
    EXPECT_EQ(textLength("a\nb", Breaks::allowed), 3u);
}

TEST(Text, TrimsAndCompares) {
    EXPECT_EQ(trimmed("  a b \r\n"), "a b");
    EXPECT_EQ(trimmed(" \t"), "");
    EXPECT_EQ(lowered("A\xC3\x89Z@x.ORG"), "a\xC3\x89z@x.org");
    EXPECT_TRUE(equalIgnoringCase("Content-Type", "content-type"));
    EXPECT_FALSE(equalIgnoringCase("abc", "abcd"));
    EXPECT_TRUE(equalInConstantTime("secret", "secret"));
    EXPECT_TRUE(equalInConstantTime("", ""));
    EXPECT_FALSE(equalInConstantTime("secret", "secreT"));
    EXPECT_FALSE(equalInConstantTime("secret", "secre"));
}

// FIPS 180-2 appendix B.1, RFC 4231 test cases 2 and 6, RFC 4648 §10.
TEST(Text, DigestsAgreeWithPublishedVectors) {
    EXPECT_EQ(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hmacSha256Hex("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmacSha256Hex(std::string(131, '\xAA'), "Test Using Larger Than Block-Size Key - Hash Key First"),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

} // namespace
} // namespace visavis
