// What the expansion makes of odd zones and of the days on which clocks change. Expected instants are written out, not computed.
#include "availability/expand_testing.hpp"

#include <gtest/gtest.h>

namespace visavis::availability {
namespace {

using namespace testing;

struct ZoneRow {
    std::string name;
    std::string zone;
    std::string from, to;
    std::vector<std::string_view> hours;
    int duration;
    std::vector<std::string> want; // starts
};

// clang-format off
std::vector<ZoneRow> const rows{
    {"quarter-hour offset", "Asia/Kathmandu", "2026-03-01", "2026-03-01", {"09:00-11:00"}, 60, {"2026-03-01T03:15Z", "2026-03-01T04:15Z"}},
    {"half-hour jump: 150 minutes are left of three hours", "Australia/Lord_Howe", "2026-10-04", "2026-10-04", {"01:00-04:00"}, 60,
        {"2026-10-03T14:30Z", "2026-10-03T15:30Z"}},
    {"an edge inside the half-hour gap", "Australia/Lord_Howe", "2026-10-04", "2026-10-04", {"02:15-03:30"}, 30,
        {"2026-10-03T15:30Z", "2026-10-03T16:00Z"}},
    {"half an hour is repeated", "Australia/Lord_Howe", "2026-04-05", "2026-04-05", {"01:00-03:00"}, 30,
        {"2026-04-04T14:00Z", "2026-04-04T14:30Z", "2026-04-04T15:00Z", "2026-04-04T15:30Z", "2026-04-04T16:00Z"}},
    {"a day that does not exist", "Pacific/Apia", "2011-12-29", "2011-12-31", {"00:00-02:00", "22:00-24:00"}, 60,
        {"2011-12-29T10:00Z", "2011-12-29T11:00Z", "2011-12-30T08:00Z", "2011-12-30T09:00Z",
         "2011-12-30T10:00Z", "2011-12-30T11:00Z", "2011-12-31T08:00Z", "2011-12-31T09:00Z"}},
    {"only the day that does not exist", "Pacific/Apia", "2011-12-30", "2011-12-30", {"00:00-24:00"}, 15, {}},
    {"Ramadan begins: an hour is repeated", "Africa/Casablanca", "2025-02-23", "2025-02-23", {"01:00-04:00"}, 60,
        {"2025-02-23T00:00Z", "2025-02-23T01:00Z", "2025-02-23T02:00Z", "2025-02-23T03:00Z"}},
    {"in Ramadan", "Africa/Casablanca", "2025-03-03", "2025-03-03", {"09:00-10:00"}, 60, {"2025-03-03T09:00Z"}},
    {"Ramadan ends: an hour is skipped", "Africa/Casablanca", "2025-04-06", "2025-04-06", {"01:30-04:00"}, 60, {"2025-04-06T01:30Z"}},
    {"after Ramadan", "Africa/Casablanca", "2025-05-05", "2025-05-05", {"09:00-10:00"}, 60, {"2025-05-05T08:00Z"}},
    {"summer time that tzdata calls standard", "Europe/Dublin", "2026-03-29", "2026-03-29", {"00:00-03:00"}, 60,
        {"2026-03-29T00:00Z", "2026-03-29T01:00Z"}},
    {"and winter time that it calls saving", "Europe/Dublin", "2026-10-25", "2026-10-25", {"00:30-02:00"}, 60,
        {"2026-10-24T23:30Z", "2026-10-25T00:30Z"}},
    {"midnight is skipped", "America/Sao_Paulo", "2018-11-03", "2018-11-04", {"00:00-02:00", "23:00-24:00"}, 30,
        {"2018-11-03T03:00Z", "2018-11-03T03:30Z", "2018-11-03T04:00Z", "2018-11-03T04:30Z", "2018-11-04T02:00Z", "2018-11-04T02:30Z",
         "2018-11-04T03:00Z", "2018-11-04T03:30Z", "2018-11-05T01:00Z", "2018-11-05T01:30Z"}},
    {"the last hour of a day is repeated", "America/Sao_Paulo", "2018-02-17", "2018-02-17", {"22:00-24:00"}, 60,
        {"2018-02-18T00:00Z", "2018-02-18T01:00Z", "2018-02-18T02:00Z"}},
    {"US spring: office hours of the day before", "America/New_York", "2026-03-07", "2026-03-07", {"09:00-11:00"}, 60, {"2026-03-07T14:00Z", "2026-03-07T15:00Z"}},
    {"US spring: office hours move in UTC", "America/New_York", "2026-03-08", "2026-03-08", {"09:00-11:00"}, 60, {"2026-03-08T13:00Z", "2026-03-08T14:00Z"}},
    {"US spring: across the gap", "America/New_York", "2026-03-08", "2026-03-08", {"01:00-04:00"}, 60, {"2026-03-08T06:00Z", "2026-03-08T07:00Z"}},
    {"US spring: a start in the gap moves to the jump", "America/New_York", "2026-03-08", "2026-03-08", {"02:30-04:30"}, 30,
        {"2026-03-08T07:00Z", "2026-03-08T07:30Z", "2026-03-08T08:00Z"}},
    {"US spring: an end in the gap moves to the jump", "America/New_York", "2026-03-08", "2026-03-08", {"01:30-02:45"}, 30, {"2026-03-08T06:30Z"}},
    {"US spring: hours inside the gap do not exist", "America/New_York", "2026-03-08", "2026-03-08", {"02:00-03:00", "02:15-02:45"}, 15, {}},
    {"US spring: a slot may span the jump", "America/New_York", "2026-03-08", "2026-03-08", {"01:30-05:00"}, 90, {"2026-03-08T06:30Z"}},
    {"US autumn: the repeated hour is offered twice", "America/New_York", "2026-11-01", "2026-11-01", {"00:00-03:00"}, 60,
        {"2026-11-01T04:00Z", "2026-11-01T05:00Z", "2026-11-01T06:00Z", "2026-11-01T07:00Z"}},
    {"US autumn: a start in the repeated hour is its first run", "America/New_York", "2026-11-01", "2026-11-01", {"01:30-03:00"}, 30,
        {"2026-11-01T05:30Z", "2026-11-01T06:00Z", "2026-11-01T06:30Z", "2026-11-01T07:00Z", "2026-11-01T07:30Z"}},
    {"US autumn: an end in the repeated hour is its first run", "America/New_York", "2026-11-01", "2026-11-01", {"00:00-01:30"}, 30,
        {"2026-11-01T04:00Z", "2026-11-01T04:30Z", "2026-11-01T05:00Z"}},
    {"US autumn: both edges in the repeated hour", "America/New_York", "2026-11-01", "2026-11-01", {"01:00-01:30"}, 30, {"2026-11-01T05:00Z"}},
    {"US autumn: office hours move in UTC", "America/New_York", "2026-10-31", "2026-11-02", {"09:00-10:00"}, 60,
        {"2026-10-31T13:00Z", "2026-11-01T14:00Z", "2026-11-02T14:00Z"}},
    {"a window that starts at 23:30", "Asia/Kolkata", "2026-03-01", "2026-03-01", {"23:30-24:00"}, 30, {"2026-03-01T18:00Z"}},
    {"nothing reaches past 24:00", "Asia/Kolkata", "2026-03-01", "2026-03-01", {"23:30-24:00"}, 45, {}},
    {"24:00 before a day of change", "America/New_York", "2026-03-07", "2026-03-07", {"23:00-24:00"}, 30, {"2026-03-08T04:00Z", "2026-03-08T04:30Z"}},
    {"beyond the listed changes of a tz file", "America/New_York", "2050-07-01", "2050-07-01", {"09:00-10:00"}, 60, {"2050-07-01T13:00Z"}},
    {"beyond the changes that the library lists", "America/New_York", "2450-03-12", "2450-03-13", {"09:00-10:00"}, 60,
        {"2450-03-12T14:00Z", "2450-03-13T13:00Z"}},
    {"a zone that has changed in the past only", "Asia/Tokyo", "2026-03-01", "2026-03-02", {"09:00-10:00"}, 60, {"2026-03-01T00:00Z", "2026-03-02T00:00Z"}},
    {"a zone that never changed", "UTC", "2026-12-31", "2027-01-01", {"23:00-24:00"}, 60, {"2026-12-31T23:00Z", "2027-01-01T23:00Z"}},
};
// clang-format on

TEST(ExpandZones, GivesTheInstantsOfTheTable) {
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Rules rules;
        rules.zone = Zone::load(row.zone).value();
        rules.workingHours = daily(windows(row.hours));
        std::vector<std::string> want;
        for (auto const& start : row.want) want.push_back(start + "/" + std::to_string(row.duration));
        EXPECT_EQ(texts(preview(rules, {{day(row.from), day(row.to)}, row.duration, utc("1999-01-01T00:00Z")})), want);
    }
}

// A long range meets every change with the offset remembered from before it; day by day there is nothing to remember.
TEST(ExpandZones, ALongRangeEqualsItsDays) {
    for (auto const* zone : {"America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC"}) {
        SCOPED_TRACE(zone);
        Rules rules;
        rules.zone = Zone::load(zone).value();
        rules.workingHours = daily(windows({"00:00-05:00", "09:10-17:00", "20:00-24:00"}));
        std::vector<std::string> byDay;
        auto const first = day("2011-10-01");
        for (int i = 0; i < 370; ++i) {
            auto const part = texts(preview(rules, {{first + i, first + i}, 25, utc("1999-01-01T00:00Z")}));
            byDay.insert(byDay.end(), part.begin(), part.end());
        }
        EXPECT_EQ(texts(preview(rules, {{first, first + 369}, 25, utc("1999-01-01T00:00Z")})), byDay);
    }
}

} // namespace
} // namespace visavis::availability
