// I2, the slots' side: each status against the active claims of its specialist, both read in order of time.
#include "availability/records.hpp"
#include "profiles/events.hpp"
#include "reports/verify_audit.hpp"
#include "store/outbox.hpp"

#include <deque>
#include <set>

namespace visavis::reports {
namespace {

using availability::Claim;
using availability::claims;
using availability::Slot;
using availability::slots;
using availability::SlotStatus;
using availability::Specialist;

// The active claims that can meet a slot, while slots are asked about by specialist and start.
class ClaimsNearby {
public:
    explicit ClaimsNearby(EngineReader& engine)
        : records_(engine, claims, {claims->specialistId, claims->startsAt, claims->id}), ahead_(records_.next()) {}

    std::deque<Claim> const& of(Slot const& slot, Instant to) {
        if (whose_ != slot.specialistId) nearby_.clear(), whose_ = slot.specialistId;
        while (ahead_ && std::pair(ahead_->specialistId, ahead_->startsAt) < std::pair(slot.specialistId, to)) {
            if (ahead_->active && ahead_->specialistId == slot.specialistId) nearby_.push_back(std::move(*ahead_));
            ahead_ = records_.next();
        }
        std::erase_if(nearby_, [&](Claim const& claim) { return claim.claimEndsAt <= slot.startsAt; });
        return nearby_;
    }

private:
    Records<Claim> records_;
    std::optional<Claim> ahead_;
    std::optional<Ref<Specialist>> whose_;
    std::deque<Claim> nearby_;
};

// Specialists whose changed rules have not reached their slots yet.
std::set<Ref<Specialist>> awaitingRegeneration(Audit& audit) {
    std::set<Ref<Specialist>> waiting;
    auto const where = outbox->status == OutboxStatus::waiting;
    audit.each(outbox, {outbox->status, outbox->nextAt, outbox->id}, where, [&](OutboxEntry const& entry) {
        if (entry.topic != "AvailabilityRulesChanged") return;
        auto const payload = parseJson(entry.payload);
        auto const event =
            payload ? fromJson<profiles::AvailabilityRulesChanged>(*payload) : Result<profiles::AvailabilityRulesChanged>(notFound());
        if (event) waiting.insert(event->specialistId);
    });
    return waiting;
}

class SlotJudge {
public:
    explicit SlotJudge(Audit& audit) : audit_(audit), nearby_(audit.engine), awaiting_(awaitingRegeneration(audit)) {}

    void operator()(Slot const& slot) {
        audit_.count();
        look(slot.specialistId);
        auto const blockedUntil = slot.endsAt + Minutes(buffer_);
        Claim const* mine = nullptr;
        bool meets = false;
        for (auto const& claim : nearby_.of(slot, blockedUntil)) {
            if (claim.slotId == slot.id)
                mine = &claim;
            else
                meets = meets || (claim.startsAt < blockedUntil && slot.startsAt < claim.claimEndsAt);
        }
        judgeBooking(slot, mine);
        if (!mine) judgeOpenness(slot, meets);
        audit_.expect(slot.endsAt - slot.startsAt == Minutes(slot.duration), slots, slot, "does not last as long as its duration");
    }

private:
    void look(Ref<Specialist> id) {
        if (whose_ == id) return;
        auto const specialist = audit_.reader.get(profiles::specialists, id);
        whose_ = id;
        buffer_ = specialist ? static_cast<std::int64_t>(specialist->availability.bufferTime) : 0;
        settled_ = specialist && !awaiting_.contains(id);
    }

    void judgeBooking(Slot const& slot, Claim const* mine) {
        bool const isBooked = slot.status == SlotStatus::booked;
        if (mine == nullptr) {
            audit_.expect(!isBooked, slots, slot, "is booked without an active claim");
            bool const names = slot.bookingId || slot.customerId || slot.bookedAt;
            audit_.expect(isBooked || !names, slots, slot, "names a booking without an active claim");
            return;
        }
        audit_.expect(isBooked, slots, slot, "has an active claim but is " + wordOf(slot.status));
        bool const same = slot.bookingId == mine->bookingId && slot.customerId == mine->customerId && slot.bookedAt && slot.wasBooked;
        audit_.expect(same, slots, slot, "does not name the booking of its claim");
    }

    void judgeOpenness(Slot const& slot, bool meets) {
        bool const isOpen = slot.status == SlotStatus::available;
        audit_.expect(!isOpen || !slot.isManuallyBlocked, slots, slot, "is available although blocked by hand");
        if (!settled_ || slot.startsAt <= audit_.now) return; // regeneration or expiry comes
        audit_.expect(!isOpen || !meets, slots, slot, "is available over an active claim");
        audit_.expect(slot.status != SlotStatus::blocked || slot.isManuallyBlocked || meets, slots, slot, "is blocked for no reason");
    }

    Audit& audit_;
    ClaimsNearby nearby_;
    std::set<Ref<Specialist>> awaiting_;
    std::optional<Ref<Specialist>> whose_;
    std::int64_t buffer_ = 0;
    bool settled_ = false;
};

} // namespace

void checkSlots(Audit& audit) {
    SlotJudge judge(audit);
    audit.each(slots, {slots->specialistId, slots->startsAt, slots->id}, {}, [&](Slot const& slot) { judge(slot); });
}

} // namespace visavis::reports
