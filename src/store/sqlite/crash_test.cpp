// What an acknowledgement is worth (I9): the process is killed at every named point and at any time, and the disk fails; nothing acknowledged is lost.
#include "store/crash_points.hpp"
#include "store/sqlite/child.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

namespace visavis::inline store::sqlite {
namespace {

using namespace contract;

constexpr int writers = 16, perWriter = 400;

SqliteSettings settingsFor(std::filesystem::path const& file) {
    SqliteSettings settings;
    settings.file = file;
    settings.checkpointPages = 50; // often, so that kills hit checkpoints too
    return settings;
}

// ---- in the child

void acknowledge(int number) {
    if (::write(9, &number, sizeof number) != sizeof number) ::_exit(3);
}

// Two documents that belong together; every seventh transaction fails after it wrote, so that batches are run again.
Result<void> writePair(Tx& tx, int n) {
    CHECK(tx.insert(owners, {id<Owner>(n), 1, "owner " + std::to_string(n)}));
    if (n % 7 == 3) return notFound();
    return tx.insert(contract::claims, claim(n, "room", {n, n + 100'000}));
}

int writeUntilEnded(std::filesystem::path const& file) {
    auto const engine = openSqlite(settingsFor(file), contract::all);
    engine->migrate(contract::all, false);
    std::vector<std::thread> threads;
    threads.reserve(writers);
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            for (int i = 0; i < perWriter; ++i) {
                int const n = 1 + writer * perWriter + i;
                if (transact(*engine, [&](Tx& tx) { return writePair(tx, n); })) acknowledge(n);
            }
        });
    for (auto& thread : threads) thread.join();
    return 0;
}

int openOnly(std::filesystem::path const& file) {
    try {
        openSqlite(settingsFor(file), contract::all);
        return 0;
    } catch (StoreLocked const&) {
        return 42;
    }
}

int readOnly(std::filesystem::path const& file) {
    auto settings = settingsFor(file);
    settings.readOnly = true;
    auto const engine = openSqlite(settings, contract::all);
    if (!engine->integrityFaults().empty() || !engine->checkIndexes(contract::all).empty()) return 4;
    acknowledge(static_cast<int>(read(*engine, [](Reader& reader) { return reader.find(owners).count(); })));
    return 0;
}

// Turns this process into the child that its environment asks for, before any test runs.
class ChildRole : public ::testing::Environment {
public:
    void SetUp() override {
        auto const* role = std::getenv("VISAVIS_CHILD_ROLE");
        if (role == nullptr) return;
        std::filesystem::path const file = std::getenv("VISAVIS_CHILD_FILE");
        std::string_view const word(role);
        ::_exit(word == "write" ? writeUntilEnded(file) : word == "open" ? openOnly(file) : readOnly(file));
    }
};
auto* const childRole = ::testing::AddGlobalTestEnvironment(new ChildRole);

// ---- in the parent

// Opens what the child left behind: all that it acknowledged is there, and nothing by halves.
void expectSound(std::filesystem::path const& file, std::vector<int> const& acknowledged) {
    auto const engine = openSqlite(settingsFor(file), contract::all);
    engine->migrate(contract::all, false); // the child may have died before it did
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
    read(*engine, [&](Reader& reader) {
        auto const has = [](auto const& list) {
            auto const numbers = numbersOf(list);
            return std::set<int>(numbers.begin(), numbers.end());
        };
        auto const ownersThere = has(reader.find(owners).all());
        EXPECT_EQ(ownersThere, has(reader.find(contract::claims).all())) << "half a transaction";
        for (int const n : acknowledged) EXPECT_TRUE(ownersThere.contains(n)) << n << " was acknowledged and is lost";
        for (int const n : ownersThere) EXPECT_NE(n % 7, 3) << n << " failed and is there";
        return true;
    });
    EXPECT_TRUE(transact(*engine, [&](Tx& tx) { return writePair(tx, 64'001); })) << "it cannot be written any more";
}

int rounds() {
    auto const* given = std::getenv("VISAVIS_TEST_ROUNDS");
    if (given == nullptr) return 5;
    return std::string_view(given) == "full" ? 1'000 : std::max(1, std::atoi(given));
}

TEST(SqliteCrash, ThePointsOfACommitAreDeclared) {
    auto const names = crashPointNames();
    for (auto const* name : {"sqlite.batch.begun", "sqlite.commit.before", "sqlite.commit.after", "sqlite.acknowledge.before",
                             "sqlite.redo.before", "sqlite.checkpoint.before", "sqlite.checkpoint.after"})
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
}

TEST(SqliteCrash, KilledAtEveryNamedPointNothingAcknowledgedIsLost) {
    for (auto const& name : crashPointNames()) {
        if (!name.starts_with("sqlite.")) continue;
        for (auto const* pass : {":1", ":2", ":10"}) {
            SCOPED_TRACE(name + pass);
            TestPlace const place;
            Child child({"write", place.settings().file, name + pass, {}});
            auto const acknowledged = child.rest();
            int const status = child.wait();
            ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the point was not reached";
            expectSound(place.settings().file, acknowledged);
        }
    }
}

TEST(SqliteCrash, KilledAtAnyTimeUnderLoadNothingAcknowledgedIsLost) {
    SeededRng random(20'261'123);
    int const all = rounds();
    for (int round = 0; round < all; ++round) {
        SCOPED_TRACE("round " + std::to_string(round));
        TestPlace const place;
        Child child({"write", place.settings().file, {}, {}});
        std::vector<int> acknowledged;
        for (auto left = random.below(1'000); left > 0; --left)
            if (auto const n = child.next()) acknowledged.push_back(*n);
        child.kill();
        for (int const n : child.rest()) acknowledged.push_back(n); // written to the pipe before it died
        child.wait();
        expectSound(place.settings().file, acknowledged);
    }
}

TEST(SqliteCrash, AFailedSyncEndsTheProcessAndNothingAcknowledgedIsLost) {
    for (int const pass : {1, 3, 10, 40}) {
        SCOPED_TRACE("sync " + std::to_string(pass));
        TestPlace const place;
        Child child({"write",
                     place.settings().file,
                     {},
                     {"strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e",
                      "inject=fdatasync,fsync:error=EIO:when=" + std::to_string(pass)}});
        auto const acknowledged = child.rest();
        int const status = child.wait();
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT)
            << "the process did not end itself (or strace is not installed or may not trace here); wait status " << status;
        expectSound(place.settings().file, acknowledged);
    }
}

TEST(SqliteCrash, ASecondWritingProcessIsRefused) {
    TestPlace const place;
    {
        auto const engine = openSqlite(place.settings(), contract::all);
        int const status = Child({"open", place.settings().file, {}, {}}).wait();
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 42) << status;
        try {
            openSqlite(place.settings(), contract::all);
            ADD_FAILURE() << "opened twice";
        } catch (StoreLocked const& locked) {
            EXPECT_NE(std::string(locked.what()).find("process " + std::to_string(::getpid())), std::string::npos) << locked.what();
        }
    }
    EXPECT_EQ(Child({"open", place.settings().file, {}, {}}).wait(), 0);
}

TEST(SqliteCrash, AnotherProcessReadsBesideTheWriterAndChangesNothing) {
    TestPlace const place;
    auto const engine = openSqlite(place.settings(), contract::all);
    engine->migrate(contract::all, false);
    std::atomic<bool> stop{false};
    std::atomic<int> written{0};
    std::thread writer([&] {
        for (int n = 1; !stop && n < 60'000; ++n)
            if (transact(*engine, [&](Tx& tx) { return writePair(tx, n); })) ++written;
    });
    for (int round = 0; round < 5; ++round) {
        int const before = written;
        Child child({"read", place.settings().file, {}, {}});
        auto const count = child.next();
        EXPECT_EQ(child.wait(), 0);
        EXPECT_GE(count.value_or(-1), before);
        EXPECT_LE(count.value_or(-1), written + 1);
    }
    stop = true;
    writer.join();
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

} // namespace
} // namespace visavis::store::sqlite
