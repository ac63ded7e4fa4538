// The time that bookings take: claims without which the next customer could book it again, and the slots' statuses.
#include "app/adopt_image.hpp"

#include "availability/takeover.hpp"

#include <algorithm>

namespace visavis::app {
namespace {

using availability::SlotStatus;
using booking::BookingStatus;

bool isActive(Booking const& booking) { return booking.status != BookingStatus::cancelled; }

// Active bookings of each party in the order of time.
template <class Party> using Calendars = std::map<Ref<Party>, std::vector<Booking*>>;

template <class Party> void sort(Calendars<Party>& calendars) {
    for (auto& [party, list] : calendars)
        std::sort(list.begin(), list.end(),
                  [](auto const* a, auto const* b) { return std::pair(a->startsAt, a->id) < std::pair(b->startsAt, b->id); });
}

// A conflict in the stored data: somebody must say which of the two takes place.
void findOverlaps(Adoptee& adoptee, std::vector<Booking*> const& list, std::string const& whose) {
    Booking const* farthest = nullptr;
    for (auto const* booking : list) {
        if (farthest != nullptr && booking->startsAt < farthest->endsAt)
            adoptee.findings.add(booking::bookings.spec(), booking->id.id,
                                 "overlaps bookings " + farthest->id.hex() + " of the same " + whose);
        if (farthest == nullptr || booking->endsAt > farthest->endsAt) farthest = booking;
    }
}

// Where sessions follow each other faster than the profile's buffer, they were agreed without it.
void fitBuffers(Image& image, std::vector<Booking*> const& list) {
    for (std::size_t i = 0; i + 1 < list.size(); ++i)
        if (list[i]->endsAt + Minutes(list[i]->bufferMinutes) > list[i + 1]->startsAt && !image.bookings.at(list[i]->id).isOurs)
            list[i]->bufferMinutes = 0;
}

// The claims of one specialist, by their start.
using Claims = std::map<Ref<Specialist>, std::vector<Claim>>;

std::vector<Claim> near(Claims const& claims, Slot const& slot, std::int64_t buffer) {
    std::vector<Claim> list;
    auto const found = claims.find(slot.specialistId);
    if (found == claims.end()) return list;
    constexpr Hours longest{25}; // no session and buffer are longer
    auto const from = std::lower_bound(found->second.begin(), found->second.end(), slot.startsAt - longest,
                                       [](Claim const& claim, Instant at) { return claim.startsAt < at; });
    for (auto claim = from; claim != found->second.end() && claim->startsAt < slot.endsAt + Minutes(buffer); ++claim)
        list.push_back(*claim);
    return list;
}

class SlotSettler {
public:
    explicit SlotSettler(Adoptee& adoptee) : adoptee_(adoptee) {
        for (auto const& [id, entry] : adoptee.image.claims)
            if (entry.record.active) claims_[entry.record.specialistId].push_back(entry.record);
        for (auto& [id, list] : claims_)
            std::sort(list.begin(), list.end(), [](auto const& a, auto const& b) { return a.startsAt < b.startsAt; });
        for (auto const& [id, entry] : adoptee.image.bookings) {
            named_.insert(entry.record.slotId);
            for (auto const& move : entry.record.rescheduleHistory) named_.insert({move.fromSlotId, move.toSlotId});
        }
    }

    void settle(Entry<Slot>& entry) {
        auto& slot = entry.record;
        auto const* specialist = recordOf(adoptee_.image.specialists, slot.specialistId);
        auto const buffer = specialist == nullptr ? 0 : static_cast<std::int64_t>(specialist->availability.bufferTime);
        auto const claims = near(claims_, slot, buffer);
        auto const mine = std::find_if(claims.begin(), claims.end(), [&](auto const& claim) { return claim.slotId == slot.id; });
        bool const isMine = mine != claims.end();
        if (slot.status == SlotStatus::booked && !isMine) letGo(slot);
        slot.wasBooked = named_.contains(slot.id);
        slot.bookingId = isMine ? std::optional(mine->bookingId) : std::nullopt;
        slot.customerId = isMine ? std::optional(mine->customerId) : std::nullopt;
        if (!isMine) slot.bookedAt.reset();
        if (isMine && !slot.bookedAt) slot.bookedAt = recordOf(adoptee_.image.bookings, mine->bookingId)->createdAt;
        availability::settleStatus(slot, claims, buffer, adoptee_.how.now);
    }

private:
    // Booked without a booking that stands. Only a cancelled one says that the time is free again.
    void letGo(Slot& slot) {
        auto const* booking = slot.bookingId ? recordOf(adoptee_.image.bookings, *slot.bookingId) : nullptr;
        bool const cancelled = booking != nullptr && !isActive(*booking);
        if (!cancelled && slot.startsAt > adoptee_.how.now)
            adoptee_.findings.add(availability::slots.spec(), slot.id.id, "is booked and lies ahead, but no booking has it");
        slot.status = SlotStatus::available;
    }

    Adoptee& adoptee_;
    Claims claims_;
    std::set<Ref<Slot>> named_;
};

} // namespace

void settleClaims(Adoptee& adoptee) {
    auto& image = adoptee.image;
    Calendars<Specialist> specialists;
    Calendars<Customer> customers;
    for (auto& [id, entry] : image.bookings) {
        auto& booking = entry.record;
        if (!isActive(booking) || booking.endsAt <= booking.startsAt) continue; // without times: found already
        specialists[booking.specialistId].push_back(&booking);
        customers[booking.customerId].push_back(&booking);
    }
    sort(specialists);
    sort(customers);
    for (auto const& [party, list] : specialists) {
        findOverlaps(adoptee, list, "specialist");
        fitBuffers(image, list);
        for (auto const* booking : list)
            if (auto const* slot = recordOf(image.slots, booking->slotId)) {
                auto claim = availability::claimOf(*slot, {booking->id, booking->customerId, booking->bufferMinutes});
                claim.version = 1;
                derive(image.claims, std::move(claim));
            }
    }
    for (auto const& [party, list] : customers) findOverlaps(adoptee, list, "customer");
}

void settleSlots(Adoptee& adoptee) {
    SlotSettler settler(adoptee);
    for (auto& [id, entry] : adoptee.image.slots)
        if (!entry.isOurs) settler.settle(entry);
}

} // namespace visavis::app
