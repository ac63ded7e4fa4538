// What availability says about slots that other software has stored: when they are, what claims their bookings have, and their status. Pure.
#pragma once

#include "availability/service.hpp"

namespace visavis::availability {

struct SlotTimes {
    Instant startsAt;
    Instant endsAt;
};

// The instants that local times name, by the rules of expansion: an edge in a gap moves to the jump, one in a repeated hour means its first
// run, unless only another run lasts as long as `duration` says. An end at or before the start is on the next day.
// A duration that counted the wall's minutes over a change of the clocks is no contradiction; any other is Error{invalid}.
Result<SlotTimes> timesOf(LocalDate date, LocalTime start, LocalTime end, Zone const& zone, std::optional<std::int64_t> duration);

// The day that a stored date means: midnight UTC of it (ours), or its first instant in `zone`. Nothing if it is neither.
std::optional<LocalDate> dayOf(Instant stored, Zone const& zone);

// The row that `claim` stores for a booking of this slot.
Claim claimOf(Slot const& slot, NewClaim const& wanted);

// The status of a stored slot among the active claims that can meet it; `isManuallyBlocked` follows, since whoever blocked it had a reason.
void settleStatus(Slot& slot, std::vector<Claim> const& near, std::int64_t bufferMinutes, Instant now);

} // namespace visavis::availability
