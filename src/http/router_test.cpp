// The route table's rules, one row per path.
#include "http/router.hpp"

#include <gtest/gtest.h>

namespace visavis::http {
namespace {

struct Pattern {
    Method method;
    char const* pattern;
};

constexpr Pattern patterns[] = {
    {Method::get, "/"},
    {Method::get, "/bookings"},
    {Method::post, "/bookings"},
    {Method::get, "/bookings/{id}"},
    {Method::patch, "/bookings/{id}"},
    {Method::post, "/bookings/{id}/payment"},
    {Method::get, "/specialists/me"},
    {Method::patch, "/specialists/me"},
    {Method::get, "/specialists/{idOrSlug}"},
    {Method::del, "/specialists/{idOrSlug}"},
    {Method::get, "/specialists/{id}/slots"},
    {Method::put, "/specialists/me/image"},
    {Method::head, "/files/{name}"},
    {Method::get, "/files/{name}"},
    {Method::get, "/pairs/{a}/{b}"},
    {Method::get, "/slash/"},
    {Method::options, "/bookings"},
};

Router table() {
    Router router;
    for (auto const& row : patterns) router.add(row.method, row.pattern);
    return router;
}

struct Row {
    char const* name;
    Method method;
    char const* path;
    Match::Kind kind;
    char const* expected; // found: the pattern; wrongMethod: Allow
    std::vector<std::string> values = {};
};

using enum Match::Kind;

Row const rows[] = {
    {"root", Method::get, "/", found, "/"},
    {"fixed", Method::post, "/bookings", found, "/bookings"},
    {"captured", Method::get, "/bookings/b1", found, "/bookings/{id}", {"b1"}},
    {"captured in the middle", Method::post, "/bookings/b1/payment", found, "/bookings/{id}/payment", {"b1"}},
    {"two captures", Method::get, "/pairs/x/y", found, "/pairs/{a}/{b}", {"x", "y"}},
    {"fixed wins over capture", Method::get, "/specialists/me", found, "/specialists/me"},
    {"capture beside a fixed word", Method::get, "/specialists/ann", found, "/specialists/{idOrSlug}", {"ann"}},
    {"back to the capture when the fixed word leads nowhere",
     Method::get,
     "/specialists/me/slots",
     found,
     "/specialists/{id}/slots",
     {"me"}},
    {"fixed below a fixed word", Method::put, "/specialists/me/image", found, "/specialists/me/image"},
    {"the specific path decides about methods", Method::del, "/specialists/me", wrongMethod, "GET, HEAD, PATCH"},
    {"HEAD falls back to GET", Method::head, "/bookings", found, "/bookings"},
    {"own HEAD wins", Method::head, "/files/a", found, "/files/{name}", {"a"}},
    {"OPTIONS only where declared", Method::options, "/bookings", found, "/bookings"},
    {"wrong method", Method::del, "/bookings", wrongMethod, "GET, HEAD, POST, OPTIONS"},
    {"wrong method, POST only", Method::get, "/bookings/b1/payment", wrongMethod, "POST"},
    {"unknown method", Method::other, "/bookings/b1", wrongMethod, "GET, HEAD, PATCH"},
    {"unknown", Method::get, "/nothing", notFound, ""},
    {"beyond a leaf", Method::get, "/bookings/b1/payment/x", notFound, ""},
    {"before a leaf", Method::get, "/pairs/x", notFound, ""},
    {"trailing slash differs", Method::get, "/bookings/", notFound, ""},
    {"trailing slash as declared", Method::get, "/slash/", found, "/slash/"},
    {"without the trailing slash", Method::get, "/slash", notFound, ""},
    {"an empty segment is no capture", Method::post, "/bookings//payment", notFound, ""},
    {"case matters", Method::get, "/Bookings", notFound, ""},
    {"double slash", Method::get, "//bookings", notFound, ""},
    {"dot segments are ordinary text", Method::get, "/bookings/..", found, "/bookings/{id}", {".."}},
    {"decoded capture", Method::get, "/bookings/a%20b%2Fc%C3%A9", found, "/bookings/{id}", {"a b/c\xC3\xA9"}},
    {"decoded beside plain", Method::get, "/pairs/%41/y", found, "/pairs/{a}/{b}", {"A", "y"}},
    {"both decoded", Method::get, "/pairs/%41/%42", found, "/pairs/{a}/{b}", {"A", "B"}},
    {"plus stays in a path", Method::get, "/bookings/a+b", found, "/bookings/{id}", {"a+b"}},
    {"bad escape", Method::get, "/bookings/%zz", notFound, ""},
    {"cut escape", Method::get, "/bookings/a%2", notFound, ""},
    {"fixed words compare as sent", Method::get, "/%62ookings", notFound, ""},
    {"not a path", Method::get, "*", notFound, ""},
    {"empty", Method::get, "", notFound, ""},
    {"deeper than any pattern", Method::get, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v", notFound, ""},
};

TEST(Router, FollowsItsTable) {
    auto const router = table();
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const match = router.match(row.method, row.path);
        EXPECT_EQ(match.kind, row.kind);
        if (match.kind == found) {
            EXPECT_STREQ(patterns[match.route].pattern, row.expected);
            EXPECT_EQ(router.names(match.route).size(), match.valueCount);
        }
        if (match.kind == wrongMethod) {
            EXPECT_EQ(match.allow, row.expected);
        }
        if (match.kind == found) {
            EXPECT_EQ(std::vector<std::string>(match.values.begin(), match.values.begin() + match.valueCount), row.values);
        }
    }
}

TEST(Router, OwnHeadRouteWins) {
    auto const router = table();
    EXPECT_EQ(patterns[router.match(Method::head, "/files/a").route].method, Method::head);
    EXPECT_EQ(patterns[router.match(Method::get, "/files/a").route].method, Method::get);
}

TEST(Router, KeepsDecodedValuesWhenTheMatchMoves) {
    auto const router = table();
    auto first = router.match(Method::get, "/bookings/%41");
    auto const second = std::move(first);
    EXPECT_EQ(second.value(0), "A");
    EXPECT_EQ(second.value(5), "");
}

TEST(Router, NamesCaptures) {
    Router router;
    auto const route = router.add(Method::get, "/a/{first}/b/{second}");
    EXPECT_EQ(router.names(route), (std::vector<std::string>{"first", "second"}));
}

} // namespace
} // namespace visavis::http
