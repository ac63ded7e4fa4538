// IANA time zones: what wall time an instant shows, and which instants a wall time names (Abseil time, system tzdata).
#pragma once

#include "core/time.hpp"

#include <absl/time/time.h>

#include <optional>
#include <string>
#include <string_view>

namespace visavis {
inline namespace core {

// What the clocks of a zone show at one instant.
struct Wall {
    LocalDate date;
    int seconds = 0; // since local midnight, 0 … 86399
    int offset = 0;  // seconds east of UTC

    LocalTime time() const { return {static_cast<std::int16_t>(seconds / 60)}; }
};

// A wall time names one instant, none (the clocks jump over it) or two (they run through it twice).
struct Instants {
    enum class Kind { unique, skipped, repeated } kind = Kind::unique;
    Instant first;  // unique: the instant; repeated: the first run; skipped: the jump
    Instant second; // repeated: the second run; else as `first`
};

class Zone {
public:
    Zone() : zone_(absl::UTCTimeZone()) {}

    // Absent or malformed names, paths and fixed offsets are refused: only names of the tz database are zones.
    static std::optional<Zone> load(std::string_view name);

    std::string name() const { return zone_.name(); }
    Wall at(Instant instant) const;
    // `time` may be 24:00, which is 00:00 of the next day.
    Instants of(LocalDate date, LocalTime time) const;
    LocalDate dateAt(Instant instant) const { return at(instant).date; }
    // The first instant of the local day.
    Instant startOf(LocalDate date) const { return of(date, {0}).first; }
    // The next change of offset after `instant`, if the zone has one.
    std::optional<Instant> nextChange(Instant instant) const;

    friend bool operator==(Zone const& a, Zone const& b) { return a.zone_ == b.zone_; }

private:
    absl::TimeZone zone_;
};

// First line of tzdata.zi, e.g. "2025b"; recorded on generated slots (DESIGN §5).
std::string const& tzdataVersion();

} // namespace core
} // namespace visavis
