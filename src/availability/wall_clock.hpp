// Reads a zone's clocks quickly for instants that lie close together: the offset in force is remembered until it changes.
#pragma once

#include "core/zone.hpp"

#include <utility>

namespace visavis::availability {

// The wall fields of a slot as the API and the stored slot show them.
struct WallFields {
    LocalDate date; // the local day at the start
    LocalTime startTime;
    LocalTime endTime; // 24:00 when the slot ends with that day, so that date + endTime is the end; else what the clocks show at the end
    int utcOffset = 0; // seconds east of UTC at the start; offsetText() writes it
};

// Answers as Zone does. A zone look-up happens only when an instant leaves the remembered interval, so ask in order of time.
class WallClock {
public:
    explicit WallClock(Zone zone) : zone_(std::move(zone)) {}

    Wall at(Instant instant) {
        if (instant < since_ || instant >= until_) remember(instant);
        auto const local = std::chrono::sys_time<Millis>(Millis(instant.ms) + Seconds(offset_));
        auto const day = std::chrono::floor<Days>(local);
        return {{static_cast<std::int32_t>(day.time_since_epoch().count())}, static_cast<int>((local - day) / Seconds(1)), offset_};
    }

    // The instant of an edge: in a gap the jump, in a repeated hour its first run.
    Instant edge(LocalDate date, LocalTime time) {
        auto const simple = date.midnightUtc() + Minutes(time.minutes) - Seconds(offset_);
        if (simple >= since_ + widestChange && simple < until_) return simple;
        return lookUp(date, time);
    }

    WallFields fields(Instant startsAt, Instant endsAt);

private:
    // No two offsets of any zone are farther apart (local mean times reach from -15:56 to +15:02). An instant that is farther than
    // this from the beginning of its interval cannot be the second run of a wall time whose first run was under another offset.
    static constexpr Hours widestChange{32};

    void remember(Instant instant);
    Instant lookUp(LocalDate date, LocalTime time);

    Zone zone_;
    Instant since_; // [since_, until_) is empty at first
    Instant until_;
    int offset_ = 0;
};

} // namespace visavis::availability
