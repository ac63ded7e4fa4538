// Day by day: which windows apply, what is closed within them, and the grid of slots in what is left.
#include "availability/expand.hpp"

#include "availability/wall_clock.hpp"

#include <algorithm>
#include <limits>

namespace visavis::availability {
namespace {

struct Span {
    Instant start;
    Instant end;
};

// How long the slots of a window without its own slotDuration are.
struct Lengths {
    std::span<int const> workingHours;
    int schedules;
};

bool startsBefore(Span const& a, Span const& b) { return a.start < b.start; }

bool before(ExpandedSlot const& a, ExpandedSlot const& b) {
    return a.startsAt != b.startsAt ? a.startsAt < b.startsAt : a.duration < b.duration;
}

bool same(ExpandedSlot const& a, ExpandedSlot const& b) { return a.startsAt == b.startsAt && a.duration == b.duration; }

// In order of time, overlapping and touching ones made one: so a sweep needs one index.
void merge(std::vector<Span>& spans) {
    if (!std::is_sorted(spans.begin(), spans.end(), startsBefore)) std::sort(spans.begin(), spans.end(), startsBefore);
    std::size_t kept = 0;
    for (auto const& span : spans) {
        if (kept > 0 && span.start <= spans[kept - 1].end)
            spans[kept - 1].end = std::max(spans[kept - 1].end, span.end);
        else
            spans[kept++] = span;
    }
    spans.resize(kept);
}

// Everything that no slot may touch: the time before the end of the notice, and each busy block with the buffer on both sides.
std::vector<Span> closedTo(Rules const& rules, PreviewQuery const& query) {
    constexpr int century = 100 * 366 * 24; // keeps absurd settings inside the range of instants
    auto const buffer = Minutes(std::clamp(rules.bufferMinutes, 0, century));
    auto const notice = Hours(std::clamp(rules.minBookingNoticeHours, 0, century));
    std::vector<Span> closed;
    closed.reserve(query.busy.size() + 16);
    closed.push_back({{std::numeric_limits<std::int64_t>::min()}, query.now + notice});
    for (auto const& busy : query.busy)
        if (busy.start < busy.end) closed.push_back({busy.start - buffer, busy.end + buffer});
    merge(closed);
    return closed;
}

DayRange withinHorizon(Rules const& rules, DayRange days, Instant now) {
    days.to = std::min(days.to, days.from + maxDays);
    if (rules.maxAdvanceBookingDays) {
        auto const today = rules.zone.dateAt(now);
        days.to = std::min(days.to, today + std::clamp(*rules.maxAdvanceBookingDays, -1, 1'000'000));
    }
    return days;
}

bool covers(MonthlyWindows const& row, LocalDate date, CivilDate const& day) {
    bool const lastWeek = civil(date + 7).month != day.month;
    bool const lastDay = civil(date + 1).month != day.month;
    if (row.week) return date.weekday() == row.weekday && (*row.week == -1 ? lastWeek : (day.day - 1) / 7 + 1 == *row.week);
    return row.dayOfMonth && (*row.dayOfMonth == -1 ? lastDay : day.day == *row.dayOfMonth);
}

class Expansion {
public:
    Expansion(Rules const& rules, Lengths lengths, std::vector<Span> closed, std::size_t limit)
        : rules_(rules), lengths_(lengths), closed_(std::move(closed)), limit_(limit), clock_(rules.zone) {}

    std::vector<ExpandedSlot> run(DayRange days);

private:
    struct Source {
        Window const* window;
        int schedule;
        Span span = {};
    };
    enum class Exceptions { none, open, closed };

    void expand(LocalDate date);
    bool plan(LocalDate date);
    Exceptions addExceptions(SchedulePlan const& schedule, int index, LocalDate date);
    void addPattern(SchedulePlan const& schedule, int index, LocalDate date);
    void addWindows(std::vector<Window> const& windows, int schedule);
    bool placeWindows(LocalDate date);
    void closeBreaks(LocalDate date);
    void closeBlocks();
    void grid(Source const& source, int duration, std::size_t dayBegin);
    void fill(Source const& source, int duration, Instant from, Instant to);
    void settle(std::size_t dayBegin, std::size_t gridBegin);

    Rules const& rules_;
    Lengths lengths_;
    std::vector<Span> closed_;   // merged; for all days
    std::size_t nextClosed_ = 0; // those before it end before the day at hand
    std::size_t limit_;
    WallClock clock_;
    std::vector<ExpandedSlot> slots_;
    std::vector<Source> sources_; // of the day at hand, as are the next two
    std::vector<Span> dayClosed_;
    bool breaksApply_ = true;
};

std::vector<ExpandedSlot> Expansion::run(DayRange days) {
    if (days.from > days.to) return {};
    constexpr std::size_t usualPerDay = 9;
    slots_.reserve(std::min(limit_, static_cast<std::size_t>(days.to - days.from + 1) * usualPerDay));
    clock_.at(days.from.midnightUtc() - Days(3)); // so that the first day's edges are already remembered ones
    for (auto date = days.from; date <= days.to && slots_.size() <= limit_; date = date + 1) expand(date);
    return std::move(slots_);
}

void Expansion::expand(LocalDate date) {
    if (!plan(date) || !placeWindows(date)) return;
    dayClosed_.clear();
    if (breaksApply_) closeBreaks(date);
    closeBlocks();
    auto const dayBegin = slots_.size();
    for (auto const& source : sources_) {
        if (auto const own = source.window->slotDuration) {
            grid(source, *own, dayBegin);
        } else if (source.schedule >= 0) {
            grid(source, lengths_.schedules, dayBegin);
        } else {
            for (int const duration : lengths_.workingHours) grid(source, duration, dayBegin);
        }
    }
}

// Collects the windows that apply to the date; false if it is closed.
bool Expansion::plan(LocalDate date) {
    sources_.clear();
    breaksApply_ = true;
    auto const& unavailable = rules_.unavailableDates;
    if (std::find(unavailable.begin(), unavailable.end(), date) != unavailable.end()) return false;
    bool covered = false;
    for (int index = 0; auto const& schedule : rules_.schedules) {
        int const self = index++;
        if ((schedule.appliedFrom && date < *schedule.appliedFrom) || (schedule.appliedTo && date > *schedule.appliedTo)) continue;
        auto const exceptions = addExceptions(schedule, self, date);
        if (exceptions == Exceptions::closed) return false;
        if (exceptions == Exceptions::open) breaksApply_ = false;
        if (exceptions == Exceptions::none) addPattern(schedule, self, date);
        covered = covered || exceptions == Exceptions::open || schedule.pattern != Pattern::custom;
    }
    if (!covered) addWindows(rules_.workingHours[static_cast<std::size_t>(date.weekday())], -1);
    return true;
}

Expansion::Exceptions Expansion::addExceptions(SchedulePlan const& schedule, int index, LocalDate date) {
    auto found = Exceptions::none;
    for (auto const& exception : schedule.exceptions) {
        if (exception.date != date) continue;
        if (!exception.isAvailable) return Exceptions::closed;
        addWindows(exception.windows, index);
        found = Exceptions::open;
    }
    return found;
}

void Expansion::addPattern(SchedulePlan const& schedule, int index, LocalDate date) {
    if (schedule.pattern == Pattern::weekly) addWindows(schedule.week[static_cast<std::size_t>(date.weekday())], index);
    if (schedule.pattern != Pattern::monthly) return;
    auto const day = civil(date);
    for (auto const& row : schedule.month)
        if (covers(row, date, day)) addWindows(row.windows, index);
}

void Expansion::addWindows(std::vector<Window> const& windows, int schedule) {
    for (auto const& window : windows)
        if (window.isAvailable && window.start < window.end) sources_.push_back({&window, schedule});
}

// Turns wall times into instants; false if nothing is left of the day (its hours may all lie in a gap).
bool Expansion::placeWindows(LocalDate date) {
    for (auto& source : sources_) source.span = {clock_.edge(date, source.window->start), clock_.edge(date, source.window->end)};
    std::erase_if(sources_, [](Source const& source) { return source.span.start >= source.span.end; });
    return !sources_.empty();
}

void Expansion::closeBreaks(LocalDate date) {
    for (auto const& pause : rules_.breaks) {
        bool const today = pause.date ? *pause.date == date : pause.weekday == date.weekday();
        if (!today || pause.start >= pause.end) continue;
        Span const span{clock_.edge(date, pause.start), clock_.edge(date, pause.end)};
        if (span.start < span.end) dayClosed_.push_back(span); // a break inside a gap does not exist either
    }
}

// Adds the blocks that meet the day's windows. Days come in order, so blocks that ended before them are never looked at again.
void Expansion::closeBlocks() {
    Span day = sources_.front().span;
    for (auto const& source : sources_) day = {std::min(day.start, source.span.start), std::max(day.end, source.span.end)};
    while (nextClosed_ < closed_.size() && closed_[nextClosed_].end <= day.start) ++nextClosed_;
    for (auto i = nextClosed_; i < closed_.size() && closed_[i].start < day.end; ++i) dayClosed_.push_back(closed_[i]);
    if (dayClosed_.size() > 1) merge(dayClosed_);
}

// The slots of one length in one window: the grid begins with the window, whatever is closed within it.
void Expansion::grid(Source const& source, int duration, std::size_t dayBegin) {
    if (duration <= 0) return;
    auto const gridBegin = slots_.size();
    auto free = source.span.start;
    for (auto const& closed : dayClosed_) {
        if (closed.end <= free) continue;
        if (closed.start >= source.span.end) break;
        fill(source, duration, free, closed.start);
        free = closed.end;
    }
    fill(source, duration, free, source.span.end);
    settle(dayBegin, gridBegin);
}

void Expansion::fill(Source const& source, int duration, Instant from, Instant to) {
    auto const step = std::int64_t{duration} * 60'000;
    auto const anchor = source.span.start.ms;
    auto start = from.ms == anchor ? anchor : anchor + (from.ms - anchor + step - 1) / step * step;
    for (; start + step <= to.ms && slots_.size() <= limit_; start += step)
        slots_.push_back({{start}, {start + step}, duration, source.schedule, source.window});
}

// Brings the newest grid of the day into order with the earlier ones; most often it comes after them anyway.
void Expansion::settle(std::size_t dayBegin, std::size_t gridBegin) {
    if (gridBegin == dayBegin || gridBegin == slots_.size() || before(slots_[gridBegin - 1], slots_[gridBegin])) return;
    auto const day = slots_.begin() + static_cast<std::ptrdiff_t>(dayBegin);
    std::inplace_merge(day, slots_.begin() + static_cast<std::ptrdiff_t>(gridBegin), slots_.end(), before); // stable: the first stays
    slots_.erase(std::unique(day, slots_.end(), same), slots_.end());
}

} // namespace

std::vector<ExpandedSlot> preview(Rules const& rules, PreviewQuery const& query) {
    Lengths const lengths{{&query.duration, 1}, query.duration};
    return Expansion(rules, lengths, closedTo(rules, query), query.limit).run(withinHorizon(rules, query.days, query.now));
}

std::vector<ExpandedSlot> materialise(Rules const& rules, DayRange days, Instant now, std::size_t limit) {
    Lengths const lengths{rules.sessionDurations, rules.defaultDuration};
    return Expansion(rules, lengths, {}, limit).run(withinHorizon(rules, days, now));
}

} // namespace visavis::availability
