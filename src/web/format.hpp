// Dates, times, money and numbers as the readers of a language write them. Pure.
#pragma once

#include "core/money.hpp"
#include "core/zone.hpp"
#include "web/words.hpp"

namespace visavis::web {

// en: "Tuesday, 1 December 2026"; de: "Dienstag, 1. Dezember 2026".
std::string longDate(Language language, LocalDate date);
// Without the year: "Tuesday, 1 December", "Dienstag, 1. Dezember".
std::string dayName(Language language, LocalDate date);
// "1 Dec 2026", "1. Dez. 2026".
std::string shortDate(Language language, LocalDate date);
// "December 2026".
std::string monthName(Language language, LocalDate date);
// "10:00", on the clock of 24 hours in both languages.
std::string clockTime(Wall const& wall);
// "UTC+05:30", "UTC".
std::string offsetName(int seconds);
// "Europe/Berlin" → "Berlin", "America/Argentina/Buenos_Aires" → "Buenos Aires".
std::string placeName(std::string_view zone);
// "10:00–11:00"; each time has its offset when the clocks change in between.
std::string timeSpan(Wall const& start, Wall const& end);

// Grouped, with the currency's sign where everybody knows whose it is: "$1,234.50", "€49", "CHF 80"; "1.234,50 $", "49 €". Whole amounts lose
// their zeros when `shortened`; refunds and totals keep them.
enum class Zeros { kept, dropped };
std::string money(Language language, MinorUnits amount, Currency const& currency, Zeros zeros = Zeros::kept);
// One decimal: "4.8", "4,8".
std::string rating(Language language, double value);

} // namespace visavis::web
