// Currencies and rounding half to even.
#include "core/money.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

TEST(Money, KnowsCurrencies) {
    struct Row {
        char const* code;
        int exponent;
        char const* lower;
    };
    for (auto const& row : {Row{"USD", 2, "usd"}, Row{"EUR", 2, "eur"}, Row{"JPY", 0, "jpy"}, Row{"KWD", 3, "kwd"}}) {
        auto const currency = Currency::parse(row.code);
        ASSERT_TRUE(currency) << row.code;
        EXPECT_EQ(currency->exponent(), row.exponent) << row.code;
        EXPECT_EQ(currency->lower(), row.lower);
    }
    for (auto const* code : {"", "usd", "US", "USDD", "XXX", "ZZZ", "BTC", "US ", "U\xC3\x9F"}) EXPECT_FALSE(Currency::parse(code)) << code;
    EXPECT_EQ(Currency().code(), "USD");
}

TEST(Money, ProportionsRoundHalfToEven) {
    struct Row {
        MinorUnits amount;
        std::int64_t part, whole;
        MinorUnits want;
    };
    constexpr Row rows[]{
        {5000, 20, 100, 1000},
        {0, 20, 100, 0},
        {5, 1, 2, 2},     // 2.5
        {7, 1, 2, 4},     // 3.5
        {15, 1, 10, 2},   // 1.5
        {25, 1, 10, 2},   // 2.5
        {251, 1, 100, 3}, // 2.51
        {249, 1, 100, 2},
        {-5, 1, 2, -2},
        {-7, 1, 2, -4},
        {100, 0, 100, 0},
        {99'999'999, 1440, 5, 28'799'999'712},
        {9'000'000'000'000'000'000, 100, 100, 9'000'000'000'000'000'000},
    };
    for (auto const& row : rows)
        EXPECT_EQ(proportion(row.amount, row.part, row.whole), row.want) << row.amount << "*" << row.part << "/" << row.whole;
}

TEST(Money, WritesAmounts) {
    auto const text = [](MinorUnits amount, char const* code) { return moneyText(amount, Currency::parse(code).value()); };
    EXPECT_EQ(text(4950, "USD"), "49.50 USD");
    EXPECT_EQ(text(5, "USD"), "0.05 USD");
    EXPECT_EQ(text(0, "USD"), "0.00 USD");
    EXPECT_EQ(text(-4950, "USD"), "-49.50 USD");
    EXPECT_EQ(text(5000, "JPY"), "5000 JPY");
    EXPECT_EQ(text(0, "JPY"), "0 JPY");
    EXPECT_EQ(text(1234, "KWD"), "1.234 KWD");
}

} // namespace
} // namespace visavis
