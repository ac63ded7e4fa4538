// Slots follow rules and claims, always in the transaction that changes either.
#include "availability/service.hpp"

#include "availability/rules.hpp"

#include <map>
#include <set>

namespace visavis::availability {
namespace {

// Longer than any slot and buffer together: slots that start this long before an instant cannot reach it.
constexpr Hours longestReach{20};

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

// Two days more than may be booked: the daily job comes at UTC midnight, the horizon moves at the specialist's. Readers cut exactly.
int daysAhead(Specialist const& specialist) { return static_cast<int>(specialist.availability.maxAdvanceBooking) + 2; }

void noteExpiry(Slot& slot, Instant now) {
    if (slot.status != SlotStatus::expired)
        slot.expiredAt.reset();
    else if (!slot.expiredAt)
        slot.expiredAt = now;
}

// Which generated slots today's rules make, day by day; asked for few days at a time.
class Makeable {
public:
    Makeable(Reader& reader, Specialist const& specialist, Instant now)
        : rules_(rulesOf(specialist.availability, specialist.consulting, activeSchedules(reader, specialist.id))), now_(now) {
        rules_.maxAdvanceBookingDays = daysAhead(specialist);
    }

    bool has(Slot const& slot) {
        if (!slot.isRecurring) return true;
        auto const [day, fresh] = days_.try_emplace(slot.date);
        if (fresh)
            for (auto const& made : materialise(rules_, {slot.date, slot.date}, now_)) day->second.emplace(made.startsAt, made.duration);
        return day->second.contains({slot.startsAt, slot.duration});
    }

private:
    Rules rules_;
    Instant now_;
    std::map<LocalDate, std::set<std::pair<Instant, std::int64_t>>> days_;
};

// Brings every slot that a claim over [from, to) can touch to the status that claims and rules give it. `from` has the buffer before it.
Result<void> refresh(Tx& tx, Specialist const& specialist, Instant from, Instant to, Instant now) {
    auto touched = tx.find(slots, slots->specialistId == specialist.id && slots->startsAt > from - longestReach && slots->startsAt < to)
                       .sort(slots->startsAt, slots->id)
                       .all();
    std::erase_if(touched, [&](Slot const& slot) { return slot.endsAt <= from; });
    if (touched.empty()) return ok;
    auto last = touched.front().endsAt;
    for (auto const& slot : touched) last = std::max(last, slot.endsAt);
    auto const buffer = Minutes(static_cast<std::int64_t>(specialist.availability.bufferTime));
    auto const active = activeClaims(tx, specialist.id, touched.front().startsAt, last + buffer);
    std::optional<Makeable> makeable; // rules are only asked when something may open
    for (auto& slot : touched) {
        auto const before = std::pair(slot.status, slot.bookingId);
        writeBooking(slot, active, now);
        auto status = statusOf(slot, active, buffer.count(), true, now);
        if (status == SlotStatus::available && slot.status != SlotStatus::available) {
            if (!makeable) makeable.emplace(tx, specialist, now);
            if (!makeable->has(slot)) status = SlotStatus::expired;
        }
        slot.status = status;
        noteExpiry(slot, now);
        if (before == std::pair(slot.status, slot.bookingId)) continue;
        slot.updatedAt = now;
        CHECK(tx.replace(slots, slot));
    }
    return ok;
}

// Whether a stored generated slot must be written again to look like what the rules make today.
bool adopt(Slot& stored, Slot const& made) {
    auto const same = stored.price == made.price && stored.currency == made.currency && stored.consultationType == made.consultationType &&
                      stored.scheduleId == made.scheduleId && stored.tzVersion == made.tzVersion && stored.timezone == made.timezone;
    if (same) return false;
    if (!stored.isEdited) {
        stored.price = made.price;
        stored.consultationType = made.consultationType;
    }
    stored.currency = made.currency;
    stored.scheduleId = made.scheduleId;
    stored.recurrenceRuleId = made.recurrenceRuleId;
    stored.timezone = made.timezone;
    stored.date = made.date;
    stored.startTime = made.startTime;
    stored.endTime = made.endTime;
    stored.tzVersion = made.tzVersion;
    return true;
}

// One pass of regeneration: what is there, what shall be, and the writes between the two.
struct Regeneration {
    Tx& tx;
    Specialist const& specialist;
    std::vector<Schedule> schedules_;
    std::vector<Claim> active;
    std::map<ObjectId, Slot> stored;
    Instant now;
    Generated result = {};

    Result<void> keep(Slot slot, Slot const* made) {
        auto const before = slot.status;
        bool changed = made != nullptr && slot.status != SlotStatus::booked && adopt(slot, *made);
        bool const makes = made != nullptr || !slot.isRecurring;
        slot.status = statusOf(slot, active, specialist.availability.bufferTime, makes, now);
        changed = changed || slot.status != before;
        noteExpiry(slot, now);
        ++result.kept;
        if (!changed) return ok;
        slot.updatedAt = now;
        return tx.replace(slots, slot);
    }
    Result<void> make(Slot slot) {
        if (auto const there = stored.extract(slot.id.id)) return keep(there.mapped(), &slot);
        slot.status = statusOf(slot, active, specialist.availability.bufferTime, true, now);
        slot.createdAt = slot.updatedAt = now;
        ++result.created;
        return tx.insert(slots, slot);
    }
    // Generation owns only what it made; a slot that a booking names stays for good.
    Result<void> drop(Slot const& slot) {
        if (!slot.isRecurring || slot.wasBooked) return keep(slot, nullptr);
        if (slot.isManuallyBlocked) return keep(slot, nullptr);
        ++result.removed;
        CHECK(tx.erase(slots, slots->id == slot.id));
        return ok;
    }
};

} // namespace

Result<Generated> regenerate(Platform&, Tx& tx, Ref<Specialist> specialistId, Instant now) {
    auto specialist = tx.get(profiles::specialists, specialistId);
    if (!specialist) return notFound();
    auto const zone = specialist->availability.timezone.value_or(Zone{});
    auto const today = zone.dateAt(now);
    auto const ahead = daysAhead(*specialist);
    DayRange const days{today, today + ahead};
    Regeneration pass{tx, *specialist, activeSchedules(tx, specialistId), activeClaims(tx, specialistId, now, {INT64_MAX}), {}, now};
    for (auto& slot : tx.find(slots, slots->specialistId == specialistId && slots->startsAt > now).sort(slots->startsAt, slots->id).all())
        pass.stored.emplace(slot.id.id, std::move(slot));
    auto rules = rulesOf(specialist->availability, specialist->consulting, pass.schedules_);
    rules.maxAdvanceBookingDays = ahead;
    WallClock clock(zone);
    for (auto const& expanded : materialise(rules, days, now))
        if (expanded.startsAt > now)
            CHECK(pass.make(slotOf(*specialist, pass.schedules_, expanded, clock.fields(expanded.startsAt, expanded.endsAt))));
    for (auto const& [id, slot] : pass.stored) CHECK(pass.drop(slot));
    CHECK(profiles::slotsMade(tx, specialistId, days.to, tzdataVersion()));
    return pass.result;
}

Result<void> claim(Tx& tx, Slot const& slot, NewClaim const& wanted, Instant now) {
    Claim taken;
    taken.id = {wanted.bookingId.id};
    taken.bookingId = wanted.bookingId;
    taken.slotId = slot.id;
    taken.specialistId = slot.specialistId;
    taken.customerId = wanted.customerId;
    taken.startsAt = slot.startsAt;
    taken.endsAt = slot.endsAt;
    taken.claimEndsAt = slot.endsAt + Minutes(wanted.bufferMinutes);
    taken.specialistCells = cells(taken.startsAt, taken.claimEndsAt);
    taken.customerCells = cells(taken.startsAt, taken.endsAt);
    if (auto earlier = tx.get(claims, taken.id)) { // taken again after its hold had expired
        taken.version = earlier->version;
        CHECK(tx.replace(claims, taken));
    } else {
        CHECK(tx.insert(claims, taken));
    }
    auto const specialist = tx.get(profiles::specialists, slot.specialistId);
    if (!specialist) return notFound();
    CHECK(refresh(tx, *specialist, taken.startsAt - Minutes(static_cast<std::int64_t>(specialist->availability.bufferTime)),
                  taken.claimEndsAt, now));
    return profiles::bumpAvailability(tx, slot.specialistId);
}

Result<void> release(Tx& tx, Ref<booking::Booking> bookingId, Instant now) {
    TRY(auto const freed, tx.take(claims, claims->id == Ref<Claim>{bookingId.id} && claims->active == true, set(claims->active, false)));
    if (!freed) return ok;
    auto const specialist = tx.get(profiles::specialists, freed->specialistId);
    if (!specialist) return notFound();
    CHECK(refresh(tx, *specialist, freed->startsAt - Minutes(static_cast<std::int64_t>(specialist->availability.bufferTime)),
                  freed->claimEndsAt, now));
    return profiles::bumpAvailability(tx, freed->specialistId);
}

std::optional<Claim> ownClaim(Reader& reader, Slot const& slot, Ref<Customer> customerId) {
    for (auto const& claim : activeClaims(reader, slot.specialistId, slot.startsAt, slot.endsAt))
        if (claim.slotId == slot.id && claim.customerId == customerId) return claim;
    return std::nullopt;
}

bool customerIsBusy(Reader& reader, Ref<Customer> customerId, Instant from, Instant to) {
    auto const near =
        reader.find(claims, claims->customerId == customerId && claims->startsAt >= from - longestReach && claims->startsAt < to)
            .sort(claims->startsAt, claims->id)
            .all();
    return std::any_of(near.begin(), near.end(), [&](Claim const& claim) { return claim.active && claim.endsAt > from; });
}

std::optional<Slot> slot(Reader& reader, Ref<Slot> id) { return reader.get(slots, id); }

Result<void> checkBookable(Specialist const& specialist, Slot const& slot, Instant now) {
    if (slot.status == SlotStatus::booked || (slot.status == SlotStatus::blocked && !slot.isManuallyBlocked))
        return conflict("slot_taken", "Somebody else has just taken this time.");
    bool const open =
        specialist.published && slot.status == SlotStatus::available && withinNoticeAndHorizon(slot, specialist.availability, now);
    if (!open) return conflict("slot_not_bookable", "This time cannot be booked.");
    return ok;
}

Result<void> onRulesChanged(Platform& platform, profiles::AvailabilityRulesChanged const& event, Instant now) {
    auto const made = visavis::transact(platform.store, [&](Tx& tx) { return regenerate(platform, tx, event.specialistId, now); });
    if (!made && made.error().code != Code::notFound) return made.error();
    return ok;
}

Result<void> extendHorizons(Platform& platform, Instant now) {
    auto const today = LocalDate{static_cast<std::int32_t>(now.ms / 86'400'000)};
    // A day on each side covers every zone; whoever is not due is only looked at.
    while (true) {
        auto const due = visavis::read(platform.store, [&](Reader& reader) {
            return reader
                .find(profiles::specialists, profiles::specialists->published == true && profiles::specialists->slotsCheckedOn < today)
                .sort(profiles::specialists->slotsCheckedOn, profiles::specialists->id)
                .limit(50)
                .all();
        });
        for (auto const& specialist : due)
            CHECK(visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
                CHECK(regenerate(platform, tx, specialist.id, now));
                return profiles::slotsChecked(tx, specialist.id, today);
            }));
        if (due.size() < 50) return ok;
    }
}

Result<void> expireSlots(Platform& platform, Instant now) {
    for (auto const status : {SlotStatus::available, SlotStatus::blocked}) {
        while (true) {
            auto const due = visavis::read(platform.store, [&](Reader& reader) {
                return reader.find(slots, slots->status == status && slots->startsAt <= now)
                    .sort(slots->startsAt, slots->id)
                    .limit(200)
                    .all();
            });
            if (due.empty()) break;
            CHECK(visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
                for (auto const& slot : due)
                    CHECK(tx.update(slots, slots->id == slot.id && slots->status == status,
                                    set(slots->status, SlotStatus::expired).set(slots->expiredAt, now).set(slots->updatedAt, now)));
                return ok;
            }));
        }
    }
    return ok;
}

Result<void> checkWindowPrices(Platform& platform, Reader& reader, Specialist const& specialist) {
    std::vector<FieldError> wrong;
    auto const least = platform.payments.least(specialist.consulting.currency.code());
    for (auto const& schedule : activeSchedules(reader, specialist.id)) checkSchedulePrices(schedule, specialist.consulting, least, wrong);
    if (wrong.empty()) return ok;
    return invalid("/consulting/basePrice", "price_out_of_range",
                   "A window of a schedule would cost too little or too much. " + wrong.front().message);
}

} // namespace visavis::availability
