// How long one specialist's slots take: 90 days of working hours with a break, about 700 slots, 60 busy blocks, one change of clocks.
#include "availability/expand.hpp"
#include "availability/wall_clock.hpp"

#include <benchmark/benchmark.h>

#include <vector>

namespace visavis::availability {
namespace {

struct Load {
    Rules rules;
    std::vector<Busy> busy;
    DayRange days;
    Instant now;

    PreviewQuery query() const { return {days, 60, now, busy}; }
};

// Nine hours a day less the break, every day; a busy hour on two days of three. The first of February to the first of May crosses a change.
Load specialist() {
    Load load;
    auto const first = parseDate("2026-02-01").value();
    load.rules.zone = Zone::load("America/New_York").value();
    load.rules.workingHours.fill({{LocalTime{9 * 60}, LocalTime{19 * 60}}});
    for (int weekday = 0; weekday < 7; ++weekday) load.rules.breaks.push_back({LocalTime{12 * 60}, LocalTime{13 * 60}, weekday});
    load.rules.unavailableDates = {first + 20, first + 50};
    load.rules.minBookingNoticeHours = 24;
    load.rules.maxAdvanceBookingDays = 90;
    load.rules.sessionDurations = {30, 45, 60, 90};
    load.days = {first, first + 89};
    load.now = first.midnightUtc() - Days(2);
    for (int i = 0; i < 60; ++i) {
        auto const start = (first + i * 3 / 2).midnightUtc() + Hours(15 + i % 5);
        load.busy.push_back({start, start + Hours(1)});
    }
    return load;
}

void previewOf90Days(benchmark::State& state) {
    auto const load = specialist();
    std::size_t slots = 0;
    for (auto _ : state) {
        auto const made = preview(load.rules, load.query());
        slots = made.size();
        benchmark::DoNotOptimize(made.data());
    }
    state.counters["slots"] = static_cast<double>(slots);
}
BENCHMARK(previewOf90Days)->Unit(benchmark::kMicrosecond);

void materialisingFourLengths(benchmark::State& state) {
    auto const load = specialist();
    std::size_t slots = 0;
    for (auto _ : state) {
        auto const made = materialise(load.rules, load.days, load.now);
        slots = made.size();
        benchmark::DoNotOptimize(made.data());
    }
    state.counters["slots"] = static_cast<double>(slots);
}
BENCHMARK(materialisingFourLengths)->Unit(benchmark::kMicrosecond);

void wallFieldsOf90Days(benchmark::State& state) {
    auto const load = specialist();
    auto const made = preview(load.rules, load.query());
    for (auto _ : state) {
        WallClock clock(load.rules.zone);
        for (auto const& slot : made) benchmark::DoNotOptimize(clock.fields(slot.startsAt, slot.endsAt));
    }
    state.counters["slots"] = static_cast<double>(made.size());
}
BENCHMARK(wallFieldsOf90Days)->Unit(benchmark::kMicrosecond);

// The floor: one zone look-up for each window edge, as an expansion without a memory would make.
void zoneLookUpsOfWindowEdges(benchmark::State& state) {
    auto const load = specialist();
    for (auto _ : state)
        for (auto date = load.days.from; date <= load.days.to; date = date + 1) {
            benchmark::DoNotOptimize(load.rules.zone.of(date, LocalTime{9 * 60}));
            benchmark::DoNotOptimize(load.rules.zone.of(date, LocalTime{19 * 60}));
        }
}
BENCHMARK(zoneLookUpsOfWindowEdges)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace visavis::availability
