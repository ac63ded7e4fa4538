// `visavis verify` on a store that somebody has damaged by hand: it names the row and exits 1.
#include "app/collections.hpp"
#include "app/store.hpp"
#include "support/world.hpp"

namespace visavis {
namespace {

using support::World;

struct DamageRow {
    char const* name;
    char const* invariant;
    std::function<std::string(Tx&)> damage; // the id of the row that it has damaged
};

std::string payLess(Tx& tx) {
    auto payment = *tx.find(payments::payments, payments::payments->status == payments::PaymentStatus::succeeded)
                        .sort(payments::payments->createdAt, payments::payments->id)
                        .first();
    payment.specialistPayout -= 1;
    EXPECT_TRUE(tx.replace(payments::payments, payment));
    return payment.id.hex();
}

std::string dropClaim(Tx& tx) {
    auto const booking = *tx.find(booking::bookings, booking::bookings->status == booking::BookingStatus::confirmed)
                              .sort(booking::bookings->createdAt, booking::bookings->id)
                              .first();
    EXPECT_TRUE(tx.erase(availability::claims, availability::claims->id == Ref<availability::Claim>{booking.id.id}));
    return booking.id.hex();
}

std::string skipHistory(Tx& tx) {
    auto booking = *tx.find(booking::bookings, booking::bookings->status == booking::BookingStatus::confirmed)
                        .sort(booking::bookings->createdAt, booking::bookings->id)
                        .first();
    booking.statusHistory.pop_back();
    EXPECT_TRUE(tx.replace(booking::bookings, booking));
    return booking.id.hex();
}

class Damaged : public testing::TestWithParam<DamageRow> {};

TEST_P(Damaged, IsNamed) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const booked = world.book(customer, specialist);
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(booked.at("/id"), customer, "confirmed");
    world.advance("PT1M");
    world.verifyClean();
    ASSERT_EQ(world.server().terminate(), 0);
    std::string id;
    {
        auto const engine = world.place().open(app::allCollections());
        ASSERT_TRUE(transact(*engine, [&](Tx& tx) -> Result<void> {
            id = GetParam().damage(tx);
            return ok;
        }));
    }
    auto const outcome = support::runBinary(world.commandLine("verify"));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_NE(outcome.output.find(id), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find(GetParam().invariant), std::string::npos) << outcome.output;
}

INSTANTIATE_TEST_SUITE_P(Verify, Damaged,
                         testing::Values(DamageRow{"split", "I12", payLess}, DamageRow{"claim", "I2", dropClaim},
                                         DamageRow{"history", "I7", skipHistory}),
                         [](auto const& row) { return std::string(row.param.name); });

} // namespace
} // namespace visavis
