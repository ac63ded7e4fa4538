// The verbs of availability: making slots from rules, claiming and releasing time, and reading what is bookable.
#pragma once

#include "availability/records.hpp"
#include "profiles/events.hpp"
#include "profiles/service.hpp"

namespace visavis::availability {

using identity::Call;
using identity::Platform;

struct Generated {
    std::int64_t created = 0;
    std::int64_t removed = 0;
    std::int64_t kept = 0;
};
RECORD(Generated, created, removed, kept)

// Makes the stored slots equal to what today's rules make, up to the horizon. Booked, blocked, one-off and edited slots stay as they are.
Result<Generated> regenerate(Platform& platform, Tx& tx, Ref<Specialist> specialistId, Instant now);

// Takes the time of `slot` for a booking: conflict slot_taken or customer_busy. `buffer` is the booking's own, in minutes.
struct NewClaim {
    Ref<booking::Booking> bookingId;
    Ref<Customer> customerId;
    std::int64_t bufferMinutes = 0;
};
Result<void> claim(Tx& tx, Slot const& slot, NewClaim const& wanted, Instant now);
// Gives the time back; what was blocked by it alone opens again. Nothing happens when the claim is inactive already.
Result<void> release(Tx& tx, Ref<booking::Booking> bookingId, Instant now);
// An active claim of this customer on exactly this slot.
std::optional<Claim> ownClaim(Reader& reader, Slot const& slot, Ref<Customer> customerId);

// Whether a customer has a claim that meets [from, to).
bool customerIsBusy(Reader& reader, Ref<Customer> customerId, Instant from, Instant to);

std::optional<Slot> slot(Reader& reader, Ref<Slot> id);

// slot_not_bookable: unpublished, inside the notice, behind the horizon, past, blocked. slot_taken: booked or held.
Result<void> checkBookable(Specialist const& specialist, Slot const& slot, Instant now);

// Outbox: the rules of a specialist are other than before.
Result<void> onRulesChanged(Platform& platform, profiles::AvailabilityRulesChanged const& event, Instant now);

// Jobs.
Result<void> extendHorizons(Platform& platform, Instant now);
Result<void> expireSlots(Platform& platform, Instant now);

// Refuses a change of the profile's prices that a window of a schedule could not be paid with: invalid /consulting/basePrice.
Result<void> checkWindowPrices(Platform& platform, Reader& reader, Specialist const& specialist);

} // namespace visavis::availability
