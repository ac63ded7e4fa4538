// Slot expansion: from a specialist's rules (wall times and a zone) to bookable slots (instants). Pure: no store, no clock.
//
// The rules are DESIGN §7. What that page leaves open is decided here:
// - appliedFrom and appliedTo bound every schedule, a custom one too.
// - Several exceptions of one schedule on one date add up; a closed one among them closes the day.
// - A preview with date exceptions but no weekly pattern is a `custom` schedule: other days fall back to the working hours.
// - A slot belongs to the date of the window that made it. Windows do not cross midnight, so it is also the local date of its start
//   (but for clocks that were once turned back across midnight).
// - A busy block that does not end after its start is not busy. Durations below one minute give nothing; a negative buffer is none.
// - Of equal (start, duration) the first stays: schedules in their order, windows in theirs. It decides price and type.
#pragma once

#include "core/money.hpp"
#include "core/zone.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace visavis::availability {

// Hours within one local day. 24:00 is the end of the day; an end not after the start gives nothing.
struct Window {
    LocalTime start;
    LocalTime end;
    std::optional<int> slotDuration = {}; // minutes; wins over any requested length
    bool isAvailable = true;
    std::optional<MinorUnits> price = {};
    std::string consultationType = {};
};

using Week = std::array<std::vector<Window>, 7>; // Monday first, as LocalDate::weekday()

// A break of one date (`recurring: false`) or, without one, of every such weekday.
struct Break {
    LocalTime start;
    LocalTime end;
    int weekday = 0;
    std::optional<LocalDate> date = {};
};

struct DayException {
    LocalDate date;
    bool isAvailable = true;
    std::vector<Window> windows = {};
};

// The n-th such weekday of a month (-1: the last), or a day of the month (-1: the last); months without such a day are passed over.
struct MonthlyWindows {
    std::optional<int> week = {}; // 1 … 5 or -1, with `weekday`
    int weekday = 0;
    std::optional<int> dayOfMonth = {}; // 1 … 31 or -1; used when `week` is not set
    std::vector<Window> windows = {};
};

enum class Pattern { weekly, monthly, custom };

// An active schedule. `weekly` reads `week`, `monthly` reads `month`, `custom` has exceptions only.
struct SchedulePlan {
    Pattern pattern = Pattern::weekly;
    Week week = {};
    std::vector<MonthlyWindows> month = {};
    std::vector<DayException> exceptions = {};
    std::optional<LocalDate> appliedFrom = {}; // both included
    std::optional<LocalDate> appliedTo = {};
};

struct Rules {
    Zone zone = {};
    Week workingHours = {};
    std::vector<Break> breaks = {};
    std::vector<LocalDate> unavailableDates = {};
    int minBookingNoticeHours = 0;
    std::optional<int> maxAdvanceBookingDays = {}; // not set: no limit
    int bufferMinutes = 0;
    std::vector<SchedulePlan> schedules = {}; // the active ones only
    std::vector<int> sessionDurations = {};   // minutes; one grid each in the working hours
    int defaultDuration = 60;                 // for schedule windows without a slotDuration
};

struct Busy {
    Instant start;
    Instant end;
};

struct ExpandedSlot {
    Instant startsAt;
    Instant endsAt;
    int duration = 0;               // minutes
    int schedule = -1;              // index into Rules::schedules, -1 for the working hours
    Window const* window = nullptr; // the window that made it, inside the Rules that were passed
};

// Bounds against abuse. Days after from + maxDays are not looked at, so callers refuse longer ranges. Expansion stops once it has made
// more than `limit` slots: an answer longer than its limit was cut and must be refused. Callers bound windows and breaks per day.
constexpr int maxDays = 400;
constexpr std::size_t maxSlots = 100'000;

// Local days, both included.
struct DayRange {
    LocalDate from;
    LocalDate to;
};

struct PreviewQuery {
    DayRange days;
    int duration = 60; // minutes; for every window without its own
    Instant now;
    std::span<Busy const> busy = {}; // in any order
    std::size_t limit = maxSlots;
};

// What a customer could book: one length, with notice, horizon, buffer and busy blocks applied. By startsAt, then duration.
std::vector<ExpandedSlot> preview(Rules const& rules, PreviewQuery const& query);

// What is to be stored: all session durations, within the horizon; notice and busy blocks are matters of reading. Same order.
std::vector<ExpandedSlot> materialise(Rules const& rules, DayRange days, Instant now, std::size_t limit = maxSlots);

// Slots point into the rules, so the rules must outlive them.
std::vector<ExpandedSlot> preview(Rules const&&, PreviewQuery const&) = delete;
std::vector<ExpandedSlot> materialise(Rules const&&, DayRange, Instant, std::size_t = maxSlots) = delete;

} // namespace visavis::availability
