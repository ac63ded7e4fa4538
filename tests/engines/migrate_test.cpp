// `visavis migrate` on MongoDB: what the seed's script makes and what ours adds to it, twice and in a dry run; and no writes without it.
#include "engines/seed_data.hpp"

#include "app/collections.hpp"

#include <fstream>
#include <sstream>

namespace visavis {
namespace {

using support::runBinary;
using support::StorePlace;
using support::TempDirectory;
using support::World;

class Migrate : public testing::Test {
protected:
    std::string migrate(std::vector<std::string> const& more = {}) { return run("migrate", more, 0); }
    std::string run(std::string const& command, std::vector<std::string> const& more, int status) {
        auto arguments = place.commandLine(command);
        arguments.insert(arguments.end(), more.begin(), more.end());
        auto const outcome = runBinary(arguments);
        EXPECT_EQ(outcome.status, status) << outcome.output;
        return outcome.output;
    }
    std::vector<Bson> there() { return driver.rows(R"({"listCollections":1,"cursor":{}})"); }
    std::vector<Bson> indexes(std::string const& collection) { return driver.rows(R"({"listIndexes":")" + collection + "\"}"); }

    TempDirectory directory;
    StorePlace place{directory.path()};
    Driver driver{uriOf(place)};
};

std::vector<std::string> linesOf(std::string const& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

bool contains(std::string const& text, std::string const& part) { return text.find(part) != text.npos; }

struct SeedIndex {
    char const* collection;
    char const* name; // as the server names it when nobody does
    char const* keys;
};

// The collections of the data model, and its createIndex calls as they are written there.
constexpr std::array seedsOwn{"users",    "creatorProfiles", "availabilitySchedules", "availabilitySlots", "bookings",
                              "payments", "customers",       "notifications",         "reviews",           "sessions"};
constexpr std::array<SeedIndex, 16> seedIndexes{{
    {"availabilitySlots", "specialistId_1_date_1_status_1", R"({ "specialistId" : 1, "date" : 1, "status" : 1 })"},
    {"availabilitySlots", "customerId_1_status_1", R"({ "customerId" : 1, "status" : 1 })"},
    {"availabilitySlots", "date_1", R"({ "date" : 1 })"},
    {"bookings", "slotId_1", R"({ "slotId" : 1 })"},
    {"bookings", "specialistId_1_status_1", R"({ "specialistId" : 1, "status" : 1 })"},
    {"bookings", "customerId_1_status_1", R"({ "customerId" : 1, "status" : 1 })"},
    {"bookings", "meeting.zoomMeetingId_1", R"({ "meeting.zoomMeetingId" : 1 })"},
    {"payments", "bookingId_1", R"({ "bookingId" : 1 })"},
    {"payments", "specialistId_1_status_1", R"({ "specialistId" : 1, "status" : 1 })"},
    {"payments", "customerId_1_status_1", R"({ "customerId" : 1, "status" : 1 })"},
    {"payments", "stripePaymentIntentId_1", R"({ "stripePaymentIntentId" : 1 })"},
    {"payments", "createdAt_1", R"({ "createdAt" : 1 })"},
    {"notifications", "recipientId_1_isRead_1", R"({ "recipientId" : 1, "isRead" : 1 })"},
    {"notifications", "recipientId_1_createdAt_-1", R"({ "recipientId" : 1, "createdAt" : -1 })"},
    {"reviews", "specialistId_1_createdAt_-1", R"({ "specialistId" : 1, "createdAt" : -1 })"},
    {"reviews", "customerId_1_createdAt_-1", R"({ "customerId" : 1, "createdAt" : -1 })"},
}};

TEST_F(Migrate, MakesTheSeedsCollectionsAndIndexesAsItsScriptDoes) {
    migrate();
    std::set<std::string> names;
    for (auto const& collection : there()) names.insert(mongo::textAt(collection, "name"));
    for (auto const* name : seedsOwn) EXPECT_TRUE(names.contains(name)) << name;
    for (auto const& wanted : seedIndexes) {
        auto const all = indexes(wanted.collection);
        auto const found = std::find_if(all.begin(), all.end(), [&](auto const& one) { return mongo::textAt(one, "name") == wanted.name; });
        ASSERT_NE(found, all.end()) << wanted.collection << "." << wanted.name;
        EXPECT_EQ(mongo::shown(mongo::documentAt(*found, "key")), wanted.keys);
        for (auto const* option : {"unique", "sparse", "partialFilterExpression", "expireAfterSeconds"})
            EXPECT_FALSE(mongo::has(*found, option)) << wanted.collection << "." << wanted.name << " " << option;
    }
}

TEST_F(Migrate, ADryRunPrintsTheScriptAndASecondRunHasNothingToDo) {
    auto const script = migrate({"--dry-run"});
    EXPECT_TRUE(there().empty()) << "it made something";
    for (auto const& line : linesOf(script))
        EXPECT_TRUE(line.starts_with("db.createCollection(\"") ||
                    (line.starts_with("db.getCollection(\"") && contains(line, ").createIndex({ ")))
            << line;
    for (auto const* name : seedsOwn) EXPECT_TRUE(contains(script, "db.createCollection(\"" + std::string(name) + "\", {")) << name;
    for (auto const& index : seedIndexes)
        EXPECT_TRUE(contains(script, "db.getCollection(\"" + std::string(index.collection) + "\").createIndex(" + index.keys +
                                         ", { \"name\" : \"" + index.name + "\" })"))
            << index.name;
    EXPECT_EQ(migrate(), script);
    EXPECT_EQ(migrate(), "");
    EXPECT_EQ(migrate({"--dry-run"}), "");
    driver.run(R"({"dropIndexes":"claims","index":"customer_busy"})");
    auto const one = linesOf(migrate({"--dry-run"}));
    ASSERT_EQ(one.size(), 1u);
    EXPECT_TRUE(contains(one.front(), "customer_busy")) << one.front();
}

TEST_F(Migrate, ValidatorsAreModerateAndRefuseWhatIsNoDocumentOfOurs) {
    migrate();
    for (auto const& collection : there()) {
        auto const name = mongo::textAt(collection, "name");
        EXPECT_EQ(mongo::textAt(collection, "options.validationLevel"), "moderate") << name;
        EXPECT_EQ(mongo::textAt(collection, "options.validationAction"), "error") << name;
        EXPECT_TRUE(mongo::has(collection, "options.validator.$jsonSchema.properties._id")) << name;
        auto const refused = driver.run(R"({"insert":")" + name + R"(","documents":[{"version":"one"}]})");
        EXPECT_EQ(mongo::numberAt(mongo::documentsAt(refused, "writeErrors").at(0), "code"), 121) << name << mongo::shown(refused);
    }
}

// A sandbox's clock can be moved away from the server's, so there the platform's own job is alone.
TEST_F(Migrate, NotificationsExpireByThemselvesWhereTheClockIsReal) {
    auto const expiry = [](std::vector<Bson> const& all) {
        for (auto const& index : all)
            if (mongo::textAt(index, "name") == "expiresAt_1") return mongo::shown(index);
        return std::string("no index");
    };
    migrate();
    EXPECT_TRUE(contains(expiry(indexes("notifications")), R"("expireAfterSeconds" : 0)")) << expiry(indexes("notifications"));
    SystemClock clock;
    notifications::Notification over;
    over.id = {ObjectId::derived("over")};
    over.title = "Over";
    over.message = "It is over.";
    over.expiresAt = clock.now() - Seconds(1);
    auto later = over;
    later.id = {ObjectId::derived("later")};
    later.expiresAt = clock.now() + Days(1);
    for (auto const& one : {over, later}) driver.insert("notifications", toExtendedJson(toBson(one)));
    EXPECT_TRUE(support::eventually([&] { return driver.texts("notifications").size() == 1; }));
    EXPECT_TRUE(contains(driver.texts("notifications").front(), later.id.hex()));

    World const sandboxed;
    Driver other(uriOf(sandboxed.place()));
    auto const plain = expiry(other.rows(R"({"listIndexes":"notifications"})"));
    EXPECT_TRUE(contains(plain, "expiresAt")) << plain;
    EXPECT_FALSE(contains(plain, "expireAfterSeconds")) << plain;
}

struct WrongIndex {
    char const* name;
    std::string instead; // of claims.slot_taken; nothing: none
};

class Incomplete : public testing::TestWithParam<WrongIndex> {};

// A server on such a database reads, refuses writes until `migrate` has run beside it, and tells the operator the index's name.
TEST_P(Incomplete, StopsWrites) {
    World world({}, {}, [](StorePlace const& place) {
        EXPECT_EQ(runBinary(place.commandLine("migrate")).status, 0);
        Driver driver(uriOf(place));
        driver.run(R"({"dropIndexes":"claims","index":"slot_taken"})");
        if (!GetParam().instead.empty()) driver.run(R"({"createIndexes":"claims","indexes":[)" + GetParam().instead + "]}");
    });
    auto const join = [&] {
        return world.post("/auth/register",
                          R"({"email":"ada@example.test","password":"correct horse 1","name":"Ada","userType":"customer"})");
    };
    auto const refused = join();
    EXPECT_EQ(refused.status, 503) << refused.text;
    EXPECT_NE(refused.header("Retry-After"), "");
    EXPECT_EQ(world.get("/specialists").status, 200) << "reads go on";
    for (auto const* command : {"doctor", "verify"}) {
        auto const said = runBinary(world.commandLine(command));
        EXPECT_NE(said.status, 0) << command;
        EXPECT_TRUE(contains(said.output, "slot_taken")) << said.output;
    }
    EXPECT_EQ(runBinary(world.commandLine("migrate")).status, 0);
    EXPECT_TRUE(support::eventually([&] { return join().status == 201; }));
    world.verifyClean();
}

INSTANTIATE_TEST_SUITE_P(
    Migrate, Incomplete,
    testing::Values(WrongIndex{"Missing", ""}, WrongIndex{"NotUnique", R"({"key":{"specialistId":1,"specialistCells":1},"name":"slot_taken",
                        "partialFilterExpression":{"active":true}})"},
                    WrongIndex{"OfAllClaims", R"({"key":{"specialistId":1,"specialistCells":1},"name":"slot_taken","unique":true})"},
                    WrongIndex{"OfOtherKeys", R"({"key":{"specialistCells":1,"specialistId":1},"name":"slot_taken","unique":true,
                        "partialFilterExpression":{"active":true}})"}),
    [](auto const& row) { return std::string(row.param.name); });

// docs/scaling.md gives every collection a place, and a unique index of a sharded one begins with the shard key, or the server refuses it.
TEST(Sharding, TheTableNamesEveryCollectionAndFitsTheIndexes) {
    std::map<std::string, std::string> keys; // of each collection; "" unsharded
    std::ifstream in(VISAVIS_ROOT "/docs/scaling.md");
    for (std::string line; std::getline(in, line);) {
        auto const second = line.find(" | ");
        if (!line.starts_with("| `") || second == line.npos) continue;
        auto const key = line.find(": \"hashed\"}", second);
        auto const begins = key == line.npos ? key : line.rfind('{', key) + 1;
        for (auto at = line.find('`'); at < second; at = line.find('`', at + 1)) {
            auto const end = line.find('`', at + 1);
            keys[line.substr(at + 1, end - at - 1)] = key == line.npos ? "" : line.substr(begins, key - begins);
            at = end;
        }
    }
    for (auto const* collection : app::allCollections()) {
        auto const found = keys.find(collection->name);
        ASSERT_NE(found, keys.end()) << collection->name;
        for (auto const& index : collection->indexes)
            EXPECT_TRUE(found->second.empty() || !index.unique || index.keys.front().path == found->second)
                << collection->name << "." << index.name;
    }
    EXPECT_EQ(keys.at("availabilitySlots"), "specialistId");
}

} // namespace
} // namespace visavis
