// Webhook signatures: which match, and until when.
#include "outbound/signature.hpp"

#include "core/text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace visavis::outbound {
namespace {

TEST(Signature, MatchesUnderAnySecret) {
    auto const right = hmacSha256Hex("secret", "text");
    auto const old = hmacSha256Hex("old", "text");
    auto const ofEmpty = hmacSha256Hex("", "text");
    auto upper = right;
    for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    struct Row {
        char const* name;
        std::vector<std::string> secrets;
        std::vector<std::string_view> signatures;
        bool matches;
    };
    Row const rows[] = {
        {"the right one", {"secret"}, {right}, true},
        {"the second secret", {"new", "secret"}, {right}, true},
        {"the second signature", {"secret"}, {old, right}, true},
        {"another secret's", {"secret"}, {old}, false},
        {"cut short", {"secret"}, {std::string_view(right).substr(0, 63)}, false},
        {"empty", {"secret"}, {""}, false},
        {"upper case", {"secret"}, {upper}, false},
        {"no signature", {"secret"}, {}, false},
        {"no secret", {}, {right}, false},
        {"an empty secret is none", {""}, {ofEmpty}, false},
    };
    for (auto const& row : rows) EXPECT_EQ(hmacMatchesAny(row.secrets, "text", row.signatures), row.matches) << row.name;
    std::vector<std::string> const secrets{"secret"};
    std::vector<std::string_view> const signatures{right};
    EXPECT_FALSE(hmacMatchesAny(secrets, "texT", signatures));
}

TEST(Signature, IsFreshForAWhile) {
    struct Row {
        std::int64_t signedAt;
        std::int64_t nowMs;
        bool fresh;
    };
    Row const rows[] = {
        {1'700'000'000, 1'700'000'000'000, true}, {1'700'000'000, 1'700'000'300'999, true},  {1'700'000'000, 1'700'000'301'000, false},
        {1'700'000'300, 1'700'000'000'000, true}, {1'700'000'301, 1'700'000'000'000, false}, {0, 1'700'000'000'000, false},
        {INT64_MAX, 1'700'000'000'000, false},    {INT64_MIN, 1'700'000'000'000, false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(isFresh(row.signedAt, {row.nowMs}, Seconds(300)), row.fresh) << row.signedAt << " at " << row.nowMs;
}

} // namespace
} // namespace visavis::outbound
