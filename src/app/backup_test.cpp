// What counts as a backup, what may be restored where, and that a refusal changes nothing.
#include "app/backup.hpp"
#include "app/collections.hpp"
#include "app/store.hpp"
#include "reports/verify.hpp"
#include "reports/verify_testing.hpp"
#include "store/sqlite/engine.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <fstream>

namespace visavis::app {
namespace {

namespace fs = std::filesystem;

std::string contentOf(fs::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
}

void write(fs::path const& path, std::string const& content) { std::ofstream(path, std::ios::binary) << content; }

// A store on which everything has happened, a backup of it, and a directory for others.
class BackupFile : public testing::Test {
protected:
    BackupFile() {
        settings.store.data = market.host.directory.path().string();
        options.file = place.path() / "backup.db";
    }

    Result<CopyOutcome> backUp() { return backupStore(settings, options, market.host.clock.now()); }
    Result<CopyOutcome> restore(fs::path const& into, bool force = false) {
        auto to = settings;
        to.store.data = into.string();
        return restoreStore(to, {options.file, force, options.acceptViolations}, market.host.clock.now());
    }
    fs::path store() const { return storeFile(settings.store.data); }
    fs::path fresh() const { return place.path() / "fresh"; }
    Result<void> damage() { // a claim less than there are bookings
        return visavis::transact(*market.host.store, [&](Tx& tx) -> Result<void> {
            CHECK(tx.erase(availability::claims, availability::claims->id == Ref<availability::Claim>{market.confirmed.id}));
            return ok;
        });
    }
    std::size_t usersIn(fs::path const& directory) const {
        auto const engine = openSqlite({.file = storeFile(directory.string()), .readOnly = true, .readers = 2}, allCollections());
        EXPECT_TRUE(reports::isClean(reports::verify(*engine, market.host.clock.now())));
        return visavis::read(*engine, [](Reader& reader) { return reader.find(identity::users).all(); }).size();
    }
    std::set<std::string> namesIn(fs::path const& directory) const {
        std::set<std::string> names;
        for (auto const& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename().string());
        return names;
    }

    reports::Market market;
    support::TempDirectory place;
    Settings settings;
    CopyOptions options;
};

TEST_F(BackupFile, IsOneFileOfItsOwnerAndTheWholeStore) {
    auto const done = backUp();
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_NE(done->sentence.find("0 violations"), std::string::npos) << done->sentence;
    EXPECT_EQ(namesIn(place.path()), std::set<std::string>{"backup.db"});
    struct stat status {};
    ASSERT_EQ(::stat(options.file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    ASSERT_TRUE(restore(fresh()));
    EXPECT_EQ(usersIn(fresh()), usersIn(settings.store.data));
    EXPECT_EQ(namesIn(fresh()), (std::set<std::string>{"visavis.db", "visavis.db-shm", "visavis.db-wal", "visavis.db.lock"}))
        << "of a reader; nothing of the restoring is left";
}

TEST_F(BackupFile, OverwritesOnlyWhenTold) {
    write(options.file, "precious");
    EXPECT_EQ(support::keyOf(backUp()), "backup_exists");
    EXPECT_EQ(contentOf(options.file), "precious");
    options.force = true;
    ASSERT_TRUE(backUp());
    EXPECT_TRUE(restore(fresh()));
}

TEST_F(BackupFile, TwoAtOnceDoNotMixTheirFiles) {
    int const other = ::open((options.file.string() + ".part").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(::flock(other, LOCK_EX), 0);
    EXPECT_EQ(support::keyOf(backUp()), "backup_running");
    EXPECT_TRUE(fs::exists(options.file.string() + ".part")) << "it is the other one's";
    ::close(other); // as a killed one would leave it
    write(options.file.string() + ".part", std::string(5'000'000, 'x'));
    write(options.file.string() + ".part-journal", "stale");
    ASSERT_TRUE(backUp());
    EXPECT_EQ(namesIn(place.path()), std::set<std::string>{"backup.db"});
    EXPECT_TRUE(restore(fresh()));
}

TEST_F(BackupFile, ADamagedStoreIsNotBackedUpUnlessAccepted) {
    ASSERT_TRUE(damage());
    auto const refused = backUp();
    ASSERT_EQ(support::keyOf(refused), "violations");
    EXPECT_NE(refused.error().detail.find("I2"), std::string::npos) << refused.error().detail;
    EXPECT_TRUE(namesIn(place.path()).empty());
    options.acceptViolations = true;
    auto const accepted = backUp();
    ASSERT_TRUE(accepted);
    EXPECT_NE(accepted->report.find("I2"), std::string::npos) << accepted->report;
    options.acceptViolations = false;
    EXPECT_EQ(support::keyOf(restore(fresh())), "violations");
    EXPECT_EQ(namesIn(fresh()), std::set<std::string>{"visavis.db.lock"});
    options.acceptViolations = true;
    EXPECT_TRUE(restore(fresh()));
}

struct NameRow {
    char const* name;
    std::string (*file)(fs::path const& data);
    char const* says;
};

// clang-format off
NameRow const names[] = {
    {"the store itself", [](fs::path const& data) { return (data / "visavis.db").string(); }, "needs itself"},
    {"its WAL", [](fs::path const& data) { return (data / "." / "visavis.db-wal").string(); }, "needs itself"},
    {"what a restore puts aside", [](fs::path const& data) { return (data / ".." / data.filename() / "visavis.db.replaced").string(); }, "needs itself"},
    {"a directory", [](fs::path const& data) { return data.string(); }, "is a directory"},
    {"a directory to be", [](fs::path const& data) { return (data / "x").string() + "/"; }, "is a directory"},
};
// clang-format on

TEST_F(BackupFile, NamesThatNoBackupMayHave) {
    auto const before = namesIn(settings.store.data);
    for (auto const& row : names) {
        SCOPED_TRACE(row.name);
        options = {row.file(settings.store.data), true};
        auto const refused = backUp();
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().detail.find(row.says), std::string::npos) << refused.error().detail;
    }
    EXPECT_EQ(namesIn(settings.store.data), before);
}

TEST_F(BackupFile, WithoutAStoreThereIsNone) {
    settings.store.data = fresh().string();
    EXPECT_EQ(support::keyOf(backUp()), "backup");
    EXPECT_FALSE(fs::exists(fresh()));
}

TEST_F(BackupFile, OfMongoDbIsMongoDbsMatter) {
    settings.store.url = "mongodb://127.0.0.1/visavis";
    auto const refused = backUp();
    EXPECT_EQ(support::keyOf(refused), "backup_mongodb");
    for (auto const* word : {"mongodump", "docs/scaling.md", "visavis export"})
        EXPECT_NE(refused.error().detail.find(word), std::string::npos) << word;
    EXPECT_EQ(support::keyOf(restore(fresh())), "restore_mongodb");
}

// ---- what is no backup

struct SourceRow {
    char const* name;
    void (*spoil)(fs::path const& backup);
    char const* key;
};

void flip(fs::path const& backup) { // a letter of an address: the document and its index no longer say the same
    auto bytes = contentOf(backup);
    bytes.at(bytes.find("cora@")) = 'd';
    write(backup, bytes);
}

void foreign(fs::path const& backup) {
    fs::remove(backup);
    auto const other = openSqlite({.file = backup}, {&profiles::images.spec()});
    other->migrate({&profiles::images.spec()}, false);
}

// clang-format off
SourceRow const sources[] = {
    {"absent", [](fs::path const& backup) { fs::remove(backup); }, "restore_source"},
    {"a directory", [](fs::path const& backup) { fs::remove(backup); fs::create_directory(backup); }, "restore_source"},
    {"empty", [](fs::path const& backup) { write(backup, ""); }, "restore_source"},
    {"a text", [](fs::path const& backup) { write(backup, std::string(20'000, 'x')); }, "restore_source"},
    {"half", [](fs::path const& backup) { fs::resize_file(backup, fs::file_size(backup) / 2); }, "restore_source violations"},
    {"without its beginning", [](fs::path const& backup) { auto bytes = contentOf(backup); write(backup, std::string(4096, '\0') + bytes.substr(4096)); }, "restore_source"},
    {"a store of others", foreign, "restore_source"},
    {"with a flipped byte", flip, "violations"},
};
// clang-format on

TEST_F(BackupFile, WhatIsNoBackupChangesNothing) {
    for (auto const& row : sources)
        for (bool const replace : {false, true}) {
            SCOPED_TRACE(std::string(row.name) + (replace ? ", over a store" : ""));
            fs::remove_all(place.path() / "backup.db");
            fs::remove_all(fresh());
            ASSERT_TRUE(backUp());
            if (replace) {
                ASSERT_TRUE(restore(fresh()));
            }
            auto const before = replace ? contentOf(storeFile(fresh().string())) : "";
            row.spoil(options.file);
            auto const refused = restore(fresh(), replace);
            EXPECT_NE((" " + std::string(row.key) + " ").find(" " + support::keyOf(refused) + " "), std::string::npos)
                << support::keyOf(refused);
            EXPECT_EQ(contentOf(storeFile(fresh().string())), before);
            if (fs::exists(fresh())) {
                auto left = namesIn(fresh());
                left.erase("visavis.db.lock");
                EXPECT_EQ(left, replace ? std::set<std::string>{"visavis.db"} : std::set<std::string>{});
            }
        }
}

// ---- where one may be restored

TEST_F(BackupFile, IsRestoredIntoAnEmptyDirectoryOnly) {
    ASSERT_TRUE(backUp());
    fs::create_directories(fresh() / "lost+found"); // of a disk of its own
    ASSERT_TRUE(restore(fresh()));
    EXPECT_EQ(support::keyOf(restore(fresh())), "not_empty");
    fs::create_directory(place.path() / "other");
    write(place.path() / "other" / "letter.txt", "x");
    EXPECT_EQ(support::keyOf(restore(place.path() / "other")), "not_empty");
    EXPECT_TRUE(restore(place.path() / "other", true));
    EXPECT_EQ(contentOf(place.path() / "other" / "letter.txt"), "x");
}

TEST_F(BackupFile, IsNeverRestoredUnderAServer) {
    ASSERT_TRUE(backUp());
    EXPECT_THROW((void)restore(settings.store.data, true), StoreLocked);
    options.file = store();
    EXPECT_EQ(support::keyOf(restore(settings.store.data, true)), "restore_source") << "the store itself";
}

TEST_F(BackupFile, IsNotRestoredUnderAReader) {
    ASSERT_TRUE(backUp());
    ASSERT_TRUE(restore(fresh()));
    {
        auto const reader = openSqlite({.file = storeFile(fresh().string()), .readOnly = true, .readers = 1}, allCollections());
        reader->read([&](EngineReader&) { EXPECT_EQ(support::keyOf(restore(fresh(), true)), "restore_in_use"); });
    }
    EXPECT_TRUE(restore(fresh(), true));
}

// What was committed last may be in the old store's WAL alone. The new store must not take it for its own, and it stays with the old one.
TEST_F(BackupFile, TheStoreThatWasThereStaysBesideIt) {
    ASSERT_TRUE(backUp());
    fs::create_directory(fresh());
    market.readOnly()->read([&](EngineReader& reader) {
        (void)reader.find(
            {&identity::users.spec(), {}, {{"_id", false}}, 1, {}}); // a snapshot that needs the WAL: it is not emptied meanwhile
        market.customer("eve");
        for (auto const* suffix : {"", "-wal"}) fs::copy_file(store().string() + suffix, fresh() / ("visavis.db" + std::string(suffix)));
    });
    ASSERT_GT(fs::file_size(fresh() / "visavis.db-wal"), 0U);
    EXPECT_EQ(support::keyOf(restore(fresh())), "not_empty");
    ASSERT_TRUE(restore(fresh(), true));
    auto const users = usersIn(fresh());
    fs::create_directory(place.path() / "old");
    fs::rename(fresh() / "visavis.db.replaced", place.path() / "old" / "visavis.db");
    EXPECT_EQ(usersIn(place.path() / "old"), users + 1);
}

TEST_F(BackupFile, AStoreThatCannotBeReadIsReplacedToo) {
    ASSERT_TRUE(backUp());
    fs::create_directory(fresh());
    write(fresh() / "visavis.db", std::string(8192, 'x'));
    write(fresh() / "visavis.db-wal", std::string(8192, 'y'));
    ASSERT_TRUE(restore(fresh(), true));
    EXPECT_EQ(usersIn(fresh()), usersIn(settings.store.data));
    EXPECT_TRUE(contentOf(fresh() / "visavis.db.replaced") == std::string(8192, 'x'));
    EXPECT_TRUE(contentOf(fresh() / "visavis.db.replaced-wal") == std::string(8192, 'y'));
}

TEST_F(BackupFile, OfAnEarlierVersionGetsWhatThisOneNeeds) {
    ASSERT_TRUE(backUp());
    {
        auto const earlier = collection<identity::User>("users");
        auto const engine = openSqlite({.file = options.file, .readers = 2}, {&earlier.spec()});
        engine->migrate({&earlier.spec()}, false); // without any index
        auto const now = openSqlite({.file = options.file, .readOnly = true, .readers = 2}, allCollections());
        ASSERT_FALSE(now->checkIndexes(allCollections()).empty());
    }
    ASSERT_TRUE(restore(fresh()));
    EXPECT_EQ(usersIn(fresh()), usersIn(settings.store.data));
}

} // namespace
} // namespace visavis::app
