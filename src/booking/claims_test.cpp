// Claims: what makes two sessions at once impossible, and what opens again when one is given back.
#include "support/office.hpp"

namespace visavis::booking {
namespace {

using availability::Claim;
using availability::claims;
using availability::SlotStatus;
using support::keyOf;

class Claims : public Office {
protected:
    // Claims the time of a slot as such, whatever its status says.
    Result<bool> take(Slot const& slot, Ref<Booking> by, Ref<Customer> customer, std::int64_t buffer = 0) {
        return visavis::transact(*host.store, [&](Tx& tx) -> Result<bool> {
            CHECK(availability::claim(tx, slot, {by, customer, buffer}, now()));
            return true;
        });
    }
    Result<bool> take(Slot const& slot, std::int64_t buffer = 0) {
        return take(slot, host.ids.make<Booking>(now()), customer("c" + std::to_string(++customers_)), buffer);
    }
    void give(Ref<Booking> by) {
        transact([&](Tx& tx) -> Result<bool> {
            CHECK(availability::release(tx, by, now()));
            return true;
        });
    }
    // The slot of this length that starts so many minutes after the first one of tomorrow's.
    Slot at(Ref<Specialist> id, std::int64_t minutes, std::int64_t length) {
        auto const day = Zone{}.dateAt(now() + Days(1)).midnightUtc() + Hours(9);
        for (auto const& one : slotsOf(id))
            if (one.startsAt == day + Minutes(minutes) && one.duration == length) return one;
        throw std::logic_error("no such slot");
    }
    Slot at(std::int64_t minutes, std::int64_t length = 60) { return at(specialistId, minutes, length); }
    SlotStatus status(Slot const& slot) { return slotNow(slot).status; }
    std::int64_t availabilityVersion() { return host.get(profiles::specialists, specialistId)->availabilityVersion; }

private:
    int customers_ = 0;
};

TEST_F(Claims, OverlapIsImpossibleWhateverTheStatusSays) {
    publish(specialistId, 10'000, 0, {30, 60, 90});
    EXPECT_EQ(keyOf(take(at(60, 60))), "ok");
    struct Row {
        std::int64_t minutes, length;
        char const* outcome;
    };
    for (auto const& row : {Row{60, 60, "slot_taken"}, Row{60, 30, "slot_taken"}, Row{90, 30, "slot_taken"}, Row{0, 90, "slot_taken"},
                            Row{90, 90, "slot_taken"}, Row{30, 30, "ok"}, Row{120, 30, "ok"}})
        EXPECT_EQ(keyOf(take(at(row.minutes, row.length))), row.outcome) << row.minutes << " for " << row.length;
}

TEST_F(Claims, TheBufferBelongsToTheSpecialistsTimeAlone) {
    auto const person = customer("dan");
    auto const other = specialist("grace");
    publish(other, 5'000);
    EXPECT_EQ(keyOf(take(at(0), host.ids.make<Booking>(now()), person, 15)), "ok");
    EXPECT_EQ(keyOf(take(at(60))), "slot_taken") << "the buffer reaches into it";
    EXPECT_EQ(keyOf(take(at(other, 60, 60), host.ids.make<Booking>(now()), person)), "ok") << "the customer is free at the end";
    EXPECT_EQ(keyOf(take(at(120), 0)), "ok");
    EXPECT_EQ(keyOf(take(at(180), 0)), "ok") << "exactly the end is enough";
}

TEST_F(Claims, ACustomerIsInOnePlace) {
    auto const person = customer("dan");
    auto const other = specialist("grace");
    publish(other, 5'000);
    EXPECT_EQ(keyOf(take(at(0), host.ids.make<Booking>(now()), person)), "ok");
    EXPECT_EQ(keyOf(take(at(other, 0, 60), host.ids.make<Booking>(now()), person)), "customer_busy");
    EXPECT_EQ(keyOf(take(at(other, 0, 60))), "ok");
}

TEST_F(Claims, StatusesFollow) {
    publish(specialistId, 10'000, 0, {30, 60});
    auto const by = host.ids.make<Booking>(now());
    auto const taken = at(60, 60);
    auto const over = at(90, 30);
    auto const before = availabilityVersion();
    must(take(taken, by, customerId));
    EXPECT_GT(availabilityVersion(), before) << "answers in caches are outdated";
    EXPECT_EQ(status(taken), SlotStatus::booked);
    EXPECT_EQ(slotNow(taken).bookingId, by);
    EXPECT_EQ(slotNow(taken).customerId, customerId);
    EXPECT_EQ(status(over), SlotStatus::blocked);
    EXPECT_EQ(status(at(30, 30)), SlotStatus::available);
    EXPECT_EQ(status(at(120, 30)), SlotStatus::available);
    auto const between = availabilityVersion();
    give(by);
    EXPECT_GT(availabilityVersion(), between);
    EXPECT_EQ(status(taken), SlotStatus::available);
    EXPECT_FALSE(slotNow(taken).bookingId || slotNow(taken).customerId || slotNow(taken).bookedAt);
    EXPECT_EQ(status(over), SlotStatus::available);
    auto const after = availabilityVersion();
    give(by);
    give(host.ids.make<Booking>(now()));
    EXPECT_EQ(availabilityVersion(), after) << "what is given back already changes nothing";
}

// A slot between two sessions that both reach into it has two reasons.
TEST_F(Claims, GivingOneBackDoesNotOpenWhatTheOtherBlocks) {
    publish(specialistId, 10'000, 30, {30});
    auto const first = host.ids.make<Booking>(now());
    auto const second = host.ids.make<Booking>(now());
    must(take(at(0, 30), first, customer("dan"), 30));
    must(take(at(60, 30), second, customer("eve"), 30));
    EXPECT_EQ(status(at(30, 30)), SlotStatus::blocked);
    give(first);
    EXPECT_EQ(status(at(30, 30)), SlotStatus::blocked);
    give(second);
    EXPECT_EQ(status(at(30, 30)), SlotStatus::available);
}

TEST_F(Claims, GivingBackDoesNotOpenWhatIsBlockedByHandOrNoLongerMade) {
    auto const byHand = at(60);
    auto const outOfHours = at(420); // the last hour of the day
    auto const first = host.ids.make<Booking>(now());
    auto const second = host.ids.make<Booking>(now());
    must(take(byHand, first, customer("dan")));
    must(take(outOfHours, second, customer("eve")));
    transact([&](Tx& tx) {
        return tx.update(availability::slots, availability::slots->id == byHand.id, set(availability::slots->isManuallyBlocked, true));
    });
    transact([&](Tx& tx) -> Result<bool> {
        auto stored = *tx.get(profiles::specialists, specialistId);
        stored.availability.unavailableDates = {outOfHours.date};
        CHECK(tx.replace(profiles::specialists, stored));
        return true;
    });
    give(first);
    give(second);
    EXPECT_EQ(status(byHand), SlotStatus::blocked);
    EXPECT_EQ(status(outOfHours), SlotStatus::expired);
}

TEST_F(Claims, TheSameBookingMayTakeItsTimeAgain) {
    auto const by = host.ids.make<Booking>(now());
    must(take(at(0), by, customerId));
    give(by);
    EXPECT_EQ(keyOf(take(at(0), by, customerId)), "ok");
    EXPECT_EQ(keyOf(take(at(0))), "slot_taken");
    EXPECT_EQ(host.all(claims).size(), 1U);
}

TEST_F(Claims, BusyIsWhoHasAnActiveClaimThatMeetsTheTime) {
    auto const by = host.ids.make<Booking>(now());
    auto const taken = at(60);
    must(take(taken, by, customerId, 30));
    auto const busy = [&](Instant from, Instant to, Ref<Customer> who) {
        return visavis::read(*host.store, [&](Reader& reader) { return availability::customerIsBusy(reader, who, from, to); });
    };
    EXPECT_TRUE(busy(taken.startsAt, taken.endsAt, customerId));
    EXPECT_TRUE(busy(taken.endsAt - Minutes(5), taken.endsAt + Hours(1), customerId));
    EXPECT_FALSE(busy(taken.endsAt, taken.endsAt + Minutes(30), customerId)) << "the buffer is not the customer's";
    EXPECT_FALSE(busy(taken.startsAt - Hours(1), taken.startsAt, customerId));
    EXPECT_FALSE(busy(taken.startsAt, taken.endsAt, customer("dan")));
    give(by);
    EXPECT_FALSE(busy(taken.startsAt, taken.endsAt, customerId));
}

TEST_F(Claims, WhatIsBookable) {
    auto const whole = *host.get(profiles::specialists, specialistId);
    auto const free = at(60);
    struct Row {
        char const* name;
        void (*change)(profiles::Specialist&, Slot&);
        char const* outcome;
    };
    for (auto const &row : {
             Row{"as it is", [](auto&, Slot&) {}, "ok"},
             Row{"booked", [](auto&, Slot&one) { one.status = SlotStatus::booked; }, "slot_taken"},
             Row{"beside another session", [](auto&, Slot&one) { one.status = SlotStatus::blocked; }, "slot_taken"},
             Row{"blocked by hand", [](auto&, Slot&one) { one.status = SlotStatus::blocked, one.isManuallyBlocked = true; },
                 "slot_not_bookable"},
             Row{"expired", [](auto&, Slot&one) { one.status = SlotStatus::expired; }, "slot_not_bookable"},
             Row{"unpublished", [](auto&who, Slot&) { who.published = false; }, "slot_not_bookable"},
             Row{"inside the notice", [](auto&who, Slot&) { who.availability.minBookingNotice = {200}; }, "slot_not_bookable"},
             Row{"behind the horizon", [](auto&who, Slot&) { who.availability.maxAdvanceBooking = {0}; }, "slot_not_bookable"},
         }) {
        auto who = whole;
        auto one = free;
        row.change(who, one);
        EXPECT_EQ(keyOf(availability::checkBookable(who, one, now())), row.outcome) << row.name;
    }
    EXPECT_EQ(keyOf(availability::checkBookable(whole, free, free.startsAt)), "slot_not_bookable") << "it has begun";
}

} // namespace
} // namespace visavis::booking
