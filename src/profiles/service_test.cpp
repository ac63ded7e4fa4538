// Statistics and counters of profiles.
#include "profiles/service.hpp"

#include "support/platform.hpp"

namespace visavis::profiles {
namespace {

using support::keyOf;

struct StatisticsTest : testing::Test {
    support::TestPlatform parts;
    Specialist specialist;
    Customer customer;

    void SetUp() override {
        auto call = parts.call();
        ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
            TRY(auto const one,
                identity::createUser(call, tx, {Email{"s@example.org"}, "x", "Ada", identity::UserType::specialist, {}, true}));
            TRY(specialist, createSpecialist(call, tx, one, *Zone::load("America/New_York")));
            TRY(auto const other,
                identity::createUser(call, tx, {Email{"c@example.org"}, "x", "Bob", identity::UserType::customer, {}, true}));
            TRY(customer, createCustomer(call, tx, other, {}));
            return ok;
        }));
    }
    template <class F> std::string write(F const& work) {
        auto const outcome = keyOf(visavis::transact(*parts.store, work));
        specialist = *parts.get(specialists, specialist.id);
        customer = *parts.get(customers, customer.id);
        return outcome;
    }
};

TEST_F(StatisticsTest, AConfirmationCountsOnBothSides) {
    for (int i = 0; i < 2; ++i) ASSERT_EQ(write([&](Tx& tx) { return countConfirmed(tx, specialist.id, customer.id); }), "ok");
    EXPECT_EQ(specialist.totalBookings, 2);
    EXPECT_EQ(customer.totalBookings, 2);
    EXPECT_EQ(specialist.availabilityVersion, 0);
}

TEST_F(StatisticsTest, TheMeanIsOverPaidBookingsRoundedHalfToEven) {
    struct Row {
        MinorUnits amount;
        MinorUnits spent, mean;
    };
    for (auto const& row : {Row{1000, 1000, 1000}, {1001, 2001, 1000}, {0, 2001, 667}, {4001, 6002, 1500}}) { // 1000.5, 667, 1500.5
        ASSERT_EQ(write([&](Tx& tx) { return countPayment(tx, specialist.id, customer.id, row.amount, row.amount * 8 / 10); }), "ok");
        EXPECT_EQ(customer.totalSpent, row.spent);
        EXPECT_EQ(customer.averageSpentPerSession, row.mean) << row.amount;
    }
    EXPECT_EQ(customer.paidBookings, 4);
    EXPECT_EQ(specialist.totalEarnings, 800 + 800 + 0 + 3200);
}

TEST_F(StatisticsTest, ARefundTakesBackShareAndSpending) {
    ASSERT_EQ(write([&](Tx& tx) { return countPayment(tx, specialist.id, customer.id, 10'000, 8000); }), "ok");
    ASSERT_EQ(write([&](Tx& tx) { return countPayment(tx, specialist.id, customer.id, 5000, 4000); }), "ok");
    ASSERT_EQ(write([&](Tx& tx) { return countRefund(tx, specialist.id, customer.id, 2500, 2000); }), "ok");
    EXPECT_EQ(specialist.totalEarnings, 10'000);
    EXPECT_EQ(customer.totalSpent, 12'500);
    EXPECT_EQ(customer.averageSpentPerSession, 6250);
    EXPECT_EQ(customer.paidBookings, 2);
}

TEST_F(StatisticsTest, NothingIsCountedForHalfAPair) {
    EXPECT_EQ(write([&](Tx& tx) { return countConfirmed(tx, specialist.id, parts.ids.make<Customer>(parts.clock.now())); }), "not_found");
    EXPECT_EQ(write([&](Tx& tx) { return countPayment(tx, specialist.id, parts.ids.make<Customer>(parts.clock.now()), 100, 80); }),
              "not_found");
    EXPECT_EQ(specialist.totalBookings, 0);
    EXPECT_EQ(specialist.totalEarnings, 0);
}

TEST_F(StatisticsTest, ABumpIsSeenOnlyOnceItIsCommitted) {
    auto const generation = [&] { return parts.store->generations.of(specialist.id.id); };
    auto const before = generation();
    EXPECT_EQ(write([&](Tx& tx) -> Result<void> {
                  CHECK(bumpAvailability(tx, specialist.id));
                  return conflict("changed_my_mind");
              }),
              "changed_my_mind");
    EXPECT_EQ(generation(), before);
    EXPECT_EQ(specialist.availabilityVersion, 0);
    EXPECT_EQ(write([&](Tx& tx) { return bumpAvailability(tx, specialist.id); }), "ok");
    EXPECT_GT(generation(), before);
    EXPECT_EQ(specialist.availabilityVersion, 1);
}

TEST_F(StatisticsTest, SlotsLeaveTheirMarks) {
    auto const day = *parseDate("2026-05-31");
    EXPECT_EQ(write([&](Tx& tx) { return slotsMade(tx, specialist.id, day, "2026a"); }), "ok");
    EXPECT_EQ(specialist.horizon, day);
    EXPECT_EQ(specialist.tzVersion, "2026a");
    EXPECT_EQ(specialist.availabilityVersion, 1);
    EXPECT_EQ(write([&](Tx& tx) { return slotsChecked(tx, specialist.id, day); }), "ok");
    EXPECT_EQ(specialist.slotsCheckedOn, day);
    EXPECT_EQ(specialist.availabilityVersion, 1);
    EXPECT_EQ(write([&](Tx& tx) { return slotsChecked(tx, parts.ids.make<Specialist>(parts.clock.now()), day); }), "not_found");
}

TEST_F(StatisticsTest, TheZoneOfTheRegistrationIsTheProfiles) { EXPECT_EQ(specialist.availability.timezone->name(), "America/New_York"); }

} // namespace
} // namespace visavis::profiles
