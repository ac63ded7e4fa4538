// Instants, local days and wall times, as plain numbers, with their text forms (RFC 3339, YYYY-MM-DD, HH:MM).
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace visavis {
inline namespace core {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Minutes = std::chrono::minutes;
using Hours = std::chrono::hours;
using Days = std::chrono::days;

// A point in time: milliseconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t ms = 0;

    auto operator<=>(Instant const&) const = default;
    friend constexpr Instant operator+(Instant a, Millis b) { return {a.ms + b.count()}; }
    friend constexpr Instant operator-(Instant a, Millis b) { return {a.ms - b.count()}; }
    friend constexpr Millis operator-(Instant a, Instant b) { return Millis(a.ms - b.ms); }
};

// The years 1 to 9999, all that RFC 3339 can write.
inline constexpr Instant firstInstant{-62'135'596'800'000};
inline constexpr Instant lastInstant{253'402'300'799'999};

// A calendar day without a zone: days since 1970-01-01. Stored as midnight UTC of that day (seed: `date`).
struct LocalDate {
    std::int32_t days = 0;

    auto operator<=>(LocalDate const&) const = default;
    friend constexpr LocalDate operator+(LocalDate a, int b) { return {a.days + b}; }
    friend constexpr int operator-(LocalDate a, LocalDate b) { return a.days - b.days; }
    constexpr Instant midnightUtc() const { return {std::int64_t{days} * 86'400'000}; }
    // 0 = Monday … 6 = Sunday.
    constexpr int weekday() const { return ((days % 7) + 10) % 7; }
};

// Minutes since local midnight, 0 … 1440; 1440 is "24:00", the end of the day.
struct LocalTime {
    std::int16_t minutes = 0;

    auto operator<=>(LocalTime const&) const = default;
};

struct CivilDate {
    int year = 1970;
    int month = 1; // 1 … 12
    int day = 1;   // 1 … 31
};

CivilDate civil(LocalDate date);
LocalDate dateOf(CivilDate const& civil);

std::string toRfc3339(Instant instant); // 2026-03-01T09:00:00.000Z
std::string toText(LocalDate date);     // 2026-03-01
std::string toText(LocalTime time);     // 09:00
// The same at the end of `out`: answers hold thousands of them.
void appendRfc3339(std::string& out, Instant instant);
void appendText(std::string& out, LocalDate date);
// "+05:30" from seconds east of UTC.
std::string offsetText(int seconds);

// Any offset is accepted (RFC 3339 §5.6), 0 to 9 fractional digits; years 1 … 9999. Sub-millisecond digits are cut off.
std::optional<Instant> parseRfc3339(std::string_view text);
std::optional<LocalDate> parseDate(std::string_view text);
std::optional<LocalTime> parseTime(std::string_view text);
// ISO 8601 durations of days, hours, minutes and seconds: P1DT2H, PT90M, PT0.5S.
std::optional<Millis> parseDuration(std::string_view text);

} // namespace core
} // namespace visavis
