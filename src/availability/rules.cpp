// From documents to expansion's plain structs, and the few decisions about a single slot.
#include "availability/rules.hpp"

#include <algorithm>
#include <array>

namespace visavis::availability {
namespace {

constexpr std::array<std::string_view, 7> weekdays{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr int grid = 5; // minutes of a cell

Window windowOf(ScheduleWindow const& stored) {
    Window window{stored.startTime, stored.endTime};
    if (stored.slotDuration) window.slotDuration = static_cast<int>(*stored.slotDuration);
    window.isAvailable = stored.isAvailable.value_or(true);
    if (stored.price) window.price = *stored.price;
    if (stored.consultationType) window.consultationType = stored.consultationType->value;
    return window;
}

std::vector<Window> windowsOf(std::vector<ScheduleWindow> const& stored) {
    std::vector<Window> windows;
    windows.reserve(stored.size());
    for (auto const& window : stored) windows.push_back(windowOf(window));
    return windows;
}

// The seven days of a week-shaped record, Monday first.
template <class Week_> auto daysOf(Week_ const& week) {
    return std::array{&week.monday, &week.tuesday, &week.wednesday, &week.thursday, &week.friday, &week.saturday, &week.sunday};
}

Week weekOf(profiles::WorkingHours const& hours) {
    Week week;
    auto const days = daysOf(hours);
    for (std::size_t i = 0; i < days.size(); ++i) {
        auto const& day = *days[i];
        if (day && day->enabled && day->startTime && day->endTime) week[i].push_back({*day->startTime, *day->endTime});
    }
    return week;
}

Week weekOf(WeeklyPattern const& pattern) {
    Week week;
    auto const days = daysOf(pattern);
    for (std::size_t i = 0; i < days.size(); ++i)
        if (auto const& day = *days[i]; day && day->enabled) week[i] = windowsOf(day->slots);
    return week;
}

std::optional<Break> breakOf(profiles::BreakTime const& stored) {
    Break pause{stored.startTime, stored.endTime};
    if (!stored.recurring) {
        pause.date = parseDate(stored.day.value);
        return pause.date ? std::optional(pause) : std::nullopt;
    }
    auto const weekday = weekdayOf(stored.day.value);
    if (!weekday) return std::nullopt;
    pause.weekday = *weekday;
    return pause;
}

void checkWindows(std::vector<ScheduleWindow> const& windows, std::string const& at, std::vector<FieldError>& wrong) {
    if (windows.size() > 50) wrong.push_back({at, "too_long", "Must have at most 50 elements."});
    for (std::size_t i = 0; i < windows.size(); ++i) {
        auto const& window = windows[i];
        auto const here = at + "/" + std::to_string(i);
        if (window.startTime.minutes % grid != 0)
            wrong.push_back({here + "/startTime", "five_minutes", "Must be a multiple of five minutes."});
        if (window.endTime.minutes % grid != 0) wrong.push_back({here + "/endTime", "five_minutes", "Must be a multiple of five minutes."});
        if (window.endTime <= window.startTime) wrong.push_back({here + "/endTime", "order", "Must be after startTime."});
        if (window.slotDuration && *window.slotDuration % grid != 0)
            wrong.push_back({here + "/slotDuration", "five_minutes", "Must be a multiple of five minutes."});
    }
}

void checkMonthlyRow(MonthlyRow const& row, std::string const& at, std::vector<FieldError>& wrong) {
    bool const byWeek = row.week && row.day && !row.dayOfMonth;
    bool const byDate = row.dayOfMonth && !row.week && !row.day;
    if (!byWeek && !byDate) wrong.push_back({at, "pattern", "Must have either week and day, or dayOfMonth."});
    if (row.week && *row.week == 0) wrong.push_back({at + "/week", "out_of_range", "Must be 1 to 5, or -1 for the last."});
    if (row.dayOfMonth && *row.dayOfMonth == 0)
        wrong.push_back({at + "/dayOfMonth", "out_of_range", "Must be 1 to 31, or -1 for the last."});
    if (row.day && !weekdayOf(row.day->value)) wrong.push_back({at + "/day", "not_one_of", "Must be a weekday's name, e.g. monday."});
    checkWindows(row.slots, at + "/slots", wrong);
}

std::int64_t floorCell(Instant instant) {
    constexpr std::int64_t cell = grid * 60'000;
    return instant.ms >= 0 ? instant.ms / cell : -((-instant.ms + cell - 1) / cell);
}

Zone zoneOf(profiles::Availability const& availability) { return availability.timezone.value_or(Zone{}); }

} // namespace

std::optional<int> weekdayOf(std::string_view word) {
    auto const lower = lowered(word);
    auto const found = std::find(weekdays.begin(), weekdays.end(), lower);
    if (found == weekdays.end()) return std::nullopt;
    return static_cast<int>(found - weekdays.begin());
}

SchedulePlan planOf(Schedule const& schedule) {
    SchedulePlan plan;
    plan.pattern = schedule.type == ScheduleType::weekly    ? Pattern::weekly
                   : schedule.type == ScheduleType::monthly ? Pattern::monthly
                                                            : Pattern::custom;
    plan.week = weekOf(schedule.weeklyPattern);
    for (auto const& row : schedule.monthlyPattern) {
        MonthlyWindows month;
        if (row.week) month.week = static_cast<int>(*row.week);
        if (row.day) month.weekday = weekdayOf(row.day->value).value_or(0);
        if (row.dayOfMonth) month.dayOfMonth = static_cast<int>(*row.dayOfMonth);
        month.windows = windowsOf(row.slots);
        plan.month.push_back(std::move(month));
    }
    for (auto const& exception : schedule.dateExceptions)
        plan.exceptions.push_back({exception.date, exception.isAvailable, windowsOf(exception.slots)});
    plan.appliedFrom = schedule.appliedFrom;
    plan.appliedTo = schedule.appliedTo;
    return plan;
}

Rules rulesOf(profiles::Availability const& availability, profiles::Consulting const& consulting, std::vector<Schedule> const& active) {
    Rules rules;
    rules.zone = zoneOf(availability);
    rules.workingHours = weekOf(availability.workingHours);
    for (auto const& stored : availability.breakTimes)
        if (auto pause = breakOf(stored)) rules.breaks.push_back(*pause);
    rules.unavailableDates = availability.unavailableDates;
    rules.minBookingNoticeHours = static_cast<int>(availability.minBookingNotice);
    rules.maxAdvanceBookingDays = static_cast<int>(availability.maxAdvanceBooking);
    rules.bufferMinutes = static_cast<int>(availability.bufferTime);
    for (auto const& schedule : active) rules.schedules.push_back(planOf(schedule));
    for (auto const& duration : consulting.sessionDurations) rules.sessionDurations.push_back(static_cast<int>(duration));
    rules.defaultDuration = static_cast<int>(consulting.defaultDuration);
    return rules;
}

void checkSchedule(Schedule const& schedule, std::string const& at, std::vector<FieldError>& wrong) {
    auto const days = daysOf(schedule.weeklyPattern);
    for (std::size_t i = 0; i < days.size(); ++i)
        if (auto const& day = *days[i]) checkWindows(day->slots, at + "/weeklyPattern/" + std::string(weekdays[i]) + "/slots", wrong);
    if (schedule.monthlyPattern.size() > 100) wrong.push_back({at + "/monthlyPattern", "too_long", "Must have at most 100 elements."});
    for (std::size_t i = 0; i < schedule.monthlyPattern.size(); ++i)
        checkMonthlyRow(schedule.monthlyPattern[i], at + "/monthlyPattern/" + std::to_string(i), wrong);
    if (schedule.dateExceptions.size() > 400) wrong.push_back({at + "/dateExceptions", "too_long", "Must have at most 400 elements."});
    for (std::size_t i = 0; i < schedule.dateExceptions.size(); ++i)
        checkWindows(schedule.dateExceptions[i].slots, at + "/dateExceptions/" + std::to_string(i) + "/slots", wrong);
    if (schedule.appliedFrom && schedule.appliedTo && *schedule.appliedTo < *schedule.appliedFrom)
        wrong.push_back({at + "/appliedTo", "order", "Must not be before appliedFrom."});
}

void checkSchedulePrices(Schedule const& schedule, profiles::Consulting const& consulting, MinorUnits least,
                         std::vector<FieldError>& wrong) {
    constexpr MinorUnits highest = 99'999'999;
    auto const base = consulting.basePrice ? static_cast<std::int64_t>(*consulting.basePrice) : 0;
    auto const range = "Must be 0 or between " + std::to_string(least) + " and " + std::to_string(highest) + " (in minor units).";
    auto const check = [&](std::vector<ScheduleWindow> const& windows, std::string const& at) {
        for (std::size_t i = 0; i < windows.size(); ++i) {
            auto const& window = windows[i];
            auto const here = at + "/" + std::to_string(i);
            auto const price = window.price          ? static_cast<std::int64_t>(*window.price)
                               : window.slotDuration ? proportion(base, *window.slotDuration, consulting.defaultDuration)
                                                     : 0;
            if (price == 0 || (price >= least && price <= highest)) continue;
            if (window.price)
                wrong.push_back({here + "/price", "out_of_range", range});
            else
                wrong.push_back(
                    {here + "/slotDuration", "price_out_of_range", "Pro rata it would cost " + std::to_string(price) + ". " + range});
        }
    };
    auto const days = daysOf(schedule.weeklyPattern);
    for (std::size_t i = 0; i < days.size(); ++i)
        if (auto const& day = *days[i]) check(day->slots, "/weeklyPattern/" + std::string(weekdays[i]) + "/slots");
    for (std::size_t i = 0; i < schedule.monthlyPattern.size(); ++i)
        check(schedule.monthlyPattern[i].slots, "/monthlyPattern/" + std::to_string(i) + "/slots");
    for (std::size_t i = 0; i < schedule.dateExceptions.size(); ++i)
        check(schedule.dateExceptions[i].slots, "/dateExceptions/" + std::to_string(i) + "/slots");
}

Ref<Slot> slotId(Ref<Specialist> specialistId, Instant startsAt, std::int64_t duration) {
    return {ObjectId::derived("slot:" + specialistId.hex() + ":" + std::to_string(startsAt.ms) + ":" + std::to_string(duration))};
}

Slot slotOf(Specialist const& specialist, std::vector<Schedule> const& active, ExpandedSlot const& expanded, WallFields const& wall) {
    Slot slot;
    slot.id = slotId(specialist.id, expanded.startsAt, expanded.duration);
    slot.specialistId = specialist.id;
    slot.date = wall.date;
    slot.startTime = wall.startTime;
    slot.endTime = wall.endTime;
    slot.duration = expanded.duration;
    slot.timezone = zoneOf(specialist.availability);
    slot.startsAt = expanded.startsAt;
    slot.endsAt = expanded.endsAt;
    auto const& consulting = specialist.consulting;
    auto const base = consulting.basePrice ? static_cast<std::int64_t>(*consulting.basePrice) : 0;
    slot.price = expanded.window->price.value_or(proportion(base, expanded.duration, consulting.defaultDuration));
    slot.currency = consulting.currency;
    if (!expanded.window->consultationType.empty()) slot.consultationType = Text<1, 60>(expanded.window->consultationType);
    if (expanded.schedule >= 0) slot.scheduleId = slot.recurrenceRuleId = active[static_cast<std::size_t>(expanded.schedule)].id;
    slot.isRecurring = true;
    slot.tzVersion = tzdataVersion();
    return slot;
}

std::vector<std::int64_t> cells(Instant from, Instant to) {
    std::vector<std::int64_t> list;
    for (auto cell = floorCell(from); cell < floorCell(to + Millis(grid * 60'000 - 1)); ++cell) list.push_back(cell);
    return list;
}

SlotStatus statusOf(Slot const& slot, std::vector<Claim> const& activeClaims, std::int64_t bufferMinutes, bool rulesMakeIt, Instant now) {
    bool blocked = slot.isManuallyBlocked;
    for (auto const& claim : activeClaims) {
        if (claim.slotId == slot.id) return SlotStatus::booked;
        blocked = blocked || (claim.startsAt < slot.endsAt + Minutes(bufferMinutes) && slot.startsAt < claim.claimEndsAt);
    }
    if (slot.startsAt <= now) return SlotStatus::expired;
    if (blocked) return SlotStatus::blocked;
    return rulesMakeIt ? SlotStatus::available : SlotStatus::expired;
}

Instant earliestStart(profiles::Availability const& availability, Instant now) {
    return now + Hours(static_cast<std::int64_t>(availability.minBookingNotice));
}

Instant horizonEnd(profiles::Availability const& availability, Instant now) {
    auto const zone = zoneOf(availability);
    return zone.startOf(zone.dateAt(now) + static_cast<int>(availability.maxAdvanceBooking) + 1);
}

bool withinNoticeAndHorizon(Slot const& slot, profiles::Availability const& availability, Instant now) {
    return slot.startsAt > now && slot.startsAt >= earliestStart(availability, now) && slot.startsAt < horizonEnd(availability, now);
}

} // namespace visavis::availability
