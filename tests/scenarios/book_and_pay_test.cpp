// A customer books and pays a specialist: the whole line, over HTTP, with the sandbox's Stripe and mail.
#include "support/world.hpp"

namespace visavis {
namespace {

using support::Person;
using support::Reply;
using support::World;

constexpr auto goodCard = "4242424242424242";

struct Paid {
    std::string bookingId, clientSecret, paymentId;
};

// Books the n-th slot and asks for its payment.
Paid hold(World& world, Person const& customer, Person const& specialist, std::size_t index = 0) {
    auto const booked = world.book(customer, specialist, index);
    EXPECT_EQ(booked.status, 201) << booked.text;
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(asked.status, 201) << asked.text;
    return {booked.at("/id"), asked.at("/clientSecret"), asked.at("/paymentId")};
}

TEST(BookAndPay, TheWholeLine) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();

    auto const open = world.slots(specialist);
    ASSERT_GT(open.size(), 300U);
    auto const booked = world.book(customer, specialist);
    ASSERT_EQ(booked.status, 201) << booked.text;
    EXPECT_EQ(booked.at("/status"), "pending");
    EXPECT_NE(booked.at("/holdExpiresAt"), "");
    EXPECT_EQ(booked.number("/sessionPrice"), 10'000);
    EXPECT_EQ(world.slots(specialist).size(), open.size() - 1) << "the held slot is not offered any more";

    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    ASSERT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(asked.number("/amount"), 10'000);
    auto const again = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(again.at("/clientSecret"), asked.at("/clientSecret"));
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), goodCard).status, 200);
    auto const confirmed = world.awaitStatus(booked.at("/id"), customer, "confirmed");
    EXPECT_EQ(confirmed.at("/holdExpiresAt"), "");
    EXPECT_EQ(confirmed.at("/platformFeePercentage"), "") << "the split is not the customer's to see";
    EXPECT_EQ(world.booking(booked.at("/id"), specialist).at("/paymentId"), asked.at("/paymentId"));

    auto const paid = world.get("/payments/" + asked.at("/paymentId"), &specialist);
    EXPECT_EQ(paid.at("/status"), "succeeded");
    EXPECT_EQ(paid.number("/platformFee"), 2'000);
    EXPECT_EQ(paid.number("/specialistPayout"), 8'000);
    auto const own = world.get("/payments", &customer);
    EXPECT_EQ(own.at("/items/0/id"), asked.at("/paymentId"));
    EXPECT_EQ(own.at("/items/0/platformFee") + own.at("/items/0/specialistPayout") + own.at("/items/0/platformFeePercentage"), "");

    for (auto const* person : {&customer, &specialist}) {
        auto const letter = world.mail(person->email, person == &customer ? "onfirmed" : "booked");
        ASSERT_TRUE(letter.is_object());
        EXPECT_FALSE(letter.at("html").as_string().empty());
        auto const& files = letter.at("attachments").as_array();
        ASSERT_FALSE(files.empty());
        std::string const calendar(files.front().at("content").as_string());
        EXPECT_NE(calendar.find("BEGIN:VEVENT"), std::string::npos) << calendar;
        EXPECT_NE(calendar.find("UID:" + booked.at("/id")), std::string::npos) << calendar;
        auto const notices = world.get("/notifications", person);
        EXPECT_NE(notices.text.find("booking_confirmation"), std::string::npos) << notices.text;
    }
    world.advance("PT1M");
    world.verifyClean();
}

struct CardRow {
    char const* name;
    char const* card;
    int confirmStatus;
    char const* outcome; // of authenticate; "" when the card asks for none
    bool pays;
};

class Cards : public testing::TestWithParam<CardRow> {};

TEST_P(Cards, EndWhereTheyShould) {
    auto const& row = GetParam();
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const held = hold(world, customer, specialist);
    EXPECT_EQ(world.confirmCard(held.clientSecret, row.card).status, row.confirmStatus);
    if (*row.outcome != '\0') {
        auto const intent = held.clientSecret.substr(0, held.clientSecret.find("_secret_"));
        world.sandbox("POST", "/sandbox/stripe/payment_intents/" + intent + "/authenticate",
                      std::string(R"({"outcome":")") + row.outcome + "\"}");
    }
    if (!row.pays) {
        world.advance("PT1S");
        EXPECT_EQ(world.booking(held.bookingId, customer).at("/status"), "pending");
        EXPECT_EQ(world.confirmCard(held.clientSecret, goodCard).status, 200) << "payable again";
    }
    world.awaitStatus(held.bookingId, customer, "confirmed");
    world.advance("PT1S");
    world.verifyClean();
}

INSTANTIATE_TEST_SUITE_P(Stripe, Cards,
                         testing::Values(CardRow{"declined", "4000000000000002", 402, "", false},
                                         CardRow{"noFunds", "4000000000009995", 402, "", false},
                                         CardRow{"challengePassed", "4000002760003184", 200, "success", true},
                                         CardRow{"challengeFailed", "4000002760003184", 200, "failure", false}),
                         [](auto const& row) { return std::string(row.param.name); });

TEST(Holds, AnExpiredHoldFreesItsSlot) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const held = hold(world, customer, specialist, 5);
    auto const slotId = world.booking(held.bookingId, customer).at("/slotId");
    auto const isOpen = [&] {
        auto const open = world.slots(specialist);
        return std::any_of(open.begin(), open.end(), [&](auto const& slot) { return slot.at("id").as_string() == slotId; });
    };
    EXPECT_FALSE(isOpen());
    world.advance("PT16M");
    auto const gone = world.booking(held.bookingId, customer);
    EXPECT_EQ(gone.at("/status"), "cancelled");
    EXPECT_EQ(gone.at("/cancelReason"), "hold_expired");
    EXPECT_EQ(gone.at("/cancellation/status"), "not-cancelled");
    EXPECT_TRUE(isOpen());
    EXPECT_EQ(world.post("/bookings/" + held.bookingId + "/payment", "", &customer).code(), "hold_expired");
    world.verifyClean();
}

// The payer is faster than the expiry, but the news of it is lost: expiry reads the intent first.
TEST(Holds, APaymentWhoseNewsWasLostStillConfirms) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const held = hold(world, customer, specialist);
    world.sandbox("PUT", "/sandbox/faults",
                  R"({"rules":[{"provider":"stripe","match":"webhook:payment_intent.succeeded","kind":"drop","times":100},
                                                        {"provider":"stripe","match":"webhook:charge.succeeded","kind":"drop","times":100},
                                                        {"provider":"stripe","match":"webhook:charge.updated","kind":"drop","times":100}]})");
    EXPECT_EQ(world.confirmCard(held.clientSecret, goodCard).status, 200);
    world.advance("PT16M");
    world.awaitStatus(held.bookingId, customer, "confirmed");
    world.verifyClean();
}

// While Stripe cannot be asked the hold is let go in the end; money that comes then takes the time again, or goes back.
struct LateRow {
    char const* name;
    bool taken; // by somebody else in the meantime
    char const* status;
};

class LateMoney : public testing::TestWithParam<LateRow> {};

TEST_P(LateMoney, TakesItsTimeAgainOrGoesBack) {
    auto const& row = GetParam();
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const other = world.customer("Olga Other");
    auto const held = hold(world, customer, specialist, 20); // far enough ahead to stay bookable while the clock moves
    auto const slotId = world.booking(held.bookingId, customer).at("/slotId");
    world.sandbox("PUT", "/sandbox/faults",
                  R"({"rules":[{"provider":"stripe","match":"GET /v1/payment_intents","kind":"status","times":1000,"value":400},
                                                        {"provider":"stripe","match":"POST /v1/payment_intents","kind":"status","times":1000,"value":400}]})");
    world.advance("PT80M");
    EXPECT_EQ(world.booking(held.bookingId, customer).at("/status"), "cancelled");
    world.sandbox("PUT", "/sandbox/faults", R"({"rules":[]})");
    if (row.taken) {
        EXPECT_EQ(world.post("/bookings", R"({"slotId":")" + slotId + "\"}", &other).status, 201);
    }
    EXPECT_EQ(world.confirmCard(held.clientSecret, goodCard).status, 200);
    world.advance("PT5S");
    world.awaitStatus(held.bookingId, customer, row.status);
    if (row.taken) {
        EXPECT_TRUE(
            support::eventually([&] { return world.get("/notifications", &customer).text.find("refund_processed") != std::string::npos; }));
    }
    world.verifyClean();
}

INSTANTIATE_TEST_SUITE_P(Holds, LateMoney, testing::Values(LateRow{"stillFree", false, "confirmed"}, LateRow{"taken", true, "cancelled"}),
                         [](auto const& row) { return std::string(row.param.name); });

} // namespace
} // namespace visavis
