// Zones by Abseil, whose reader knows the rule footer of tz files and so stays right beyond 2037.
#include "core/zone.hpp"

#include <filesystem>
#include <fstream>
#include <map>

namespace visavis {
inline namespace core {
namespace {

constexpr auto directory = "/usr/share/zoneinfo/";

absl::CivilSecond civilOf(LocalDate date, LocalTime time) {
    auto const day = absl::CivilDay() + date.days;
    return absl::CivilSecond(day) + time.minutes * 60;
}

std::optional<Instant> transitionAfter(absl::TimeZone const& zone, Instant instant) {
    absl::TimeZone::CivilTransition change;
    if (!zone.NextTransition(absl::FromUnixMillis(instant.ms), &change)) return std::nullopt;
    return Instant{absl::ToUnixMillis(zone.At(change.to).trans)};
}

bool plainName(std::string_view name) {
    if (name.empty() || name.size() > 64 || name.front() == '/' || name.find("..") != name.npos) return false;
    if (name.starts_with("Fixed/") || name.starts_with("right/") || name.starts_with("posix/")) return false;
    for (char const c : name) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '/' && c != '_' && c != '-' && c != '+') return false;
    }
    return name != "localtime" && name != "posixrules" && name != "Factory";
}

} // namespace

std::optional<Zone> Zone::load(std::string_view name) {
    // Every stored slot names its zone, and a zone stays what it is while the process runs: each thread keeps those that it met.
    thread_local std::map<std::string, Zone, std::less<>> met;
    if (auto const known = met.find(name); known != met.end()) return known->second;
    Zone zone;
    if (name == "UTC") return zone;
    if (!plainName(name) || !std::filesystem::is_regular_file(std::string(directory).append(name))) return std::nullopt;
    if (!absl::LoadTimeZone(std::string(name), &zone.zone_)) return std::nullopt;
    return met.emplace(name, zone).first->second;
}

Wall Zone::at(Instant instant) const {
    auto const info = zone_.At(absl::FromUnixMillis(instant.ms));
    auto const day = absl::CivilDay(info.cs);
    return {LocalDate{static_cast<std::int32_t>(day - absl::CivilDay())}, static_cast<int>(info.cs - absl::CivilSecond(day)), info.offset};
}

Instants Zone::of(LocalDate date, LocalTime time) const {
    auto const info = zone_.At(civilOf(date, time));
    auto const instant = [](absl::Time t) { return Instant{absl::ToUnixMillis(t)}; };
    switch (info.kind) {
        case absl::TimeZone::TimeInfo::UNIQUE:
            return {Instants::Kind::unique, instant(info.pre), instant(info.pre)};
        case absl::TimeZone::TimeInfo::SKIPPED:
            return {Instants::Kind::skipped, instant(info.trans), instant(info.trans)};
        case absl::TimeZone::TimeInfo::REPEATED:
            return {Instants::Kind::repeated, instant(info.pre), instant(info.post)};
    }
    return {};
}

std::optional<Instant> Zone::nextChange(Instant instant) const {
    // Abseil lists yearly changes for 400 years after the last one of the tz file; from there on the calendar repeats, and the rules with it.
    constexpr Days calendarCycle{146'097};
    for (Millis shift{0}; shift.count() == 0 || instant - shift >= Instant{0}; shift += calendarCycle) {
        auto listed = transitionAfter(zone_, instant - shift);
        for (; listed; listed = transitionAfter(zone_, *listed)) {
            auto const change = *listed + shift;
            if (at(change).offset != at(change - Millis(1)).offset) return change; // others only rename the zone's time
        }
    }
    return std::nullopt;
}

std::string const& tzdataVersion() {
    static std::string const version = [] {
        std::ifstream file(std::string(directory) + "tzdata.zi");
        std::string hash, word, name;
        file >> hash >> word >> name;
        return name.empty() ? std::string("unknown") : name;
    }();
    return version;
}

} // namespace core
} // namespace visavis
