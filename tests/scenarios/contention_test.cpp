// Very many want the same time at once: one gets it, the others are told, and the store is sound.
#include "support/world.hpp"

#include <atomic>
#include <barrier>
#include <thread>

namespace visavis {
namespace {

using support::Person;
using support::World;

constexpr std::size_t hands = 50; // connections; each sends its share of the thousand requests

struct Tally {
    std::atomic<int> created{0}, conflicts{0}, others{0};
};

// `count` requests, the n-th of them for what `body(n)` says, from as many hands at once.
void rush(World& world, std::vector<Person> const& customers, std::size_t count, std::function<std::string(std::size_t)> const& body,
          Tally& tally) {
    std::barrier start(static_cast<std::ptrdiff_t>(hands));
    std::vector<std::thread> threads;
    for (std::size_t hand = 0; hand < hands; ++hand)
        threads.emplace_back([&, hand] {
            start.arrive_and_wait();
            for (auto n = hand; n < count; n += hands) {
                support::Reply reply;
                do reply = world.post("/bookings", body(n), &customers[n % customers.size()]);
                while (support::onMongo() && reply.status == 503); // fifty meet each other there, and are told to come again
                auto& counter = reply.status == 201 ? tally.created : reply.status == 409 ? tally.conflicts : tally.others;
                ++counter;
                EXPECT_TRUE(reply.status == 201 || reply.status == 409) << reply.status << " " << reply.text;
                bool const saysWhy = reply.code() == "customer_busy" || !reply.at("/current").empty();
                EXPECT_TRUE(reply.status == 201 || saysWhy) << reply.text;
            }
        });
    for (auto& thread : threads) thread.join();
}

std::vector<Person> crowd(World& world, int size) {
    std::vector<Person> people;
    for (int i = 0; i < size; ++i) people.push_back(world.customer("Customer " + std::to_string(i)));
    return people;
}

TEST(Contention, AThousandWantOneSlot) {
    World world({"--set", "limits.enabled=false"});
    auto const specialist = world.specialist();
    auto const customers = crowd(world, 20);
    auto open = world.slots(specialist);
    auto const turns = static_cast<std::size_t>(support::rounds(20));
    for (std::size_t round = 0, next = 0; round < turns; ++round, ++next) {
        if (next == open.size()) { // all holds are over then, and all slots open again but those that come too soon by now
            world.advance("PT20M");
            open = world.slots(specialist);
            next = 0;
        }
        auto const& slot = open[next];
        auto const body = R"({"slotId":)" + boost::json::serialize(slot.at("id")) + "}";
        Tally tally;
        rush(
            world, customers, 1000, [&](std::size_t) { return body; }, tally);
        EXPECT_EQ(tally.created, 1);
        EXPECT_EQ(tally.conflicts, 999);
    }
    world.verifyClean();
}

// Three lengths overlap each other in many ways; whatever wins, no two of them may overlap.
TEST(Contention, OverlappingLengthsExcludeEachOther) {
    World world({"--set", "limits.enabled=false"});
    auto const specialist = world.specialist();
    auto const patched =
        world.patch("/specialists/me",
                    R"({"availability":{"bufferTime":15},"consulting":{"sessionDurations":[30,60,90],"defaultDuration":60}})", &specialist);
    ASSERT_EQ(patched.status, 200) << patched.text;
    auto const customers = crowd(world, 20);
    auto const open = world.slots(specialist);
    ASSERT_GT(open.size(), 40U);
    Tally tally;
    rush(
        world, customers, 1000, [&](std::size_t n) { return R"({"slotId":)" + boost::json::serialize(open[n % 40].at("id")) + "}"; },
        tally);
    EXPECT_GT(tally.created, 0);
    EXPECT_EQ(tally.created + tally.conflicts, 1000);
    world.verifyClean();
}

// One customer cannot be in two places.
TEST(Contention, ACustomerIsBusyElsewhere) {
    World world({"--set", "limits.enabled=false"});
    auto const one = world.specialist("One");
    auto const two = world.specialist("Two");
    auto const customer = world.customer();
    EXPECT_EQ(world.book(customer, one).status, 201);
    EXPECT_EQ(world.book(customer, two).code(), "customer_busy");
    world.verifyClean();
}

// The same key many times at once: one booking, one answer.
TEST(Contention, OneKeyOneBooking) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const body = R"({"slotId":)" + boost::json::serialize(world.slots(specialist)[0].at("id")) + "}";
    std::atomic<int> created{0}, running{0};
    std::vector<std::thread> threads;
    for (std::size_t hand = 0; hand < hands; ++hand)
        threads.emplace_back([&] {
            auto const reply = world.post("/bookings", body, &customer, {{"Idempotency-Key", "one-and-only"}});
            if (reply.status == 201) ++created;
            if (reply.code() == "in_progress") ++running;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(created + running, static_cast<int>(hands));
    auto const replay = world.post("/bookings", body, &customer, {{"Idempotency-Key", "one-and-only"}});
    EXPECT_EQ(replay.status, 201);
    EXPECT_EQ(replay.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(world.get("/bookings", &customer).body.at("items").as_array().size(), 1U);
    EXPECT_EQ(world.post("/bookings", R"({"slotId":"000000000000000000000000"})", &customer, {{"Idempotency-Key", "one-and-only"}}).code(),
              "idempotency_mismatch");
    world.verifyClean();
}

} // namespace
} // namespace visavis
