// A specialist's own slots over HTTP: one more, one less, one at another price; and what customers see of it at once.
#include "scenarios/wire.hpp"

#include <set>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

struct Market {
    World world{{"--set", "limits.enabled=false"}};
    Person specialist = world.specialist();
    Person customer = world.customer();

    std::set<std::string> offered() {
        std::set<std::string> ids;
        for (auto const& slot : world.slots(specialist)) ids.emplace(slot.at("id").as_string());
        return ids;
    }
    // Of the specialist's own calendar.
    json::value own(std::string const& id) {
        auto const reply = world.get("/slots?limit=2000", &specialist);
        for (auto const& slot : reply.body.at("items").as_array())
            if (slot.at("id").as_string() == id) return slot;
        return {};
    }
    Reply hours(std::string const& availability) {
        return world.patch("/specialists/me", R"({"availability":)" + availability + "}", &specialist);
    }
};

TEST(OwnSlots, OneMore) {
    Market market;
    auto& world = market.world;
    auto const& specialist = market.specialist;
    auto const first = world.slots(specialist).front();
    auto const day = std::string(first.at("date").as_string());
    auto const evening = day + "T23:00:00Z"; // 18:00 or 19:00 in New York: after hours
    auto const body = R"({"startsAt":")" + evening + R"(","duration":30,"price":2500,"consultationType":"intro","tags":["evening"]})";
    auto const made = world.post("/slots", body, &specialist);
    ASSERT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(made.at("/status"), "available");
    EXPECT_EQ(made.at("/isRecurring"), "false");
    EXPECT_EQ(made.at("/date"), day);
    EXPECT_TRUE(market.offered().contains(made.at("/id"))) << "customers see it at once";
    auto const again = world.post("/slots", body, &specialist);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "slot_overlaps") << again.text;
    EXPECT_EQ(world.post("/slots", R"({"startsAt":)" + json::serialize(first.at("startsAt")) + R"(,"duration":5})", &specialist).code(),
              "slot_overlaps");
    expectProblem(world.post("/slots", body, &market.customer), 403, "denied", "a customer");

    // It is booked at its own price, and stays through every change of hours.
    auto const booked = world.post("/bookings", R"({"slotId":")" + made.at("/id") + R"(","price":2500})", &market.customer);
    ASSERT_EQ(booked.status, 201) << booked.text;
    EXPECT_EQ(booked.at("/sessionPrice"), "2500");
    EXPECT_EQ(booked.at("/consultationType"), "intro");
    EXPECT_EQ(market.hours(R"({"unavailableDates":[")" + day + "\"]}").status, 200);
    EXPECT_EQ(market.own(made.at("/id")).at("status"), "booked");
    world.advance("PT20M"); // the hold is over
    EXPECT_TRUE(market.offered().contains(made.at("/id"))) << "no rule has to make it";
    world.verifyClean();
}

TEST(OwnSlots, OneLess) {
    Market market;
    auto& world = market.world;
    auto const& specialist = market.specialist;
    auto const open = world.slots(specialist);
    auto const id = std::string(open.at(10).at("id").as_string());
    auto const path = "/slots/" + id + "/block";
    auto const closed = world.post(path, R"({"reason":"Dentist"})", &specialist);
    ASSERT_EQ(closed.status, 200) << closed.text;
    EXPECT_EQ(closed.at("/status"), "blocked");
    EXPECT_EQ(closed.at("/isManuallyBlocked"), "true");
    EXPECT_EQ(closed.at("/blockReason"), "Dentist");
    EXPECT_FALSE(market.offered().contains(id));
    auto const refused = world.post("/bookings", R"({"slotId":")" + id + "\"}", &market.customer);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "slot_not_bookable");
    EXPECT_EQ(refused.text.find("Dentist"), std::string::npos) << "the reason is the specialist's own";
    EXPECT_EQ(world.get("/slots?status=blocked", &specialist).at("/items/0/id"), id);

    for (auto const* hours : {R"({"workingHours":{"monday":{"enabled":false},"tuesday":{"enabled":false},"wednesday":{"enabled":false},
                                 "thursday":{"enabled":false},"friday":{"enabled":false}}})",
                              R"({"workingHours":{"monday":{"enabled":true},"tuesday":{"enabled":true},"wednesday":{"enabled":true},
                                 "thursday":{"enabled":true},"friday":{"enabled":true}}})"}) {
        EXPECT_EQ(market.hours(hours).status, 200);
        EXPECT_EQ(market.own(id).at("status"), "blocked") << "through every change of hours";
        EXPECT_EQ(market.own(id).at("blockReason"), "Dentist");
    }
    auto const opened = world.send("DELETE", path, "", &specialist);
    EXPECT_EQ(opened.status, 200) << opened.text;
    EXPECT_EQ(opened.at("/status"), "available");
    EXPECT_EQ(opened.at("/blockReason"), "");
    EXPECT_TRUE(market.offered().contains(id));

    ASSERT_EQ(world.post("/bookings", R"({"slotId":")" + id + "\"}", &market.customer).status, 201);
    for (auto const* method : {"POST", "DELETE"}) {
        auto const booked = world.send(method, path, "", &specialist);
        EXPECT_EQ(booked.status, 409) << method;
        EXPECT_EQ(booked.code(), "slot_booked") << booked.text;
    }
    world.verifyClean();
}

TEST(OwnSlots, OneAtAnotherPrice) {
    Market market;
    auto& world = market.world;
    auto const& specialist = market.specialist;
    auto const id = std::string(world.slots(specialist).at(10).at("id").as_string());
    auto const changed = world.patch("/slots/" + id, R"({"price":4200,"tags":["happy hour"],"description":"Cheap"})", &specialist);
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(changed.at("/price"), "4200");
    auto const stale = world.send("PATCH", "/slots/" + id, R"({"price":1})", &specialist, {{"If-Match", "\"0\""}});
    EXPECT_EQ(stale.status, 422) << "what is wrong with the body goes before its version: " << stale.text;
    expectProblem(world.send("PATCH", "/slots/" + id, R"({"price":100})", &specialist, {{"If-Match", "\"0\""}}), 412, "version_mismatch",
                  "an old version");
    expectProblem(world.patch("/slots/" + id, R"({"status":"booked"})", &specialist), 422, "read_only", "a status by hand");
    auto const refused = world.post("/bookings", R"({"slotId":")" + id + R"(","price":10000})", &market.customer);
    EXPECT_EQ(refused.code(), "price_changed") << refused.text;
    EXPECT_EQ(refused.at("/price"), "4200");
    EXPECT_EQ(world.patch("/specialists/me", R"({"consulting":{"basePrice":20000}})", &specialist).status, 200);
    EXPECT_EQ(market.own(id).at("price"), 4200) << "what was changed by hand sticks";
    EXPECT_EQ(market.own(id).at("description"), "Cheap");
    EXPECT_EQ(world.slots(specialist).at(11).at("price"), 20000) << "the others follow";
    auto const booked = world.post("/bookings", R"({"slotId":")" + id + R"(","price":4200})", &market.customer);
    ASSERT_EQ(booked.status, 201) << booked.text;
    EXPECT_EQ(world.patch("/slots/" + id, R"({"price":9900})", &specialist).status, 200);
    EXPECT_EQ(world.booking(booked.at("/id"), market.customer).at("/sessionPrice"), "4200") << "a booking keeps its price";
    world.verifyClean();
}

// Each type of schedule, in force between two days, and what is left when it goes.
TEST(OwnSlots, SchedulesOfAllThreeTypes) {
    Market market;
    auto& world = market.world;
    auto const& specialist = market.specialist;
    auto const now = *parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now"));
    auto const today = Zone::load("America/New_York")->dateAt(now);
    auto const monday = today + (7 - today.weekday()) + 7; // not this week's, nor the next one's
    auto const starts = [&](LocalDate date) {
        auto const text = toText(date);
        auto const listed = world.get("/specialists/" + specialist.specialistId + "/slots?from=" + text + "&to=" + text);
        std::string list;
        for (auto const& slot : listed.body.at("items").as_array())
            list += (list.empty() ? "" : " ") + std::string(slot.at("startTime").as_string());
        return list;
    };
    auto const hours = starts(monday);
    auto const day = std::to_string(civil(monday).day);
    struct Row {
        char const* name;
        std::string body;
        std::string want, wantAWeekLater;
    };
    auto const evening = std::string(R"("slots":[{"startTime":"18:00","endTime":"20:00"}])");
    for (auto const& row : std::vector<Row>{
             {"weekly", R"({"type":"weekly","weeklyPattern":{"monday":{)" + evening + "}}}", "18:00 19:00", "18:00 19:00"},
             {"weekly for a week",
              R"({"type":"weekly","appliedFrom":")" + toText(monday) + R"(","appliedTo":")" + toText(monday + 6) +
                  R"(","weeklyPattern":{"monday":{)" + evening + "}}}",
              "18:00 19:00", hours},
             {"monthly", R"({"type":"monthly","monthlyPattern":[{"dayOfMonth":)" + day + "," + evening + "}]}", "18:00 19:00", ""},
             {"custom", R"({"type":"custom","dateExceptions":[{"date":")" + toText(monday) + "\"," + evening + "}]}", "18:00 19:00", hours},
             {"custom, closed", R"({"type":"custom","dateExceptions":[{"date":")" + toText(monday) + R"(","isAvailable":false}]})", "",
              hours},
         }) {
        auto const made = world.post("/schedules", row.body, &specialist);
        ASSERT_EQ(made.status, 201) << row.name << ": " << made.text;
        EXPECT_EQ(starts(monday), row.want) << row.name;
        EXPECT_EQ(starts(monday + 7), row.wantAWeekLater) << row.name;
        EXPECT_EQ(world.send("DELETE", "/schedules/" + made.at("/id"), "", &specialist).status, 204);
        EXPECT_EQ(starts(monday), hours) << row.name << " is gone";
    }
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
