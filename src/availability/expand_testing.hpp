// Short ways to write rules and slots, for the tests of the expansion.
#pragma once

#include "availability/expand.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::availability::testing {

inline LocalDate day(std::string_view text) { return parseDate(text).value(); }
inline LocalTime clock(std::string_view text) { return parseTime(text).value(); }
// "2026-03-01T09:00Z", to the minute or finer.
inline Instant utc(std::string text) {
    if (text.size() == 17) text.insert(16, ":00");
    return parseRfc3339(text).value();
}

// "09:00-17:00"
inline Window window(std::string_view hours) { return {clock(hours.substr(0, 5)), clock(hours.substr(6))}; }
inline std::vector<Window> windows(std::vector<std::string_view> const& hours) {
    std::vector<Window> list;
    std::transform(hours.begin(), hours.end(), std::back_inserter(list), window);
    return list;
}
inline Break pause(int weekday, std::string_view hours) { return {clock(hours.substr(0, 5)), clock(hours.substr(6)), weekday}; }
inline Break pauseOn(std::string_view date, std::string_view hours) {
    return {clock(hours.substr(0, 5)), clock(hours.substr(6)), 0, day(date)};
}

// The same hours on every day of the week.
inline Week daily(std::vector<Window> const& hours) {
    Week week;
    week.fill(hours);
    return week;
}

// "2026-03-01T09:00Z/60"
inline std::vector<std::string> texts(std::vector<ExpandedSlot> const& slots) {
    std::vector<std::string> list;
    for (auto const& slot : slots) {
        auto const start = toRfc3339(slot.startsAt);
        auto const whole = start.substr(16) == ":00.000Z" ? start.substr(0, 16) + "Z" : start;
        list.push_back(whole + "/" + std::to_string(slot.duration));
    }
    return list;
}

} // namespace visavis::availability::testing
