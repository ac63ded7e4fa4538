// The conventions of API.md, each as a table: times, lists, keys, versions, origins, limits, codes, and what nobody else may see.
#include "scenarios/contract.hpp"

#include <fstream>
#include <set>
#include <sstream>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;

TEST_F(Contract, InstantsComeInAnyOffsetAndGoOutInUtc) {
    auto const ask = [&](std::string const& now, std::string const& starts, std::string const& ends) {
        return world.post(
            "/slots/preview",
            R"({"availability":{"timezone":"America/New_York","workingHours":{"monday":{"startTime":"09:00","endTime":"17:00"}},"minBookingNotice":24},
            "duration":60,"from":"2026-12-07","to":"2026-12-07","now":")" +
                now + R"(","busy":[{"startsAt":")" + starts + R"(","endsAt":")" + ends + "\"}]}",
            &specialist);
    };
    auto const utc = ask("2026-12-06T15:00:00.000Z", "2026-12-07T15:00:00.000Z", "2026-12-07T16:00:00.000Z");
    ASSERT_EQ(utc.status, 200) << utc.text;
    EXPECT_EQ(utc.at("/slots/0/startsAt"), "2026-12-07T16:00:00.000Z");
    EXPECT_EQ(utc.at("/slots/0/utcOffset"), "-05:00");
    for (auto const& [now, starts, ends] :
         {std::tuple("2026-12-06T10:00:00-05:00", "2026-12-07T20:45:00+05:45", "2026-12-07T16:00:00Z"),
          std::tuple("2026-12-06t15:00:00.000z", "2026-12-07T15:00:00.0Z", "2026-12-08T01:30:00.000000000+09:30")})
        EXPECT_EQ(ask(now, starts, ends).text, utc.text) << now;
    auto const own = world.get("/specialists/me", &specialist);
    EXPECT_TRUE(own.at("/createdAt").size() == 24 && own.at("/createdAt").ends_with("Z")) << own.at("/createdAt");
}

TEST_F(Contract, ListsHaveLimitsAndCursors) {
    auto const person = customer();
    struct Row {
        std::string path;
        Person const* who;
        int most;
    };
    std::vector<Row> const rows{{"/specialists", nullptr, 100},
                                {"/auth/sessions", &person, 100},
                                {"/schedules", &specialist, 100},
                                {"/bookings", &person, 100},
                                {"/payments", &person, 100},
                                {"/notifications", &person, 100},
                                {"/specialists/" + specialist.specialistId + "/reviews", nullptr, 100},
                                {"/slots", &specialist, 2000},
                                {"/specialists/" + specialist.specialistId + "/slots", nullptr, 2000}};
    std::string const foreign = world.get("/specialists/" + specialist.specialistId + "/slots?limit=1").at("/nextCursor");
    ASSERT_FALSE(foreign.empty());
    for (auto const& row : rows) {
        for (auto const limit : {1, row.most}) {
            auto const reply = world.get(row.path + "?limit=" + std::to_string(limit), row.who);
            EXPECT_EQ(reply.status, 200) << row.path << ": " << reply.text;
            ASSERT_TRUE(reply.body.is_object() && reply.body.as_object().contains("items") && reply.body.as_object().contains("nextCursor"))
                << row.path;
        }
        for (auto const& limit : {std::string("0"), std::string("-1"), std::to_string(row.most + 1), std::string("ten")}) {
            auto const reply = world.get(row.path + "?limit=" + limit, row.who);
            expectProblem(reply, 422, "invalid", row.path + " limit " + limit);
            EXPECT_NE(errorAt(reply, "/limit"), "") << reply.text;
        }
        if (row.path.ends_with("/slots")) continue;
        auto const reply = world.get(row.path + "?cursor=" + foreign, row.who);
        expectProblem(reply, 422, "invalid", row.path + " with a cursor of slots");
        EXPECT_NE(errorAt(reply, "/cursor"), "") << reply.text;
    }
}

TEST_F(Contract, PagesAreTheWholeListInOrder) {
    auto const base = "/specialists/" + specialist.specialistId + "/slots";
    std::vector<std::string> paged;
    std::string cursor;
    do {
        auto const reply = world.get(base + "?limit=97" + (cursor.empty() ? "" : "&cursor=" + cursor));
        ASSERT_EQ(reply.status, 200) << reply.text;
        for (auto const& item : reply.body.at("items").as_array()) paged.push_back(member(item, "id"));
        cursor = reply.body.at("nextCursor").is_null() ? "" : reply.at("/nextCursor");
    } while (!cursor.empty());
    std::vector<std::string> whole;
    for (auto const& slot : world.slots(specialist)) whole.push_back(member(slot, "id"));
    EXPECT_EQ(paged, whole);
    EXPECT_GT(whole.size(), 300U);
}

constexpr auto someSchedule =
    R"({"type":"custom","dateExceptions":[{"date":"2027-05-05","slots":[{"startTime":"09:00","endTime":"10:00"}]}],"isActive":false})";

TEST_F(Contract, AKeyGivesTheSameAnswerAgain) {
    std::vector<outbound::Header> const key{{"Idempotency-Key", "key-of-schedules"}};
    auto const first = world.post("/schedules", someSchedule, &specialist, key);
    ASSERT_EQ(first.status, 201) << first.text;
    EXPECT_EQ(first.header("idempotency-replayed"), "");
    // Equal after decoding: other white space, another order, defaults spelled out.
    for (
        std::string const body :
        {someSchedule,
         R"( {"isActive" : false, "dateExceptions":[{"slots":[{"endTime":"10:00","startTime":"09:00"}],"date":"2027-05-05","isAvailable":true}],
                                   "type":"custom", "monthlyPattern":[] } )"}) {
        auto const again = world.post("/schedules", body, &specialist, key);
        EXPECT_EQ(again.status, 201) << again.text;
        EXPECT_EQ(again.text, first.text);
        EXPECT_EQ(again.header("idempotency-replayed"), "true");
        EXPECT_NE(again.header("x-request-id"), first.header("x-request-id"));
    }
    expectProblem(world.post("/schedules", R"({"type":"custom"})", &specialist, key), 422, "idempotency_mismatch", "another body");
    EXPECT_EQ(world.post("/slots/generation", "", &specialist, key).header("idempotency-replayed"), "")
        << "another route has keys of its own";
    auto const rival = world.specialist("Rita Rival");
    auto const theirs = world.post("/schedules", someSchedule, &rival, key);
    EXPECT_EQ(theirs.status, 201) << theirs.text;
    EXPECT_NE(theirs.at("/id"), first.at("/id")) << "another caller has keys of their own";
    EXPECT_EQ(world.get("/schedules", &rival).body.at("items").as_array().size(), 1U);
    EXPECT_EQ(world.send("GET", "/schedules", "", &specialist, key).header("idempotency-replayed"), "");
}

TEST_F(Contract, KeysAreVisibleAsciiOf1To200) {
    auto const ask = [&](Headers more) {
        auto headers = asJson(as(specialist));
        headers.insert(headers.end(), more.begin(), more.end());
        return wire.send("POST", "/api/v1/slots/generation", headers, "{}");
    };
    for (auto const& good : {std::string("a"), std::string("!~\"'\\"), std::string(200, 'k')})
        EXPECT_EQ(ask({{"Idempotency-Key", good}}).status, 200) << good;
    for (auto const& bad :
         {std::string(""), std::string(201, 'k'), std::string("a b"), std::string("a\tb"), std::string("caf\xc3\xa9"), std::string("\x80")})
        expectProblem(ask({{"Idempotency-Key", bad}}), 422, "invalid", "the key " + bad);
    expectProblem(ask({{"Idempotency-Key", "one"}, {"Idempotency-Key", "two"}}), 422, "invalid", "two keys");
}

TEST_F(Contract, RefusalsOfTheDomainAreKeptOthersAreNot) {
    auto const one = customer();
    auto const two = customer();
    auto const slot = nextSlot();
    ASSERT_EQ(book(one, slot).status, 201);
    std::vector<outbound::Header> const key{{"Idempotency-Key", "kept"}};
    auto const taken = book(two, slot, "", key);
    expectProblem(taken, 409, "slot_taken", "taken");
    auto const again = book(two, slot, "", key);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.text, taken.text) << "the same body, to the letter";
    EXPECT_EQ(again.header("content-type"), "application/problem+json");
    EXPECT_EQ(again.header("idempotency-replayed"), "true");
    // A malformed request under a key does not use it up.
    std::vector<outbound::Header> const other{{"Idempotency-Key", "other"}};
    expectProblem(world.post("/bookings", "{}", &two, other), 422, "invalid", "no slot");
    EXPECT_EQ(book(two, nextSlot(), "", other).status, 201);
}

TEST_F(Contract, KeysOfLogInsStoreNoToken) {
    std::vector<outbound::Header> const key{{"Idempotency-Key", "log-in-key"}};
    std::string const body = R"({"email":"keyed@example.test","password":"correct horse 55","name":"Key","userType":"customer"})";
    auto const first = world.post("/auth/register", body, nullptr, key);
    ASSERT_EQ(first.status, 201) << first.text;
    auto const again = world.post("/auth/register", body, nullptr, key);
    ASSERT_EQ(again.status, 201) << again.text;
    EXPECT_EQ(again.header("idempotency-replayed"), "true");
    EXPECT_EQ(again.at("/user/id"), first.at("/user/id"));
    EXPECT_NE(again.at("/token"), first.at("/token"));
    std::string const credentials = R"({"email":"keyed@example.test","password":"correct horse 55"})";
    auto const entered = world.post("/auth/login", credentials, nullptr, key);
    auto const re_entered = world.post("/auth/login", credentials, nullptr, key);
    EXPECT_EQ(entered.status, 200) << entered.text;
    EXPECT_EQ(re_entered.status, 200);
    EXPECT_EQ(re_entered.header("idempotency-replayed"), "true");
    EXPECT_NE(re_entered.at("/token"), entered.at("/token"));
    for (auto const* with : {"wrong horse 55", ""})
        EXPECT_EQ(world.post("/auth/login", R"({"email":"keyed@example.test","password":)" + jsonText(with) + "}", nullptr, key).code(),
                  "idempotency_mismatch");
    EXPECT_EQ(world
                  .post("/auth/register",
                        R"({"email":"keyed@example.test","password":"correct horse 56","name":"Key","userType":"customer"})", nullptr, key)
                  .code(),
              "idempotency_mismatch");
    std::vector<outbound::Header> const second{{"Idempotency-Key", "second"}};
    auto const taken = world.post("/auth/register", body, nullptr, second);
    expectProblem(taken, 409, "email_taken", "refused");
    auto const refused = world.post("/auth/register", body, nullptr, second);
    EXPECT_EQ(refused.text, taken.text) << "a refusal holds no token";
    EXPECT_EQ(refused.header("idempotency-replayed"), "true");
    EXPECT_EQ(
        world
            .post("/auth/register", R"({"email":"keyed@example.test","password":"correct horse 55","name":"Other","userType":"customer"})",
                  nullptr, second)
            .code(),
        "idempotency_mismatch");
    std::string stored;
    world.place().look(app::allCollections())->read([&](EngineReader& reader) {
        for (auto const* collection : app::allCollections())
            for (auto const& document : reader.find({collection, {}, {}, 0, {}})) stored += document.bytes;
    });
    EXPECT_NE(stored.find("keyed@example.test"), std::string::npos);
    for (auto const* reply : {&first, &again, &entered, &re_entered}) {
        EXPECT_EQ(reply->at("/token").size(), 43U);
        EXPECT_EQ(stored.find(reply->at("/token")), std::string::npos) << "a token is in the store";
        EXPECT_NE(reply->header("set-cookie").find("HttpOnly"), std::string::npos);
    }
    EXPECT_EQ(stored.find("correct horse 55"), std::string::npos) << "a password is in the store";
}

TEST_F(Contract, IfMatchNamesAVersion) {
    auto const person = customer();
    auto const made = world.post("/schedules", someSchedule, &specialist);
    ASSERT_EQ(made.status, 201) << made.text;
    struct Row {
        std::string method, path, change;
        Person const* who;
    };
    for (auto const& row :
         std::vector<Row>{{"PATCH", "/specialists/me", R"({"company":"A)", &specialist},
                          {"PATCH", "/customers/me", R"({"company":"A)", &person},
                          {"PUT", "/schedules/" + made.at("/id"), R"({"type":"custom","appliedFrom":"2027-01-1)", &specialist}}) {
        char round = '0';
        auto const change = [&](std::string const& version) {
            std::vector<outbound::Header> headers;
            if (!version.empty()) headers.push_back({"If-Match", version});
            return world.send(row.method, row.path, row.change + round++ + "\"}", row.who, headers);
        };
        auto const version = world.get(row.path, row.who).number("/version");
        auto const stale = std::to_string(version + 1);
        for (auto const& wrong : {"\"" + stale + "\"", stale, std::string("abc"), std::string("\"\""), std::string("W/\"1\""),
                                  std::string("99999999999999999999")})
            expectProblem(change(wrong), 412, "version_mismatch", row.path + " If-Match " + wrong);
        EXPECT_EQ(world.get(row.path, row.who).number("/version"), version);
        auto const changed = change("\"" + std::to_string(version) + "\"");
        EXPECT_EQ(changed.status, 200) << changed.text;
        EXPECT_EQ(changed.number("/version"), version + 1);
        expectProblem(change("\"" + std::to_string(version) + "\""), 412, "version_mismatch", row.path + " once more");
        EXPECT_EQ(change("*").status, 200);
    }
    EXPECT_EQ(world.send("DELETE", "/schedules/" + made.at("/id"), "", &specialist, {{"If-Match", "\"99\""}}).code(), "version_mismatch");
    EXPECT_EQ(world.send("DELETE", "/schedules/" + made.at("/id"), "", &specialist).status, 204);
}

TEST_F(Contract, BrowsersWriteFromOurPagesOnly) {
    auto const person = customer();
    auto const own = world.server().url();
    std::pair<std::string, std::string> const cookie{"Cookie", "other=1; sid=" + person.token},
        bearer{"Authorization", "Bearer " + person.token};
    struct Row {
        char const* name;
        char const* method;
        Headers headers;
        int status;
    };
    for (auto const& row : std::vector<Row>{
             {"a cookie alone", "PATCH", {cookie}, 403},
             {"a foreign Origin", "PATCH", {cookie, {"Origin", "https://evil.example"}}, 403},
             {"an Origin that begins like ours", "PATCH", {cookie, {"Origin", own + ".evil.example"}}, 403},
             {"the null Origin", "PATCH", {cookie, {"Origin", "null"}}, 403},
             {"cross-site", "PATCH", {cookie, {"Sec-Fetch-Site", "cross-site"}}, 403},
             {"same-site is not same-origin", "PATCH", {cookie, {"Sec-Fetch-Site", "same-site"}}, 403},
             {"our Origin", "PATCH", {cookie, {"Origin", own}}, 200},
             {"same-origin", "PATCH", {cookie, {"Sec-Fetch-Site", "same-origin"}}, 200},
             {"a bearer", "PATCH", {bearer}, 200},
             {"a bearer of a foreign page", "PATCH", {bearer, {"Origin", "https://evil.example"}}, 403},
             {"reading by cookie", "GET", {cookie, {"Sec-Fetch-Site", "cross-site"}}, 200},
         }) {
        auto const reply = wire.send(row.method, "/api/v1/customers/me", asJson(row.headers), row.method == std::string("GET") ? "" : "{}");
        EXPECT_EQ(reply.status, row.status) << row.name << ": " << reply.text;
        if (row.status == 403) expectProblem(reply, 403, "denied", row.name);
    }
    auto const credentials = R"({"email":)" + jsonText(person.email) + R"(,"password":)" + jsonText(person.password) + "}";
    expectProblem(wire.send("POST", "/api/v1/auth/login", asJson({{"Origin", "https://evil.example"}}), credentials), 403, "denied",
                  "a log-in from a foreign page");
    EXPECT_EQ(wire.send("POST", "/api/v1/auth/login", asJson({{"Origin", own}}), credentials).status, 200);
    expectProblem(wire.send("POST", "/api/v1/webhooks/stripe", asJson({cookie}), "{}"), 400, "bad_signature", "a webhook with a cookie");
}

TEST_F(Contract, CodesOfAccounts) {
    auto const person = customer();
    auto const register_ = [&](std::string const& email, std::string const& password) {
        return world.post("/auth/register", R"({"email":)" + jsonText(email) + R"(,"password":)" + jsonText(password) +
                                                R"(,"name":"N","userType":"customer"})");
    };
    expectProblem(register_(person.email, "correct horse 1"), 409, "email_taken", "taken");
    expectProblem(
        register_("  " + std::string(1, static_cast<char>(person.email.front() - 32)) + person.email.substr(1) + " ", "correct horse 1"),
        409, "email_taken", "taken in capitals");
    expectProblem(register_("fresh@example.test", "short77"), 422, "weak_password", "short");
    expectProblem(register_("fresh@example.test", "password123"), 422, "weak_password", "common");
    expectProblem(register_("fresh@example.test", std::string(73, 'x')), 422, "password_too_long", "long");
    auto const logIn = [&](std::string const& email, std::string const& password) {
        return world.post("/auth/login", R"({"email":)" + jsonText(email) + R"(,"password":)" + jsonText(password) + "}");
    };
    auto const unknown = logIn("nobody@example.test", person.password);
    expectProblem(unknown, 401, "bad_credentials", "unknown");
    for (auto const& password : {std::string("wrong horse 1"), std::string(), person.password + std::string("\0x", 2),
                                 person.password + std::string(100, 'x'), " " + person.password}) {
        auto const wrong = logIn(person.email, password);
        expectProblem(wrong, 401, "bad_credentials", "wrong password");
        EXPECT_EQ(wrong.at("/detail"), unknown.at("/detail")) << "who has an account is not told";
    }
    world.advance("PT2M");
    for (auto const& token :
         {std::string(), std::string("x"), std::string(43, 'A'), std::string(10'000, 'A'), std::string("\xF0\x9F\x98\x80")}) {
        expectProblem(world.post("/auth/verify-email", R"({"token":)" + jsonText(token) + "}"), 410, "token_expired", "verify");
        expectProblem(world.post("/auth/reset-password", R"({"token":)" + jsonText(token) + R"(,"password":"correct horse 2"})"), 410,
                      "token_expired", "reset");
    }
    ASSERT_EQ(world.post("/auth/forgot-password", R"({"email":)" + jsonText(person.email) + "}").status, 202);
    ASSERT_EQ(world.post("/auth/forgot-password", R"({"email":"nobody@example.test"})").status, 202);
    std::string const text = member(world.mail(person.email, "assword"), "text");
    auto const at = text.find("/reset-password?token=");
    ASSERT_NE(at, text.npos) << text;
    auto const token = text.substr(at + 22, 43);
    auto const reset = R"({"token":")" + token + R"(","password":"correct horse 3"})";
    EXPECT_EQ(world.post("/auth/reset-password", reset).status, 204);
    expectProblem(world.post("/auth/reset-password", reset), 410, "token_expired", "used");
    expectProblem(world.get("/auth/me", &person), 401, "unauthenticated", "all log-ins ended");
    EXPECT_EQ(logIn(person.email, "correct horse 3").status, 200);
}

TEST_F(Contract, OnlyConfirmedAddressesBook) {
    auto const registered =
        world.post("/auth/register", R"({"email":"una@example.test","password":"correct horse 7","name":"Una","userType":"customer"})");
    Person una;
    una.token = registered.at("/token");
    expectProblem(book(una, nextSlot()), 403, "email_unverified", "unconfirmed");
}

TEST_F(Contract, CodesOfBookings) {
    auto const one = customer();
    auto const two = customer();
    auto const first = nextSlot(), second = nextSlot(), third = nextSlot();
    auto const changed = book(one, first, R"(,"price":9999,"currency":"USD")");
    expectProblem(changed, 409, "price_changed", "another price");
    EXPECT_EQ(changed.number("/price"), 10'000);
    EXPECT_EQ(changed.at("/currency"), "USD");
    EXPECT_EQ(changed.number("/shown/price"), 9999);
    expectProblem(book(one, first, R"(,"currency":"EUR")"), 409, "price_changed", "another currency");
    expectProblem(book(one, "0123456789abcdef01234567"), 404, "not_found", "no such slot");
    auto const held = book(one, first, R"(,"price":10000,"currency":"USD")");
    ASSERT_EQ(held.status, 201) << held.text;
    auto const own = book(one, first);
    expectProblem(own, 409, "slot_taken", "held by oneself");
    EXPECT_EQ(own.at("/bookingId"), held.at("/id"));
    auto const theirs = book(two, first);
    expectProblem(theirs, 409, "slot_taken", "held by another");
    EXPECT_EQ(theirs.at("/bookingId"), "") << "whose it is, is not told";
    ASSERT_EQ(book(one, second).status, 201);
    auto const many = book(one, third);
    expectProblem(many, 429, "too_many_holds", "a third hold");
    EXPECT_FALSE(many.header("retry-after").empty());
    auto const paying = [&](Person const& who) { return world.post("/bookings/" + held.at("/id") + "/payment", "", &who); };
    expectProblem(paying(two), 404, "not_found", "another's booking");
    expectProblem(paying(specialist), 403, "denied", "the specialist does not pay");
    world.advance("PT16M");
    expectProblem(paying(one), 409, "hold_expired", "late");
    auto const again = book(one, first);
    ASSERT_EQ(again.status, 201) << again.text;
    auto const asked = world.post("/bookings/" + again.at("/id") + "/payment", "", &one);
    ASSERT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(again.at("/id"), one, "confirmed");
    expectProblem(world.post("/bookings/" + again.at("/id") + "/payment", "", &one), 409, "already_paid", "paid");
}

TEST_F(Contract, FreeSlotsConfirmAtOnceAndTimesOfACustomerDoNotOverlap) {
    auto const free = world.specialist("Frieda Free", 0);
    auto const person = customer();
    auto const open = world.slots(free);
    auto const booked = book(person, member(open.at(30), "id"));
    ASSERT_EQ(booked.status, 201) << booked.text;
    EXPECT_EQ(booked.at("/status"), "confirmed");
    EXPECT_EQ(booked.at("/holdExpiresAt"), "");
    expectProblem(world.post("/bookings/" + booked.at("/id") + "/payment", "", &person), 409, "nothing_to_pay", "free");
    for (auto const& slot : world.slots(specialist))
        if (member(slot, "startsAt") == booked.at("/startsAt"))
            expectProblem(book(person, member(slot, "id")), 409, "customer_busy", "two at the same time");
    ASSERT_EQ(book(person, member(open.at(31), "id")).status, 201);
    ASSERT_EQ(book(person, member(open.at(32), "id")).status, 201);
    expectProblem(book(person, member(open.at(33), "id")), 429, "too_many_holds", "a fourth free session of a pair");
    auto const hidden = member(open.at(60), "id");
    ASSERT_EQ(world.patch("/specialists/me", R"({"availability":{"isAvailable":false}})", &free).status, 200);
    auto const other = customer();
    auto const gone = book(other, hidden);
    EXPECT_TRUE(gone.status == 404 || gone.code() == "slot_not_bookable") << gone.text;
}

TEST_F(Contract, OneSideNeverSeesTheOthersAddressNorACustomerTheSplit) {
    auto const person = customer();
    auto const stranger = customer();
    auto const rival = world.specialist("Rosa Rival");
    auto const held = book(person, nextSlot(), R"(,"customerNotes":"hello")");
    ASSERT_EQ(held.status, 201) << held.text;
    auto const asked = world.post("/bookings/" + held.at("/id") + "/payment", "", &person);
    ASSERT_EQ(asked.status, 201) << asked.text;
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(held.at("/id"), person, "confirmed");
    for (auto const* path : {"/bookings", "/payments"}) {
        auto const id = path == std::string("/bookings") ? held.at("/id") : asked.at("/paymentId");
        for (auto const* other : {&stranger, &rival}) {
            expectProblem(world.get(path + ("/" + id), other), 404, "not_found", "foreign");
            EXPECT_EQ(world.get(path, other).text.find(id), std::string::npos) << path;
        }
        for (auto const& [mine, theirs] : {std::pair(&person, &specialist), std::pair(&specialist, &person)})
            for (auto const& target : {std::string(path), path + ("/" + id)}) {
                auto const reply = world.get(target, mine);
                EXPECT_EQ(reply.status, 200) << reply.text;
                EXPECT_NE(reply.text.find(id), std::string::npos);
                EXPECT_EQ(reply.text.find(theirs->email), std::string::npos) << target << ": " << reply.text;
                bool const split =
                    reply.text.find("platformFee") != std::string::npos || reply.text.find("specialistPayout") != std::string::npos;
                EXPECT_EQ(split, mine == &specialist) << target << ": " << reply.text;
                EXPECT_EQ(reply.text.find("clientSecret"), std::string::npos);
            }
    }
    EXPECT_EQ(held.text.find("platformFee"), std::string::npos) << held.text;
    for (auto const& path : {"/specialists/" + specialist.specialistId, std::string("/specialists")})
        for (auto const* secret : {"email", "phone", "paymentSettings", "totalEarnings", "userId", "@example.test"})
            EXPECT_EQ(world.get(path).text.find(secret), std::string::npos) << path << " shows " << secret;
    for (auto const* path : {"/auth/me", "/auth/sessions", "/customers/me"})
        for (auto const* secret : {"\"password\"", "tokenHash", "verificationToken", "$2b$"})
            EXPECT_EQ(world.get(path, &person).text.find(secret), std::string::npos) << path << " shows " << secret;
}

// A client says what it likes of itself; the list of log-ins stays JSON.
TEST_F(Contract, StrangeClientsAreListedAsText) {
    auto const person = customer();
    auto const credentials = R"({"email":)" + jsonText(person.email) + R"(,"password":)" + jsonText(person.password) + "}";
    EXPECT_EQ(wire.send("POST", "/api/v1/auth/login",
                        asJson({{"User-Agent", "caf\xc3 \xff<script>\xe2\x80\xae"}, {"X-Forwarded-For", "6.6.6.6"}}), credentials)
                  .status,
              200);
    auto const sessions = world.get("/auth/sessions", &person);
    ASSERT_TRUE(sessions.body.is_object()) << sessions.text;
    EXPECT_NE(sessions.text.find("caf? ?<script>???"), std::string::npos) << sessions.text;
    EXPECT_EQ(sessions.text.find("6.6.6.6"), std::string::npos) << "nobody trusts that header without a proxy";
}

// The limits of DESIGN §10, in worlds of their own since they count by address.
TEST(Limits, StormsAreToldWhenToComeBack) {
    World world;
    auto const person = world.customer();
    auto const other = world.customer("Olga Other");
    auto const logIn = [&](Person const& who, std::string const& password) {
        return world.post("/auth/login", R"({"email":)" + jsonText(who.email) + R"(,"password":)" + jsonText(password) + "}");
    };
    world.advance("PT1M1S");
    for (int i = 0; i < 10; ++i) expectProblem(logIn(person, "wrong horse"), 401, "bad_credentials", "try " + std::to_string(i));
    auto const stormy = logIn(person, person.password);
    expectProblem(stormy, 429, "rate_limited", "the eleventh");
    auto const wait = std::stoi("0" + stormy.header("retry-after"));
    EXPECT_TRUE(wait >= 1 && wait <= 61) << wait;
    EXPECT_EQ(logIn(other, other.password).status, 200) << "another account is not locked out";
    world.advance("PT1M1S");
    EXPECT_EQ(logIn(person, person.password).status, 200);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(world.post("/auth/forgot-password", R"({"email":"victim@example.test"})").status, 202);
    auto const mails = world.post("/auth/forgot-password", R"({"email":"victim@example.test"})");
    expectProblem(mails, 429, "rate_limited", "the sixth mail in an hour");
    EXPECT_FALSE(mails.header("retry-after").empty());
    EXPECT_EQ(world.post("/auth/forgot-password", R"({"email":"another@example.test"})").status, 202);
    int made = 0;
    Reply last;
    for (int i = 0; i < 70 && last.status != 429; ++i) {
        last = world.post("/auth/register", R"({"email":"storm)" + std::to_string(i) +
                                                R"(@example.test","password":"correct horse 5","name":"S","userType":"customer"})");
        made += last.status == 201 ? 1 : 0;
    }
    EXPECT_TRUE(made > 50 && made <= 60) << made;
    expectProblem(last, 429, "rate_limited", "registrations");
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
