// Taking over a database that other software has filled: what every document becomes, what is refused, and that the platform works on it.
#include "engines/seed_data.hpp"

#include <cstdlib>

namespace visavis {
namespace {

using support::runBinary;
using support::StorePlace;
using support::TempDirectory;
using support::World;

std::string const key = base64(std::string(32, 'k'));

support::CommandOutcome adopt(std::vector<std::string> const& store, std::vector<std::string> const& more = {"--money", "major"},
                              bool withKey = true) {
    std::vector<std::string> arguments{"migrate", "--adopt"};
    arguments.insert(arguments.end(), store.begin(), store.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    if (withKey) arguments.insert(arguments.end(), {"--set", "store.sealing_key=" + key});
    return runBinary(arguments);
}

// A database of a test's own, filled with seed data.
class Foreign {
public:
    explicit Foreign(SeedData const& data) { data.fill(driver); }

    support::CommandOutcome verify() { return runBinary(place.commandLine("verify")); }
    // Everything, by collection; but for what differs by chance or by the time.
    std::map<std::string, std::vector<std::string>> dump() {
        std::map<std::string, std::vector<std::string>> all;
        for (auto const* name :
             {"users", "creatorProfiles", "customers", "availabilitySlots", "bookings", "payments", "reviews", "sessions", "notifications",
              "claims", "refunds", "ledgerEntries", "earningsDays", "reviewSummaries", "adoptedDocuments"})
            all[name] = driver.texts(name);
        for (auto& user : all["users"])
            for (auto at = user.find("sealed:1:"); at != user.npos; at = user.find("sealed:1:")) user.erase(at, user.find('"', at) - at);
        return all;
    }

    TempDirectory directory;
    StorePlace place{directory.path()};
    Driver driver{uriOf(place)};
};

bool contains(std::string const& text, std::string const& part) { return text.find(part) != text.npos; }

// ---- the platform on an adopted database ----

TEST(Adopt, ThePlatformWorksOnIt) {
    SeedData const data;
    World world({"--set", "limits.enabled=false"}, {}, [&](StorePlace const& place) {
        Driver driver(uriOf(place));
        data.fill(driver);
        auto const done = adopt(place.flags());
        ASSERT_EQ(done.status, 0) << done.output;
    });
    world.verifyClean();
    auto const logIn = [&](std::string const& email) {
        auto const reply = world.post("/auth/login", R"({"email":")" + email + R"(","password":")" + SeedData::password + "\"}");
        EXPECT_EQ(reply.status, 200) << reply.text;
        support::Person person;
        person.token = reply.at("/token");
        return person;
    };
    auto const olgaHerself = logIn("olga@example.test"), saraHerself = logIn("sara@example.test");

    support::Person offering;
    offering.specialistId = hex(sara);
    auto const open = world.slots(offering);
    ASSERT_EQ(open.size(), 1u);
    EXPECT_EQ(std::string(open[0].at("id").as_string()), hex(slotFree));
    EXPECT_EQ(open[0].at("price").to_number<std::int64_t>(), 15'050);

    auto const book = [&](int slot) { return world.post("/bookings", R"({"slotId":")" + hex(slot) + "\"}", &olgaHerself); };
    auto const taken = book(slotBooked);
    EXPECT_EQ(taken.status, 409) << taken.text;
    EXPECT_EQ(taken.code(), "slot_taken");
    auto const booked = book(slotFree);
    EXPECT_EQ(booked.status, 201) << booked.text;

    auto const earned = world.get("/specialists/me", &saraHerself);
    EXPECT_EQ(earned.number("/totalEarnings"), 2 * 12'040) << earned.text;
    EXPECT_EQ(earned.number("/totalBookings"), 2);
    EXPECT_EQ(earned.at("/averageRating").substr(0, 1), "4");
    world.verifyClean();
    auto const again = adopt(world.place().flags(), {"--money", "minor"});
    EXPECT_TRUE(again.output.ends_with("Nothing to take over.\n")) << again.output << "what people have done since is ours";
}

// ---- what it says, and that twice is once ----

TEST(Adopt, TheDryRunListsChangesAndMakesNone) {
    SeedData const data;
    Foreign foreign(data);
    auto const before = foreign.dump();
    auto const said = adopt(foreign.place.flags(), {"--money", "major", "--dry-run"});
    EXPECT_EQ(said.status, 0) << said.output;
    for (auto const& line :
         {"payments " + hex(paymentAhead) + " amount: 150.5 → 15050", "payments " + hex(paymentAhead) + " version: – → 1",
          "creatorProfiles " + hex(sara) + " consulting.currency: \"usd\" → \"USD\"",
          "users " + hex(userSara) + " googleAccessToken: (hidden) → (hidden, sealed)", "claims " + hex(bookingAhead) + ": new",
          std::string("creatorProfiles legacyScore: not used; 1 value is kept"), std::string("users __v: not used; 3 values are kept")})
        EXPECT_TRUE(contains(said.output, line)) << line << "\n" << said.output;
    for (auto const* secret : {"ya29.plain", "zoom.plain", "mailed-to-olga", "sealed:1:", "$2b$"})
        EXPECT_FALSE(contains(said.output, secret)) << secret;
    EXPECT_EQ(foreign.dump(), before);
}

TEST(Adopt, TwiceIsOnce) {
    SeedData const data;
    Foreign foreign(data);
    auto const first = adopt(foreign.place.flags());
    ASSERT_EQ(first.status, 0) << first.output;
    auto const once = foreign.dump();
    auto const verified = foreign.verify();
    EXPECT_EQ(verified.status, 0) << verified.output;
    for (auto const* money : {"major", "minor"}) {
        auto const again = adopt(foreign.place.flags(), {"--money", money});
        EXPECT_EQ(again.status, 0) << again.output;
        EXPECT_TRUE(again.output.ends_with("Nothing to take over.\n")) << again.output;
    }
    EXPECT_EQ(foreign.dump(), once);
}

// Killed behind one of its commits, or in the middle of a transaction whose locks the server keeps for a minute, it comes to the same end.
void crashAndGoOn(std::string const& at) {
    SeedData const data;
    Foreign whole(data), broken(data);
    ASSERT_EQ(adopt(whole.place.flags()).status, 0);
    ::setenv("VISAVIS_CRASH_AT", at.c_str(), 1);
    EXPECT_EQ(adopt(broken.place.flags()).status, -1) << "was not reached";
    ::unsetenv("VISAVIS_CRASH_AT");
    auto const other = adopt(broken.place.flags(), {"--money", "minor"});
    EXPECT_EQ(other.status, 2) << other.output;
    EXPECT_TRUE(contains(other.output, "begun with --money major")) << other.output;
    auto const alone = runBinary(broken.place.commandLine("migrate"));
    EXPECT_EQ(alone.status, 2) << alone.output;
    EXPECT_TRUE(contains(alone.output, "goes on with it")) << alone.output;
    auto const again = adopt(broken.place.flags());
    EXPECT_EQ(again.status, 0) << again.output;
    EXPECT_EQ(broken.dump(), whole.dump());
}

TEST(Adopt, GoesOnAfterACrash) {
    for (int commits : {1, 2, 4, 7, 12}) crashAndGoOn("mongo.commit.after:" + std::to_string(commits));
}

TEST(Adopt, OutlastsTheLocksOfACrash) { crashAndGoOn("mongo.commit.before:7"); }

// ---- single members ----

struct Conversion {
    char const* name;
    std::vector<std::tuple<int, std::string, std::string>> edits;
    char const* money;
    int document;
    std::vector<std::string> has; // in its canonical extended JSON
    std::string hasNot = "nothing";
};

std::string number(char const* member, int value) {
    return '"' + std::string(member) + R"(" : { "$numberLong" : ")" + std::to_string(value) + "\" }";
}
std::string instant(char const* member, Instant value) {
    return '"' + std::string(member) + R"(" : { "$date" : { "$numberLong" : ")" + std::to_string(value.ms) + "\" } }";
}

// Money of every document in another currency.
std::vector<std::tuple<int, std::string, std::string>> inCurrency(std::string const& code, std::string const& amount,
                                                                  std::string const& fee, std::string const& payout) {
    std::vector<std::tuple<int, std::string, std::string>> edits{{sara, "\"usd\"", '"' + code + '"'}, {sara, "150.5", amount}};
    for (int id : {slotFree, slotBooked, slotPast, bookingAhead, bookingPast, paymentAhead, paymentPast}) {
        edits.emplace_back(id, "\"USD\"", '"' + code + '"');
        edits.emplace_back(id, "150.5", amount);
    }
    for (int id : {paymentAhead, paymentPast}) {
        edits.emplace_back(id, "30.1", fee);
        edits.emplace_back(id, "120.4", payout);
    }
    return edits;
}

class Converts : public testing::TestWithParam<Conversion> {};

TEST_P(Converts, TheMember) {
    auto const& row = GetParam();
    SeedData data;
    for (auto const& [id, from, to] : row.edits) data.edit(id, from, to);
    Foreign foreign(data);
    auto const done = adopt(foreign.place.flags(), {"--money", row.money});
    ASSERT_EQ(done.status, 0) << done.output;
    std::string text;
    for (auto const& document : foreign.driver.texts(data.documents.at(row.document).first))
        if (contains(document, R"("_id" : { "$oid" : ")" + hex(row.document))) text = document;
    for (auto const& part : row.has) EXPECT_TRUE(contains(text, part)) << part << "\n" << text;
    EXPECT_FALSE(contains(text, row.hasNot)) << text;
    auto const verified = foreign.verify();
    EXPECT_EQ(verified.status, 0) << verified.output;
}

std::vector<Conversion> conversionsOfMoneyAndTimes() {
    SeedData const data;
    auto const newYork = *Zone::load("America/New_York");
    auto const nine = newYork.of(data.ahead, LocalTime{540}).first;
    return {
        {"DollarsToCents",
         {},
         "major",
         paymentAhead,
         {number("amount", 15'050), number("platformFee", 3'010), number("specialistPayout", 12'040), number("version", 1)}},
        {"YenStayYen", inCurrency("JPY", "15050", "3010", "12040"), "major", paymentAhead, {number("amount", 15'050)}},
        {"DinarsToFils",
         inCurrency("KWD", "15.055", "3.011", "12.044"),
         "major",
         paymentAhead,
         {number("amount", 15'055), number("platformFee", 3'011)}},
        {"CentsStayCents", inCurrency("USD", "15050.0", "3010", "12040"), "minor", paymentAhead, {number("amount", 15'050)}},
        {"AFeeWithFractions",
         inCurrency("USD", "49.99", "9.998", "39.992"),
         "major",
         paymentPast,
         {number("platformFee", 1'000), number("specialistPayout", 3'999)}},
        {"DecimalsAreExact",
         inCurrency("USD", R"({"$numberDecimal":"19.99"})", "4.00", "15.99"),
         "major",
         paymentPast,
         {number("amount", 1'999)}},
        {"LocalTimesToInstants",
         {},
         "major",
         slotFree,
         {instant("startsAt", nine), instant("endsAt", nine + Hours(1)), R"("isRecurring" : false)", R"("status" : "available")"}},
        {"ADayOfItsZone",
         {{slotFree, data.at(data.ahead, 0), R"({"$date":")" + toRfc3339(newYork.startOf(data.ahead)) + "\"}"}},
         "major",
         slotFree,
         {instant("date", data.ahead.midnightUtc()), instant("startsAt", nine)}},
        {"ADayAsText",
         {{slotFree, data.at(data.ahead, 0), '"' + toText(data.ahead) + '"'}},
         "major",
         slotFree,
         {instant("startsAt", nine)}},
        {"OverMidnight",
         {},
         "major",
         slotPast,
         {R"("endTime" : "24:00")", number("duration", 60), R"("status" : "booked")", R"("wasBooked" : true)"}},
        {"TheFirstRunOfARepeatedHour",
         {{slotPast, data.at(data.past, 0), R"({"$date":"2025-11-02T00:00:00Z"})"},
          {slotPast, "23:00", "01:00"},
          {slotPast, "00:00\",\"dur", "02:00\",\"dur"},
          {slotPast, "\"duration\":60", "\"duration\":120"},
          {bookingPast, "\"sessionDuration\":60", "\"sessionDuration\":120"},
          {bookingPast, data.at(data.past + -2, 0), R"({"$date":"2025-10-01T00:00:00Z"})"},
          {bookingPast, data.at(data.past + -1, 0), R"({"$date":"2025-10-02T00:00:00Z"})"}},
         "major",
         slotPast,
         {instant("startsAt", *parseRfc3339("2025-11-02T05:00:00Z")), instant("endsAt", *parseRfc3339("2025-11-02T07:00:00Z"))}},
    };
}

std::vector<Conversion> conversionsOfPeopleAndBookings() {
    SeedData const data;
    auto const nine = Zone::load("America/New_York")->of(data.ahead, LocalTime{540}).first;
    auto const hash = sha256Hex("mailed-to-olga");
    return {
        {"TokensAreSealed",
         {},
         "major",
         userSara,
         {R"("googleAccessToken" : "sealed:1:)", R"("email" : "sara@example.test")", R"("roles" : [  ])"},
         "plain"},
        {"AMailedTokenIsHashed", {}, "major", userOlga, {hash}, "mailed-to-olga"},
        {"StatisticsAreRecomputed",
         {},
         "major",
         sara,
         {number("totalBookings", 2), number("totalEarnings", 24'080), R"("averageRating" : { "$numberDouble" : "4.0" })",
          number("reviewCount", 1), R"("published" : true)", R"("slug" : "sara-specialist")"}},
        {"WhatNobodyKnowsStays", {}, "major", sara, {R"("legacyScore" : { "points" : { "$numberInt" : "12" } })"}, "not a link"},
        {"ZonesOfBreaks", {}, "major", sara, {R"("day" : "monday", "startTime" : "09:00")", R"("specialties" : [ "leadership" ])"}},
        {"AHistoryIsCompleted",
         {},
         "major",
         bookingPast,
         {R"("statusHistory" : [ { "status" : "pending")", R"("changedBy" : { "$oid" : ")" + hex(userKiran),
          R"("status" : "completed", "changedAt")", R"("customerReview" : "Good.")", R"("paidWith" : { "$oid" : ")" + hex(paymentPast)}},
        {"KeysAreNumbered", {}, "major", paymentPast, {R"("idempotencyKey" : "booking:)" + hex(bookingPast) + ":charge:1\""}},
        {"NumbersThatName",
         {},
         "major",
         session,
         {R"("zoomMeetingId" : "85746065")", instant("scheduledStartTime", (data.past + 1).midnightUtc())}},
        {"NotesExpire", {}, "major", note, {instant("expiresAt", (data.ahead + 18).midnightUtc())}},
        {"APendingBookingIsHeld",
         {{bookingAhead, "confirmed", "pending"},
          {paymentAhead, "succeeded", "pending"},
          {paymentAhead, "\"succeededAt\"", "\"initiatedAt\""}},
         "major",
         bookingAhead,
         {instant("holdExpiresAt", nine + Hours(1))}},
        {"ACancelledBookingIsNotClaimed",
         {{bookingAhead, R"("status":"confirmed")",
           R"("status":"cancelled","cancellation":{"status":"cancelled-by-specialist","cancelledAt":)" + data.at(data.past, 3) + "}"},
          {paymentAhead, R"("status":"succeeded")", R"("status":"refunded","refundedAt":)" + data.at(data.past, 4)}},
         "major",
         slotBooked,
         {R"("status" : "available")"},
         "bookingId"},
        {"ARefundInPart",
         {{paymentPast, "\"idempotencyKey\"",
           R"("refund":{"refundAmount":50.25,"refundedAt":)" + data.at(data.past, 9) + R"(,"status":"succeeded","requestedBy":)" +
               oid(sara) + R"(},"idempotencyKey")"}},
         "major",
         paymentPast,
         {number("refundAmount", 5'025), R"("requestedBy" : { "$oid" : ")" + hex(userSara)}},
    };
}

std::string nameOf(testing::TestParamInfo<Conversion> const& row) { return row.param.name; }

INSTANTIATE_TEST_SUITE_P(AdoptMoneyAndTimes, Converts, testing::ValuesIn(conversionsOfMoneyAndTimes()), nameOf);
INSTANTIATE_TEST_SUITE_P(AdoptPeopleAndBookings, Converts, testing::ValuesIn(conversionsOfPeopleAndBookings()), nameOf);

// ---- refusals ----

struct Refusal {
    char const* name;
    std::vector<std::tuple<int, std::string, std::string>> edits;
    std::vector<std::string> arguments;
    std::vector<std::string> says;
    bool withKey = true;
};

class Refuses : public testing::TestWithParam<Refusal> {};

TEST_P(Refuses, AndChangesNothing) {
    auto const& row = GetParam();
    SeedData data;
    for (auto const& [id, from, to] : row.edits) data.edit(id, from, to);
    Foreign foreign(data);
    auto const before = foreign.dump();
    auto const refused = adopt(foreign.place.flags(), row.arguments, row.withKey);
    EXPECT_EQ(refused.status, 2) << refused.output;
    for (auto const& part : row.says) EXPECT_TRUE(contains(refused.output, part)) << part << "\n" << refused.output;
    EXPECT_FALSE(contains(refused.output, "plain"));
    EXPECT_EQ(foreign.dump(), before);
}

std::vector<Refusal> refusals() {
    std::vector<std::string> const major{"--money", "major"}, minor{"--money", "minor"};
    return {
        {"WithoutMoney", {}, {}, {"--money major", "--money minor"}},
        {"AnotherUnit", {}, {"--money", "euros"}, {"--money major", "--money minor"}},
        {"FractionsOfCents", {}, minor, {"payments " + hex(paymentAhead) + " amount", "bookings " + hex(bookingPast) + " sessionPrice"}},
        {"HalfACent", {{paymentPast, "150.5", "150.505"}}, major, {"payments " + hex(paymentPast) + " amount"}},
        {"HalfAYen", {{slotFree, "\"USD\"", "\"JPY\""}}, major, {"availabilitySlots " + hex(slotFree) + " price"}},
        {"NoCurrency",
         {{slotFree, R"("currency":"USD",)", ""}},
         major,
         {"availabilitySlots " + hex(slotFree) + " price is an amount without a known currency"}},
        {"ABadZone",
         {{slotFree, "America/New_York", "Mars/Olympus"}},
         major,
         {"availabilitySlots " + hex(slotFree) + " timezone", "Mars/Olympus"}},
        {"ABadZoneOfAProfile", {{sara, "America/New_York", "EST5"}}, major, {"creatorProfiles " + hex(sara) + " availability.timezone"}},
        {"ADurationThatIsNone",
         {{slotFree, "\"duration\":60", "\"duration\":90"}},
         major,
         {"availabilitySlots " + hex(slotFree), "lasts 60 minutes", "90"}},
        {"TokensWithoutAKey", {}, major, {"store.sealing_key", "openssl rand -base64 32"}, false},
        {"AnotherHash", {{userKiran, "$2b$", "$argon2id$"}}, major, {"users " + hex(userKiran) + " password is no bcrypt hash"}},
        {"Overlap",
         {{slotFree, R"("status":"available")", R"("status":"booked")"},
          {slotFree, "09:00", "10:30"},
          {slotFree, "\"10:00", "\"11:30"},
          {bookingPast, oid(slotPast), oid(slotFree)},
          {bookingPast, "completed", "confirmed"}},
         major,
         {hex(bookingAhead), hex(bookingPast), "overlaps"}},
        {"BookedByNobody",
         {{slotFree, R"("status":"available")", R"("status":"booked")"}},
         major,
         {"availabilitySlots " + hex(slotFree) + " is booked and lies ahead"}},
        {"ConfirmedButNotPaid",
         {{paymentAhead, "succeeded", "pending"}, {paymentAhead, "\"succeededAt\"", "\"initiatedAt\""}},
         major,
         {"bookings " + hex(bookingAhead) + " is confirmed and costs 150.50 USD"}},
        {"PaidAnotherPrice",
         {{bookingPast, "150.5", "99"}},
         major,
         {"bookings " + hex(bookingPast) + " costs 99.00 USD, but its payment is of 150.50 USD"}},
        {"AFeeThatIsNotItsPart", {{paymentPast, "30.1", "25"}}, major, {"payments " + hex(paymentPast) + " has a platformFee"}},
        {"SucceededAtNoTime",
         {{paymentPast, "\"succeededAt\"", "\"initiatedAt\""}},
         major,
         {"payments " + hex(paymentPast) + " is succeeded without succeededAt"}},
        {"AReferenceToNothing",
         {{note, oid(userKiran), oid(999)}},
         major,
         {"notifications " + hex(note) + " recipientId names users " + hex(999)}},
        {"TwoAccountsOfOneAddress", {{userOlga, "olga@", "KIRAN@"}}, major, {"users " + hex(userOlga), hex(userKiran), "email"}},
        {"AnUnknownStatus", {{bookingAhead, "confirmed", "approved"}}, major, {"bookings " + hex(bookingAhead) + " status", "approved"}},
        {"ANoShowOfNobody", {{bookingPast, "completed", "no-show"}}, major, {"bookings " + hex(bookingPast) + " is a no-show"}},
        {"CancelledAfterItsStart",
         {{bookingPast, R"("status":"completed")", R"("status":"cancelled","updatedAt":)" + SeedData::at(SeedData().past, 60)}},
         major,
         {"bookings " + hex(bookingPast) + " was cancelled after its start", "lacks a refund of 150.50 USD"}},
    };
}

INSTANTIATE_TEST_SUITE_P(Adopt, Refuses, testing::ValuesIn(refusals()), [](auto const& row) { return std::string(row.param.name); });

// Without a word about money nothing is taken for ours.
TEST(Adopt, MigrateAloneIsRefused) {
    SeedData const data;
    Foreign foreign(data);
    auto const before = foreign.dump();
    auto const arguments = foreign.place.commandLine("migrate");
    auto const refused = runBinary(arguments);
    EXPECT_EQ(refused.status, 2) << refused.output;
    EXPECT_TRUE(contains(refused.output, "--adopt --money major")) << refused.output;
    EXPECT_EQ(foreign.dump(), before);
    ASSERT_EQ(adopt(foreign.place.flags()).status, 0);
    auto const migrated = runBinary(arguments);
    EXPECT_EQ(migrated.status, 0) << migrated.output;
}

TEST(Adopt, IsForMongoAlone) {
    TempDirectory directory;
    auto const refused = adopt({"--data", directory.path().string()});
    EXPECT_EQ(refused.status, 2);
    EXPECT_TRUE(contains(refused.output, "--adopt takes over a MongoDB database")) << refused.output;
}

} // namespace
} // namespace visavis
