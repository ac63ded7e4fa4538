// Query strings and escapes, one row per form.
#include "http/query.hpp"

#include <gtest/gtest.h>

namespace visavis::http {
namespace {

using Pairs = std::vector<Query::Pair>;

struct Row {
    char const* text;
    std::optional<Pairs> pairs; // nothing: refused
};

Row const rows[] = {
    {"", Pairs{}},
    {"a=1", Pairs{{"a", "1"}}},
    {"a=1&b=2", Pairs{{"a", "1"}, {"b", "2"}}},
    {"b=2&a=1&b=3", Pairs{{"b", "2"}, {"a", "1"}, {"b", "3"}}},
    {"a", Pairs{{"a", ""}}},
    {"a=", Pairs{{"a", ""}}},
    {"=1", Pairs{{"", "1"}}},
    {"a=b=c", Pairs{{"a", "b=c"}}},
    {"&&a=1&&", Pairs{{"a", "1"}}},
    {"a+b=c+d", Pairs{{"a b", "c d"}}},
    {"a=%2B%26%3D%25", Pairs{{"a", "+&=%"}}},
    {"%61=%C3%A9", Pairs{{"a", "\xC3\xA9"}}},
    {"a[b]=c&items[0][price]=5", Pairs{{"a[b]", "c"}, {"items[0][price]", "5"}}},
    {"a=%00", Pairs{{"a", std::string(1, '\0')}}},
    {"a=?/:@", Pairs{{"a", "?/:@"}}},
    {"a=%", std::nullopt},
    {"a=%4", std::nullopt},
    {"a=%4g", std::nullopt},
    {"%=1", std::nullopt},
    {"a=%%41", std::nullopt},
    {"a=% 41", std::nullopt},
    {"a=%+1", std::nullopt},
};

TEST(Query, FollowsItsTable) {
    for (auto const& row : rows) {
        SCOPED_TRACE(row.text);
        auto const query = parseQuery(row.text);
        ASSERT_EQ(query.has_value(), row.pairs.has_value());
        if (query) {
            EXPECT_EQ(query->pairs, *row.pairs);
        } else {
            EXPECT_EQ(query.error().key, "bad_query");
            EXPECT_EQ(query.error().code, Code::malformed);
        }
    }
}

TEST(Query, BoundsTheNumberOfPairs) {
    std::string text;
    for (std::size_t i = 0; i < Query::maxPairs; ++i) text += "a&";
    EXPECT_TRUE(parseQuery(text).has_value());
    EXPECT_FALSE(parseQuery(text + "a").has_value());
}

TEST(Query, FindsTheFirstOfAName) {
    auto const query = parseQuery("a=1&b=2&a=3");
    ASSERT_TRUE(query.has_value());
    EXPECT_EQ(query->get("a"), "1");
    EXPECT_EQ(query->count("a"), 2U);
    EXPECT_EQ(query->get("c"), std::nullopt);
    EXPECT_EQ(query->count("c"), 0U);
}

TEST(Query, EncodesEveryByteSoThatItComesBack) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
    auto const encoded = percentEncode(bytes);
    EXPECT_EQ(percentDecode(encoded), bytes);
    EXPECT_EQ(encoded.find_first_not_of("%0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~"), std::string::npos);
    EXPECT_EQ(percentEncode("aZ09-._~ +/\xC3\xA9"), "aZ09-._~%20%2B%2F%C3%A9");

    Pairs const pairs{{"a b", "c&d=e"}, {"a b", ""}, {bytes, bytes}};
    auto const again = parseQuery(formatQuery(pairs));
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->pairs, pairs);
}

TEST(Query, PlusIsLiteralOutsideQueries) {
    EXPECT_EQ(percentDecode("a+b%20c"), "a+b c");
    EXPECT_EQ(percentDecode("a+b%20c", Plus::space), "a b c");
}

} // namespace
} // namespace visavis::http
