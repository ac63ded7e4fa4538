// Which zones there are, what they show, and when their clocks change. Expected instants are written out.
#include "core/zone.hpp"

#include <gtest/gtest.h>

namespace visavis {
namespace {

Instant utc(char const* text) { return parseRfc3339(text).value(); }

TEST(Zone, LoadsNamesOfTheTzDatabaseOnly) {
    for (auto const* name :
         {"UTC", "America/New_York", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "Etc/GMT+5", "America/Port-au-Prince"}) {
        auto const zone = Zone::load(name);
        ASSERT_TRUE(zone) << name;
        EXPECT_EQ(zone->name(), name);
    }
    for (auto const* name : {"",
                             "Nowhere/City",
                             "america/new_york",
                             "/etc/localtime",
                             "/usr/share/zoneinfo/UTC",
                             "../zoneinfo/UTC",
                             "Europe/../UTC",
                             "Europe",
                             "Europe/",
                             "+05:30",
                             "UTC+3",
                             "Fixed/UTC+05:30:00",
                             "right/UTC",
                             "posix/UTC",
                             "localtime",
                             "posixrules",
                             "Factory",
                             "tzdata.zi",
                             "zone.tab",
                             "leapseconds",
                             "Europe/Paris ",
                             "Europe/Pa\nris"})
        EXPECT_FALSE(Zone::load(name)) << name;
    EXPECT_FALSE(Zone::load(std::string(100, 'A')));
    EXPECT_FALSE(Zone::load(std::string_view("UTC\0x", 5)));
}

struct EdgeRow {
    char const* zone;
    char const* date;
    char const* time;
    Instants::Kind kind;
    char const* first;
    char const* second;
};

TEST(Zone, NamesTheInstantsOfAWallTime) {
    using enum Instants::Kind;
    constexpr EdgeRow rows[]{
        {"America/New_York", "2026-03-08", "01:59", unique, "2026-03-08T06:59:00Z", "2026-03-08T06:59:00Z"},
        {"America/New_York", "2026-03-08", "02:00", skipped, "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-03-08", "02:59", skipped, "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-03-08", "03:00", unique, "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-11-01", "00:59", unique, "2026-11-01T04:59:00Z", "2026-11-01T04:59:00Z"},
        {"America/New_York", "2026-11-01", "01:00", repeated, "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"},
        {"America/New_York", "2026-11-01", "01:59", repeated, "2026-11-01T05:59:00Z", "2026-11-01T06:59:00Z"},
        {"America/New_York", "2026-11-01", "02:00", unique, "2026-11-01T07:00:00Z", "2026-11-01T07:00:00Z"},
        {"Australia/Lord_Howe", "2026-04-05", "01:45", repeated, "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
        {"America/Sao_Paulo", "2018-11-03", "24:00", skipped, "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z"},
        {"Pacific/Apia", "2011-12-30", "12:00", skipped, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
        {"Asia/Kathmandu", "2026-03-01", "24:00", unique, "2026-03-01T18:15:00Z", "2026-03-01T18:15:00Z"},
        {"Etc/GMT+5", "2026-03-01", "09:00", unique, "2026-03-01T14:00:00Z", "2026-03-01T14:00:00Z"},
    };
    for (auto const& row : rows) {
        auto const found = Zone::load(row.zone)->of(*parseDate(row.date), *parseTime(row.time));
        auto const what = std::string(row.zone) + " " + row.date + " " + row.time;
        EXPECT_EQ(found.kind, row.kind) << what;
        EXPECT_EQ(found.first, utc(row.first)) << what;
        EXPECT_EQ(found.second, utc(row.second)) << what;
    }
}

TEST(Zone, ShowsTheWall) {
    auto const wall = Zone::load("Asia/Kathmandu")->at(utc("2026-02-28T18:14:59.999Z"));
    EXPECT_EQ(toText(wall.date) + " " + toText(wall.time()) + " " + offsetText(wall.offset), "2026-02-28 23:59 +05:45");
    EXPECT_EQ(wall.seconds, 86'399);
    auto const later = Zone::load("America/New_York")->at(utc("2450-07-01T00:00:00Z"));
    EXPECT_EQ(later.offset, -4 * 3600);
    auto const earlier = Zone::load("UTC")->at(utc("1969-12-31T23:59:59.999Z"));
    EXPECT_EQ(toText(earlier.date), "1969-12-31");
}

struct ChangeRow {
    char const* zone;
    char const* after;
    char const* want; // null: none
};

TEST(Zone, FindsTheNextChangeOfOffset) {
    constexpr ChangeRow rows[]{
        {"America/New_York", "2026-01-01T00:00:00Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-03-08T06:59:59.999Z", "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"},
        {"America/New_York", "2050-01-01T00:00:00Z", "2050-03-13T07:00:00Z"},
        {"America/New_York", "2450-01-01T00:00:00Z", "2450-03-13T07:00:00Z"},
        {"America/New_York", "9000-01-01T00:00:00Z", "9000-03-09T07:00:00Z"},
        {"Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2026-04-04T15:00:00Z"},
        {"Europe/Dublin", "2026-01-01T00:00:00Z", "2026-03-29T01:00:00Z"},
        {"Africa/Casablanca", "2025-03-01T00:00:00Z", "2025-04-06T02:00:00Z"},
        {"Pacific/Apia", "2011-12-01T00:00:00Z", "2011-12-30T10:00:00Z"},
        {"Asia/Kolkata", "1940-01-01T00:00:00Z", "1941-09-30T18:30:00Z"},
        {"Asia/Kolkata", "2026-01-01T00:00:00Z", nullptr},
        {"Asia/Kolkata", "2500-01-01T00:00:00Z", nullptr},
        {"Asia/Tokyo", "2350-01-01T00:00:00Z", nullptr},
        {"Etc/GMT+5", "1800-01-01T00:00:00Z", nullptr},
        {"UTC", "2026-01-01T00:00:00Z", nullptr},
    };
    for (auto const& row : rows) {
        auto const found = Zone::load(row.zone)->nextChange(utc(row.after));
        EXPECT_EQ(found ? toRfc3339(*found) : "none", row.want ? toRfc3339(utc(row.want)) : "none") << row.zone << " after " << row.after;
    }
}

// Clocks of Europe/Dublin were renamed in 1968 and New York's in 1945 without being moved: those are no changes.
TEST(Zone, EveryChangeMovesTheClocksAndNoneIsMissed) {
    for (auto const* name : {"Europe/Dublin", "America/New_York", "Africa/Casablanca", "Pacific/Kwajalein", "America/Sao_Paulo"}) {
        auto const zone = Zone::load(name).value();
        auto from = utc("1900-01-01T00:00:00Z");
        while (from < utc("2045-01-01T00:00:00Z")) {
            auto const change = zone.nextChange(from);
            auto const until = change.value_or(utc("2045-01-01T00:00:00Z"));
            ASSERT_GT(until, from) << name;
            for (auto t = from; t < until; t = t + Days(3))
                ASSERT_EQ(zone.at(t).offset, zone.at(from).offset) << name << " " << toRfc3339(t);
            ASSERT_EQ(zone.at(until - Millis(1)).offset, zone.at(from).offset) << name;
            bool const moved = zone.at(until).offset != zone.at(from).offset;
            ASSERT_EQ(moved, change.has_value()) << name << " " << toRfc3339(until);
            from = until;
        }
    }
}

TEST(Zone, KnowsItsVersion) { EXPECT_EQ(tzdataVersion().substr(0, 2), "20"); }

} // namespace
} // namespace visavis
