// Several `serve` processes on one database: they share the work, one goes on where another died, and a time is given once.
#include "engines/beside.hpp"
#include "support/event_source.hpp"

#include <atomic>
#include <barrier>
#include <thread>

namespace visavis {
namespace {

using support::Event;
using support::EventSource;
using support::Person;
using support::Reply;
using support::ServerProcess;
using support::World;

TEST(Processes, AThousandOnOneSlotThroughThreeHaveOneWinner) {
    World world({"--set", "limits.enabled=false"});
    auto const second = beside(world), third = beside(world);
    std::vector<std::string> const urls{world.server().url(), second->url(), third->url()};
    auto const specialist = world.specialist();
    std::vector<Person> customers;
    for (int i = 0; i < 20; ++i) customers.push_back(world.customer("Customer " + std::to_string(i)));
    auto const open = world.slots(specialist);
    for (int round = 0; round < support::rounds(10); ++round) {
        auto const body = R"({"slotId":)" + boost::json::serialize(open[static_cast<std::size_t>(round)].at("id")) + "}";
        std::atomic<int> created{0}, conflicts{0};
        constexpr std::size_t hands = 48;
        std::barrier start(static_cast<std::ptrdiff_t>(hands));
        std::vector<std::thread> threads;
        for (std::size_t hand = 0; hand < hands; ++hand)
            threads.emplace_back([&, hand] {
                start.arrive_and_wait();
                for (auto n = hand; n < 1'000; n += hands) {
                    Reply reply;
                    do reply = world.send("POST", urls[n % 3] + "/api/v1/bookings", body, &customers[n % customers.size()]);
                    while (reply.status == 503); // says so itself: try again
                    ++(reply.status == 201 ? created : conflicts);
                    EXPECT_TRUE(reply.status == 201 || reply.status == 409) << reply.status << " " << reply.text;
                }
            });
        for (auto& thread : threads) thread.join();
        EXPECT_EQ(created, 1);
        EXPECT_EQ(conflicts, 999);
    }
    world.verifyClean();
}

// What one process has just written, another answers at once: its cache of listings asks the store whether it still holds.
TEST(Processes, AListingOfAnotherProcessIsNeverStale) {
    World world({"--set", "limits.enabled=false"});
    auto const other = beside(world);
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const listed = [&](std::string const& url) {
        return world.send("GET", url + "/api/v1/specialists/" + specialist.specialistId + "/slots").body.at("items").as_array().size();
    };
    auto const before = listed(other->url());
    EXPECT_EQ(listed(world.server().url()), before);
    for (std::size_t n = 1; n <= 5; ++n) {
        ASSERT_EQ(world.book(customer, specialist, 0).status, 201);
        EXPECT_EQ(listed(other->url()), before - n);
    }
    world.verifyClean();
}

// Everything up to the event that `last` knows; their numbers have no gap.
std::vector<Event> eventsUntil(EventSource& source, std::function<bool(Event const&)> const& last) {
    std::vector<Event> events;
    while (auto const event = source.next()) {
        if (!events.empty()) {
            EXPECT_EQ(std::stoll(event->id), std::stoll(events.back().id) + 1) << event->data;
        }
        events.push_back(*event);
        if (last(*event)) return events;
    }
    ADD_FAILURE() << "the stream ended after " << events.size() << " events";
    return events;
}

std::vector<std::string> textOf(std::vector<Event> const& events, std::int64_t behind = 0) {
    std::vector<std::string> lines;
    for (auto const& event : events)
        if (std::stoll(event.id) > behind) lines.push_back(event.id + " " + event.name + " " + event.data);
    return lines;
}

// Two processes and a customer who does everything through the second.
struct Couple {
    World world{{"--set", "limits.enabled=false"}};
    std::unique_ptr<ServerProcess> const second = beside(world);
    Person const specialist = world.specialist(), customer = world.customer();

    Reply post(std::string const& path, std::string const& body = "") {
        return world.send("POST", second->url() + "/api/v1" + path, body, &customer);
    }
    std::string book(std::size_t index) {
        auto const slot = world.slots(specialist).at(index).at("id");
        auto const booked = post("/bookings", R"({"slotId":)" + boost::json::serialize(slot) + "}");
        EXPECT_EQ(booked.status, 201) << booked.text;
        return booked.at("/id");
    }
    void pay(std::string const& bookingId) {
        auto const asked = post("/bookings/" + bookingId + "/payment");
        EXPECT_EQ(asked.status, 201) << asked.text;
        EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    }
};

// Whoever asks two processes at once under one key gets one answer, whichever of them was faster.
TEST(Processes, AKeyHasOneAnswer) {
    Couple two;
    auto const slots = two.world.slots(two.specialist);
    for (int round = 0; round < support::rounds(12); ++round) {
        auto const slot = slots.at(static_cast<std::size_t>(2 * round)).at("id");
        auto const body = R"({"slotId":)" + boost::json::serialize(slot) + "}";
        auto const key = "round-" + std::to_string(round);
        std::array<Reply, 2> replies;
        std::barrier start(2);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < 2; ++i)
            threads.emplace_back([&, i] {
                auto const url = (i == 0 ? two.world.server().url() : two.second->url()) + "/api/v1/bookings";
                start.arrive_and_wait();
                replies[i] = two.world.send("POST", url, body, &two.customer, {{"Idempotency-Key", key}});
            });
        for (auto& thread : threads) thread.join();
        for (auto const& reply : replies) EXPECT_TRUE(reply.status == 201 || reply.code() == "in_progress") << reply.text;
        if (replies[0].status == replies[1].status) {
            EXPECT_EQ(replies[0].text, replies[1].text);
        }
    }
}

std::function<bool(Event const&)> confirmationOf(std::string const& bookingId) {
    return [bookingId](Event const& event) { return event.at("type") == "booking_confirmation" && event.at("bookingId") == bookingId; };
}

TEST(Processes, AStreamTellsWhatAnotherProcessDid) {
    Couple couple;
    auto& world = couple.world;
    auto const* const who = &couple.customer;
    EventSource here(world, who), there(couple.second->url(), who);
    ASSERT_EQ(here.status(), 200);
    auto const first = couple.book(0);
    couple.pay(first);
    auto const seen = eventsUntil(here, confirmationOf(first));
    ASSERT_FALSE(seen.empty());
    EXPECT_EQ(seen.front().id, "1");
    EXPECT_EQ(seen.front().name, "booking");
    EXPECT_EQ(seen.front().at("id"), first);
    EXPECT_EQ(textOf(seen), textOf(eventsUntil(there, confirmationOf(first)))) << "both tell the same under the same numbers";

    // Who comes back at the other process gets what is missing, and nothing twice.
    here.hangUp();
    auto const second = couple.book(3);
    couple.pay(second);
    auto const witnessed = eventsUntil(there, confirmationOf(second));
    EventSource again(couple.second->url(), who, here.lastId()), early(couple.second->url(), who, "2");
    EXPECT_EQ(textOf(eventsUntil(again, confirmationOf(second))), textOf(witnessed));
    auto all = seen;
    all.insert(all.end(), witnessed.begin(), witnessed.end());
    EXPECT_EQ(textOf(eventsUntil(early, confirmationOf(second))), textOf(all, 2));
    auto const third = world.book(couple.customer, couple.specialist, 6); // through the first process
    for (auto* source : {&again, &early, &there}) {
        auto const next = source->next();
        ASSERT_TRUE(next);
        EXPECT_EQ(std::stoll(next->id), std::stoll(all.back().id) + 1);
        EXPECT_EQ(next->at("id"), third.at("/id"));
    }
    world.verifyClean();
}

TEST(Processes, WhoComesBackToAnotherProcessTooLateStartsAnew) {
    Couple couple;
    auto& world = couple.world;
    auto const booked = couple.book(0);
    auto const url = couple.second->url();
    for (auto const* unknown : {"1000000", "x", "-1"}) {
        EventSource source(url, &couple.customer, unknown);
        auto const reset = source.next();
        ASSERT_TRUE(reset) << unknown;
        EXPECT_EQ(reset->name, "reset") << unknown;
        EXPECT_EQ(reset->id, "1") << unknown;
    }
    EventSource known(url, &couple.customer, "0");
    auto const first = known.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at("id"), booked);
    // A day later the first process, whose clock the sandbox moves, has removed it; perhaps not at once, if the other had the job's turn.
    EXPECT_TRUE(support::eventually([&] {
        world.advance("PT25H");
        EventSource late(url, &couple.customer, "0");
        auto const told = late.next();
        return told && told->name == "reset";
    }));
    world.verifyClean();
}

// A process dies with an entry of the outbox in its hands; the other one carries it out, once.
TEST(Processes, WhatADeadProcessHeldIsFinishedByAnother) {
    World world({"--set", "limits.enabled=false"});
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const doomed = beside(world, {"VISAVIS_CRASH_AT=work.entry.taken:1"});
    std::vector<std::string> addresses;
    for (int i = 0; i < 40 && doomed->running(); ++i) { // until it was the quicker one: what it has written itself it sees first
        addresses.push_back("late" + std::to_string(i) + "@example.test");
        (void)world.send("POST", doomed->url() + "/api/v1/auth/register",
                         R"({"email":")" + addresses.back() + R"(","password":"correct horse 1","name":"Lea","userType":"customer"})");
        auto const told = [&] { return world.sandbox("GET", "/sandbox/mail?to=" + addresses.back()).body.at("items").as_array().size(); };
        EXPECT_TRUE(support::eventually([&] { return told() > 0 || !doomed->running(); }));
        EXPECT_TRUE(support::eventually([&] { return told() > 0; })) << "nobody took over";
    }
    EXPECT_FALSE(doomed->running());
    world.advance("PT1M");
    for (auto const& address : addresses) {
        auto const box = world.sandbox("GET", "/sandbox/mail?to=" + address);
        EXPECT_EQ(box.body.at("items").as_array().size(), 1U) << box.text;
    }
    EXPECT_EQ(world.book(customer, specialist).status, 201);
    world.verifyClean();
}

} // namespace
} // namespace visavis
