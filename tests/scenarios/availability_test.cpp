// A specialist's rules and the slots that customers see of them, over HTTP.
#include "support/world.hpp"

namespace visavis {
namespace {

using support::Person;
using support::World;

std::string dayAfter(World& world, int days) {
    auto const now = parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now"));
    return toText(Zone::load("America/New_York")->dateAt(*now) + days);
}

// The start times of the slots that a listing has on one local day.
std::vector<std::string> startsOn(World& world, Person const& specialist, std::string const& day, std::string const& further = "") {
    auto const reply = world.get("/specialists/" + specialist.specialistId + "/slots?from=" + day + "&to=" + day + further);
    EXPECT_EQ(reply.status, 200) << reply.text;
    std::vector<std::string> starts;
    for (auto const& item : reply.body.at("items").as_array()) starts.emplace_back(item.at("startTime").as_string());
    return starts;
}

// The first day from `start` on that is this weekday (0 = Monday).
std::string weekday(World& world, int wanted, int start = 7) {
    auto const first = *parseDate(dayAfter(world, start));
    return toText(first + (wanted - first.weekday() + 7) % 7);
}

TEST(Availability, HoursBreaksDatesAndExceptions) {
    World world;
    auto const specialist = world.specialist();
    auto const monday = weekday(world, 0), tuesday = weekday(world, 1), wednesday = weekday(world, 2), thursday = weekday(world, 3),
               sunday = weekday(world, 6);
    EXPECT_EQ(startsOn(world, specialist, monday),
              (std::vector<std::string>{"09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "16:00"}))
        << "a break at noon";
    EXPECT_TRUE(startsOn(world, specialist, sunday).empty());

    EXPECT_EQ(world.patch("/specialists/me", R"({"availability":{"unavailableDates":[")" + tuesday + "\"]}}", &specialist).status, 200);
    EXPECT_TRUE(startsOn(world, specialist, tuesday).empty());

    auto const schedule =
        world.post("/schedules", R"({"type":"custom","dateExceptions":[{"date":")" + wednesday + R"(","isAvailable":false},
        {"date":")" + thursday + R"(","isAvailable":true,"slots":[{"startTime":"18:00","endTime":"20:00","slotDuration":30}]}]})",
                   &specialist);
    ASSERT_EQ(schedule.status, 201) << schedule.text;
    EXPECT_TRUE(startsOn(world, specialist, wednesday).empty());
    EXPECT_EQ(startsOn(world, specialist, thursday), (std::vector<std::string>{"18:00", "18:30", "19:00", "19:30"}));
    EXPECT_EQ(startsOn(world, specialist, thursday, "&duration=60").size(), 0U);

    EXPECT_EQ(world.send("DELETE", "/schedules/" + schedule.at("/id"), "", &specialist).status, 204);
    EXPECT_EQ(startsOn(world, specialist, thursday).size(), 8U);
    world.verifyClean();
}

TEST(Availability, NoAnswerIsStale) {
    World world({"--set", "limits.enabled=false"});
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const path = "/specialists/" + specialist.specialistId + "/slots";
    auto count = world.get(path).body.at("items").as_array().size();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(world.get(path).body.at("items").as_array().size(), count) << "from the cache";
        EXPECT_EQ(world.book(customer, specialist, static_cast<std::size_t>(3 * i)).status, 201);
        auto const now = world.get(path).body.at("items").as_array().size();
        EXPECT_EQ(now, count - 1) << "the acknowledged booking is seen at once";
        count = now;
    }
    EXPECT_EQ(world.patch("/specialists/me", R"({"availability":{"isAvailable":false}})", &specialist).status, 200);
    EXPECT_EQ(world.get(path).status, 404) << "unpublished";
}

TEST(Availability, TheViewersZoneStandsBeside) {
    World world;
    auto const specialist = world.specialist();
    auto const reply = world.get("/specialists/" + specialist.specialistId + "/slots?timezone=Asia/Kolkata&limit=1");
    ASSERT_EQ(reply.status, 200) << reply.text;
    EXPECT_EQ(reply.at("/items/0/timezone"), "America/New_York");
    EXPECT_EQ(reply.at("/items/0/local/utcOffset"), "+05:30");
    EXPECT_NE(reply.at("/nextCursor"), "null");
    auto const second =
        world.get("/specialists/" + specialist.specialistId + "/slots?timezone=Asia/Kolkata&limit=1&cursor=" + reply.at("/nextCursor"));
    EXPECT_GT(second.at("/items/0/startsAt"), reply.at("/items/0/startsAt"));
}

TEST(Availability, NinetyDaysAndNotADayMore) {
    World world;
    auto const specialist = world.specialist();
    auto const all = world.slots(specialist);
    auto const last = std::string(all.back().at("date").as_string());
    EXPECT_LE(last, dayAfter(world, 90));
    EXPECT_GE(last, dayAfter(world, 86)) << "a weekend is at most two days";
    world.advance("P3D");
    EXPECT_GE(std::string(world.slots(specialist).back().at("date").as_string()), dayAfter(world, 86)) << "the horizon moves on";
    world.verifyClean();
}

} // namespace
} // namespace visavis
