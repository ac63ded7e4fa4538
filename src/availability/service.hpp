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
// The booking's time moves to the slot `to`; what it has now counts as free. slot_taken, slot_not_bookable, customer_busy.
Result<void> moveClaim(Tx& tx, Ref<Slot> to, NewClaim const& wanted, Instant now);
// An active claim of this customer on exactly this slot.
std::optional<Claim> ownClaim(Reader& reader, Slot const& slot, Ref<Customer> customerId);

// Whether a customer has a claim that meets [from, to).
bool customerIsBusy(Reader& reader, Ref<Customer> customerId, Instant from, Instant to);

std::optional<Slot> slot(Reader& reader, Ref<Slot> id);

// ---- single slots, by their specialist ----

// A slot outside of the rules. Without a price it costs pro rata of the base price.
struct NewSlot {
    Instant startsAt;
    SessionMinutes duration;
    std::optional<Price> price;
    std::optional<Currency> currency; // the profile's, if given
    std::optional<Text<1, 60>> consultationType;
    std::vector<Text<1, 40>> tags;
    std::optional<Lines<0, 2000>> description;
};
RECORD(NewSlot, startsAt, duration, price, currency, consultationType, tags, description)

// What may be changed of a slot by hand (API: PATCH /slots/{id}). A booking has its own copies and is not touched.
struct WritableSlot {
    Price price;
    std::optional<Text<1, 60>> consultationType;
    std::vector<Text<1, 40>> tags;
    std::optional<Lines<0, 2000>> description;
};
RECORD(WritableSlot, price, consultationType, tags, description)

// Which members a change names: those stick, even at the value that the rules give them now.
struct SlotChanges {
    bool any = false;
    bool price = false;
    bool consultationType = false;
};

// not_found when it is another specialist's.
Result<Slot> ownSlot(Reader& reader, Call const& call, Ref<Slot> id);
// invalid; conflict slot_overlaps.
Result<Slot> addSlot(Call& call, Tx& tx, NewSlot const& input);
Result<Slot> updateSlot(Call& call, Tx& tx, Slot current, WritableSlot const& wanted, SlotChanges changes);
// conflict slot_booked; wrong_state for what is over or no longer offered. Blocking twice takes the newer reason.
Result<Slot> blockSlot(Call& call, Tx& tx, Ref<Slot> id, std::optional<Text<1, 200>> const& reason);
// The slot opens unless another reason keeps it closed.
Result<Slot> unblockSlot(Call& call, Tx& tx, Ref<Slot> id);
// Refuses another currency of the profile in which a slot with a price of its own could not be paid: invalid /consulting/currency.
Result<void> checkOwnPrices(Platform& platform, Reader& reader, Specialist const& specialist, Instant now);

// ---- for bookings ----

// slot_not_bookable: unpublished, inside the notice, behind the horizon, past, blocked. slot_taken: booked or held.
Result<void> checkBookable(Specialist const& specialist, Slot const& slot, Instant now);

// What customer and specialist have asked of each other is answered: called with the first message of the specialist to the customer, and when a
// booking of theirs is confirmed, whichever comes first. Counts into the specialist's responseTime.
Result<void> answerRequests(Tx& tx, Ref<Specialist> specialistId, Ref<Customer> customerId, Instant now);

// Outbox: the rules of a specialist are other than before.
Result<void> onRulesChanged(Platform& platform, profiles::AvailabilityRulesChanged const& event, Instant now);

// Jobs.
Result<void> extendHorizons(Platform& platform, Instant now);
Result<void> expireSlots(Platform& platform, Instant now);

// Refuses a change of the profile's prices that a window of a schedule could not be paid with: invalid /consulting/basePrice.
Result<void> checkWindowPrices(Platform& platform, Reader& reader, Specialist const& specialist);

} // namespace visavis::availability
