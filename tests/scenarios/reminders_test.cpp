// Reminders, requests for other times and the expiry of notifications, over real HTTP and SMTP with the clock moved.
#include "scenarios/wire.hpp"

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

// How many notifications of this type somebody has.
int count(World& world, Person const& who, std::string const& type) {
    int found = 0;
    auto const reply = world.get("/notifications?limit=100", &who);
    EXPECT_EQ(reply.status, 200) << reply.text;
    for (auto const& note : reply.body.at("items").as_array())
        if (note.at("type") == json::string(type)) ++found;
    return found;
}

int mails(World& world, Person const& who, std::string const& subject) {
    int found = 0;
    auto const inbox = world.sandbox("GET", "/sandbox/mail?to=" + who.email);
    for (auto const& mail : inbox.body.at("items").as_array())
        if (std::string(mail.at("subject").as_string()).find(subject) != std::string::npos) ++found;
    return found;
}

// Moves the clock to so long before an instant.
void moveTo(World& world, Instant start, Millis before) {
    auto const moved = world.sandbox("PUT", "/sandbox/clock", R"({"now":")" + toRfc3339(start - before) + "\"}");
    EXPECT_EQ(moved.status, 200) << moved.text;
    EXPECT_EQ(moved.at("/settled"), "true") << moved.text;
}

TEST(Reminders, ComeADayAndAnHourBeforeAndOnce) {
    World world;
    auto const specialist = world.specialist("Sara Specialist", 0);
    auto const customer = world.customer();
    auto const booked = world.book(customer, specialist, 30);
    ASSERT_EQ(booked.at("/status"), "confirmed") << booked.text;
    auto const start = *parseRfc3339(booked.at("/startsAt"));
    moveTo(world, start, Hours(24) + Minutes(1));
    EXPECT_EQ(count(world, customer, "booking_reminder"), 0);
    moveTo(world, start, Hours(24) - Minutes(1));
    for (auto const* person : {&customer, &specialist}) {
        EXPECT_EQ(count(world, *person, "booking_reminder"), 1);
        EXPECT_EQ(mails(world, *person, "Reminder: your session with"), 1);
    }
    EXPECT_EQ(world.booking(booked.at("/id"), customer).at("/reminders/day_before_sent"), "true");
    world.killAndRestart();
    moveTo(world, start, Minutes(59));
    moveTo(world, start, Minutes(30));
    for (auto const* person : {&customer, &specialist}) {
        EXPECT_EQ(count(world, *person, "booking_reminder"), 2);
        EXPECT_EQ(mails(world, *person, "Reminder: your session with"), 1);
        EXPECT_EQ(mails(world, *person, "Starting soon"), 1);
    }
    world.verifyClean();
}

TEST(Reminders, AServerThatWasDownTooLongSendsOnlyTheNext) {
    World world;
    auto const specialist = world.specialist("Sara Specialist", 0);
    auto const customer = world.customer();
    auto const other = world.customer("Otto Off");
    EXPECT_EQ(world.patch("/customers/me", R"({"preferences":{"remindersEnabled":false}})", &other).status, 200);
    auto const booked = world.book(customer, specialist, 30);
    auto const start = *parseRfc3339(booked.at("/startsAt"));
    auto const near = world.book(other, specialist, 30); // the hour after
    EXPECT_EQ(near.status, 201) << near.text;
    moveTo(world, start, Minutes(20));
    EXPECT_EQ(count(world, customer, "booking_reminder"), 1);
    EXPECT_EQ(mails(world, customer, "Starting soon"), 1);
    EXPECT_EQ(mails(world, customer, "Reminder:"), 0);
    EXPECT_EQ(count(world, other, "booking_reminder"), 0) << "wants none";
    EXPECT_EQ(mails(world, other, "Reminder:"), 0);
    EXPECT_GE(count(world, specialist, "booking_reminder"), 1);
    world.verifyClean();
}

TEST(Reminders, NotificationsGoAfterThirtyDays) {
    World world;
    auto const specialist = world.specialist("Sara Specialist", 0);
    auto const customer = world.customer();
    ASSERT_EQ(world.book(customer, specialist, 30).status, 201);
    EXPECT_TRUE(support::eventually([&] { return count(world, customer, "booking_confirmation") == 1; }));
    world.advance("PT696H"); // 29 days
    auto const login = world.post("/auth/login", R"({"email":")" + customer.email + R"(","password":")" + customer.password + "\"}");
    auto again = customer;
    again.token = login.at("/token");
    EXPECT_EQ(count(world, again, "booking_confirmation"), 1);
    world.advance("PT25H");
    EXPECT_EQ(count(world, again, "booking_confirmation"), 0);
    world.verifyClean();
}

TEST(Requests, ReachTheSpecialistAndAreAnswered) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const path = "/specialists/" + specialist.specialistId + "/availability-requests";
    auto const asked =
        world.post(path, R"({"from":"2030-03-01T18:00:00Z","to":"2030-03-02T18:00:00+01:00","message":"In the evening?"})", &customer);
    ASSERT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(asked.at("/to"), "2030-03-02T17:00:00.000Z");
    EXPECT_EQ(asked.at("/specialist/name"), "Sara Specialist");
    EXPECT_TRUE(support::eventually([&] { return count(world, specialist, "availability_request") == 1; }));
    EXPECT_TRUE(world.mail(specialist.email, "asks for a time").is_object());
    for (auto const* person : {&customer, &specialist}) {
        auto const list = world.get("/availability-requests", person);
        EXPECT_EQ(list.at("/items/0/id"), asked.at("/id"));
        EXPECT_EQ(list.text.find("example.test"), std::string::npos) << "no addresses";
    }
    EXPECT_EQ(world.get("/availability-requests", &specialist).at("/items/0/customer/name"), "Kiran Customer");
    auto const stranger = world.customer("Stan Stranger");
    EXPECT_TRUE(world.get("/availability-requests", &stranger).body.at("items").as_array().empty());

    struct Row {
        char const* name;
        Person const* who;
        std::string path, body;
        int status;
        char const* code;
    };
    for (auto const& row : std::vector<Row>{
             {"a specialist", &specialist, path, R"({"from":"2030-03-01T18:00:00Z","to":"2030-03-02T18:00:00Z"})", 403, "denied"},
             {"nobody there", &customer, "/specialists/0123456789abcdef01234567/availability-requests",
              R"({"from":"2030-03-01T18:00:00Z","to":"2030-03-02T18:00:00Z"})", 404, "not_found"},
             {"backwards", &customer, path, R"({"from":"2030-03-02T18:00:00Z","to":"2030-03-01T18:00:00Z"})", 422, "invalid"},
             {"an empty span", &customer, path, R"({"from":"2030-03-02T18:00:00Z","to":"2030-03-02T18:00:00Z"})", 422, "invalid"},
             {"past", &customer, path, R"({"from":"2020-03-01T18:00:00Z","to":"2020-03-02T18:00:00Z"})", 422, "invalid"},
         })
        EXPECT_EQ(world.post(row.path, row.body, row.who).code(), row.code) << row.name;
    int taken = 1;
    while (world.post(path, R"({"from":"2030-03-01T18:00:00Z","to":"2030-03-02T18:00:00Z"})", &customer).status == 201) ++taken;
    EXPECT_EQ(taken, 5) << "each is a mail to somebody";

    // A confirmed booking of the two answers what was asked before it.
    world.advance("PT2H");
    auto const booked = world.book(customer, specialist, 30);
    auto const payment = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(world.confirmCard(payment.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(booked.at("/id"), customer, "confirmed");
    EXPECT_NE(world.get("/availability-requests", &customer).at("/items/0/answeredAt"), "");
    EXPECT_GE(world.get("/specialists/" + specialist.specialistId).body.at("responseTime").to_number<double>(), 2.0);
    world.advance("PT1S");
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
