// The expansion against a slow oracle that walks through time minute by minute and applies each sentence of DESIGN §7 by itself.
#include "availability/expand_testing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace visavis::availability {
namespace {

using namespace testing;

// What a zone's clocks show at each minute around a few days, and the first minute at or after a wall time: that is the instant of an
// edge in every case. Before a jump over it there is no such minute, and of two runs the first comes first.
class Minutewise {
public:
    Minutewise(Zone const& zone, LocalDate from, LocalDate to) {
        for (auto t = from.midnightUtc() - Hours(40); t < to.midnightUtc() + Hours(64); t = t + Minutes(1)) {
            auto const wall = zone.at(t);
            firstAt_.emplace(std::int64_t{wall.date.days} * 1440 + wall.seconds / 60, t);
        }
    }
    Instant edge(LocalDate date, LocalTime time) const {
        return firstAt_.lower_bound(std::int64_t{date.days} * 1440 + time.minutes)->second;
    }

private:
    std::map<std::int64_t, Instant> firstAt_; // emplace keeps the first run
};

struct Question {
    Rules rules;
    DayRange days;
    std::vector<int> lengths; // of the working hours
    int scheduleLength = 60;
    Instant now;
    bool live = true; // notice, buffer and busy blocks count
    std::vector<Busy> busy;
};

class Oracle {
public:
    explicit Oracle(Question const& question) : q_(question), time_(question.rules.zone, question.days.from, question.days.to) {}

    std::set<std::pair<Instant, int>> slots() {
        for (auto date = q_.days.from; date <= q_.days.to; date = date + 1) oneDay(date);
        return found_;
    }

private:
    using Lengths = std::vector<int>;

    bool inRange(SchedulePlan const& s, LocalDate date) const {
        return (!s.appliedFrom || *s.appliedFrom <= date) && (!s.appliedTo || date <= *s.appliedTo);
    }
    std::vector<DayException> exceptionsOn(SchedulePlan const& s, LocalDate date) const {
        std::vector<DayException> list;
        std::copy_if(s.exceptions.begin(), s.exceptions.end(), std::back_inserter(list), [&](auto const& e) { return e.date == date; });
        return list;
    }
    bool rowMeets(MonthlyWindows const& row, LocalDate date) const {
        int nth = 0, nthFromEnd = 0; // among the days of this month with the same weekday, or among all
        int const month = civil(date).month;
        for (auto d = date; civil(d).month == month; d = d + -1) nth += !row.week || d.weekday() == date.weekday();
        for (auto d = date; civil(d).month == month; d = d + 1) nthFromEnd += !row.week || d.weekday() == date.weekday();
        if (row.week && date.weekday() != row.weekday) return false;
        int const wanted = row.week ? *row.week : *row.dayOfMonth;
        return wanted == -1 ? nthFromEnd == 1 : nth == wanted;
    }

    void oneDay(LocalDate date) {
        auto const& r = q_.rules;
        if (std::count(r.unavailableDates.begin(), r.unavailableDates.end(), date) > 0) return;
        if (r.maxAdvanceBookingDays && date - r.zone.at(q_.now).date > *r.maxAdvanceBookingDays) return;
        bool covered = false, pauses = true;
        std::vector<Window> ofSchedules;
        for (auto const& s : r.schedules) {
            if (!inRange(s, date)) continue;
            auto const exceptions = exceptionsOn(s, date);
            covered = covered || s.pattern != Pattern::custom || !exceptions.empty();
            for (auto const& e : exceptions) {
                if (!e.isAvailable) return;
                pauses = false;
                ofSchedules.insert(ofSchedules.end(), e.windows.begin(), e.windows.end());
            }
            if (!exceptions.empty()) continue;
            auto const& weekly = s.week[static_cast<std::size_t>(date.weekday())];
            if (s.pattern == Pattern::weekly) ofSchedules.insert(ofSchedules.end(), weekly.begin(), weekly.end());
            for (auto const& row : s.month)
                if (s.pattern == Pattern::monthly && rowMeets(row, date))
                    ofSchedules.insert(ofSchedules.end(), row.windows.begin(), row.windows.end());
        }
        for (auto const& w : ofSchedules)
            oneWindow(date, w, w.slotDuration ? Lengths{*w.slotDuration} : Lengths{q_.scheduleLength}, pauses);
        if (covered) return;
        for (auto const& w : r.workingHours[static_cast<std::size_t>(date.weekday())])
            oneWindow(date, w, w.slotDuration ? Lengths{*w.slotDuration} : q_.lengths, pauses);
    }

    void oneWindow(LocalDate date, Window const& w, Lengths const& lengths, bool pauses) {
        if (!w.isAvailable || w.end <= w.start) return;
        auto const opens = time_.edge(date, w.start);
        auto const closes = time_.edge(date, w.end);
        for (int const length : lengths)
            for (auto start = opens; length > 0 && start + Minutes(length) <= closes; start = start + Minutes(length))
                if (bookable(date, start, start + Minutes(length), pauses)) found_.insert({start, length});
    }

    bool bookable(LocalDate date, Instant start, Instant end, bool pauses) const {
        for (auto const& b : q_.rules.breaks) {
            bool const today = b.date ? *b.date == date : b.weekday == date.weekday();
            if (!pauses || !today || b.end <= b.start) continue;
            for (auto t = time_.edge(date, b.start); t < time_.edge(date, b.end); t = t + Minutes(1))
                if (start <= t && t < end) return false;
        }
        if (!q_.live) return true;
        if (start < q_.now + Hours(q_.rules.minBookingNoticeHours)) return false;
        return std::all_of(q_.busy.begin(), q_.busy.end(), [&](Busy const& b) {
            auto const buffer = Minutes(q_.rules.bufferMinutes);
            return b.end <= b.start || start - b.end >= buffer || b.start - end >= buffer;
        });
    }

    Question const& q_;
    Minutewise time_;
    std::set<std::pair<Instant, int>> found_;
};

namespace gen = rc::gen;

// At full size always: rapidcheck's ranges otherwise begin at nothing and grow from case to case.
int between(int low, int high) { return *gen::resize(rc::kNominalSize, gen::inRange(low, high + 1)); }
bool chance(int percent) { return between(1, 100) <= percent; }
// Often on the hours at which clocks change.
LocalTime anyTime() { return {static_cast<std::int16_t>(chance(60) ? between(0, 1440) : between(0, 16) * 15)}; }

LocalTime atMost24(int minutes) { return {static_cast<std::int16_t>(std::min(minutes, 1440))}; }

Window anyWindow() {
    auto const start = anyTime();
    Window w{start, chance(85) ? atMost24(start.minutes + between(0, 500)) : anyTime()};
    if (chance(25)) w.slotDuration = between(0, 120);
    w.isAvailable = chance(90);
    return w;
}

std::vector<Window> anyWindows() {
    std::vector<Window> list;
    for (int n = between(0, 3); n > 0; --n) list.push_back(anyWindow());
    return list;
}

LocalDate anyDay(DayRange const& days) { return days.from + between(-1, days.to - days.from + 1); }

SchedulePlan anySchedule(DayRange const& days) {
    SchedulePlan s;
    s.pattern = *gen::element(Pattern::weekly, Pattern::monthly, Pattern::custom);
    for (auto& hours : s.week) hours = anyWindows();
    for (int n = between(0, 3); n > 0; --n) {
        MonthlyWindows row{{}, between(0, 6), {}, anyWindows()};
        if (chance(50))
            row.week = chance(30) ? -1 : between(1, 5);
        else
            row.dayOfMonth = chance(30) ? -1 : civil(anyDay(days)).day;
        s.month.push_back(row);
    }
    for (int n = between(0, 2); n > 0; --n) s.exceptions.push_back({anyDay(days), chance(75), anyWindows()});
    if (chance(30)) s.appliedFrom = anyDay(days);
    if (chance(30)) s.appliedTo = anyDay(days);
    return s;
}

Break anyBreak(DayRange const& days) {
    auto const start = anyTime();
    Break b{start, atMost24(start.minutes + between(-10, 90)), between(0, 6)};
    if (chance(40)) b.date = anyDay(days);
    return b;
}

struct Place {
    char const* zone;
    char const* date; // on or about a change
};

Place anyPlace() {
    return *gen::element(
        Place{"America/New_York", "2026-03-08"}, Place{"America/New_York", "2026-11-01"}, Place{"Australia/Lord_Howe", "2026-04-05"},
        Place{"Australia/Lord_Howe", "2026-10-04"}, Place{"Pacific/Apia", "2011-12-30"}, Place{"Africa/Casablanca", "2025-02-23"},
        Place{"Africa/Casablanca", "2025-04-06"}, Place{"Europe/Dublin", "2026-03-29"}, Place{"Europe/Dublin", "2026-10-25"},
        Place{"America/Sao_Paulo", "2018-11-04"}, Place{"America/Sao_Paulo", "2018-02-17"}, Place{"Asia/Kathmandu", "2026-05-31"},
        Place{"America/Havana", "2025-11-02"}, Place{"America/St_Johns", "2009-03-08"}, Place{"Pacific/Kwajalein", "1993-08-21"},
        Place{"UTC", "2024-02-29"});
}

Question anyQuestion() {
    Question q;
    auto const place = anyPlace();
    auto const from = day(place.date) + -between(0, 3);
    q.days = {from, from + between(0, 6)};
    auto& r = q.rules;
    r.zone = Zone::load(place.zone).value();
    for (auto& hours : r.workingHours) hours = anyWindows();
    for (int n = between(0, 4); n > 0; --n) r.breaks.push_back(anyBreak(q.days));
    if (chance(20)) r.unavailableDates = {anyDay(q.days)};
    r.minBookingNoticeHours = between(0, 30);
    if (chance(50)) r.maxAdvanceBookingDays = between(0, 5);
    r.bufferMinutes = chance(50) ? 0 : between(1, 60);
    if (chance(50))
        for (int n = between(1, 3); n > 0; --n) r.schedules.push_back(anySchedule(q.days));
    q.now = q.days.from.midnightUtc() + Minutes(between(-3000, 3000));
    for (int n = between(0, 6); n > 0; --n) {
        auto const start = q.days.from.midnightUtc() + Minutes(between(-1500, 9000));
        q.busy.push_back({start, start + Minutes(between(-5, chance(10) ? 3000 : 120))});
    }
    return q;
}

std::set<std::pair<Instant, int>> checkedSet(std::vector<ExpandedSlot> const& slots) {
    std::set<std::pair<Instant, int>> set;
    for (auto const& slot : slots) {
        RC_ASSERT(slot.endsAt - slot.startsAt == Minutes(slot.duration));
        std::pair const key(slot.startsAt, slot.duration);
        bool const inOrder = set.empty() || *set.rbegin() < key;
        RC_ASSERT(inOrder);
        set.insert(key);
    }
    return set;
}

void checkPreview() {
    auto q = anyQuestion();
    q.lengths = {between(1, 120)};
    q.scheduleLength = q.lengths[0];
    RC_ASSERT(checkedSet(preview(q.rules, {q.days, q.lengths[0], q.now, q.busy})) == Oracle(q).slots());
}

void checkMaterialising() {
    auto q = anyQuestion();
    q.live = false;
    for (int n = between(0, 4); n > 0; --n) q.lengths.push_back(between(0, 24) * 5);
    q.scheduleLength = between(1, 90);
    q.rules.sessionDurations = q.lengths;
    q.rules.defaultDuration = q.scheduleLength;
    RC_ASSERT(checkedSet(materialise(q.rules, q.days, q.now)) == Oracle(q).slots());
}

// Several questions a case: rare meetings of rules (a break inside a gap) need hundreds of them.
constexpr int questions = 5;

RC_GTEST_PROP(ExpandProperty, PreviewAgreesWithTheOracle, ()) {
    for (int i = 0; i < questions; ++i) checkPreview();
}

RC_GTEST_PROP(ExpandProperty, MaterialisingAgreesWithTheOracle, ()) {
    for (int i = 0; i < questions; ++i) checkMaterialising();
}

} // namespace
} // namespace visavis::availability
