// Rate limits count per rule and key, in windows.
#include "identity/limits.hpp"

#include <gtest/gtest.h>

namespace visavis::identity {
namespace {

struct LimitsTest : testing::Test {
    RateLimiter limiter;
    Instant const start{1'000'000};

    bool use(std::string_view rule, std::string_view key, Millis after) {
        return limiter.use(rule, key, 3, Minutes(1), start + after).has_value();
    }
};

TEST_F(LimitsTest, SoManyInAWindowAndAgainInTheNext) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(use("login", "a", Millis(i)));
    EXPECT_FALSE(use("login", "a", Seconds(59)));
    EXPECT_TRUE(use("login", "a", Seconds(60)));
}

TEST_F(LimitsTest, OtherKeysAndRulesCountApart) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(use("login", "a", Millis(0)));
    EXPECT_TRUE(use("login", "b", Millis(0)));
    EXPECT_TRUE(use("register", "a", Millis(0)));
    EXPECT_FALSE(use("login", "a", Millis(0)));
}

TEST_F(LimitsTest, ARefusalSaysWhenToComeBack) {
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(use("login", "a", Millis(0)));
    auto const refused = limiter.use("login", "a", 3, Minutes(1), start + Seconds(45));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::rateLimited);
    EXPECT_EQ(refused.error().key, "rate_limited");
    EXPECT_EQ(refused.error().retryAfterSeconds, 16);
    EXPECT_TRUE(use("login", "a", Seconds(45 + 16)));
}

TEST_F(LimitsTest, ManyKeysDoNotGrowWithoutBound) {
    for (int i = 0; i < 100'100; ++i) EXPECT_TRUE(use("login", std::to_string(i), Millis(0)));
    EXPECT_TRUE(use("login", "a", Minutes(2)));
    EXPECT_TRUE(use("login", "0", Minutes(2)));
}

} // namespace
} // namespace visavis::identity
