// Records that the tests and benches of record/ share: one with every kind of member, one as large as a stored booking.
#pragma once

#include "record/record.hpp"

namespace visavis::sample {

WORDS(Mood, calm, noShow, in_app)

struct Stop {
    LocalTime at;
    Bounded<1, 90> minutes;
    std::optional<Text<1, 20>> note;

    friend bool operator==(Stop const&, Stop const&) = default;
};
RECORD(Stop, at, minutes, note)

struct Route {
    std::string start;
    std::vector<Stop> stops;
    std::optional<Stop> last;

    friend bool operator==(Route const&, Route const&) = default;
};
RECORD(Route, start, stops, last)

// One member of each kind; `maybe…` are the optional ones.
struct Everything {
    Ref<Everything> id;
    bool flag = false;
    std::int64_t whole = 0;
    std::int32_t narrow = 0;
    double real = 0;
    Bounded<-5, 5> bounded;
    Text<1, 10> text{"t"};
    Lines<0, 20> lines;
    std::string raw;
    Email email{"a@b.de"};
    Url url{"https://example.org/"};
    Instant instant;
    LocalDate day;
    LocalTime time;
    Zone zone;
    Currency currency;
    Mood mood = Mood::calm;
    Stop stop;
    std::optional<Ref<Stop>> maybeRef;
    std::optional<std::int64_t> maybeWhole;
    std::optional<Text<1, 10>> maybeText;
    std::optional<Route> maybeRoute;
    std::optional<Secret> maybeSecret;
    std::vector<Text<1, 10>> tags;
    std::vector<std::vector<std::int64_t>> grid;
    std::vector<Mood> moods;
    std::map<std::string, Stop> stopsByName;
    std::optional<std::map<std::string, double>> maybeScores;

    friend bool operator==(Everything const&, Everything const&) = default;
};
RECORD(Everything, id, flag, whole, narrow, real, bounded, text, lines, raw, email, url, instant, day, time, zone, currency, mood, stop,
       maybeRef, maybeWhole, maybeText, maybeRoute, maybeSecret, tags, grid, moods, stopsByName, maybeScores)

} // namespace visavis::sample
