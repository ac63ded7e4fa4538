// The rules of availability over stored records; pure. Expansion itself is in expand.hpp.
#pragma once

#include "availability/expand.hpp"
#include "availability/records.hpp"
#include "availability/wall_clock.hpp"
#include "core/result.hpp"

namespace visavis::availability {

// What expansion reads, from the documents. `active` are the active schedules.
Rules rulesOf(profiles::Availability const& availability, profiles::Consulting const& consulting, std::vector<Schedule> const& active);
SchedulePlan planOf(Schedule const& schedule);

// Wall times of five minutes, ends after starts, days and rows that exist; errors carry JSON Pointers below `at`.
void checkSchedule(Schedule const& schedule, std::string const& at, std::vector<FieldError>& wrong);
// Prices that nobody could pay: each window's own, and those that its length makes of the base price (DESIGN §5: 0, or least … 99,999,999).
void checkSchedulePrices(Schedule const& schedule, profiles::Consulting const& consulting, MinorUnits least,
                         std::vector<FieldError>& wrong);

Ref<Slot> slotId(Ref<Specialist> specialistId, Instant startsAt, std::int64_t duration);

// The slot that an expanded one is stored as; its status is left to statusOf.
Slot slotOf(Specialist const& specialist, std::vector<Schedule> const& active, ExpandedSlot const& expanded, WallFields const& wall);

// Five-minute cells since 1970 that [from, to) touches.
std::vector<std::int64_t> cells(Instant from, Instant to);

// DESIGN §6: booked if a booking has it (held too); blocked by hand or by another booking's claim over [start, end + buffer); else
// available while the rules make it and it lies ahead, else expired.
SlotStatus statusOf(Slot const& slot, std::vector<Claim> const& activeClaims, std::int64_t bufferMinutes, bool rulesMakeIt, Instant now);

// The first start that notice allows, and the first instant behind the horizon (all of the Nth local day from today's belongs to it).
Instant earliestStart(profiles::Availability const& availability, Instant now);
Instant horizonEnd(profiles::Availability const& availability, Instant now);
bool withinNoticeAndHorizon(Slot const& slot, profiles::Availability const& availability, Instant now);

// 0 = Monday; nothing for other words.
std::optional<int> weekdayOf(std::string_view word);

} // namespace visavis::availability
