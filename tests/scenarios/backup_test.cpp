// Backup and restore as an operator does them: beside a server that books, killed in the middle, and served again.
#include "support/world.hpp"

#include <atomic>
#include <fstream>
#include <thread>

namespace visavis {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using support::Person;
using support::runBinary;
using support::TempDirectory;
using support::World;

// Before: nothing has the name. After: the copy is whole.
struct PointRow {
    char const* name;
    char const* point;
    bool before;
    bool isHalf; // what is under the temporary name then
};

std::string contentOf(fs::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

std::map<std::string, std::string> exported(fs::path const& data, fs::path const& into) {
    auto const outcome = runBinary({"export", into.string(), "--data", data.string()});
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    std::map<std::string, std::string> files;
    for (auto const& entry : fs::directory_iterator(into)) files[entry.path().filename().string()] = contentOf(entry.path());
    return files;
}

void expectRun(std::vector<std::string> const& arguments, int status, std::string const& says = "") {
    auto const outcome = runBinary(arguments);
    EXPECT_EQ(outcome.status, status) << outcome.output;
    EXPECT_NE(outcome.output.find(says), std::string::npos) << outcome.output;
}

class BackupFile : public testing::Test {
protected:
    std::string file(std::string const& name) const { return (place.path() / name).string(); }
    std::vector<std::string> backup(std::string const& name) { return {"backup", file(name), "--data", world.data()}; }
    std::vector<std::string> restore(std::string const& name, std::string const& into) {
        return {"restore", file(name), "--data", file(into)};
    }
    std::string pay(Person const& customer, std::string const& bookingId) {
        auto const asked = world.post("/bookings/" + bookingId + "/payment", "", &customer);
        EXPECT_EQ(asked.status, 201) << asked.text;
        EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), "4242424242424242").status, 200);
        return world.awaitStatus(bookingId, customer, "confirmed").text;
    }

    World world{{"--set", "limits.enabled=false"}};
    TempDirectory place;
};

// Several hands book without a pause; whatever was acknowledged before a backup began is in it, and it is one moment (verify is clean).
TEST_F(BackupFile, UnderLoadIsOneMoment) {
    auto const specialist = world.specialist();
    auto const slots = world.slots(specialist);
    std::vector<Person> customers;
    for (int i = 0; i < 4; ++i) customers.push_back(world.customer("Customer " + std::to_string(i)));
    std::atomic<std::size_t> next{0}, booked{0};
    std::atomic<bool> stop{false};
    std::vector<std::thread> hands;
    for (auto const& customer : customers)
        hands.emplace_back([&, who = &customer] {
            while (!stop && next < slots.size()) {
                auto const n = next++;
                if (n >= slots.size()) return;
                auto const reply = world.post("/bookings", R"({"slotId":)" + json::serialize(slots[n].at("id")) + "}", who);
                EXPECT_EQ(reply.status, 201) << reply.text;
                ++booked;
            }
        });
    std::vector<std::size_t> least;
    for (auto const* name : {"one.db", "two.db", "three.db"}) {
        while (booked < 10 * (least.size() + 1)) std::this_thread::yield();
        least.push_back(booked);
        expectRun(backup(name), 0, "0 violations");
    }
    stop = true;
    for (auto& hand : hands) hand.join();
    for (std::size_t i = 0; i < 3; ++i) {
        auto const name = std::vector{"one", "two", "three"}[i];
        expectRun(restore(std::string(name) + ".db", name), 0, "0 violations");
        auto const lines = exported(file(name), file(std::string(name) + ".export")).at("bookings.jsonl");
        EXPECT_GE(static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')), least[i]) << name;
    }
    world.verifyClean();
}

TEST_F(BackupFile, RestoredServesTheSameDocuments) {
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const id = world.book(customer, specialist, 3).at("/id");
    auto const confirmed = pay(customer, id);
    world.advance("PT1S"); // the outbox is empty
    expectRun(backup("backup.db"), 0, "0 violations");
    auto const profile = world.get("/specialists/me", &specialist).text;
    ASSERT_EQ(world.server().terminate(), 0);
    expectRun(restore("backup.db", "data"), 0, "0 violations");
    EXPECT_EQ(exported(file("data"), file("export-of-copy")), exported(world.data(), file("export")));
    support::ServerProcess second({"--data", file("data")});
    EXPECT_EQ(world.get(second.url() + "/api/v1/bookings/" + id, &customer).text, confirmed) << "the log-in holds, too";
    EXPECT_EQ(world.get(second.url() + "/api/v1/specialists/me", &specialist).text, profile);
    expectRun({"verify", "--data", file("data")}, 0, "0 violations");
    expectRun({"restore", file("backup.db"), "--data", file("data"), "--force"}, 2, "in use by process " + std::to_string(second.pid()));
    expectRun({"backup", file("again.db"), "--data", file("data")}, 0, "0 violations");
    EXPECT_EQ(second.terminate(), 0);
    expectRun({"restore", file("again.db"), "--data", file("data")}, 2, "is not empty");
    expectRun({"restore", file("again.db"), "--data", file("data"), "--force"}, 0, "0 violations");
}

// clang-format off
PointRow const pointsOfBackup[] = {
    {"among the pages", "backup.pages:1", true, true},
    {"before the audit", "backup.copied:1", true, false},
    {"before the name", "backup.name.before:1", true, false},
    {"after the name", "backup.name.after:1", false, false},
};
PointRow const pointsOfRestore[] = {
    {"among the pages", "backup.pages:1", true, false},
    {"before the old one is put aside", "restore.staged:1", true, false},
    {"when it is put aside", "restore.aside:1", true, false},
    {"before the swap", "restore.swap.before:1", true, false},
    {"after the swap", "restore.swap.after:1", false, false},
};
// clang-format on

TEST_F(BackupFile, KilledLeavesNothingThatPassesForABackup) {
    auto const specialist = world.specialist();
    for (auto const& row : pointsOfBackup) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(runBinary(backup("backup.db"), "", {std::string("VISAVIS_CRASH_AT=") + row.point}).status, -1);
        EXPECT_EQ(fs::exists(file("backup.db")), !row.before);
        if (row.isHalf) {
            ASSERT_TRUE(fs::exists(file("backup.db.part")));
            expectRun(restore("backup.db.part", "data"), 2, "is no backup");
        }
        auto again = backup("backup.db");
        if (!row.before) again.emplace_back("--force");
        expectRun(again, 0, "0 violations");
        EXPECT_FALSE(fs::exists(file("backup.db.part")));
        expectRun(restore("backup.db", "data"), 0, "0 violations");
        fs::remove_all(file("data"));
        fs::remove(file("backup.db"));
    }
}

// The directory has the old store or the new one, each whole, whenever the power goes.
TEST_F(BackupFile, KilledRestoreLeavesAWholeStore) {
    auto const usersIn = [&](std::string const& data) {
        expectRun({"verify", "--data", file(data)}, 0, "0 violations");
        fs::remove_all(file("export"));
        auto const lines = exported(file(data), file("export")).at("users.jsonl");
        return std::count(lines.begin(), lines.end(), '\n');
    };
    world.customer();
    expectRun(backup("old.db"), 0, "0 violations");
    world.customer();
    expectRun(backup("new.db"), 0, "0 violations");
    for (auto const& row : pointsOfRestore) {
        SCOPED_TRACE(row.name);
        expectRun(restore("old.db", "data"), 0, "0 violations");
        auto over = restore("new.db", "data");
        over.emplace_back("--force");
        EXPECT_EQ(runBinary(over, "", {std::string("VISAVIS_CRASH_AT=") + row.point}).status, -1);
        EXPECT_EQ(usersIn("data"), row.before ? 1 : 2);
        expectRun(over, 0, "0 violations");
        EXPECT_EQ(usersIn("data"), 2);
        EXPECT_FALSE(fs::exists(file("data") + "/restoring"));
        fs::remove_all(file("data"));
    }
}

// On the engine that the tests run on, so that the refusal is seen from the command line on MongoDB.
TEST(Backup, OfMongoDbIsRefusedInASentence) {
    expectRun({"backup", "x.db", "--store", "mongodb://127.0.0.1:1/visavis?replicaSet=rs0"}, 2, "docs/scaling.md");
    expectRun({"restore", "x.db", "--store", "mongodb://127.0.0.1:1/visavis?replicaSet=rs0"}, 2, "mongodump");
}

} // namespace
} // namespace visavis
