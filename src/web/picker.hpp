// A week of free times, as the reader's calendar shows them.
#pragma once

#include "availability/api.hpp"
#include "web/visit.hpp"

namespace visavis::web {

struct PickerAsk {
    std::string path;                 // of the page that shows it
    std::string slots;                // where a time leads: this and the slot's id
    std::optional<std::int64_t> only; // one duration, without a choice
    bool embedded = false;
};

// ?from= a day, ?duration= minutes, ?tz= a zone; what is malformed counts as not given.
Result<Picker> pickerOf(Visit& visit, Reader& reader, profiles::Specialist const& specialist, PickerAsk const& ask);

// When a session is, for both sides.
When whenOf(Language language, Instant startsAt, Instant endsAt, Zone const& reader, Zone const& specialist);

// The free times nearest to a start, in order, at most `most`.
Result<std::vector<TimeChoice>> nearestTimes(Visit& visit, Reader& reader, profiles::Specialist const& specialist, Instant start,
                                             std::int64_t duration, std::string const& slots, std::size_t most);

} // namespace visavis::web
