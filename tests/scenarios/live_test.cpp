// GET /events over real HTTP: who is told what and in which order, and what happens when the connection, the log-in or the server ends.
#include "scenarios/wire.hpp"
#include "support/event_source.hpp"

#include <map>

namespace visavis::scenarios {
namespace {

using support::Event;
using support::EventSource;

constexpr auto goodCard = "4242424242424242";

// Books, and pays as the customer would.
std::string bookAndPay(World& world, Person const& customer, Person const& specialist, std::size_t index) {
    auto const booked = world.book(customer, specialist, index);
    EXPECT_EQ(booked.status, 201) << booked.text;
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), goodCard).status, 200);
    world.awaitStatus(booked.at("/id"), customer, "confirmed");
    return booked.at("/id");
}

// Everything up to the notification that ends a confirmation; checks that numbers have no gap and that no resource goes back in time.
std::vector<Event> untilConfirmed(EventSource& source, std::string const& bookingId) {
    std::vector<Event> events;
    std::map<std::string, int> versions;
    while (auto const event = source.next()) {
        if (!events.empty()) {
            EXPECT_EQ(std::stoll(event->id), std::stoll(events.back().id) + 1);
        }
        events.push_back(*event);
        if (!event->at("version").empty()) {
            auto& last = versions[event->name + event->at("id")];
            EXPECT_GE(std::stoi(event->at("version")), last) << event->data;
            last = std::stoi(event->at("version"));
        }
        if (event->at("type") == "booking_confirmation" && event->at("bookingId") == bookingId) return events;
    }
    ADD_FAILURE() << "the stream ended after " << events.size() << " events";
    return events;
}

bool has(std::vector<Event> const& events, std::string const& name, std::string const& id, std::string const& status) {
    return std::any_of(events.begin(), events.end(),
                       [&](Event const& event) { return event.name == name && event.at("id") == id && event.at("status") == status; });
}

TEST(Live, BothSidesSeeABookingHappen) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const stranger = world.customer("Stan Stranger");
    EventSource mine(world, &customer), theirs(world, &specialist), other(world, &stranger);
    ASSERT_EQ(mine.status(), 200);
    EXPECT_NE(mine.head().find("Content-Type: text/event-stream\r\n"), std::string::npos) << mine.head();
    EXPECT_NE(mine.head().find("Cache-Control: no-store\r\n"), std::string::npos) << mine.head();

    auto const bookingId = bookAndPay(world, customer, specialist, 0);
    auto const paymentId = world.booking(bookingId, customer).at("/paymentId");
    for (auto* source : {&mine, &theirs}) {
        auto const events = untilConfirmed(*source, bookingId);
        EXPECT_TRUE(has(events, "booking", bookingId, "pending"));
        EXPECT_TRUE(has(events, "payment", paymentId, "pending"));
        EXPECT_TRUE(has(events, "payment", paymentId, "succeeded"));
        EXPECT_TRUE(has(events, "booking", bookingId, "confirmed"));
        for (auto const& event : events)
            for (auto const* secret : {"platformFee", "specialistPayout", "idempotencyKey", "email"})
                EXPECT_EQ(event.data.find(secret), std::string::npos) << event.data;
    }
    // What comes first to the stranger is about the stranger.
    auto const foreign = world.book(stranger, specialist, 4);
    auto const first = other.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at("id"), foreign.at("/id"));
    world.verifyClean();
}

TEST(Live, AStreamResumesWhereItWasCut) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    EventSource before(world, &customer);
    auto const booked = world.book(customer, specialist, 0);
    auto const first = before.next("booking");
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at("id"), booked.at("/id"));
    before.hangUp();

    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer); // seen by nobody
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), goodCard).status, 200);
    world.awaitStatus(booked.at("/id"), customer, "confirmed");
    EventSource after(world, &customer, before.lastId());
    auto const events = untilConfirmed(after, booked.at("/id"));
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(std::stoll(events.front().id), std::stoll(before.lastId()) + 1) << "neither lost nor again";
    EXPECT_TRUE(has(events, "booking", booked.at("/id"), "confirmed"));

    // One that is lost before its first event resumes too: the id comes with the beginning.
    EventSource idle(world, &customer);
    idle.begin();
    idle.hangUp();
    auto const missed = world.book(customer, specialist, 6);
    EventSource again(world, &customer, idle.lastId());
    auto const found = again.next("booking");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at("id"), missed.at("/id"));
    world.verifyClean();
}

TEST(Live, AKilledServerForgetsNothing) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    EventSource before(world, &customer);
    auto const booked = world.book(customer, specialist, 0);
    ASSERT_TRUE(before.next("booking"));
    auto const second = world.book(customer, specialist, 3); // acknowledged, and perhaps not sent
    world.killAndRestart();
    EXPECT_TRUE(before.ends());
    EventSource after(world, &customer, before.lastId());
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(asked.status, 201) << asked.text;
    bool sawSecond = before.lastId() != "1";
    while (auto const event = after.next()) {
        sawSecond = sawSecond || event->at("id") == second.at("/id");
        if (event->name == "payment") break;
    }
    EXPECT_TRUE(sawSecond);
    world.verifyClean();
}

TEST(Live, WhoComesBackTooLateStartsAnew) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    world.book(customer, specialist, 0);
    world.advance("PT25H");
    for (auto const* stale : {"0", "1000000", "x"}) {
        EventSource source(world, &customer, stale);
        auto const reset = source.next();
        ASSERT_TRUE(reset) << stale;
        EXPECT_EQ(reset->name, "reset") << stale;
        auto const booked = world.book(customer, specialist, 20);
        auto const next = source.next();
        ASSERT_TRUE(next) << stale;
        EXPECT_EQ(std::stoll(next->id), std::stoll(reset->id) + 1) << stale;
        EXPECT_EQ(next->at("id"), booked.at("/id")) << stale;
        world.advance("PT16M"); // the hold runs out
    }
    world.verifyClean();
}

TEST(Live, TheLogInAndItsStreamEndTogether) {
    World world;
    auto const customer = world.customer();
    auto const logIn = [&] {
        auto again = customer;
        again.token =
            world.post("/auth/login", R"({"email":")" + customer.email + R"(","password":")" + customer.password + "\"}").at("/token");
        return again;
    };
    auto const phone = logIn();
    auto const laptop = logIn();
    auto const tablet = logIn();
    EventSource onPhone(world, &phone), onLaptop(world, &laptop), onTablet(world, &tablet), onDesk(world, &customer);
    EXPECT_EQ(world.post("/auth/logout", "", &phone).status, 204);
    EXPECT_TRUE(onPhone.ends());
    auto const sessions = world.get("/auth/sessions", &tablet).body.at("items").as_array();
    auto const current =
        std::find_if(sessions.begin(), sessions.end(), [](auto const& session) { return session.at("current").as_bool(); });
    ASSERT_NE(current, sessions.end());
    EXPECT_EQ(world.send("DELETE", "/auth/sessions/" + std::string(current->at("id").as_string()), "", &customer).status, 204);
    EXPECT_TRUE(onTablet.ends());
    EXPECT_EQ(world
                  .post("/auth/change-password", R"({"currentPassword":")" + customer.password + R"(","newPassword":"another horse 77"})",
                        &customer)
                  .status,
              204);
    EXPECT_TRUE(onLaptop.ends());
    EXPECT_EQ(EventSource(world, &phone).status(), 401);
    EXPECT_EQ(EventSource(world, nullptr).status(), 401);
    world.advance("PT721H");
    EXPECT_TRUE(onDesk.ends()) << "thirty days without use";
    world.verifyClean();
}

TEST(Live, TooManyStreamsOfOneAccountAreRefused) {
    World world({"--set", "limits.streams_per_user=2"});
    auto const customer = world.customer();
    EventSource first(world, &customer), second(world, &customer);
    EXPECT_EQ(first.status(), 200);
    EXPECT_EQ(second.status(), 200);
    Wire wire(world.server().url());
    Reply third;
    EXPECT_TRUE(support::eventually([&] { // the second may not have begun when its head arrives
        third = wire.send("GET", "/api/v1/events", as(customer));
        return third.status == 429;
    }));
    expectProblem(third, 429, "rate_limited", "a third stream");
    EXPECT_NE(third.header("retry-after"), "");
    second.hangUp();
    EXPECT_TRUE(support::eventually([&] { return wire.send("GET", "/api/v1/events", as(customer)).status == 200; }));
}

} // namespace
} // namespace visavis::scenarios
