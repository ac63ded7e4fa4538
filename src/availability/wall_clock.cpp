// The slow ways of WallClock: asking the zone, and the end of a slot's day.
#include "availability/wall_clock.hpp"

#include <limits>

namespace visavis::availability {

void WallClock::remember(Instant instant) {
    offset_ = zone_.at(instant).offset;
    since_ = instant;
    until_ = zone_.nextChange(instant).value_or(Instant{std::numeric_limits<std::int64_t>::max()});
}

Instant WallClock::lookUp(LocalDate date, LocalTime time) {
    auto const exact = zone_.of(date, time).first;
    if (exact < since_ || exact >= until_) remember(exact);
    return exact;
}

WallFields WallClock::fields(Instant startsAt, Instant endsAt) {
    auto const start = at(startsAt);
    auto const end = at(endsAt);
    // The next day need not begin at 00:00 nor be the next date: clocks have jumped over midnights and over whole days.
    bool const endsDay = end.date > start.date && at(endsAt - Millis(1)).date == start.date;
    return {start.date, start.time(), endsDay ? LocalTime{1440} : end.time(), start.offset};
}

} // namespace visavis::availability
