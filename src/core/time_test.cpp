// Text forms of instants, days, wall times and durations, and weekday arithmetic.
#include "core/time.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

std::string written(std::optional<Instant> instant) { return instant ? toRfc3339(*instant) : "refused"; }
std::string written(std::optional<LocalDate> date) { return date ? toText(*date) : "refused"; }
std::string written(std::optional<LocalTime> time) { return time ? toText(*time) : "refused"; }
std::string written(std::optional<Millis> duration) { return duration ? std::to_string(duration->count()) : "refused"; }

struct Row {
    char const* text;
    char const* want;
};

TEST(Time, ReadsInstantsOfRfc3339) {
    constexpr Row rows[]{
        {"2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00.000Z"},
        {"2026-03-01T09:00:00Z", "2026-03-01T09:00:00.000Z"},
        {"2026-03-01t09:00:00z", "2026-03-01T09:00:00.000Z"},
        {"2026-03-01 09:00:00Z", "2026-03-01T09:00:00.000Z"},
        {"2026-03-01T09:00:00.5Z", "2026-03-01T09:00:00.500Z"},
        {"2026-03-01T09:00:00.123456789Z", "2026-03-01T09:00:00.123Z"},
        {"2026-03-01T00:30:00+05:45", "2026-02-28T18:45:00.000Z"},
        {"2026-12-31T23:30:00-05:00", "2027-01-01T04:30:00.000Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
        {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
        {"2026-02-29T00:00:00Z", "refused"},
        {"0000-01-01T00:00:00Z", "refused"},
        {"2026-13-01T00:00:00Z", "refused"},
        {"2026-03-01T24:00:00Z", "refused"},
        {"2026-03-01T09:60:00Z", "refused"},
        {"2026-03-01T09:00:60Z", "refused"},
        {"2026-03-01T09:00:00", "refused"},
        {"2026-03-01T09:00Z", "refused"},
        {"2026-03-01T09:00:00.Z", "refused"},
        {"2026-03-01T09:00:00.1234567890Z", "refused"},
        {"2026-03-01T09:00:00+5:45", "refused"},
        {"2026-03-01T09:00:00+24:00", "refused"},
        {"2026-03-01T09:00:00ZZ", "refused"},
        {" 2026-03-01T09:00:00Z", "refused"},
        {"", "refused"},
    };
    for (auto const& row : rows) EXPECT_EQ(written(parseRfc3339(row.text)), row.want) << row.text;
}

TEST(Time, ReadsDays) {
    constexpr Row rows[]{
        {"2026-03-01", "2026-03-01"}, {"2024-02-29", "2024-02-29"}, {"1969-12-31", "1969-12-31"}, {"2026-02-29", "refused"},
        {"2026-3-1", "refused"},      {"2026-03-01T", "refused"},   {"20260301", "refused"},      {"+026-03-01", "refused"},
        {"2026-00-01", "refused"},    {"2026-01-00", "refused"},    {"2026-04-31", "refused"},    {"", "refused"},
    };
    for (auto const& row : rows) EXPECT_EQ(written(parseDate(row.text)), row.want) << row.text;
}

TEST(Time, ReadsWallTimes) {
    constexpr Row rows[]{
        {"00:00", "00:00"},      {"09:05", "09:05"},   {"23:59", "23:59"},   {"24:00", "24:00"},
        {"24:01", "refused"},    {"25:00", "refused"}, {"09:60", "refused"}, {"9:05", "refused"},
        {"09:05:00", "refused"}, {"09.05", "refused"}, {"-1:00", "refused"}, {"", "refused"},
    };
    for (auto const& row : rows) EXPECT_EQ(written(parseTime(row.text)), row.want) << row.text;
}

TEST(Time, ReadsDurations) {
    constexpr Row rows[]{
        {"PT25H", "90000000"}, {"P1DT2H", "93600000"},      {"PT90M", "5400000"}, {"PT0.5S", "500"},
        {"P1D", "86400000"},   {"PT1H2M3.004S", "3723004"}, {"P", "refused"},     {"PT", "refused"},
        {"P1DT", "refused"},   {"P1H", "refused"},          {"PT1D", "refused"},  {"PT1", "refused"},
        {"PT1.5H", "refused"}, {"1H", "refused"},           {"PT-1H", "refused"}, {"P999999999D999999999D999999999D", "refused"},
        {"", "refused"},
    };
    for (auto const& row : rows) EXPECT_EQ(written(parseDuration(row.text)), row.want) << row.text;
}

TEST(Time, WritesOffsets) {
    EXPECT_EQ(offsetText(0), "+00:00");
    EXPECT_EQ(offsetText(20'700), "+05:45");
    EXPECT_EQ(offsetText(-18'000), "-05:00");
    EXPECT_EQ(offsetText(-1800), "-00:30");
}

TEST(Time, KnowsWeekdaysBeforeAndAfter1970) {
    EXPECT_EQ(parseDate("1970-01-01")->weekday(), 3);
    EXPECT_EQ(parseDate("2026-03-02")->weekday(), 0);
    EXPECT_EQ(parseDate("2026-03-01")->weekday(), 6);
    EXPECT_EQ(parseDate("1969-12-29")->weekday(), 0);
    EXPECT_EQ(parseDate("1900-01-01")->weekday(), 0);
}

TEST(Time, CalendarRoundTrip) {
    for (std::int32_t days = -800'000; days < 3'000'000; days += 97) {
        LocalDate const date{days};
        ASSERT_EQ(dateOf(civil(date)), date) << days;
    }
    auto const leap = civil(parseDate("2024-02-28").value() + 1);
    EXPECT_EQ(leap.month, 2);
    EXPECT_EQ(leap.day, 29);
}

} // namespace
} // namespace visavis
