// Slots follow rules and claims, always in the transaction that changes either.
#include "availability/service.hpp"

#include "availability/slot_state.hpp"
#include "availability/takeover.hpp"
#include "core/log.hpp"

#include <map>
#include <set>

namespace visavis::availability {
namespace {

// Of one specialist; what makes more is refused, since it would hold up everybody's writes.
constexpr std::size_t mostSlots = 50'000;

// What one rule makes at one wall time of one weekday; of the rows of a month at one wall time. Its first slot is the others' parent.
struct Series {
    std::optional<Ref<Schedule>> rule;
    int weekday = 0;
    LocalTime startTime;
    std::int64_t duration = 0;

    auto operator<=>(Series const&) const = default;
};

// One pass of regeneration: what is there, what shall be, and the writes between the two.
class Regeneration {
public:
    Regeneration(Tx& tx, Specialist const& specialist, Instant now)
        : tx_(tx),
          specialist_(specialist),
          schedules_(activeSchedules(tx, specialist.id)),
          active_(activeClaims(tx, specialist.id, now, {INT64_MAX})),
          now_(now) {
        for (auto const& schedule : schedules_)
            if (schedule.type == ScheduleType::monthly) monthly_.insert(schedule.id);
        auto ahead = tx.find(slots, slots->specialistId == specialist.id && slots->startsAt > now).sort(slots->startsAt, slots->id).all();
        for (auto const& slot : ahead) ahead_.insert(slot.id);
        for (auto& slot : ahead) {
            if (!slot.isRecurring) oneOff_.emplace(slot.startsAt, slot.duration);
            // A series that has begun goes on: what lies behind us is never removed.
            if (slot.parentSlotId && !ahead_.contains(*slot.parentSlotId)) heads_.try_emplace(seriesOf(slot), *slot.parentSlotId);
            stored_.emplace(slot.id.id, std::move(slot));
        }
    }

    Result<Generated> run(DayRange days, int ahead) {
        auto rules = rulesOf(specialist_.availability, specialist_.consulting, schedules_);
        rules.maxAdvanceBookingDays = ahead;
        WallClock clock(rules.zone);
        auto const all = materialise(rules, days, now_, mostSlots);
        if (all.size() > mostSlots)
            return conflict("too_many_slots", "These hours make more than " + std::to_string(mostSlots) +
                                                  " slots: offer fewer lengths, or be booked less far ahead.");
        for (auto const& expanded : all) {
            if (expanded.startsAt <= now_ || oneOff_.contains({expanded.startsAt, expanded.duration})) continue;
            CHECK(make(slotOf(specialist_, schedules_, expanded, clock.fields(expanded.startsAt, expanded.endsAt))));
        }
        for (auto const& [id, slot] : stored_) CHECK(drop(slot));
        CHECK(tx_.insertAll(slots, fresh_));
        return result_;
    }

private:
    Series seriesOf(Slot const& slot) const {
        bool const monthly = slot.scheduleId && monthly_.contains(*slot.scheduleId);
        return {slot.scheduleId, monthly ? -1 : slot.date.weekday(), slot.startTime, slot.duration};
    }

    Result<void> make(Slot slot) {
        auto const& head = heads_.try_emplace(seriesOf(slot), slot.id).first->second;
        if (head != slot.id) slot.parentSlotId = head;
        made_.insert(slot.id);
        if (auto const there = stored_.extract(slot.id.id)) return keep(there.mapped(), &slot);
        slot.status = statusOf(slot, active_, specialist_.availability.bufferTime, true, now_);
        slot.createdAt = slot.updatedAt = now_;
        ++result_.created;
        fresh_.push_back(std::move(slot));
        return ok;
    }

    Result<void> keep(Slot slot, Slot const* made) {
        auto const before = std::pair(slot.status, slot.parentSlotId);
        // A booked one is its booking's, one that was blocked by hand its specialist's; both look as today once they open.
        bool const isFree = slot.status != SlotStatus::booked && !slot.isManuallyBlocked;
        bool changed = false;
        if (isFree && made != nullptr) changed = adopt(slot, *made);
        if (isFree && !slot.isRecurring) changed = follow(slot, specialist_);
        if (made != nullptr) slot.parentSlotId = made->parentSlotId;
        if (made == nullptr && slot.parentSlotId && ahead_.contains(*slot.parentSlotId) && !made_.contains(*slot.parentSlotId))
            slot.parentSlotId.reset(); // it may be gone
        bool const makes = made != nullptr || !slot.isRecurring;
        slot.status = statusOf(slot, active_, specialist_.availability.bufferTime, makes, now_);
        noteExpiry(slot, now_);
        ++result_.kept;
        if (!changed && before == std::pair(slot.status, slot.parentSlotId)) return ok;
        slot.updatedAt = now_;
        return tx_.replace(slots, slot);
    }

    // Generation owns only what it made; what a booking names stays for good, and what was changed by hand until the rules make it again.
    Result<void> drop(Slot const& slot) {
        if (!slot.isRecurring || slot.wasBooked || slot.isManuallyBlocked || slot.isEdited) return keep(slot, nullptr);
        ++result_.removed;
        CHECK(tx_.erase(slots, slots->id == slot.id));
        return ok;
    }

    Tx& tx_;
    Specialist const& specialist_;
    std::vector<Schedule> schedules_;
    std::vector<Claim> active_;
    Instant now_;
    std::map<ObjectId, Slot> stored_; // what is left to be looked at
    std::set<Ref<Slot>> ahead_;       // all that were stored when the pass began
    std::set<Ref<Slot>> made_;
    std::set<std::pair<Instant, std::int64_t>> oneOff_; // starts and lengths that are taken
    std::set<Ref<Schedule>> monthly_;
    std::map<Series, Ref<Slot>> heads_;
    std::vector<Slot> fresh_; // inserted together at the end
    Generated result_ = {};
};

} // namespace

Result<Generated> regenerate(Platform&, Tx& tx, Ref<Specialist> specialistId, Instant now) {
    auto const specialist = tx.get(profiles::specialists, specialistId);
    if (!specialist) return notFound();
    auto const today = specialist->availability.timezone.value_or(Zone{}).dateAt(now);
    auto const ahead = daysAhead(*specialist);
    TRY(auto const result, Regeneration(tx, *specialist, now).run({today, today + ahead}, ahead));
    CHECK(profiles::slotsMade(tx, specialistId, today + ahead, tzdataVersion()));
    return result;
}

Result<void> claim(Tx& tx, Slot const& slot, NewClaim const& wanted, Instant now) {
    auto taken = claimOf(slot, wanted);
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

Result<void> moveClaim(Tx& tx, Ref<Slot> to, NewClaim const& wanted, Instant now) {
    CHECK(release(tx, wanted.bookingId, now));
    auto const target = tx.get(slots, to);
    auto const specialist = target ? tx.get(profiles::specialists, target->specialistId) : std::nullopt;
    if (!specialist) return notFound();
    CHECK(checkBookable(*specialist, *target, now));
    return claim(tx, *target, wanted, now);
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
        return conflictWith(wordOf(slot.status), "slot_taken", "Somebody else has just taken this time.");
    bool const open =
        specialist.published && slot.status == SlotStatus::available && withinNoticeAndHorizon(slot, specialist.availability, now);
    if (!open) return conflictWith(wordOf(slot.status), "slot_not_bookable", "This time cannot be booked.");
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
    std::string cursor;
    do {
        auto const due = visavis::read(platform.store, [&](Reader& reader) {
            return reader
                .find(profiles::specialists, profiles::specialists->published == true && profiles::specialists->slotsCheckedOn < today)
                .sort(profiles::specialists->slotsCheckedOn, profiles::specialists->id)
                .limit(50)
                .page(cursor);
        });
        if (!due) return due.error();
        for (auto const& specialist : due->items) { // one whose slots cannot be made now keeps nobody else waiting
            auto const made = visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
                CHECK(regenerate(platform, tx, specialist.id, now));
                return profiles::slotsChecked(tx, specialist.id, today);
            });
            if (!made) log::warning("horizon_not_extended", {{"specialist", specialist.id.hex()}, {"what", made.error().key}});
        }
        cursor = due->nextCursor.value_or("");
    } while (!cursor.empty());
    return ok;
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
