// Reviews over HTTP, from the completed session to what the public reads and the specialist is told.
#include "scenarios/wire.hpp"

#include <atomic>
#include <thread>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

struct Practice {
    World world{{"--set", "limits.enabled=false"}};
    Person specialist = world.specialist("Sara Specialist", 0); // free: confirmed at once

    // A session of each customer, over and completed by the job.
    std::vector<std::string> completed(std::vector<Person> const& customers) {
        std::vector<std::string> bookings;
        for (auto const& customer : customers) bookings.push_back(world.book(customer, specialist).at("/id"));
        auto const last = *parseRfc3339(world.booking(bookings.back(), customers.back()).at("/endsAt"));
        auto const now = *parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now"));
        world.advance("PT" + std::to_string((last - now).count() / 1000 + 3600) + "S");
        for (std::size_t i = 0; i < customers.size(); ++i) world.awaitStatus(bookings[i], customers[i], "completed");
        return bookings;
    }
    Reply review(Person const& who, std::string const& booking, std::string const& body) {
        return world.post("/bookings/" + booking + "/review", body, &who);
    }
    Reply shown(std::string const& query = "") { return world.get("/specialists/" + specialist.specialistId + "/reviews" + query); }
};

TEST(Reviews, FromTheSessionToThePublic) {
    Practice practice;
    auto& world = practice.world;
    auto const customer = world.customer("Kiran Customer");
    auto const other = world.customer("Olga Other");
    auto const early = world.book(customer, practice.specialist, 30);
    expectProblem(practice.review(customer, early.at("/id"), R"({"rating":5})"), 409, "not_completed", "before the session");
    auto const booking = practice.completed({customer}).front();

    expectProblem(practice.review(other, booking, R"({"rating":1})"), 404, "not_found", "somebody else's session");
    expectProblem(practice.review(practice.specialist, booking, R"({"rating":5})"), 403, "denied", "one's own praise");
    std::string const body =
        R"({"rating":4,"reviewText":"Clear & kind.\nThanks","aspects":{"professionalism":5,"expertise":4,"communication":4,"valueForMoney":3}})";
    std::vector<outbound::Header> const key{{"Idempotency-Key", "my-review"}};
    auto const made = world.post("/bookings/" + booking + "/review", body, &customer, key);
    ASSERT_EQ(made.status, 201) << made.text;
    EXPECT_EQ(made.at("/isVerifiedBooking"), "true");
    auto const replayed = world.post("/bookings/" + booking + "/review", body, &customer, key);
    EXPECT_EQ(replayed.text, made.text);
    EXPECT_EQ(replayed.header("idempotency-replayed"), "true");
    expectProblem(practice.review(customer, booking, R"({"rating":1})"), 409, "already_reviewed", "a second thought");
    for (Person const* who : {&customer, static_cast<Person const*>(&practice.specialist)}) {
        EXPECT_EQ(world.booking(booking, *who).at("/feedback/customerRating"), "4");
        EXPECT_EQ(world.booking(booking, *who).at("/feedback/customerReview"), "Clear & kind.\nThanks");
    }

    auto const list = practice.shown();
    ASSERT_EQ(list.status, 200) << list.text;
    EXPECT_EQ(list.at("/items/0/id"), made.at("/id"));
    EXPECT_EQ(list.at("/items/0/reviewText"), "Clear & kind.\nThanks");
    EXPECT_EQ(list.at("/nextCursor"), "null");
    EXPECT_EQ(list.number("/summary/reviewCount"), 1);
    EXPECT_EQ(list.body.at("summary").at("averageRating").to_number<double>(), 4);
    EXPECT_EQ(json::serialize(list.body.at("summary").at("histogram")), R"({"1":0,"2":0,"3":0,"4":1,"5":0})");
    EXPECT_EQ(list.body.at("summary").at("aspects").at("valueForMoney").to_number<double>(), 3);
    for (auto const& secret : {customer.customerId, customer.userId, std::string("Kiran"), booking})
        EXPECT_EQ(list.text.find(secret), std::string::npos) << secret;
    auto const profile = world.get("/specialists/" + practice.specialist.specialistId);
    EXPECT_EQ(profile.number("/reviewCount"), 1);
    EXPECT_EQ(practice.shown().text, world.get("/specialists/" + profile.at("/slug") + "/reviews").text) << "by the slug too";

    EXPECT_TRUE(support::eventually([&] {
        auto const notes = world.get("/notifications", &practice.specialist);
        for (auto const& note : notes.body.at("items").as_array())
            if (note.at("type") == "review_received") return true;
        return false;
    })) << "the specialist is told";

    auto const path = "/reviews/" + made.at("/id") + "/response";
    expectProblem(world.post(path, R"({"specialistResponse":"x"})", &customer), 403, "denied", "not theirs to answer");
    auto const rival = world.specialist("Rita Rival");
    expectProblem(world.post(path, R"({"specialistResponse":"x"})", &rival), 404, "not_found", "another specialist");
    EXPECT_EQ(world.post(path, R"({"specialistResponse":"Thank you"})", &practice.specialist).status, 201);
    expectProblem(world.post(path, R"({"specialistResponse":"More"})", &practice.specialist), 409, "already_responded", "once");
    EXPECT_EQ(practice.shown().at("/items/0/specialistResponse"), "Thank you");
    world.verifyClean();
}

// Eight customers at the same moment, each sending theirs twice: each counts once, and the sum is exact.
TEST(Reviews, ManyAtOnceAreCountedExactly) {
    Practice practice;
    auto& world = practice.world;
    std::vector<Person> customers;
    for (int i = 0; i < 8; ++i) customers.push_back(world.customer("Customer " + std::to_string(i)));
    auto const bookings = practice.completed(customers);
    std::atomic<int> made{0}, again{0};
    std::vector<std::thread> hands;
    for (std::size_t hand = 0; hand < 2 * customers.size(); ++hand)
        hands.emplace_back([&, hand] {
            auto const who = hand % customers.size();
            auto const reply = practice.review(customers[who], bookings[who], R"({"rating":)" + std::to_string(1 + who % 5) + "}");
            if (reply.status == 201) ++made;
            if (reply.code() == "already_reviewed") ++again;
        });
    for (auto& hand : hands) hand.join();
    EXPECT_EQ(made, 8);
    EXPECT_EQ(again, 8);
    auto const list = practice.shown("?limit=3");
    EXPECT_EQ(list.body.at("items").as_array().size(), 3U);
    EXPECT_EQ(list.number("/summary/reviewCount"), 8);
    EXPECT_EQ(json::serialize(list.body.at("summary").at("histogram")), R"({"1":2,"2":2,"3":2,"4":1,"5":1})");
    EXPECT_EQ(list.body.at("summary").at("averageRating").to_number<double>(), 21.0 / 8.0);
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
