// Local times to instants, bookings to claims, claims to statuses.
#include "availability/takeover.hpp"

#include "availability/slot_state.hpp"

namespace visavis::availability {
namespace {

Error contradiction(std::string what) { return failure(Code::invalid, "times", std::move(what)); }

std::string lasts(Millis elapsed, std::int64_t duration) {
    return "lasts " + std::to_string(elapsed.count() / 60'000) + " minutes by its times, but its duration is " + std::to_string(duration);
}

} // namespace

Result<SlotTimes> timesOf(LocalDate date, LocalTime start, LocalTime end, Zone const& zone, std::optional<std::int64_t> duration) {
    if (end == start) return contradiction("ends when it starts");
    bool const overnight = end < start;
    auto const from = zone.of(date, start), to = zone.of(date + (overnight ? 1 : 0), end);
    if (duration)
        for (auto const startsAt : {from.first, from.second})
            for (auto const endsAt : {to.first, to.second})
                if (endsAt - startsAt == Minutes(*duration)) return SlotTimes{startsAt, endsAt};
    SlotTimes const times{from.first, to.first};
    auto const elapsed = times.endsAt - times.startsAt;
    if (elapsed <= Millis(0)) return contradiction("lies in an hour that the clocks of " + zone.name() + " jump over");
    if (elapsed % Minutes(1) != Millis(0)) return contradiction("does not last whole minutes");
    auto const wall = end.minutes - start.minutes + (overnight ? 1440 : 0);
    if (duration && *duration != wall) return contradiction(lasts(elapsed, *duration));
    return times;
}

std::optional<LocalDate> dayOf(Instant stored, Zone const& zone) {
    constexpr std::int64_t day = 86'400'000;
    if (stored.ms % day == 0) return LocalDate{static_cast<std::int32_t>(stored.ms / day)};
    auto const local = zone.dateAt(stored);
    if (zone.startOf(local) == stored) return local;
    return std::nullopt;
}

Claim claimOf(Slot const& slot, NewClaim const& wanted) {
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
    return taken;
}

void settleStatus(Slot& slot, std::vector<Claim> const& near, std::int64_t bufferMinutes, Instant now) {
    bool const wasOpen = slot.status != SlotStatus::expired;
    auto unblocked = slot;
    unblocked.isManuallyBlocked = false;
    if (slot.status == SlotStatus::blocked && statusOf(unblocked, near, bufferMinutes, true, now) == SlotStatus::available)
        slot.isManuallyBlocked = true; // no claim is the reason
    slot.status = statusOf(slot, near, bufferMinutes, wasOpen, now);
    if (slot.status == SlotStatus::expired && !slot.expiredAt) slot.expiredAt = std::min(slot.startsAt, now);
    if (slot.status != SlotStatus::expired) slot.expiredAt.reset();
}

} // namespace visavis::availability
