// The wall fields of slots, and that remembering an offset never changes an answer.
#include "availability/wall_clock.hpp"

#include "availability/expand_testing.hpp"

#include <gtest/gtest.h>

namespace visavis::availability {
namespace {

using namespace testing;

struct Row {
    char const* name;
    char const* zone;
    char const* start;
    int duration;
    char const* want;
};

// clang-format off
constexpr Row rows[]{
    {"a plain one", "Asia/Kathmandu", "2026-03-01T03:15Z", 60, "2026-03-01 09:00-10:00 +05:45"},
    {"west of Greenwich, another date", "America/New_York", "2026-03-02T03:00Z", 30, "2026-03-01 22:00-22:30 -05:00"},
    {"across the gap", "America/New_York", "2026-03-08T06:30Z", 60, "2026-03-08 01:30-03:30 -05:00"},
    {"first run", "America/New_York", "2026-11-01T05:30Z", 30, "2026-11-01 01:30-01:00 -04:00"},
    {"second run", "America/New_York", "2026-11-01T06:30Z", 30, "2026-11-01 01:30-02:00 -05:00"},
    {"half-hour change", "Australia/Lord_Howe", "2026-04-04T15:00Z", 30, "2026-04-05 01:30-02:00 +10:30"},
    {"ends with the day", "Asia/Kolkata", "2026-03-01T18:00Z", 30, "2026-03-01 23:30-24:00 +05:30"},
    {"ends after midnight", "Asia/Kolkata", "2026-03-01T18:00Z", 31, "2026-03-01 23:30-00:01 +05:30"},
    {"ends with a day whose midnight is skipped", "America/Sao_Paulo", "2018-11-04T02:30Z", 30, "2018-11-03 23:30-24:00 -03:00"},
    {"begins on a day whose midnight is skipped", "America/Sao_Paulo", "2018-11-04T03:00Z", 30, "2018-11-04 01:00-01:30 -02:00"},
    {"ends with the first run of the day's last hour", "America/Sao_Paulo", "2018-02-18T01:00Z", 60, "2018-02-17 23:00-23:00 -02:00"},
    {"ends before a day that does not exist", "Pacific/Apia", "2011-12-30T09:00Z", 60, "2011-12-29 23:00-24:00 -10:00"},
    {"before 1970", "UTC", "1969-12-31T23:00Z", 60, "1969-12-31 23:00-24:00 +00:00"},
};
// clang-format on

TEST(WallClock, WritesTheFieldsOfASlot) {
    for (auto const& row : rows) {
        WallClock clock(Zone::load(row.zone).value());
        auto const start = utc(row.start);
        auto const fields = clock.fields(start, start + Minutes(row.duration));
        EXPECT_EQ(toText(fields.date) + " " + toText(fields.startTime) + "-" + toText(fields.endTime) + " " + offsetText(fields.utcOffset),
                  row.want)
            << row.name;
    }
}

TEST(WallClock, AnEdgeIsTheFirstRunEvenAfterTheSecondWasSeen) {
    WallClock clock(Zone::load("America/New_York").value());
    EXPECT_EQ(clock.at(utc("2026-11-01T06:00Z")).offset, -5 * 3600);
    EXPECT_EQ(clock.edge(day("2026-11-01"), {90}), utc("2026-11-01T05:30Z"));
    EXPECT_EQ(clock.edge(day("2026-11-02"), {90}), utc("2026-11-02T06:30Z"));
}

TEST(WallClock, AnswersAsTheZoneDoes) {
    for (auto const* name :
         {"America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "America/Sao_Paulo", "America/St_Johns", "UTC"}) {
        auto const zone = Zone::load(name).value();
        WallClock clock(zone);
        auto const first = day("2010-01-01");
        for (int i = 0; i < 3 * 365 * 24; ++i) {
            auto const date = first + i / 24;
            LocalTime const time{static_cast<std::int16_t>(i % 24 * 60 + i % 60)};
            auto const edge = clock.edge(date, time);
            ASSERT_EQ(edge, zone.of(date, time).first) << name << " " << toText(date) << " " << toText(time);
            auto const seen = clock.at(edge);
            auto const wall = zone.at(edge);
            ASSERT_EQ(std::tie(seen.date, seen.seconds, seen.offset), std::tie(wall.date, wall.seconds, wall.offset))
                << name << " " << toRfc3339(edge);
        }
    }
}

} // namespace
} // namespace visavis::availability
