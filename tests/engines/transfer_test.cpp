// Moving house from MongoDB to the embedded store and back: every document arrives, and the audit finds nothing.
#include "support/world.hpp"

#include <fstream>
#include <map>

namespace visavis {
namespace {

using support::runBinary;
using support::TempDirectory;
using support::World;

std::map<std::string, std::string> filesIn(std::filesystem::path const& directory) {
    std::map<std::string, std::string> files;
    for (auto const& entry : std::filesystem::directory_iterator(directory)) {
        std::ifstream in(entry.path(), std::ios::binary);
        files[entry.path().filename().string()] = std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    }
    return files;
}

void run(std::vector<std::string> arguments, std::vector<std::string> const& store, int status = 0, std::string const& says = "") {
    arguments.insert(arguments.end(), store.begin(), store.end());
    auto const outcome = runBinary(arguments);
    EXPECT_EQ(outcome.status, status) << outcome.output;
    EXPECT_NE(outcome.output.find(says), std::string::npos) << outcome.output;
}

TEST(Transfer, ThereAndBackKeepsEveryDocument) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer("Ümit \"Quoted\" Çelik");
    auto const booked = world.book(customer, specialist);
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
    world.awaitStatus(booked.at("/id"), customer, "confirmed");
    world.advance("PT1M");

    TempDirectory files, home;
    support::StorePlace const other(home.path());
    std::vector<std::string> const embedded{"--data", (home.path() / "embedded").string()};
    auto const first = (files.path() / "first").string(), second = (files.path() / "second").string(),
               third = (files.path() / "third").string();
    EXPECT_EQ(world.server().terminate(), 0);
    run({"export", first}, world.place().flags());
    run({"import", first}, embedded);
    run({"verify"}, embedded, 0, "0 violations");
    run({"export", second}, embedded);
    run({"import", second}, other.flags());
    run({"verify"}, other.flags(), 0, "0 violations");
    run({"export", third}, other.flags());
    EXPECT_EQ(filesIn(first), filesIn(second));
    EXPECT_EQ(filesIn(first), filesIn(third));
    EXPECT_NE(filesIn(first).at("bookings.jsonl").find(booked.at("/id")), std::string::npos);
    EXPECT_NE(filesIn(first).at("payments.jsonl").find(R"("$numberLong")"), std::string::npos);

    run({"import", first}, embedded, 2, "not empty");
    run({"export", first}, embedded, 2, "there already");
}

// From the embedded store, where a site begins: what was there is served from MongoDB.
TEST(Transfer, ThePlatformGoesOnInTheNewHouse) {
    TempDirectory home;
    std::vector<std::string> const embedded{"--data", (home.path() / "embedded").string()};
    auto const moved = (home.path() / "moved").string(), back = (home.path() / "back").string();
    run({"seed", "--specialists", "3", "--bookings", "8"}, embedded);
    run({"export", moved}, embedded);
    World world({}, {}, [&](support::StorePlace const& place) {
        run({"import", moved}, place.flags());
        run({"verify"}, place.flags(), 0, "0 violations");
        run({"export", back}, place.flags());
    });
    EXPECT_EQ(filesIn(back), filesIn(moved));
    auto const offered = world.get("/specialists");
    ASSERT_EQ(offered.status, 200) << offered.text;
    EXPECT_EQ(offered.body.at("items").as_array().size(), 3U);
    support::Person specialist;
    specialist.specialistId = std::string(offered.body.at("items").as_array().front().at("id").as_string());
    auto const customer = world.customer();
    auto const booked = world.book(customer, specialist);
    EXPECT_EQ(booked.status, 201) << booked.text;
    world.verifyClean();
}

struct BadLine {
    char const* name;
    char const* file;
    std::string text;
    char const* says;
};

class BadImport : public testing::TestWithParam<BadLine> {};

TEST_P(BadImport, NamesTheLine) {
    TempDirectory files;
    std::ofstream(files.path() / GetParam().file, std::ios::binary) << GetParam().text;
    run({"import", files.path().string()}, {"--data", (files.path() / "store").string()}, 2, GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(Transfer, BadImport,
                         testing::Values(BadLine{"NoJson", "users.jsonl", "{", "users.jsonl:1"},
                                         BadLine{"AnotherType", "messages.jsonl", R"({"_id":{"$oid":"000000000000000000000001"},"text":5})",
                                                 "messages.jsonl:1"},
                                         BadLine{"AnEmptyLine", "users.jsonl", "\n", "users.jsonl:1"},
                                         BadLine{"AnUnknownCollection", "processedNothing.jsonl", "{}\n", "no collection"}),
                         [](auto const& row) { return std::string(row.param.name); });

} // namespace
} // namespace visavis
