// The rows of staff: who may do what, and what it does.
#include "scenarios/wire.hpp"
#include "support/event_source.hpp"

#include <sys/stat.h>

#include <set>
#include <thread>

namespace visavis::scenarios {
namespace {

using support::EventSource;

constexpr auto absent = "0123456789abcdef01234567";

support::CommandOutcome createAdmin(std::string const& data, std::string const& email, std::string const& password,
                                    std::string const& role = "admin") {
    return support::runBinary({"admin", "create", "--data", data, "--set", "auth.bcrypt_cost=4", "--set", "log.level=error", "--email",
                               email, "--name", "Stella Staff", "--role", role, "--password-stdin"},
                              password + "\n");
}

int logInStatus(World& world, std::string const& email, std::string const& password) {
    return world.post("/auth/login", R"({"email":")" + email + R"(","password":")" + password + "\"}").status;
}

std::set<std::string> actions(World& world, Person const& admin) {
    std::set<std::string> all;
    auto const reply = world.get("/admin/audit?limit=100", &admin);
    EXPECT_EQ(reply.status, 200) << reply.text;
    for (auto const& entry : reply.body.at("items").as_array()) all.insert(std::string(entry.at("action").as_string()));
    return all;
}

TEST(Admin, EveryRowForEveryRole) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const admin = world.staff("admin");
    auto const support = world.staff("support");
    world.advance("PT1S");
    auto const done = world.get("/admin/outbox?status=done", &admin).at("/items/0/id");
    ASSERT_NE(done, "");
    auto const user = "/admin/users/" + customer.userId + "/suspension";
    auto const badge = "/admin/specialists/" + specialist.specialistId + "/verification";
    struct Row {
        std::string method, path;
        int bySupport, byAdmin;
    };
    for (auto const& row : std::vector<Row>{
             {"GET", "/admin/users", 200, 200},
             {"GET", "/admin/users?email=" + customer.email, 200, 200},
             {"GET", "/admin/users?userType=specialist&isActive=true", 200, 200},
             {"POST", user, 403, 200},
             {"POST", user, 403, 409},
             {"DELETE", user, 403, 200},
             {"DELETE", user, 403, 409},
             {"POST", std::string("/admin/users/") + absent + "/suspension", 403, 404},
             {"DELETE", "/admin/users/x/suspension", 403, 404},
             {"POST", "/admin/users/" + admin.userId + "/suspension", 403, 409},
             {"PUT", badge, 403, 200},
             {"PUT", badge, 403, 200},
             {"DELETE", badge, 403, 200},
             {"PUT", std::string("/admin/specialists/") + absent + "/verification", 403, 404},
             {"GET", "/admin/jobs", 200, 200},
             {"GET", "/admin/jobs?limit=2", 200, 200},
             {"GET", "/admin/jobs?cursor=nothing", 422, 422},
             {"POST", "/admin/jobs/expire-slots/runs", 403, 200},
             {"POST", "/admin/jobs/outbox/runs", 403, 200},
             {"POST", "/admin/jobs/nothing/runs", 403, 404},
             {"GET", "/admin/outbox", 200, 200},
             {"GET", "/admin/outbox?status=done", 200, 200},
             {"GET", "/admin/outbox?status=lost", 422, 422},
             {"POST", "/admin/outbox/" + done + "/retry", 403, 409},
             {"POST", std::string("/admin/outbox/") + absent + "/retry", 403, 404},
             {"GET", "/admin/audit", 403, 200},
             {"GET", "/admin/audit?userId=" + admin.userId, 403, 200},
         }) {
        auto const about = row.method + " " + row.path;
        EXPECT_EQ(world.send(row.method, row.path).status, 401) << about;
        EXPECT_EQ(world.send(row.method, row.path, "", &specialist).status, 403) << about;
        auto const asCustomer = world.send(row.method, row.path, "", &customer).status; // logged out by the suspension
        EXPECT_TRUE(asCustomer == 403 || asCustomer == 401) << about << " " << asCustomer;
        EXPECT_EQ(world.send(row.method, row.path, "", &support).status, row.bySupport) << about;
        auto const reply = world.send(row.method, row.path, "", &admin);
        EXPECT_EQ(reply.status, row.byAdmin) << about << " " << reply.text;
    }
    auto const logged = actions(world, admin);
    for (auto const* action :
         {"staff.created", "user.suspended", "user.restored", "specialist.verified", "specialist.unverified", "job.run"})
        EXPECT_TRUE(logged.contains(action)) << action;
    world.advance("PT1S");
    world.verifyClean();
}

// Staff see an account as a whole, with what is known of its profile.
TEST(Admin, AnAccountAsStaffSeeIt) {
    World world;
    auto const sara = world.specialist("Sara Specialist");
    auto const hidden = world.join("Hidden Hanna", "specialist", "Europe/Berlin");
    auto const kiran = world.customer();
    auto const admin = world.staff("admin");
    auto const support = world.staff("support");
    auto const seen = [&](Person const& who) {
        auto const reply = world.get("/admin/users?email=" + who.email, &support);
        EXPECT_EQ(reply.status, 200) << reply.text;
        EXPECT_EQ(reply.body.at("items").as_array().size(), 1U) << reply.text;
        return reply.body.at("items").at(0);
    };
    auto const text = [](boost::json::value const& user, std::string_view member) {
        auto const* found = user.as_object().if_contains(member);
        return found == nullptr ? "" : found->is_string() ? std::string(found->as_string()) : boost::json::serialize(*found);
    };
    struct Row {
        Person const& who;
        std::string member, value;
    };
    auto const slug = world.get("/specialists/me", &sara).at("/slug");
    for (auto const& row : std::vector<Row>{{sara, "id", sara.userId},
                                            {sara, "name", "Sara Specialist"},
                                            {sara, "userType", "specialist"},
                                            {sara, "specialistId", sara.specialistId},
                                            {sara, "customerId", ""},
                                            {sara, "published", "true"},
                                            {sara, "hasBadge", "false"},
                                            {sara, "slug", slug},
                                            {sara, "isActive", "true"},
                                            {sara, "isVerified", "true"},
                                            {hidden, "published", "false"},
                                            {kiran, "customerId", kiran.customerId},
                                            {kiran, "specialistId", ""},
                                            {kiran, "published", ""},
                                            {kiran, "hasBadge", ""},
                                            {kiran, "slug", ""},
                                            {support, "roles", R"(["support"])"},
                                            {support, "userType", ""}})
        EXPECT_EQ(text(seen(row.who), row.member), row.value) << row.who.email << " " << row.member;
    EXPECT_EQ(world.send("PUT", "/admin/specialists/" + sara.specialistId + "/verification", "", &admin).at("/isVerified"), "true");
    EXPECT_EQ(text(seen(sara), "hasBadge"), "true");
    auto const suspended = world.post("/admin/users/" + sara.userId + "/suspension", "", &admin);
    EXPECT_EQ(suspended.at("/published"), "false") << suspended.text;
    EXPECT_EQ(suspended.at("/hasBadge"), "true");
    EXPECT_EQ(text(seen(sara), "isActive"), "false");
    for (auto const* secret : {"password", "$2b$", "AccessToken", "tokenHash"})
        EXPECT_EQ(boost::json::serialize(seen(sara)).find(secret), std::string::npos) << secret;
}

TEST(Admin, ASuspendedCustomerIsOutAndHoldsNothing) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const admin = world.staff("admin");
    auto const booked = world.book(customer, specialist, 3);
    ASSERT_EQ(booked.status, 201);
    auto const open = world.slots(specialist).size();
    EventSource stream(world, &customer);

    auto const suspended = world.post("/admin/users/" + customer.userId + "/suspension", R"({"reason":"Spam"})", &admin);
    ASSERT_EQ(suspended.status, 200) << suspended.text;
    EXPECT_EQ(suspended.at("/isActive"), "false");
    EXPECT_TRUE(stream.ends());
    EXPECT_EQ(world.get("/auth/me", &customer).status, 401);
    auto const refused = world.post("/auth/login", R"({"email":")" + customer.email + R"(","password":")" + customer.password + "\"}");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "account_suspended");
    auto const again = world.post("/admin/users/" + customer.userId + "/suspension", "", &admin);
    EXPECT_EQ(again.code(), "wrong_state");
    EXPECT_EQ(again.at("/current"), "suspended");

    world.advance("PT1S");
    EXPECT_EQ(world.booking(booked.at("/id"), specialist).at("/status"), "cancelled");
    EXPECT_EQ(world.slots(specialist).size(), open + 1);

    EXPECT_EQ(world.send("DELETE", "/admin/users/" + customer.userId + "/suspension", "", &admin).status, 200);
    EXPECT_EQ(world.get("/auth/me", &customer).status, 401) << "the log-ins stay ended";
    EXPECT_EQ(logInStatus(world, customer.email, customer.password), 200);
    auto const trail = world.get("/admin/audit?userId=" + admin.userId, &admin);
    EXPECT_EQ(trail.at("/items/0/action"), "user.restored");
    EXPECT_EQ(trail.at("/items/1/action"), "user.suspended");
    EXPECT_EQ(trail.at("/items/1/subject"), customer.userId);
    EXPECT_EQ(trail.at("/items/1/detail"), "Spam");
    world.verifyClean();
}

TEST(Admin, ASuspendedSpecialistIsHidden) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const admin = world.staff("admin");
    auto const slotId = boost::json::value_to<std::string>(world.slots(specialist).at(3).at("id"));
    EXPECT_EQ(world.post("/admin/users/" + specialist.userId + "/suspension", "", &admin).status, 200);
    EXPECT_EQ(world.get("/specialists/" + specialist.specialistId).status, 404);
    EXPECT_EQ(world.get("/specialists/" + specialist.specialistId + "/slots").status, 404);
    EXPECT_TRUE(world.get("/specialists").body.at("items").as_array().empty());
    EXPECT_EQ(world.post("/bookings", R"({"slotId":")" + slotId + "\"}", &customer).code(), "slot_not_bookable");
    EXPECT_EQ(world.send("DELETE", "/admin/users/" + specialist.userId + "/suspension", "", &admin).status, 200);
    EXPECT_EQ(world.get("/specialists/" + specialist.specialistId).status, 200);
    EXPECT_EQ(world.post("/bookings", R"({"slotId":")" + slotId + "\"}", &customer).status, 201);
    world.advance("PT1S");
    world.verifyClean();
}

TEST(Admin, WhatLiesAheadOfASuspendedAccountIsCancelled) {
    for (bool const ofSpecialist : {true, false}) {
        World world;
        auto const specialist = world.specialist();
        auto const customer = world.customer();
        auto const admin = world.staff("admin");
        auto const booked = world.book(customer, specialist, 30);
        auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
        EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
        world.awaitStatus(booked.at("/id"), customer, "confirmed");
        auto const& who = ofSpecialist ? specialist : customer;
        EXPECT_EQ(world.post("/admin/users/" + who.userId + "/suspension", "", &admin).status, 200);
        world.advance("PT5S");
        auto const cancelled = world.booking(booked.at("/id"), admin);
        EXPECT_EQ(cancelled.at("/status"), "cancelled");
        EXPECT_EQ(cancelled.at("/cancelReason"), ofSpecialist ? "platform" : "by_customer");
        EXPECT_EQ(world.get("/payments/" + asked.at("/paymentId"), &admin).at("/status"), "refunded") << "a day ahead all of it goes back";
        world.verifyClean();
    }
}

TEST(Admin, NobodySuspendsThemselvesAndOneAlwaysStays) {
    for (int round = 0; round < support::rounds(3); ++round) {
        World world;
        auto const ann = world.staff("admin");
        auto const bob = world.staff("admin");
        auto const self = world.post("/admin/users/" + ann.userId + "/suspension", "", &ann);
        EXPECT_EQ(self.status, 409);
        EXPECT_EQ(self.code(), "own_account");
        Wire first(world.server().url()), second(world.server().url());
        int byAnn = 0, byBob = 0;
        std::thread other([&] { byBob = second.send("POST", "/api/v1/admin/users/" + ann.userId + "/suspension", as(bob)).status; });
        byAnn = first.send("POST", "/api/v1/admin/users/" + bob.userId + "/suspension", as(ann)).status;
        other.join();
        EXPECT_TRUE((byAnn == 200) != (byBob == 200)) << byAnn << " " << byBob;
        auto const& winner = byAnn == 200 ? ann : bob;
        EXPECT_EQ(world.get("/admin/audit", &winner).status, 200);
        EXPECT_EQ(world.get("/admin/audit", &(byAnn == 200 ? bob : ann)).status, 401);
    }
}

TEST(Admin, ABadgeIsShown) {
    World world;
    auto const specialist = world.specialist();
    auto const admin = world.staff("admin");
    auto const path = "/admin/specialists/" + specialist.specialistId + "/verification";
    for (auto const& [method, shown] : {std::pair("PUT", "true"), std::pair("PUT", "true"), std::pair("DELETE", "false")}) {
        auto const reply = world.send(method, path, "", &admin);
        EXPECT_EQ(reply.at("/isVerified"), shown) << reply.text;
        EXPECT_EQ(world.get("/specialists/" + specialist.specialistId).at("/isVerified"), shown);
    }
}

TEST(Admin, JobsRunByName) {
    World world;
    auto const admin = world.staff("admin");
    auto const listed = world.get("/admin/jobs", &admin);
    std::set<std::string> names;
    for (auto const& job : listed.body.at("items").as_array()) names.insert(std::string(job.at("name").as_string()));
    for (auto const* name : {"expire-holds", "complete-bookings", "expire-slots", "extend-horizon", "send-reminders",
                             "expire-notifications", "reconcile-payments", "pay-out", "outbox"})
        EXPECT_TRUE(names.contains(name)) << name;
    for (auto const& name : names) {
        auto const first = world.post("/admin/jobs/" + name + "/runs", "", &admin);
        EXPECT_EQ(first.status, 200) << first.text;
        EXPECT_EQ(first.at("/name"), name);
        EXPECT_EQ(first.at("/lastError"), "") << first.text;
        auto const second = world.post("/admin/jobs/" + name + "/runs", "", &admin);
        EXPECT_GT(second.number("/runs"), first.number("/runs"));
        EXPECT_NE(second.at("/lastRunAt"), "");
    }
    std::set<std::string> paged;
    std::string cursor;
    do {
        auto const page = world.get("/admin/jobs?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor), &admin);
        EXPECT_LE(page.body.at("items").as_array().size(), 2u);
        for (auto const& job : page.body.at("items").as_array()) paged.insert(std::string(job.at("name").as_string()));
        cursor = page.at("/nextCursor") == "null" ? "" : page.at("/nextCursor");
    } while (!cursor.empty());
    EXPECT_EQ(paged, names);
}

TEST(Admin, AnOutboxEntryThatFailsIsSeenAndTriedAgain) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const admin = world.staff("admin");
    auto const booked = world.book(customer, specialist, 0);
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    ASSERT_EQ(asked.status, 201);
    world.sandbox("PUT", "/sandbox/faults",
                  R"({"rules":[{"provider":"stripe","match":"GET /v1/payment_intents","kind":"status","times":100000,"value":503}]})");
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    std::string id;
    EXPECT_TRUE(support::eventually([&] {
        auto const waiting = world.get("/admin/outbox", &admin);
        for (auto const& entry : waiting.body.at("items").as_array())
            if (entry.at("topic") == "WebhookStored" && entry.at("attempts").as_int64() > 0) id = entry.at("id").as_string();
        return !id.empty();
    }));
    world.sandbox("PUT", "/sandbox/faults", R"({"rules":[]})");
    EXPECT_TRUE(support::eventually([&] { // it may be under way at this moment
        auto const retried = world.post("/admin/outbox/" + id + "/retry", "", &admin);
        return retried.status == 200 || retried.code() == "wrong_state";
    }));
    world.awaitStatus(booked.at("/id"), customer, "confirmed");
    world.advance("PT1S");
    world.verifyClean();
}

TEST(AdminFile, TheFirstOneIsMadeOnTheCommandLine) {
    support::TempDirectory directory;
    auto const data = directory.path().string();
    auto const first = createAdmin(data, "Root@Example.test", "correct horse 1");
    EXPECT_EQ(first.status, 0) << first.output;
    support::ServerProcess server(std::vector<std::string>{"--data", data});
    struct stat socket {};
    ASSERT_EQ(stat((data + "/control.sock").c_str(), &socket), 0);
    EXPECT_EQ(socket.st_mode & 0777, 0600u);
    struct Row {
        char const* name;
        char const* email;
        char const* password;
        char const* role;
        int status;
        char const* says;
    };
    for (bool const running : {true, false}) {
        for (auto const& row :
             {Row{"taken", "root@example.test", "correct horse 1", "admin", 2, "There is an account"},
              Row{"weak", "weak@example.test", "password", "admin", 2, "password:"},
              Row{"no address", "x", "correct horse 1", "admin", 2, "email:"},
              Row{"no role", "role@example.test", "correct horse 1", "owner", 2, "role:"},
              Row{"good", running ? "a@example.test" : "b@example.test", "correct horse 2", "support", 0, "Made the support"}}) {
            auto const outcome = createAdmin(data, row.email, row.password, row.role);
            EXPECT_EQ(outcome.status, row.status) << row.name << ": " << outcome.output;
            EXPECT_NE(outcome.output.find(row.says), std::string::npos) << row.name << ": " << outcome.output;
            EXPECT_EQ(outcome.output.find("correct horse"), std::string::npos) << outcome.output;
        }
        if (running) server.kill(); // its socket stays behind, and nobody answers
    }
    EXPECT_EQ(support::runBinary({"verify", "--data", data}).status, 0);
}

TEST(Admin, NoPasswordNoAccount) {
    support::TempDirectory directory;
    auto const outcome = support::runBinary(
        {"admin", "create", "--data", directory.path().string(), "--email", "a@example.test", "--name", "A", "--role", "admin"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.output.find("--password-stdin"), std::string::npos) << outcome.output;
}

} // namespace
} // namespace visavis::scenarios
