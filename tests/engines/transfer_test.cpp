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

    std::filesystem::remove(files.path() / "second" / "reviewSummaries.jsonl"); // which is empty: of a version that did not have it
    run({"import", second}, {"--data", (home.path() / "whole").string()});
    auto const users = filesIn(first).at("users.jsonl");
    auto const lastLine = users.substr(users.rfind('\n', users.size() - 2) + 1);
    struct Damage {
        char const* file;
        std::string content; // nothing: the file is gone
        char const* says;
    };
    for (auto const& damage :
         {Damage{"users.jsonl", users.substr(0, users.size() - lastLine.size()), "a part of it is missing"},
          Damage{"users.jsonl", users.substr(0, users.size() - 9), "users.jsonl:2: Not extended JSON"},
          Damage{"users.jsonl", "", "part of it"}, Damage{"users.jsonl", users + lastLine, "users.jsonl:3: A line before has the same _id"},
          Damage{"payments.jsonl", "", "payments.jsonl has 0 documents, and 1 were exported"},
          Damage{"export.json", "[]", "export.json"}}) {
        auto const copy = files.path() / "damaged", store = home.path() / "none";
        std::filesystem::remove_all(copy);
        std::filesystem::copy(first, copy);
        std::filesystem::remove(copy / damage.file);
        if (!damage.content.empty()) std::ofstream(copy / damage.file, std::ios::binary) << damage.content;
        run({"import", copy.string()}, {"--data", store.string()}, 2, damage.says);
        EXPECT_FALSE(std::filesystem::exists(store / "visavis.db")) << damage.says << ": nothing is begun that cannot be ended";
    }
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

INSTANTIATE_TEST_SUITE_P(
    Transfer, BadImport,
    testing::Values(BadLine{"NoJson", "users.jsonl", "{", "users.jsonl:1"},
                    BadLine{"AnotherType", "messages.jsonl", R"({"_id":{"$oid":"000000000000000000000001"},"text":5})", "messages.jsonl:1"},
                    BadLine{"NoId", "users.jsonl", "{}", "users.jsonl:1"}, BadLine{"NothingAtAll", "readme.txt", "hello", "no .jsonl file"},
                    BadLine{"AnEmptyLine", "users.jsonl", "\n", "users.jsonl:1"},
                    BadLine{"AnUnknownCollection", "processedNothing.jsonl", "{}\n", "no collection"}),
    [](auto const& row) { return std::string(row.param.name); });

} // namespace
} // namespace visavis
