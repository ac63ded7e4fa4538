// Formats of two languages; months and weekdays are those of the mails.
#include "web/format.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace visavis::web {
namespace {

std::string const& monthOf(Language language, CivilDate const& day) {
    return notifications::tableOf(language).months.at(static_cast<std::size_t>(day.month - 1));
}

// Months of at most four letters are written out; German marks the others as cut. The one with an umlaut has four.
std::string shortMonth(Language language, CivilDate const& day) {
    auto const& month = monthOf(language, day);
    if (textLength(month, Breaks::refused).value_or(0) <= 4) return month;
    return month.substr(0, 3) + (language == Language::de ? "." : "");
}

std::string dayOfMonth(Language language, CivilDate const& day) { return std::to_string(day.day) + (language == Language::de ? "." : ""); }

std::string withSigns(Language language, std::string const& digits) {
    auto const point = digits.find('.');
    auto whole = digits.substr(0, point);
    for (auto at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, language == Language::de ? "." : ",");
    return point == digits.npos ? whole : whole + (language == Language::de ? "," : ".") + digits.substr(point + 1);
}

// Signs that stand for one currency only, wherever it is read.
std::string_view signOf(std::string const& code) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> signs{
        {{"USD", "$"}, {"EUR", "€"}, {"GBP", "£"}, {"JPY", "¥"}, {"INR", "₹"}, {"ILS", "₪"}}};
    for (auto const& [currency, sign] : signs)
        if (currency == code) return sign;
    return {};
}

} // namespace

std::string dayName(Language language, LocalDate date) {
    auto const day = civil(date);
    auto const& weekday = notifications::tableOf(language).weekdays.at(static_cast<std::size_t>(date.weekday()));
    return weekday + ", " + dayOfMonth(language, day) + " " + monthOf(language, day);
}

std::string longDate(Language language, LocalDate date) { return dayName(language, date) + " " + std::to_string(civil(date).year); }

std::string shortDate(Language language, LocalDate date) {
    auto const day = civil(date);
    return dayOfMonth(language, day) + " " + shortMonth(language, day) + " " + std::to_string(day.year);
}

std::string monthName(Language language, LocalDate date) {
    auto const day = civil(date);
    return monthOf(language, day) + " " + std::to_string(day.year);
}

std::string clockTime(Wall const& wall) { return toText(wall.time()); }

std::string offsetName(int seconds) { return seconds == 0 ? "UTC" : "UTC" + offsetText(seconds); }

std::string placeName(std::string_view zone) {
    auto const slash = zone.rfind('/');
    std::string name(slash == zone.npos ? zone : zone.substr(slash + 1));
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string timeSpan(Wall const& start, Wall const& end) {
    if (start.offset == end.offset) return clockTime(start) + "–" + clockTime(end);
    return clockTime(start) + " (" + offsetName(start.offset) + ") – " + clockTime(end) + " (" + offsetName(end.offset) + ")";
}

std::string money(Language language, MinorUnits amount, Currency const& currency, Zeros zeros) {
    bool const negative = amount < 0;
    auto const exponent = static_cast<std::size_t>(currency.exponent());
    auto digits = std::to_string(negative ? -amount : amount);
    if (digits.size() <= exponent) digits.insert(0, exponent + 1 - digits.size(), '0');
    if (exponent > 0) digits.insert(digits.size() - exponent, ".");
    bool const whole = exponent > 0 && digits.find_first_not_of('0', digits.size() - exponent) == digits.npos;
    if (whole && zeros == Zeros::dropped) digits.resize(digits.size() - exponent - 1);
    auto const number = withSigns(language, digits);
    auto const sign = signOf(currency.code());
    constexpr std::string_view space = "\u00A0"; // a price is not torn at the end of a line
    std::string text = negative ? "−" : "";
    if (language == Language::de) return text.append(number).append(space).append(sign.empty() ? currency.code() : std::string(sign));
    if (sign.empty()) return text.append(currency.code()).append(space).append(number);
    return text.append(sign).append(number);
}

std::string rating(Language language, double value) {
    auto const tenths = std::lround(value * 10);
    return std::to_string(tenths / 10) + (language == Language::de ? "," : ".") + std::to_string(tenths % 10);
}

} // namespace visavis::web
