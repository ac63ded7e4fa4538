// Moving a booking on a real store: its time, its limits, and who else wants the same.
#include "booking/testing.hpp"

namespace visavis::booking {
namespace {

using support::keyOf;
using S = BookingStatus;
using availability::SlotStatus;
using identity::Caller;

using Moving = Desk;

TEST_F(Moving, MovingKeepsTheBookingAndFreesItsSlot) {
    auto const id = paid(asKiran(), 20);
    auto const view = must(moveAs(asKiran(), id, slot(25).id));
    EXPECT_EQ(view.id, id);
    EXPECT_EQ(view.status, S::confirmed);
    EXPECT_EQ(view.slotId, slot(25).id);
    EXPECT_EQ(view.startsAt, slot(25).startsAt);
    EXPECT_EQ(view.endsAt, slot(25).endsAt);
    EXPECT_EQ(view.calendarSequence, 1);
    ASSERT_EQ(view.rescheduleHistory.size(), 1U);
    EXPECT_EQ(view.rescheduleHistory[0].fromSlotId, slot(20).id);
    EXPECT_EQ(view.rescheduleHistory[0].toSlotId, slot(25).id);
    EXPECT_EQ(view.rescheduleHistory[0].rescheduledBy, *asKiran().userId);
    EXPECT_EQ(slotStatus(slot(20).id), SlotStatus::available);
    EXPECT_EQ(slotStatus(slot(25).id), SlotStatus::booked);
    EXPECT_EQ(host.get(availability::slots, slot(25).id)->bookingId, id);
    hold(asOlga(), 20);
    ASSERT_EQ(host.emitted<BookingRescheduled>().size(), 1U);
    EXPECT_EQ(host.emitted<BookingRescheduled>()[0].sequence, 1);
    must(moveAs(asKiran(), id, slot(26).id));
    EXPECT_EQ(keyOf(moveAs(asKiran(), id, slot(27).id)), "too_many_reschedules");
    must(moveAs(asSara(), id, slot(27).id));
    EXPECT_EQ(booking(id).calendarSequence, 3);
    EXPECT_EQ(refundsOf(id).size(), 0U);
}

TEST_F(Moving, OwnCellsCountAsFree) {
    auto const half = oneOff(slot(20).startsAt + Minutes(30));
    auto const id = paid(asKiran(), 20);
    EXPECT_EQ(slotStatus(half.id), SlotStatus::blocked);
    must(moveAs(asKiran(), id, half.id));
    EXPECT_EQ(slotStatus(half.id), SlotStatus::booked);
    EXPECT_EQ(slotStatus(slot(20).id), SlotStatus::blocked) << "the other half is still taken";
    EXPECT_EQ(slotStatus(slot(21).id), SlotStatus::blocked);
    must(moveAs(asKiran(), id, slot(20).id));
    EXPECT_EQ(slotStatus(half.id), SlotStatus::blocked);
    EXPECT_EQ(slotStatus(slot(21).id), SlotStatus::available);
}

TEST_F(Moving, WhereABookingCannotGo) {
    auto const id = paid(asKiran(), 20);
    hold(asOlga(), 22);
    auto const dearer = oneOff(slot(30).startsAt, 12'000);
    auto const longer = oneOff(slot(30).startsAt, 10'000, 90);
    auto const soon = oneOff(now() + Hours(2));
    auto const overlapping = oneOff(slot(22).startsAt - Minutes(30));
    must(transact([&](Tx& tx) -> Result<void> { // as if blocked by hand
        auto blocked = *tx.get(availability::slots, slot(24).id);
        blocked.status = SlotStatus::blocked;
        blocked.isManuallyBlocked = true;
        return tx.replace(availability::slots, blocked);
    }));
    struct Row {
        char const* name;
        Ref<Slot> to;
        char const* outcome;
    };
    for (auto const& row : std::vector<Row>{{"held by another", slot(22).id, "slot_taken"},
                                            {"where it is", slot(20).id, "slot_taken"},
                                            {"over another's time", overlapping.id, "slot_taken"},
                                            {"blocked", slot(24).id, "slot_not_bookable"},
                                            {"too soon", soon.id, "slot_not_bookable"},
                                            {"dearer", dearer.id, "price_differs"},
                                            {"longer", longer.id, "duration_differs"},
                                            {"nowhere", Ref<Slot>{ObjectId::derived("none")}, "not_found"}}) {
        auto const before = toJson(booking(id));
        EXPECT_EQ(keyOf(moveAs(asKiran(), id, row.to)), row.outcome) << row.name;
        EXPECT_EQ(toJson(booking(id)), before) << row.name;
        EXPECT_EQ(slotStatus(slot(20).id), SlotStatus::booked) << row.name;
    }
    EXPECT_EQ(must(moveAs(asKiran(), id, slot(26).id)).slotId, slot(26).id);
}

TEST_F(Moving, AMoveMeetsTheCustomersOtherSessions) {
    auto const id = paid(asKiran(), 20);
    auto const tina = specialist("tina");
    auto const& slots = availability::slots;
    auto const there = visavis::read(*host.store, [&](Reader& reader) {
        return reader.find(slots, slots->specialistId == tina && slots->startsAt == slot(25).startsAt).first();
    });
    auto call = host.call(asKiran());
    must(createBooking(call, {there->id, {}, {}, {}, {}}));
    EXPECT_EQ(keyOf(moveAs(asKiran(), id, slot(25).id)), "customer_busy");
    EXPECT_EQ(booking(id).slotId, slot(20).id);
    EXPECT_EQ(keyOf(moveAs(asKiran(), id, there->id)), "not_found") << "another specialist's";
}

TEST_F(Moving, AMoveAndABookingExcludeEachOther) {
    auto const mine = paid(asKiran(), 20);
    auto const hers = paid(asOlga(), 22);
    must(moveAs(asKiran(), mine, slot(24).id));
    auto call = host.call(asOlga());
    EXPECT_EQ(keyOf(createBooking(call, {slot(24).id, {}, {}, {}, {}})), "slot_taken");
    EXPECT_EQ(keyOf(moveAs(asOlga(), hers, slot(24).id)), "slot_taken");
    EXPECT_EQ(booking(hers).slotId, slot(22).id);
    EXPECT_EQ(slotStatus(slot(22).id), SlotStatus::booked);
}

TEST_F(Moving, AMoveWaitsForAHoldToEnd) {
    auto const id = paid(asKiran(), 20);
    hold(asOlga(), 22);
    host.clock.advance(Minutes(16));
    EXPECT_EQ(keyOf(moveAs(asKiran(), id, slot(22).id)), "slot_taken") << "nobody has let it go yet";
    must(expireHolds(host.platform, now()));
    must(moveAs(asKiran(), id, slot(22).id));
    EXPECT_EQ(booking(id).slotId, slot(22).id);
}

TEST_F(Moving, LateMoneyMeetsAMove) {
    auto const late = hold(asOlga(), 22);
    ask(asOlga(), late);
    auto const id = paid(asKiran(), 20);
    host.clock.advance(Minutes(30));
    must(expireHolds(host.platform, now()));
    must(moveAs(asKiran(), id, slot(22).id));
    succeed(late);
    for (int i = 0; i < 2; ++i) settle();
    EXPECT_EQ(booking(late).status, S::cancelled);
    EXPECT_EQ(refunded(late), 10'000);
    EXPECT_EQ(booking(id).status, S::confirmed);
    EXPECT_EQ(host.get(availability::slots, slot(22).id)->bookingId, id);
}

TEST_F(Moving, ASpecialistsMoveLetsTheCustomerLeaveAtNoCost) {
    auto const id = paid(asKiran(), 2);
    moveTo(slot(2).startsAt - Minutes(5));
    EXPECT_EQ(keyOf(moveAs(asKiran(), id, slot(30).id)), "too_late");
    must(moveAs(asSara(), id, slot(30).id));
    moveTo(slot(30).startsAt - Minutes(1));
    EXPECT_EQ(previewAs(asKiran(), id).refundPercentage, 100);
    must(cancelAs(asKiran(), id));
    EXPECT_EQ(refunded(id), 10'000);
}

} // namespace
} // namespace visavis::booking
