// The rules of the expansion, one row each, on plain days in UTC. 2026-03-02 is a Monday; the base is 09:00-12:00 in slots of an hour.
#include "availability/expand.hpp"

#include "availability/expand_testing.hpp"

#include <gtest/gtest.h>

namespace visavis::availability {
namespace {

using namespace testing;

constexpr int monday = 0;
constexpr int tuesday = 1;

struct Setting {
    Rules rules;
    std::vector<Busy> busy;
    std::string from = "2026-03-02";
    std::string to = "2026-03-02";
    int duration = 60;
    std::string now = "2026-03-01T00:00Z";
};

Setting base() {
    Setting setting;
    setting.rules.workingHours = daily(windows({"09:00-12:00"}));
    return setting;
}

// Starts on 2026-03-02 as "09:00", other days as "03-03 09:00"; a duration other than the asked one as "09:00/30".
std::vector<std::string> shortly(std::vector<ExpandedSlot> const& slots, int duration) {
    std::vector<std::string> list;
    for (auto const& slot : slots) {
        auto const text = toRfc3339(slot.startsAt);
        auto const date = text.substr(0, 10) == "2026-03-02" ? "" : text.substr(5, 5) + " ";
        list.push_back(date + text.substr(11, 5) + (slot.duration == duration ? "" : "/" + std::to_string(slot.duration)));
        EXPECT_EQ(slot.endsAt - slot.startsAt, Minutes(slot.duration));
    }
    return list;
}

struct Row {
    std::string name;
    void (*change)(Setting&);
    std::vector<std::string> want;
};

void expectPreviews(std::vector<Row> const& rows) {
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto setting = base();
        row.change(setting);
        PreviewQuery const query{{day(setting.from), day(setting.to)}, setting.duration, utc(setting.now), setting.busy};
        EXPECT_EQ(shortly(preview(setting.rules, query), setting.duration), row.want);
    }
}

std::vector<std::string> const all{"09:00", "10:00", "11:00"};

SchedulePlan weekly(std::vector<std::string_view> const& hours) { return {Pattern::weekly, daily(windows(hours))}; }
DayException open(std::string_view date, std::vector<std::string_view> const& hours) { return {day(date), true, windows(hours)}; }
DayException closed(std::string_view date) { return {day(date), false}; }
Busy busy(std::string const& from, std::string const& to) { return {utc("2026-03-02T" + from + "Z"), utc("2026-03-02T" + to + "Z")}; }

// clang-format off
TEST(Expand, Grid) {
    expectPreviews({
        {"the base", [](Setting&) {}, all},
        {"a rest that is too short is not used", [](Setting& s) { s.duration = 50; }, {"09:00", "09:50", "10:40"}},
        {"any minute", [](Setting& s) { s.rules.workingHours = daily(windows({"09:07-09:58"})); s.duration = 17; }, {"09:07", "09:24", "09:41"}},
        {"slots of one minute", [](Setting& s) { s.rules.workingHours = daily(windows({"23:57-24:00"})); s.duration = 1; }, {"23:57", "23:58", "23:59"}},
        {"as long as the window", [](Setting& s) { s.duration = 180; }, {"09:00"}},
        {"longer than the window", [](Setting& s) { s.duration = 181; }, {}},
        {"no duration", [](Setting& s) { s.duration = 0; }, {}},
        {"a negative duration", [](Setting& s) { s.duration = -60; }, {}},
        {"the largest duration", [](Setting& s) { s.duration = std::numeric_limits<int>::max(); }, {}},
        {"windows are separate", [](Setting& s) { s.rules.workingHours = daily(windows({"09:00-10:30", "10:30-12:00"})); }, {"09:00", "10:30"}},
        {"windows in any order", [](Setting& s) { s.rules.workingHours = daily(windows({"11:00-12:00", "09:00-10:00"})); }, {"09:00", "11:00"}},
        {"overlapping windows have a grid each", [](Setting& s) { s.rules.workingHours = daily(windows({"09:00-11:00", "09:30-11:30"})); },
            {"09:00", "09:30", "10:00", "10:30"}},
        {"equal slots once", [](Setting& s) { s.rules.workingHours = daily(windows({"09:00-11:00", "10:00-12:00", "09:00-11:00"})); }, all},
        {"an own slotDuration wins", [](Setting& s) { s.rules.workingHours[monday][0].slotDuration = 90; }, {"09:00/90", "10:30/90"}},
        {"equal starts by duration", [](Setting& s) { auto& hours = s.rules.workingHours[monday]; hours = windows({"09:00-11:00", "09:00-11:00"}); hours[1].slotDuration = 30; },
            {"09:00/30", "09:00", "09:30/30", "10:00/30", "10:00", "10:30/30"}},
        {"a window that is not available", [](Setting& s) { s.rules.workingHours[monday][0].isAvailable = false; }, {}},
        {"an end at the start", [](Setting& s) { s.rules.workingHours = daily(windows({"09:00-09:00"})); }, {}},
        {"an end before the start", [](Setting& s) { s.rules.workingHours = daily(windows({"17:00-09:00"})); }, {}},
        {"a weekday without hours", [](Setting& s) { s.rules.workingHours[monday].clear(); s.to = "2026-03-03"; }, {"03-03 09:00", "03-03 10:00", "03-03 11:00"}},
        {"both days of the range", [](Setting& s) { s.to = "2026-03-03"; s.duration = 180; }, {"09:00", "03-03 09:00"}},
        {"an empty range", [](Setting& s) { s.to = "2026-03-01"; }, {}},
    });
}

TEST(Expand, Breaks) {
    expectPreviews({
        {"removes what it overlaps", [](Setting& s) { s.rules.breaks = {pause(monday, "10:15-10:30")}; }, {"09:00", "11:00"}},
        {"one minute is enough", [](Setting& s) { s.rules.breaks = {pause(monday, "09:59-10:01")}; }, {"11:00"}},
        {"touching is fine", [](Setting& s) { s.rules.breaks = {pause(monday, "10:00-11:00")}; }, {"09:00", "11:00"}},
        {"the grid stays anchored at the window", [](Setting& s) { s.rules.breaks = {pause(monday, "09:00-09:20")}; }, {"10:00", "11:00"}},
        {"another weekday's", [](Setting& s) { s.rules.breaks = {pause(tuesday, "10:00-11:00")}; }, all},
        {"of this date", [](Setting& s) { s.rules.breaks = {pauseOn("2026-03-02", "10:00-11:00")}; }, {"09:00", "11:00"}},
        {"of another date with the same weekday", [](Setting& s) { s.rules.breaks = {pauseOn("2026-03-09", "10:00-11:00")}; }, all},
        {"without length", [](Setting& s) { s.rules.breaks = {pause(monday, "10:30-10:30"), pause(monday, "11:30-09:30")}; }, all},
        {"longer than the window", [](Setting& s) { s.rules.breaks = {pause(monday, "00:00-24:00")}; }, {}},
        {"several, unsorted, overlapping", [](Setting& s) { s.rules.breaks = {pause(monday, "10:50-11:10"), pause(monday, "08:00-09:01"), pause(monday, "10:40-11:30")}; }, {}},
        {"inside a gap of the clocks it does not exist", [](Setting& s) {
            s.rules.zone = Zone::load("America/New_York").value(); s.from = s.to = "2026-03-08"; s.rules.workingHours = daily(windows({"01:30-05:00"}));
            s.rules.breaks = {pauseOn("2026-03-08", "02:15-02:45")}; s.duration = 90; }, {"03-08 06:30"}},
        {"reaching into the gap it ends at the jump", [](Setting& s) {
            s.rules.zone = Zone::load("America/New_York").value(); s.from = s.to = "2026-03-08"; s.rules.workingHours = daily(windows({"01:00-05:00"}));
            s.rules.breaks = {pauseOn("2026-03-08", "01:30-02:45")}; s.duration = 30; }, {"03-08 06:00", "03-08 07:00", "03-08 07:30", "03-08 08:00", "03-08 08:30"}},
        {"in the repeated hour it is in its first run", [](Setting& s) {
            s.rules.zone = Zone::load("America/New_York").value(); s.from = s.to = "2026-11-01"; s.rules.workingHours = daily(windows({"01:00-02:30"}));
            s.rules.breaks = {pauseOn("2026-11-01", "01:00-01:30")}; s.duration = 30; }, {"11-01 05:30", "11-01 06:00", "11-01 06:30", "11-01 07:00"}},
        {"no buffer beside it", [](Setting& s) { s.rules.breaks = {pause(monday, "10:00-11:00")}; s.rules.bufferMinutes = 45; }, {"09:00", "11:00"}},
    });
}

TEST(Expand, BusyBlocksAndBuffer) {
    expectPreviews({
        {"an overlap", [](Setting& s) { s.busy = {busy("10:59", "11:01")}; }, {"09:00"}},
        {"touching without a buffer", [](Setting& s) { s.busy = {busy("10:00", "11:00")}; }, {"09:00", "11:00"}},
        {"exactly the buffer before", [](Setting& s) { s.rules.bufferMinutes = 15; s.busy = {busy("08:00", "08:45")}; }, all},
        {"less than the buffer before", [](Setting& s) { s.rules.bufferMinutes = 15; s.busy = {busy("08:00", "08:46")}; }, {"10:00", "11:00"}},
        {"exactly the buffer after", [](Setting& s) { s.rules.bufferMinutes = 15; s.busy = {busy("12:15", "13:00")}; }, all},
        {"less than the buffer after", [](Setting& s) { s.rules.bufferMinutes = 15; s.busy = {busy("12:14", "13:00")}; }, {"09:00", "10:00"}},
        {"both sides", [](Setting& s) { s.rules.bufferMinutes = 1; s.busy = {busy("10:00", "11:00")}; }, {}},
        {"not at closing time", [](Setting& s) { s.rules.bufferMinutes = 60; }, all},
        {"unsorted and overlapping", [](Setting& s) { s.busy = {busy("11:30", "11:40"), busy("09:10", "09:50"), busy("09:00", "09:20")}; }, {"10:00"}},
        {"one long block over shorter ones", [](Setting& s) { s.busy = {busy("08:00", "10:30"), busy("08:10", "08:20"), busy("08:30", "08:40")}; }, {"11:00"}},
        {"over several days", [](Setting& s) { s.to = "2026-03-05"; s.duration = 180; s.busy = {{utc("2026-03-01T00:00Z"), utc("2026-03-04T09:00Z")}}; },
            {"03-04 09:00", "03-05 09:00"}},
        {"without length", [](Setting& s) { s.busy = {busy("10:30", "10:30"), busy("11:30", "09:30")}; }, all},
        {"to the millisecond", [](Setting& s) { s.busy = {{utc("2026-03-02T08:00Z"), utc("2026-03-02T09:00:00.001Z")}}; }, {"10:00", "11:00"}},
        {"a negative buffer is none", [](Setting& s) { s.rules.bufferMinutes = -60; s.busy = {busy("10:00", "11:00")}; }, {"09:00", "11:00"}},
    });
}

TEST(Expand, NoticeAndHorizon) {
    expectPreviews({
        {"exactly the notice", [](Setting& s) { s.rules.minBookingNoticeHours = 2; s.now = "2026-03-02T07:00Z"; }, all},
        {"a millisecond short of it", [](Setting& s) { s.rules.minBookingNoticeHours = 2; s.now = "2026-03-02T07:00:00.001Z"; }, {"10:00", "11:00"}},
        {"no notice: now", [](Setting& s) { s.now = "2026-03-02T10:00Z"; }, {"10:00", "11:00"}},
        {"the past", [](Setting& s) { s.now = "2026-03-02T11:00:00.001Z"; }, {}},
        {"an absurd notice", [](Setting& s) { s.rules.minBookingNoticeHours = std::numeric_limits<int>::max(); }, {}},
        {"the last moment of the day before", [](Setting& s) { s.rules.maxAdvanceBookingDays = 1; s.now = "2026-03-01T23:59:59.999Z"; }, all},
        {"all of the Nth day, whatever the hour", [](Setting& s) { s.rules.maxAdvanceBookingDays = 1; }, all},
        {"one day too far", [](Setting& s) { s.rules.maxAdvanceBookingDays = 1; s.now = "2026-02-28T23:59:59.999Z"; }, {}},
        {"today only", [](Setting& s) { s.rules.maxAdvanceBookingDays = 0; s.now = "2026-03-02T00:00Z"; s.to = "2026-03-09"; }, all},
        {"today is the specialist's: not yet Monday in New York",
            [](Setting& s) { s.rules.zone = Zone::load("America/New_York").value(); s.rules.maxAdvanceBookingDays = 0; s.now = "2026-03-02T04:59Z"; }, {}},
        {"today is the specialist's: Monday in New York",
            [](Setting& s) { s.rules.zone = Zone::load("America/New_York").value(); s.rules.maxAdvanceBookingDays = 0; s.now = "2026-03-02T05:00Z"; }, {"14:00", "15:00", "16:00"}},
        {"an absurd horizon", [](Setting& s) { s.rules.maxAdvanceBookingDays = std::numeric_limits<int>::max(); }, all},
        {"a negative horizon", [](Setting& s) { s.rules.maxAdvanceBookingDays = std::numeric_limits<int>::min(); }, {}},
    });
}

TEST(Expand, ExceptionsAndUnavailableDates) {
    expectPreviews({
        {"an unavailable date", [](Setting& s) { s.rules.unavailableDates = {day("2026-03-02")}; s.to = "2026-03-03"; s.duration = 180; }, {"03-03 09:00"}},
        {"an exception replaces the windows", [](Setting& s) { s.rules.schedules = {weekly({"09:00-12:00"})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"14:00-15:00"})}; }, {"14:00"}},
        {"and the breaks", [](Setting& s) {
            s.rules.breaks = {pause(monday, "09:00-12:00"), pauseOn("2026-03-02", "09:00-12:00")};
            s.rules.schedules = {weekly({"08:00-09:00"})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"10:00-11:00"})}; }, {"10:00"}},
        {"of that day only", [](Setting& s) {
            s.rules.breaks = {pause(tuesday, "09:00-10:00")}; s.to = "2026-03-03";
            s.rules.schedules = {weekly({"09:00-11:00"})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"10:00-11:00"})}; }, {"10:00", "03-03 10:00"}},
        {"an unavailable date beats it", [](Setting& s) {
            s.rules.unavailableDates = {day("2026-03-02")};
            s.rules.schedules = {weekly({})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"10:00-11:00"})}; }, {}},
        {"a closed one", [](Setting& s) { s.rules.schedules = {weekly({"09:00-12:00"})}; s.rules.schedules[0].exceptions = {closed("2026-03-02")}; }, {}},
        {"a closed one closes every schedule", [](Setting& s) {
            s.rules.schedules = {weekly({"09:00-12:00"}), weekly({"13:00-15:00"})}; s.rules.schedules[1].exceptions = {closed("2026-03-02")}; }, {}},
        {"even a custom schedule's, over working hours", [](Setting& s) { s.rules.schedules = {{Pattern::custom}}; s.rules.schedules[0].exceptions = {closed("2026-03-02")}; }, {}},
        {"replaces the windows of its own schedule only", [](Setting& s) {
            s.rules.schedules = {weekly({"09:00-12:00"}), weekly({"13:00-14:00"})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"10:00-11:00"})}; }, {"10:00", "13:00"}},
        {"but the breaks of the day for all", [](Setting& s) {
            s.rules.breaks = {pause(monday, "13:00-14:00")};
            s.rules.schedules = {weekly({"09:00-12:00"}), weekly({"13:00-14:00"})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"10:00-11:00"})}; }, {"10:00", "13:00"}},
        {"without windows it gives nothing", [](Setting& s) { s.rules.schedules = {weekly({"09:00-12:00"})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {})}; }, {}},
        {"two on a date add up", [](Setting& s) { s.rules.schedules = {weekly({})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"14:00-15:00"}), open("2026-03-02", {"10:00-11:00"})}; }, {"10:00", "14:00"}},
        {"limits still apply", [](Setting& s) {
            s.rules.schedules = {weekly({})}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"09:00-12:00"})};
            s.now = "2026-03-02T08:00Z"; s.rules.minBookingNoticeHours = 2; s.busy = {busy("11:00", "11:05")}; }, {"10:00"}},
    });
}

TEST(Expand, Schedules) {
    expectPreviews({
        {"a schedule takes the place of the working hours", [](Setting& s) { s.rules.schedules = {weekly({"14:00-16:00"})}; }, {"14:00", "15:00"}},
        {"also where it has no hours", [](Setting& s) { s.rules.schedules = {weekly({})}; }, {}},
        {"several are united", [](Setting& s) { s.rules.schedules = {weekly({"14:00-16:00"}), weekly({"10:00-11:00", "15:00-17:00"})}; }, {"10:00", "14:00", "15:00", "16:00"}},
        {"from its first to its last day", [](Setting& s) {
            s.rules.schedules = {weekly({"14:00-15:00"})}; s.rules.schedules[0].appliedFrom = day("2026-03-03"); s.rules.schedules[0].appliedTo = day("2026-03-04");
            s.to = "2026-03-05"; s.rules.workingHours = daily(windows({"09:00-10:00"})); }, {"09:00", "03-03 14:00", "03-04 14:00", "03-05 09:00"}},
        {"an exception outside of these days has no effect", [](Setting& s) {
            s.rules.schedules = {weekly({})}; s.rules.schedules[0].appliedFrom = day("2026-03-03"); s.rules.schedules[0].exceptions = {closed("2026-03-02")}; }, all},
        {"a custom one covers its dates only", [](Setting& s) {
            s.rules.schedules = {{Pattern::custom, daily(windows({"20:00-21:00"}))}}; s.rules.schedules[0].exceptions = {open("2026-03-03", {"14:00-15:00"})};
            s.to = "2026-03-04"; s.rules.workingHours = daily(windows({"09:00-10:00"})); }, {"09:00", "03-03 14:00", "03-04 09:00"}},
        {"breaks apply", [](Setting& s) { s.rules.schedules = {weekly({"09:00-11:00"})}; s.rules.breaks = {pause(monday, "09:30-09:40")}; }, {"10:00"}},
        {"the second Tuesday", [](Setting& s) { s.rules.schedules = {{Pattern::monthly, {}, {{2, tuesday, {}, windows({"09:00-10:00"})}}}}; s.from = "2026-03-01"; s.to = "2026-04-30"; }, {"03-10 09:00", "04-14 09:00"}},
        {"a fifth Monday where there is one", [](Setting& s) { s.rules.schedules = {{Pattern::monthly, {}, {{5, monday, {}, windows({"09:00-10:00"})}}}}; s.to = "2026-06-30"; }, {"03-30 09:00", "06-29 09:00"}},
        {"the last Monday", [](Setting& s) { s.rules.schedules = {{Pattern::monthly, {}, {{-1, monday, {}, windows({"09:00-10:00"})}}}}; s.to = "2026-05-31"; }, {"03-30 09:00", "04-27 09:00", "05-25 09:00"}},
        {"the 31st where there is one", [](Setting& s) { s.rules.schedules = {{Pattern::monthly, {}, {{{}, 0, 31, windows({"09:00-10:00"})}}}}; s.to = "2026-05-31"; }, {"03-31 09:00", "05-31 09:00"}},
        {"the last day of a month", [](Setting& s) { s.rules.schedules = {{Pattern::monthly, {}, {{{}, 0, -1, windows({"09:00-10:00"})}}}}; s.from = "2026-02-01"; s.to = "2026-04-30"; s.now = "2026-01-01T00:00Z"; },
            {"02-28 09:00", "03-31 09:00", "04-30 09:00"}},
        {"a monthly exception", [](Setting& s) {
            s.rules.schedules = {{Pattern::monthly, {}, {{1, monday, {}, windows({"09:00-10:00"})}}}}; s.rules.schedules[0].exceptions = {open("2026-03-02", {"18:00-19:00"})}; s.to = "2026-03-08"; }, {"18:00"}},
    });
}
// clang-format on

TEST(Expand, TheFirstOfEqualSlotsKeepsItsWindow) {
    auto setting = base();
    auto& schedules = setting.rules.schedules;
    schedules = {weekly({"10:00-11:00"}), weekly({"09:00-11:00"})};
    schedules[0].week[monday][0].price = 7000;
    auto const slots = preview(setting.rules, {{day("2026-03-02"), day("2026-03-02")}, 60, utc(setting.now)});
    ASSERT_EQ(slots.size(), 2u);
    EXPECT_EQ(slots[0].schedule, 1);
    EXPECT_EQ(slots[0].window, &schedules[1].week[monday][0]);
    EXPECT_EQ(slots[1].schedule, 0);
    EXPECT_EQ(slots[1].window->price, 7000);
}

TEST(Expand, MaterialisingMakesEveryLengthAndIgnoresTheHour) {
    auto setting = base();
    auto& rules = setting.rules;
    rules.sessionDurations = {60, 90, 60, 0, -5};
    rules.minBookingNoticeHours = 1000;
    rules.maxAdvanceBookingDays = 0;
    rules.bufferMinutes = 30;
    auto const made = [&](char const* from, char const* to, char const* now) {
        return shortly(materialise(rules, {day(from), day(to)}, utc(now)), 60);
    };
    std::vector<std::string> const bothLengths{"09:00", "09:00/90", "10:00", "10:30/90", "11:00"};
    EXPECT_EQ(made("2026-03-02", "2026-03-09", "2026-03-02T23:00Z"), bothLengths) << "the horizon applies, the notice does not";
    EXPECT_EQ(made("2026-03-02", "2026-03-02", "2026-03-01T23:00Z"), std::vector<std::string>{});

    rules.schedules = {weekly({"09:00-10:30", "14:00-15:00"})};
    rules.schedules[0].week[monday][1].slotDuration = 20;
    rules.defaultDuration = 45;
    std::vector<std::string> const ofSchedule{"09:00/45", "09:45/45", "14:00/20", "14:20/20", "14:40/20"};
    EXPECT_EQ(made("2026-03-02", "2026-03-02", "2026-03-02T00:00Z"), ofSchedule);
}

TEST(Expand, BoundsDaysAndSlots) {
    auto setting = base();
    auto& rules = setting.rules;
    auto const first = day("2026-03-02");
    auto const now = utc("2026-03-01T00:00Z");
    EXPECT_EQ(preview(rules, {{first, first + 3'000'000}, 180, now}).size(), maxDays + 1u);
    EXPECT_EQ(preview(rules, {{first, first + 9}, 60, now, {}, 30}).size(), 30u) << "as many as the limit are not cut";
    EXPECT_EQ(preview(rules, {{first, first + 10}, 60, now, {}, 30}).size(), 31u) << "one more than the limit tells of the cut";
    rules.workingHours = daily(windows({"00:00-24:00"}));
    EXPECT_EQ(preview(rules, {{first, first + maxDays}, 1, now}).size(), maxSlots + 1);
    rules.sessionDurations = {1, 2, 3};
    EXPECT_EQ(materialise(rules, {first, first + 1}, now, 100'000).size(), 2u * (1440 + 720 + 480));
}

} // namespace
} // namespace visavis::availability
