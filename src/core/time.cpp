// Text forms of instants, days and wall times; the calendar arithmetic is std::chrono's.
#include "core/time.hpp"

#include <cstdio>
#include <cstdlib>
#include <limits>

namespace visavis {
inline namespace core {
namespace {

namespace chrono = std::chrono;

// Reads exactly `count` digits from the front of `text`.
std::optional<int> digits(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        char const c = text[i];
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

// `value` with leading zeros; what has more digits (no year that we accept) loses its first.
void appendDigits(std::string& out, int value, int count) {
    char buffer[8];
    for (int i = count - 1; i >= 0; --i, value /= 10) buffer[i] = static_cast<char>('0' + std::abs(value % 10));
    out.append(buffer, static_cast<std::size_t>(count));
}

bool skip(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<LocalDate> readDate(std::string_view& text) {
    auto const year = digits(text, 4);
    if (!year || !skip(text, '-')) return std::nullopt;
    auto const month = digits(text, 2);
    if (!month || !skip(text, '-')) return std::nullopt;
    auto const day = digits(text, 2);
    if (!day || *year == 0) return std::nullopt;
    auto const date = chrono::year_month_day{chrono::year{*year}, chrono::month{unsigned(*month)}, chrono::day{unsigned(*day)}};
    if (!date.ok()) return std::nullopt;
    return LocalDate{static_cast<std::int32_t>(chrono::sys_days{date}.time_since_epoch().count())};
}

// Milliseconds of ".123…"; the text must begin with a digit after the dot.
std::optional<int> readFraction(std::string_view& text) {
    if (!skip(text, '.')) return 0;
    int value = 0;
    std::size_t seen = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++seen)
        if (seen < 3) value = value * 10 + (text.front() - '0');
    if (seen == 0 || seen > 9) return std::nullopt;
    for (auto n = seen; n < 3; ++n) value *= 10;
    return value;
}

// Minutes east of UTC from "Z" or "±HH:MM".
std::optional<int> readOffset(std::string_view& text) {
    if (skip(text, 'Z') || skip(text, 'z')) return 0;
    int const sign = skip(text, '+') ? 1 : skip(text, '-') ? -1 : 0;
    if (sign == 0) return std::nullopt;
    auto const hour = digits(text, 2);
    if (!hour || *hour > 23 || !skip(text, ':')) return std::nullopt;
    auto const minute = digits(text, 2);
    if (!minute || *minute > 59) return std::nullopt;
    return sign * (*hour * 60 + *minute);
}

} // namespace

CivilDate civil(LocalDate date) {
    auto const ymd = chrono::year_month_day{chrono::sys_days{chrono::days{date.days}}};
    return {int(ymd.year()), int(unsigned(ymd.month())), int(unsigned(ymd.day()))};
}

LocalDate dateOf(CivilDate const& c) {
    auto const ymd = chrono::year_month_day{chrono::year{c.year}, chrono::month{unsigned(c.month)}, chrono::day{unsigned(c.day)}};
    return {static_cast<std::int32_t>(chrono::sys_days{ymd}.time_since_epoch().count())};
}

void appendText(std::string& out, LocalDate date) {
    auto const c = civil(date);
    appendDigits(out, c.year, 4);
    out += '-';
    appendDigits(out, c.month, 2);
    out += '-';
    appendDigits(out, c.day, 2);
}

void appendRfc3339(std::string& out, Instant instant) {
    constexpr std::int64_t day = 86'400'000;
    auto const days = (instant.ms >= 0 ? instant.ms : instant.ms - (day - 1)) / day;
    auto const rest = static_cast<int>(instant.ms - days * day);
    appendText(out, LocalDate{static_cast<std::int32_t>(days)});
    out += 'T';
    appendDigits(out, rest / 3'600'000, 2);
    out += ':';
    appendDigits(out, rest / 60'000 % 60, 2);
    out += ':';
    appendDigits(out, rest / 1000 % 60, 2);
    out += '.';
    appendDigits(out, rest % 1000, 3);
    out += 'Z';
}

std::string toText(LocalDate date) {
    std::string text;
    appendText(text, date);
    return text;
}

std::string toText(LocalTime time) {
    std::string text;
    appendDigits(text, time.minutes / 60, 2);
    text += ':';
    appendDigits(text, time.minutes % 60, 2);
    return text;
}

std::string toRfc3339(Instant instant) {
    std::string text;
    text.reserve(24);
    appendRfc3339(text, instant);
    return text;
}

std::string offsetText(int seconds) {
    auto const positive = seconds < 0 ? -seconds : seconds;
    char buffer[40];
    auto const n = std::snprintf(buffer, sizeof buffer, "%c%02d:%02d", seconds < 0 ? '-' : '+', positive / 3600, positive / 60 % 60);
    return {buffer, static_cast<std::size_t>(n)};
}

std::optional<Instant> parseRfc3339(std::string_view text) {
    auto const date = readDate(text);
    if (!date || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' ')) return std::nullopt;
    text.remove_prefix(1);
    auto const hour = digits(text, 2);
    if (!hour || *hour > 23 || !skip(text, ':')) return std::nullopt;
    auto const minute = digits(text, 2);
    if (!minute || *minute > 59 || !skip(text, ':')) return std::nullopt;
    auto const second = digits(text, 2);
    if (!second || *second > 59) return std::nullopt;
    auto const fraction = readFraction(text);
    if (!fraction) return std::nullopt;
    auto const offset = readOffset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return Instant{date->midnightUtc().ms + ((*hour * 60LL + *minute - *offset) * 60 + *second) * 1000 + *fraction};
}

std::optional<LocalDate> parseDate(std::string_view text) {
    auto const date = readDate(text);
    return text.empty() ? date : std::nullopt;
}

std::optional<LocalTime> parseTime(std::string_view text) {
    auto const hour = digits(text, 2);
    if (!hour || !skip(text, ':')) return std::nullopt;
    auto const minute = digits(text, 2);
    if (!minute || *minute > 59 || !text.empty()) return std::nullopt;
    auto const total = *hour * 60 + *minute;
    if (total > 1440) return std::nullopt;
    return LocalTime{static_cast<std::int16_t>(total)};
}

std::optional<Millis> parseDuration(std::string_view text) {
    if (!skip(text, 'P') || text.empty()) return std::nullopt;
    constexpr std::int64_t longest = 1000 * 366 * 86'400'000LL; // a thousand years
    std::int64_t total = 0;
    bool inTime = false;
    while (!text.empty()) {
        if (!inTime && skip(text, 'T')) inTime = true;
        std::int64_t number = 0;
        std::size_t seen = 0;
        for (; !text.empty() && text.front() >= '0' && text.front() <= '9' && seen < 9; text.remove_prefix(1), ++seen)
            number = number * 10 + (text.front() - '0');
        auto const fraction = readFraction(text);
        if (seen == 0 || !fraction || text.empty()) return std::nullopt;
        char const unit = text.front();
        text.remove_prefix(1);
        if (*fraction != 0 && unit != 'S') return std::nullopt;
        auto const scale = !inTime && unit == 'D'  ? 86'400'000
                           : inTime && unit == 'H' ? 3'600'000
                           : inTime && unit == 'M' ? 60'000
                           : inTime && unit == 'S' ? 1000
                                                   : 0;
        if (scale == 0) return std::nullopt;
        total += number * scale + *fraction;
        if (total > longest) return std::nullopt; // before a long row of parts could overflow
    }
    return Millis(total);
}

} // namespace core
} // namespace visavis
