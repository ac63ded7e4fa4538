// Building the company by public calls.
#include "scenarios/company.hpp"

#include "support/pictures.hpp"

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

constexpr Minutes step{5}; // the length of a session
constexpr int toComplete = 7;
constexpr int toBegin = 2;
constexpr int upcoming = 7;
constexpr int open = 6;

std::string jsonText(std::string const& text) { return json::serialize(json::string(text)); }

// The id of the log-in that somebody uses.
std::string logInOf(World& world, Person const& person) {
    auto const reply = world.get("/auth/sessions", &person);
    for (auto const& item : reply.body.at("items").as_array())
        if (item.at("current").as_bool()) return std::string(item.at("id").as_string());
    ADD_FAILURE() << reply.text;
    return {};
}

void expectStatus(Reply const& reply, int status) { EXPECT_EQ(reply.status, status) << reply.text; }

} // namespace

std::string nameOf(Who who) {
    static constexpr std::array names{"a stranger",         "the customer", "the specialist", "another customer",
                                      "another specialist", "support",      "an admin"};
    return names.at(static_cast<std::size_t>(who));
}

Company::Company()
    : customer(stage.customer),
      specialist(stage.specialist),
      otherCustomer(world.customer("Olga Other")),
      otherSpecialist(world.specialist("Rita Rival")),
      support(stage.support),
      admin(stage.admin) {
    ours["payments"].push_back(stage.paymentId);
    theirs["payments"].push_back(paidBooking(otherSpecialist, otherCustomer, 0).at("/paymentId"));
    for (auto const who : everybody)
        if (auto const* somebody = person(who)) expired[who] = somebody->token;
    world.advance("P31D"); // and nobody has used them
    for (auto* person : {&customer, &specialist, &otherCustomer, &otherSpecialist, &support, &admin}) logIn(*person);
    stage.customer = customer;
    stage.specialist = specialist;
    stage.support = support;
    stage.admin = admin;
    for (auto const* host : {&specialist, &otherSpecialist})
        expectStatus(world.patch("/specialists/me", R"({"availability":{"minBookingNotice":0}})", host), 200);
    runSessions();
    prepare(specialist, customer, ours);
    prepare(otherSpecialist, otherCustomer, theirs);
    removeSomething();
    ours["users"].push_back(stage.unverified.userId);
    theirs["users"].push_back(world.join("Nora New", "customer", "UTC").userId);
    world.advance("PT1S"); // what follows from all this has happened
    for (auto const who : everybody)
        if (auto const* somebody = person(who)) expectStatus(world.get("/auth/me", somebody), 200);
}

Person const* Company::person(Who who) const {
    switch (who) {
        case Who::stranger:
            return nullptr;
        case Who::customer:
            return &customer;
        case Who::specialist:
            return &specialist;
        case Who::otherCustomer:
            return &otherCustomer;
        case Who::otherSpecialist:
            return &otherSpecialist;
        case Who::support:
            return &support;
        case Who::admin:
            return &admin;
    }
    return nullptr;
}

void Company::logIn(Person& person) {
    auto const reply =
        world.post("/auth/login", R"({"email":)" + jsonText(person.email) + R"(,"password":)" + jsonText(person.password) + "}");
    expectStatus(reply, 200);
    person.token = reply.at("/token");
}

Instant Company::now() { return *parseRfc3339(world.sandbox("GET", "/sandbox/clock").at("/now")); }

std::string Company::openSlot(Person const& host, Instant start) {
    auto const made = world.post("/slots", R"({"startsAt":")" + toRfc3339(start) + R"(","duration":5,"price":0})", &host);
    expectStatus(made, 201);
    return made.at("/id");
}

std::string Company::freeBooking(Person const& host, Person const& guest, Instant start) {
    auto const booked = world.post("/bookings", R"({"slotId":")" + openSlot(host, start) + "\"}", &guest);
    expectStatus(booked, 201);
    EXPECT_EQ(booked.at("/status"), "confirmed");
    return booked.at("/id");
}

Reply Company::hold(Person const& host, Person const& guest, std::size_t index) {
    std::vector<std::string> priced;
    for (auto const& slot : world.slots(host))
        if (slot.at("price").as_int64() > 0) priced.push_back(json::serialize(slot.at("id")));
    auto booked = world.post("/bookings", R"({"slotId":)" + priced.at(index) + "}", &guest);
    expectStatus(booked, 201);
    return booked;
}

Reply Company::paidBooking(Person const& host, Person const& guest, std::size_t index) {
    auto const booked = hold(host, guest, index);
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &guest);
    expectStatus(asked, 201);
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    return world.awaitStatus(booked.at("/id"), guest, "confirmed");
}

std::string Company::picture(Person const& host, std::uint32_t width) {
    auto headers = as(host);
    headers.emplace_back("Content-Type", "image/png");
    auto wire = stage.wire();
    auto const put = wire.send("PUT", "/api/v1/specialists/me/image", headers, support::pngOf(width, 3));
    expectStatus(put, 200);
    auto const url = put.at("/profileImage");
    return url.substr(url.rfind('/') + 1);
}

void Company::runSessions() {
    // Four in the morning of New York, when nobody has hours.
    auto const base = Instant{(now().ms / 86'400'000 + 1) * 86'400'000} + Hours(8);
    auto const beginning = base + Minutes(60);
    for (auto const& [host, guest, stock] :
         {std::tuple(&specialist, &customer, &ours), std::tuple(&otherSpecialist, &otherCustomer, &theirs)}) {
        for (int i = 0; i < toComplete; ++i) (*stock)["completed"].push_back(freeBooking(*host, *guest, base + i * step));
        for (int i = 0; i < toBegin; ++i) (*stock)["begun"].push_back(freeBooking(*host, *guest, beginning + i * step));
    }
    auto const ahead = beginning + (toBegin - 1) * step + Minutes(1) - now();
    world.advance("PT" + std::to_string(ahead.count() / 1000) + "S");
    for (auto const* stock : {&ours, &theirs}) {
        auto const& host = stock == &ours ? specialist : otherSpecialist;
        for (auto const& id : stock->at("completed")) EXPECT_EQ(world.booking(id, host).at("/status"), "completed");
        for (auto const& id : stock->at("begun")) EXPECT_EQ(world.booking(id, host).at("/status"), "confirmed");
    }
}

void Company::prepare(Person const& host, Person const& guest, Stock& stock) {
    // Midnight of New York; the pairs not at the same time, so that anybody may book with either.
    auto const base = Instant{(now().ms / 86'400'000 + 3) * 86'400'000} + Hours(4) + Minutes(&stock == &ours ? 0 : 90);
    for (int i = 0; i < upcoming; ++i) stock["upcoming"].push_back(freeBooking(host, guest, base + i * step));
    for (int i = 0; i < open; ++i) stock["open"].push_back(openSlot(host, base + (upcoming + i) * step));
    stock["kept"].push_back(freeBooking(host, guest, base + Hours(3)));
    stock["slots"].push_back(openSlot(host, base + Hours(4)));
    stock["held"].push_back(hold(host, guest, 1).at("/id"));
    auto const reviewed = stock["completed"].front();
    stock["completed"].pop_front();
    auto const review = world.post("/bookings/" + reviewed + "/review", R"({"rating":5})", &guest);
    expectStatus(review, 201);
    stock["reviews"].push_back(review.at("/id"));
    auto const schedule = world.post("/schedules", R"({"type":"custom","isActive":false,"dateExceptions":[]})", &host);
    expectStatus(schedule, 201);
    stock["schedules"].push_back(schedule.at("/id"));
    stock["images"].push_back(picture(host, 4));
    stock["specialists"].push_back(host.specialistId);
    stock["badges"].push_back(host.specialistId);
    auto further = guest;
    logIn(further);
    stock["sessions"].push_back(logInOf(world, further));
    world.advance("PT1S");
    stock["notifications"].push_back(world.get("/notifications", &guest).at("/items/0/id"));
    stock["outbox"].push_back(world.get("/admin/outbox?status=done", &admin).at("/items/0/id"));
    stock["jobs"].push_back("expire-slots");
}

void Company::removeSomething() {
    gone["notifications"] = stage.notificationId; // older than a month
    auto const made = world.post("/schedules", R"({"type":"custom","isActive":false,"dateExceptions":[]})", &specialist);
    gone["schedules"] = made.at("/id");
    expectStatus(world.send("DELETE", "/schedules/" + made.at("/id"), "", &specialist), 204);
    auto const last = world.slots(specialist).back();
    gone["slots"] = std::string(last.at("id").as_string());
    auto const day = std::string(last.at("date").as_string());
    expectStatus(world.patch("/specialists/me", R"({"availability":{"unavailableDates":[")" + day + "\"]}}", &specialist), 200);
    auto further = customer;
    logIn(further);
    gone["sessions"] = logInOf(world, further);
    expectStatus(world.post("/auth/logout", "", &further), 204);
    gone["images"] = ours["images"].front(); // the next one replaces it
    ours["images"].front() = picture(specialist, 5);
    gone["specialists"] = world.join("Hilda Hidden", "specialist", "UTC").specialistId; // not published
}

} // namespace visavis::scenarios
