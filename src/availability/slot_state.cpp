// Deriving the state of slots, one at a time or around a claim.
#include "availability/slot_state.hpp"

namespace visavis::availability {
namespace {

Zone zoneOf(Specialist const& specialist) { return specialist.availability.timezone.value_or(Zone{}); }

Minutes bufferOf(Specialist const& specialist) { return Minutes(static_cast<std::int64_t>(specialist.availability.bufferTime)); }

// What the claim of a slot says is written on the slot too (seed: bookingId, customerId, bookedAt).
void writeBooking(Slot& slot, std::vector<Claim> const& active, Instant now) {
    auto const mine = std::find_if(active.begin(), active.end(), [&](Claim const& claim) { return claim.slotId == slot.id; });
    if (mine == active.end()) {
        slot.bookingId.reset();
        slot.customerId.reset();
        slot.bookedAt.reset();
    } else if (slot.bookingId != mine->bookingId) {
        slot.bookingId = mine->bookingId;
        slot.customerId = mine->customerId;
        slot.bookedAt = now;
        slot.wasBooked = true;
    }
}

// A one-off slot of the same start and length takes a generated one's place.
bool isReplaced(Slot const& slot, std::vector<Slot> const& others) {
    return std::any_of(others.begin(), others.end(), [&](Slot const& other) {
        return !other.isRecurring && other.startsAt == slot.startsAt && other.duration == slot.duration;
    });
}

} // namespace

std::vector<Schedule> activeSchedules(Reader& reader, Ref<Specialist> specialistId) {
    auto all = reader.find(schedules, schedules->specialistId == specialistId).sort(schedules->createdAt, schedules->id).all();
    std::erase_if(all, [](Schedule const& schedule) { return !schedule.isActive; });
    return all;
}

std::vector<Claim> activeClaims(Reader& reader, Ref<Specialist> specialistId, Instant from, Instant to) {
    auto all = reader.find(claims, claims->specialistId == specialistId && claims->startsAt >= from - longestReach && claims->startsAt < to)
                   .sort(claims->startsAt, claims->id)
                   .all();
    std::erase_if(all, [&](Claim const& claim) { return !claim.active || claim.claimEndsAt <= from; });
    return all;
}

int daysAhead(Specialist const& specialist) { return static_cast<int>(specialist.availability.maxAdvanceBooking) + 2; }

void noteExpiry(Slot& slot, Instant now) {
    if (slot.status != SlotStatus::expired)
        slot.expiredAt.reset();
    else if (!slot.expiredAt)
        slot.expiredAt = now;
}

bool adopt(Slot& stored, Slot const& made) {
    auto looks = stored;
    if (!stored.ownPrice) looks.price = made.price;
    if (!stored.ownConsultationType) looks.consultationType = made.consultationType;
    looks.currency = made.currency;
    looks.scheduleId = made.scheduleId;
    looks.recurrenceRuleId = made.recurrenceRuleId;
    looks.timezone = made.timezone;
    looks.date = made.date;
    looks.startTime = made.startTime;
    looks.endTime = made.endTime;
    looks.tzVersion = made.tzVersion;
    bool const same = looks.price == stored.price && looks.consultationType == stored.consultationType &&
                      looks.currency == stored.currency && looks.scheduleId == stored.scheduleId &&
                      looks.recurrenceRuleId == stored.recurrenceRuleId && looks.timezone == stored.timezone && looks.date == stored.date &&
                      looks.startTime == stored.startTime && looks.endTime == stored.endTime && looks.tzVersion == stored.tzVersion;
    stored = std::move(looks);
    return !same;
}

bool follow(Slot& slot, Specialist const& specialist) {
    auto const zone = zoneOf(specialist);
    auto const wall = WallClock(zone).fields(slot.startsAt, slot.endsAt);
    bool const same = slot.currency == specialist.consulting.currency && slot.timezone == zone && slot.date == wall.date &&
                      slot.startTime == wall.startTime && slot.endTime == wall.endTime;
    slot.currency = specialist.consulting.currency;
    slot.timezone = zone;
    slot.date = wall.date;
    slot.startTime = wall.startTime;
    slot.endTime = wall.endTime;
    slot.tzVersion = tzdataVersion();
    return !same;
}

bool Derivation::apply(Slot& slot, std::vector<Slot> const& others) {
    auto const before = std::pair(slot.status, slot.bookingId);
    writeBooking(slot, active_, now_);
    auto status = statusOf(slot, active_, bufferOf(specialist_).count(), true, now_);
    bool const opens = status == SlotStatus::available && before.first != SlotStatus::available;
    bool const looksNew = opens && open(slot, others, status);
    slot.status = status;
    noteExpiry(slot, now_);
    return looksNew || before != std::pair(slot.status, slot.bookingId);
}

// What opens must look as the rules make it today: while it was taken or blocked they may have changed without it. If they do not make
// it any more, it does not open.
bool Derivation::open(Slot& slot, std::vector<Slot> const& others, SlotStatus& status) {
    if (!slot.isRecurring) return follow(slot, specialist_);
    auto const made = isReplaced(slot, others) ? std::nullopt : madeToday(slot);
    if (made) return adopt(slot, *made);
    status = SlotStatus::expired;
    return false;
}

std::optional<Slot> Derivation::madeToday(Slot const& slot) {
    if (!rules_) {
        schedules_ = activeSchedules(reader_, specialist_.id);
        rules_ = rulesOf(specialist_.availability, specialist_.consulting, schedules_);
        rules_->maxAdvanceBookingDays = daysAhead(specialist_);
        clock_.emplace(rules_->zone);
    }
    auto const date = rules_->zone.dateAt(slot.startsAt);
    auto const [day, fresh] = days_.try_emplace(date);
    if (fresh) day->second = materialise(*rules_, {date, date}, now_);
    for (auto const& made : day->second)
        if (made.startsAt == slot.startsAt && made.duration == slot.duration)
            return slotOf(specialist_, schedules_, made, clock_->fields(made.startsAt, made.endsAt));
    return std::nullopt;
}

Result<void> refresh(Tx& tx, Specialist const& specialist, Instant from, Instant to, Instant now) {
    auto touched = tx.find(slots, slots->specialistId == specialist.id && slots->startsAt > from - longestReach && slots->startsAt < to)
                       .sort(slots->startsAt, slots->id)
                       .all();
    std::erase_if(touched, [&](Slot const& slot) { return slot.endsAt <= from; });
    if (touched.empty()) return ok;
    auto last = touched.front().endsAt;
    for (auto const& slot : touched) last = std::max(last, slot.endsAt);
    auto active = activeClaims(tx, specialist.id, touched.front().startsAt, last + bufferOf(specialist));
    Derivation derivation(tx, specialist, std::move(active), now);
    auto const others = touched;
    for (auto& slot : touched) {
        if (!derivation.apply(slot, others)) continue;
        slot.updatedAt = now;
        CHECK(tx.replace(slots, slot));
    }
    return ok;
}

} // namespace visavis::availability
