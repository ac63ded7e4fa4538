// Seeded stores: usable log-ins, and nothing that verify would object to.
#include "app/seed.hpp"
#include "app/collections.hpp"
#include "reports/verify.hpp"
#include "reports/verify_testing.hpp"

namespace visavis::app {
namespace {

struct Instance {
    reports::Till till;
    support::TestPlatform host{&till};

    // Other eyes than the platform's own, which forbid to read all of a collection.
    std::unique_ptr<Engine> engine = host.place.look(allCollections());

    template <class T> std::vector<T> all(Collection<T> const& from) {
        return visavis::read(*engine, [&](Reader& reader) { return reader.find(from).all(); });
    }
    std::string report() {
        auto const checks = reports::verify(*engine, host.clock.now());
        return reports::isClean(checks) ? "clean" : reports::verifyReport(checks);
    }
    std::int64_t count(booking::BookingStatus status) {
        auto const found = all(booking::bookings);
        return std::count_if(found.begin(), found.end(), [&](auto const& booking) { return booking.status == status; });
    }
};

TEST(SeedDemo, MakesPeopleWhoCanLogInAndBookings) {
    Instance instance;
    auto const logIns = seedDemo(instance.host.platform, instance.host.rng);
    ASSERT_TRUE(logIns) << logIns.error().detail;
    ASSERT_EQ(logIns->size(), 5U);
    for (auto const& logIn : *logIns) {
        auto call = instance.host.call();
        EXPECT_TRUE(identity::checkCredentials(call, *parseEmail(logIn.email), logIn.password)) << logIn.email;
    }
    EXPECT_EQ(instance.count(booking::BookingStatus::confirmed), 3);
    EXPECT_EQ(instance.count(booking::BookingStatus::pending), 1);
    for (auto const& specialist : instance.all(profiles::specialists)) EXPECT_TRUE(specialist.published);
    EXPECT_EQ(instance.report(), "clean");
}

TEST(SeedDemo, ComesOnce) {
    Instance instance;
    ASSERT_TRUE(seedDemo(instance.host.platform, instance.host.rng));
    auto const again = seedDemo(instance.host.platform, instance.host.rng);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->empty());
    EXPECT_EQ(instance.all(identity::users).size(), 5U);
}

// On any day of the week, also before and after the clocks change.
TEST(SeedDemo, WorksOnEveryDay) {
    for (int day = 0; day < 7; ++day) {
        Instance instance;
        instance.host.clock.advance(Days(day + 24));
        auto const logIns = seedDemo(instance.host.platform, instance.host.rng);
        EXPECT_TRUE(logIns) << day << " " << logIns.error().detail;
    }
}

TEST(SeedMany, MakesWhatWasAskedForAndIsClean) {
    Instance instance;
    auto const seeded = seedMany(instance.host.platform, {12, 100});
    ASSERT_TRUE(seeded) << seeded.error().detail;
    EXPECT_EQ(seeded->specialists, 12);
    EXPECT_EQ(seeded->bookings, 100);
    EXPECT_EQ(instance.count(booking::BookingStatus::confirmed), 100);
    EXPECT_EQ(instance.all(availability::slots).size(), static_cast<std::size_t>(seeded->slots));
    EXPECT_EQ(instance.report(), "clean");
    for (auto const& entry : instance.all(outbox)) EXPECT_EQ(entry.status, OutboxStatus::done) << entry.effectKey;
    auto call = instance.host.call();
    EXPECT_TRUE(identity::checkCredentials(call, *parseEmail(seeded->firstSpecialist), seeded->password));
    EXPECT_TRUE(identity::checkCredentials(call, *parseEmail(seeded->firstCustomer), seeded->password));
}

TEST(SeedMany, MayBeRepeated) {
    Instance instance;
    ASSERT_TRUE(seedMany(instance.host.platform, {3, 10}));
    ASSERT_TRUE(seedMany(instance.host.platform, {3, 10}));
    EXPECT_EQ(instance.all(profiles::specialists).size(), 6U);
    EXPECT_EQ(instance.report(), "clean");
}

TEST(SeedMany, FillsACalendar) {
    Instance instance;
    auto const seeded = seedMany(instance.host.platform, {1, 400});
    ASSERT_TRUE(seeded) << seeded.error().detail;
    EXPECT_EQ(seeded->bookings, 400);
    EXPECT_EQ(instance.report(), "clean");
}

TEST(SeedMany, RefusesSizesThatCannotBe) {
    Instance instance;
    for (auto const& size : {SeedSize{0, 0}, SeedSize{-1, 5}, SeedSize{1, -1}, SeedSize{1, 2'000}})
        EXPECT_EQ(support::keyOf(seedMany(instance.host.platform, size)), "invalid") << size.specialists << " " << size.bookings;
    EXPECT_TRUE(instance.all(identity::users).empty());
}

TEST(Collections, AreAllAudited) {
    auto sorted = [](std::vector<CollectionSpec const*> list) {
        std::sort(list.begin(), list.end());
        return list;
    };
    EXPECT_EQ(sorted(movedCollections()), sorted(reports::auditedCollections())); // what processes say of themselves is gone with them
}

} // namespace
} // namespace visavis::app
