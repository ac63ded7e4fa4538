// Faults on the path from a booking to its confirmation: forged and repeated webhooks, a vendor that misbehaves, a server that is killed.
// Whatever happens, the end is the same as without.
#include "support/world.hpp"

#include "core/text.hpp"

namespace visavis {
namespace {

using support::Person;
using support::Reply;
using support::World;

constexpr auto goodCard = "4242424242424242";

struct Held {
    Person specialist, customer;
    std::string bookingId, clientSecret;

    std::string intent() const { return clientSecret.substr(0, clientSecret.find("_secret_")); }
};

Held hold(World& world) {
    Held held;
    held.specialist = world.specialist();
    held.customer = world.customer();
    held.bookingId = world.book(held.customer, held.specialist, 3).at("/id");
    auto const asked = world.post("/bookings/" + held.bookingId + "/payment", "", &held.customer);
    EXPECT_EQ(asked.status, 201) << asked.text;
    held.clientSecret = asked.at("/clientSecret");
    return held;
}

// The end that every path must have: confirmed once, paid once, both told once, everything in order.
void expectPaidOnce(World& world, Held const& held) {
    world.awaitStatus(held.bookingId, held.customer, "confirmed");
    world.advance("PT2M");
    for (auto const* person : {&held.customer, &held.specialist}) {
        auto const notices = world.get("/notifications", person);
        std::size_t confirmations = 0;
        for (auto const& item : notices.body.at("items").as_array()) confirmations += item.at("type") == "booking_confirmation";
        EXPECT_EQ(confirmations, 1U) << notices.text;
    }
    auto const intents = world.sandbox("GET", "/sandbox/requests");
    EXPECT_EQ(intents.status, 200);
    world.verifyClean();
}

std::string signatureOf(std::string const& secret, std::string const& body, std::int64_t at) {
    auto const time = std::to_string(at);
    return "t=" + time + ",v1=" + hmacSha256Hex(secret, time + "." + body);
}

struct ForgedRow {
    char const* name;
    char const* secret;
    std::int64_t age;     // seconds that the signature is old
    char const* appended; // to the body after signing
    bool twice;           // the header is there two times
    int status;
};

class Forged : public testing::TestWithParam<ForgedRow> {};

TEST_P(Forged, HasNoEffect) {
    auto const& row = GetParam();
    World world;
    auto const held = hold(world);
    std::string const event =
        R"({"id":"evt_forged","object":"event","type":"payment_intent.succeeded","livemode":false,"created":1,"data":{"object":{"id":")" +
        held.intent() + R"(","object":"payment_intent","status":"succeeded","amount":10000}}})";
    auto const now = parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now"))->ms / 1000;
    std::vector<outbound::Header> headers{{"Stripe-Signature", signatureOf(row.secret, event, now - row.age)}};
    if (row.twice) headers.push_back(headers.front());
    auto const reply = world.send("POST", "/webhooks/stripe", event + row.appended, nullptr, headers);
    EXPECT_EQ(reply.status, row.status) << reply.text;
    if (row.status == 400) {
        EXPECT_EQ(reply.code(), "bad_signature");
    }
    world.advance("PT1S");
    EXPECT_EQ(world.booking(held.bookingId, held.customer).at("/status"), "pending")
        << "our row moves by what Stripe says, not by what an event says";
    world.verifyClean();
}

INSTANTIATE_TEST_SUITE_P(Webhooks, Forged,
                         testing::Values(ForgedRow{"wrongSecret", "whsec_other", 0, "", false, 400},
                                         ForgedRow{"tooOld", "whsec_test_secret", 301, "", false, 400},
                                         ForgedRow{"fromTheFuture", "whsec_test_secret", -301, "", false, 400},
                                         ForgedRow{"altered", "whsec_test_secret", 0, " ", false, 400},
                                         ForgedRow{"repeatedHeader", "whsec_test_secret", 0, "", true, 400},
                                         ForgedRow{"signedButUntrue", "whsec_test_secret", 0, "", false, 200}),
                         [](auto const& row) { return std::string(row.param.name); });

TEST(Webhooks, UnsignedIsRefused) {
    World world;
    EXPECT_EQ(world.send("POST", "/webhooks/stripe", "{}").code(), "bad_signature");
}

struct FaultRow {
    char const* name;
    char const* rules;
};

class VendorFaults : public testing::TestWithParam<FaultRow> {};

TEST_P(VendorFaults, EndInTheSameState) {
    World world;
    Held held;
    held.specialist = world.specialist();
    held.customer = world.customer();
    held.bookingId = world.book(held.customer, held.specialist, 3).at("/id");
    EXPECT_EQ(world.sandbox("PUT", "/sandbox/faults", std::string(R"({"rules":[)") + GetParam().rules + "]}").status, 200);
    // A person who gets an error tries again.
    Reply asked;
    for (int i = 0; i < 5 && asked.status != 201; ++i) asked = world.post("/bookings/" + held.bookingId + "/payment", "", &held.customer);
    ASSERT_EQ(asked.status, 201) << asked.text;
    held.clientSecret = asked.at("/clientSecret");
    EXPECT_EQ(world.confirmCard(held.clientSecret, goodCard).status, 200);
    world.advance("PT16M");
    expectPaidOnce(world, held);
}

INSTANTIATE_TEST_SUITE_P(
    Stripe, VendorFaults,
    testing::Values(
        FaultRow{"timeoutAfterSuccess",
                 R"({"provider":"stripe","match":"POST /v1/payment_intents","kind":"timeout_after_success","times":1})"},
        FaultRow{"tooManyRequests", R"({"provider":"stripe","match":"POST /v1/payment_intents","kind":"status","value":429,"times":2})"},
        FaultRow{"serverError", R"({"provider":"stripe","match":"POST /v1/payment_intents","kind":"status","value":500,"times":2})"},
        FaultRow{"reset", R"({"provider":"stripe","match":"POST /v1/payment_intents","kind":"reset","times":1})"},
        FaultRow{"readsFail", R"({"provider":"stripe","match":"GET /v1/payment_intents","kind":"status","value":503,"times":3})"},
        FaultRow{"duplicateWebhooks", R"({"provider":"stripe","match":"webhook:payment_intent.succeeded","kind":"duplicate","times":5})"},
        FaultRow{"reorderedWebhooks", R"({"provider":"stripe","match":"webhook:payment_intent.succeeded","kind":"reorder","times":2})"},
        FaultRow{"droppedWebhooks", R"({"provider":"stripe","match":"webhook:*","kind":"drop","times":50})"},
        FaultRow{"mailRefusedForNow", R"({"provider":"smtp","match":"RCPT person","kind":"status","value":450,"times":3})"}),
    [](auto const& row) { return std::string(row.param.name); });

// The server is killed at a moment of the path and started again; the person repeats what got no answer.
struct KillRow {
    char const* name;
    char const* moment;
};

class Killed : public testing::TestWithParam<KillRow> {};

TEST_P(Killed, EndsInTheSameState) {
    std::string_view const moment = GetParam().moment;
    World world;
    Held held;
    held.specialist = world.specialist();
    held.customer = world.customer();
    auto const slot = boost::json::serialize(world.slots(held.specialist)[3].at("id"));
    auto const body = R"({"slotId":)" + slot + "}";
    std::vector<outbound::Header> const key{{"Idempotency-Key", "booking-1"}};
    auto booked = world.post("/bookings", body, &held.customer, key);
    if (moment == "booked") {
        world.killAndRestart();
        booked = world.post("/bookings", body, &held.customer, key); // the answer might have been lost
        EXPECT_EQ(booked.header("Idempotency-Replayed"), "true");
    }
    ASSERT_EQ(booked.status, 201) << booked.text;
    held.bookingId = booked.at("/id");
    auto asked = world.post("/bookings/" + held.bookingId + "/payment", "", &held.customer);
    if (moment == "asked") {
        world.killAndRestart();
        auto const again = world.post("/bookings/" + held.bookingId + "/payment", "", &held.customer);
        EXPECT_EQ(again.at("/clientSecret"), asked.at("/clientSecret"));
        asked = again;
    }
    ASSERT_EQ(asked.status, 201) << asked.text;
    held.clientSecret = asked.at("/clientSecret");
    EXPECT_EQ(world.confirmCard(held.clientSecret, goodCard).status, 200);
    if (moment == "paid") world.killAndRestart();
    world.awaitStatus(held.bookingId, held.customer, "confirmed");
    if (moment == "confirmed") world.killAndRestart();
    expectPaidOnce(world, held);
}

INSTANTIATE_TEST_SUITE_P(Server, Killed,
                         testing::Values(KillRow{"afterBooking", "booked"}, KillRow{"afterAsking", "asked"}, KillRow{"afterPaying", "paid"},
                                         KillRow{"afterConfirming", "confirmed"}),
                         [](auto const& row) { return std::string(row.param.name); });

// Every point of a commit, at several of its passes: the path is walked until the server dies, then it is started again and walked to its end.
class CrashPoints : public testing::TestWithParam<std::string> {};

TEST_P(CrashPoints, EndInTheSameState) {
    auto const turns = std::min(support::rounds(3), 40);
    for (int turn = 0; turn < turns; ++turn) {
        auto const pass = 3 + turn * 7;
        World world;
        Held held;
        held.specialist = world.specialist();
        held.customer = world.customer();
        auto const body = R"({"slotId":)" + boost::json::serialize(world.slots(held.specialist)[3].at("id")) + "}";
        world.restartWith({"VISAVIS_CRASH_AT=" + GetParam() + ":" + std::to_string(pass)});
        std::vector<outbound::Header> const key{{"Idempotency-Key", "booking-1"}};
        Reply booked, asked, paid;
        auto const step = [&](Reply& reply,
                              std::function<Reply()> const& act) { // as long as it takes: what the dead one held is locked for a while
            support::eventually([&] {
                reply = act();
                if (reply.status == 0) world.restartIfDead();
                return reply.status != 0 && reply.status < 500;
            });
        };
        step(booked, [&] { return world.post("/bookings", body, &held.customer, key); });
        ASSERT_EQ(booked.status, 201) << booked.text;
        held.bookingId = booked.at("/id");
        step(asked, [&] { return world.post("/bookings/" + held.bookingId + "/payment", "", &held.customer); });
        ASSERT_EQ(asked.status, 201) << asked.text;
        held.clientSecret = asked.at("/clientSecret");
        step(paid, [&] { return world.confirmCard(held.clientSecret, goodCard); });
        support::eventually([&] {
            world.restartIfDead();
            return world.booking(held.bookingId, held.customer).at("/status") == "confirmed";
        });
        world.restart(); // without the crash point: it may come later than this path is long
        expectPaidOnce(world, held);
    }
}

INSTANTIATE_TEST_SUITE_P(Server, CrashPoints, testing::ValuesIn(support::crashPoints()),
                         [](auto const& row) { return support::nameOfPoint(row.param); });

} // namespace
} // namespace visavis
