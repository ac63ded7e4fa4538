// What is booked while an account is being suspended: before the suspension, so that it calls it off, or not at all.
#include "booking/testing.hpp"
#include "profiles/admin.hpp"
#include "support/meeting.hpp"

namespace visavis::booking {
namespace {

using support::keyOf;

class SuspendedMeanwhile : public Desk {
protected:
    SuspendedMeanwhile() {
        must(transact([&](Tx& tx) {
            return tx.update(identity::users, identity::users->id == adminUser, set(identity::users->roles, {identity::Role::admin}));
        }));
    }

    // By an administrator, with all that follows from it.
    void suspend(Ref<User> id) {
        auto call = host.call(asAdmin());
        must(profiles::suspend(call, {id, {}}));
        for (auto const& event : host.emitted<identity::UserSuspended>()) must(onUserSuspended(host.platform, event, now()));
    }
    // Kiran asks for a time of sara's; the suspension commits when the request is under way.
    std::string requestMeanwhile(Ref<User> id) {
        auto call = host.call(asKiran());
        NewBooking const wanted{slot(0).id, {}, {}, {}, {}};
        return keyOf(support::overtaken(
            *host.store, [&](Tx& tx) { return request(call, tx, wanted); }, [&] { suspend(id); }));
    }
};

TEST_F(SuspendedMeanwhile, ACustomerBooksNothingMore) {
    EXPECT_EQ(requestMeanwhile(*asKiran().userId), "account_suspended");
    EXPECT_TRUE(host.all(bookings).empty());
}

TEST_F(SuspendedMeanwhile, ACustomerWhoHasBookedBeforeBooksNothingMore) {
    auto const before = hold(asKiran(), 3);
    EXPECT_EQ(requestMeanwhile(*asKiran().userId), "account_suspended");
    EXPECT_EQ(booking(before).status, BookingStatus::cancelled);
    EXPECT_EQ(host.all(bookings).size(), 1u);
}

TEST_F(SuspendedMeanwhile, ASpecialistIsBookedNoMore) {
    EXPECT_EQ(requestMeanwhile(saraUser), "slot_not_bookable");
    EXPECT_TRUE(host.all(bookings).empty());
}

// The request commits first: the suspension comes after it and calls it off.
TEST_F(SuspendedMeanwhile, WhatWasFasterIsCalledOff) {
    Ref<Booking> made;
    auto call = host.call(asAdmin());
    auto const userId = *asKiran().userId;
    must(support::overtaken(
        *host.store,
        [&](Tx& tx) -> Result<void> {
            auto user = *tx.get(identity::users, userId);
            CHECK(identity::suspendUser(tx, user, now()));
            return profiles::accountChanged(tx, user, now());
        },
        [&] { made = hold(asKiran(), 0); }));
    for (auto const& event : host.emitted<identity::UserSuspended>()) must(onUserSuspended(host.platform, event, now()));
    EXPECT_EQ(booking(made).status, BookingStatus::cancelled);
}

// A profile that was erased, or that other software had marked as such, though its user may still log in.
TEST_F(SuspendedMeanwhile, AProfileThatIsNotActiveBooksNothing) {
    auto const who = asKiran();
    must(transact([&](Tx& tx) {
        return tx.update(profiles::customers, profiles::customers->id == kiran,
                         set(profiles::customers->status, profiles::CustomerStatus::deleted));
    }));
    auto call = host.call(who);
    auto const refused = createBooking(call, {slot(0).id, {}, {}, {}, {}});
    EXPECT_EQ(keyOf(refused), "account_suspended");
    EXPECT_EQ(refused.error().code, Code::denied);
}

} // namespace
} // namespace visavis::booking
