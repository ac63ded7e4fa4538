// Bookings for the benches of a store: the documents as the slices store them, and the transaction that makes one of them.
#pragma once

#include "booking/records.hpp"
#include "core/clock.hpp"
#include "store/outbox.hpp"
#include "store/tx.hpp"

#include <stdexcept>

namespace visavis::bench {

// One booking: its slot, the claim, the booking itself and the event of it.
struct Deal {
    availability::Slot slot;
    availability::Claim claim;
    booking::Booking booking;
    OutboxEntry event;
};

// Bookings of one specialist, hour after hour.
inline std::vector<Deal> deals(int count, IdSource& ids, Instant now) {
    std::vector<Deal> list;
    auto const specialist = ids.make<profiles::Specialist>(now);
    for (int i = 0; i < count; ++i) {
        Deal deal;
        auto& [slot, claim, made, event] = deal;
        slot.id = ids.make<availability::Slot>(now);
        slot.specialistId = specialist;
        slot.status = availability::SlotStatus::available;
        slot.startsAt = now + Hours(i);
        slot.endsAt = now + Hours(i + 1);
        slot.duration = 60;
        made.id = ids.make<booking::Booking>(now);
        made.slotId = slot.id;
        made.specialistId = specialist;
        made.customerId = ids.make<profiles::Customer>(now);
        made.startsAt = slot.startsAt;
        made.endsAt = slot.endsAt;
        made.createdAt = made.updatedAt = now;
        made.statusHistory = {{booking::BookingStatus::pending, now, {}, {}}};
        claim.id = {made.id.id};
        claim.bookingId = made.id;
        claim.slotId = slot.id;
        claim.specialistId = specialist;
        claim.customerId = made.customerId;
        for (std::int64_t cell = 0; cell < 12; ++cell) {
            claim.specialistCells.push_back(i * 12 + cell);
            claim.customerCells.push_back(i * 12 + cell);
        }
        event.topic = "BookingRequested";
        event.id = {ids.make<OutboxEntry>(now)};
        event.effectKey = "BookingRequested:" + made.id.hex();
        event.payload = "{}";
        event.nextAt = event.createdAt = now;
        list.push_back(std::move(deal));
    }
    return list;
}

inline std::vector<CollectionSpec const*> const dealCollections{&availability::slots.spec(), &availability::claims.spec(),
                                                                &booking::bookings.spec(), &outbox.spec()};

// The slots alone: what a booking finds.
inline void stock(Engine& engine, std::vector<Deal> const& list) {
    constexpr std::size_t atOnce = 500;
    for (std::size_t from = 0; from < list.size(); from += atOnce) {
        std::vector<availability::Slot> slots;
        for (auto i = from; i < std::min(list.size(), from + atOnce); ++i) slots.push_back(list[i].slot);
        if (auto const stored = transact(engine, [&](Tx& tx) { return tx.insertAll(availability::slots, slots); }); !stored)
            throw std::runtime_error(stored.error().key);
    }
}

inline Result<void> book(Engine& engine, Deal const& deal) {
    return transact(engine, [&](Tx& tx) -> Result<void> {
        auto const& slots = availability::slots;
        TRY(bool const free, tx.update(slots, slots->id == deal.slot.id && slots->status == availability::SlotStatus::available,
                                       set(slots->status, availability::SlotStatus::booked).set(slots->bookingId, deal.booking.id)));
        if (!free) return conflict("slot_taken");
        CHECK(tx.insert(availability::claims, deal.claim));
        CHECK(tx.insert(booking::bookings, deal.booking));
        return tx.insert(outbox, deal.event);
    });
}

} // namespace visavis::bench
