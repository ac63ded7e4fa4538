// What is SQLite's own: schema growth, plans, checks of its files, backup, the reader pool and the statistics.
#include "store/contract_records.hpp"
#include "store/sqlite/bson_edit.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/test_store.hpp"

#include <atomic>
#include <thread>

namespace visavis::inline store::sqlite {
namespace {

using namespace contract;
using Lines = std::vector<std::string>;

class SqliteStore : public ::testing::Test {
protected:
    std::unique_ptr<SqliteEngine> open(std::vector<CollectionSpec const*> const& collections) {
        return openSqlite(place.settings(), collections);
    }
    std::unique_ptr<SqliteEngine> migrated(std::vector<CollectionSpec const*> const& collections) {
        auto engine = open(collections);
        engine->migrate(collections, false);
        return engine;
    }
    void damage(std::string const& sql) { Connection(place.settings().file.string(), Access::copy, {}).run(sql); }

    TestPlace place;
};

template <class T> void insertAll(Engine& engine, Collection<T> const& into, std::vector<T> const& records) {
    auto const done = transact(engine, [&](Tx& tx) -> Result<void> {
        for (auto const& record : records) CHECK(tx.insert(into, record));
        return ok;
    });
    ASSERT_TRUE(done) << done.error().key;
}

// ---- schema

TEST_F(SqliteStore, WritesAreRefusedUntilMigrated) {
    auto const engine = open(contract::all);
    EXPECT_FALSE(engine->checkIndexes(contract::all).empty());
    EXPECT_THROW((void)transact(*engine, [](Tx& tx) { return tx.insert(owners, Owner{}); }), StoreUnavailable);
    auto const said = engine->migrate(contract::all, true);
    EXPECT_NE(std::find(said.begin(), said.end(), "CREATE TABLE \"owners\" (_id BLOB PRIMARY KEY NOT NULL, doc BLOB NOT NULL) STRICT"),
              said.end());
    EXPECT_FALSE(engine->checkIndexes(contract::all).empty()) << "a dry run made something";
    EXPECT_EQ(engine->migrate(contract::all, false), said);
    EXPECT_TRUE(transact(*engine, [](Tx& tx) { return tx.insert(owners, Owner{}); }));
}

TEST_F(SqliteStore, IndexesGrowOverDocumentsThatAreThere) {
    auto const bareOwners = collection<Owner>("owners");
    auto const bareClaims = collection<Claim>("claims");
    {
        auto const engine = migrated({&bareOwners.spec(), &bareClaims.spec()});
        insertAll(*engine, bareOwners, {{id<Owner>(1), 1, "Ann"}, {id<Owner>(2), 1, "Bob"}});
        insertAll(*engine, bareClaims, {claim(1, "a", {1, 2}), claim(2, "a", {2}, false)});
        EXPECT_THROW((void)read(*engine, [&](Reader& reader) { return reader.find(bareOwners, bareOwners->name == "Ann").all(); }),
                     std::logic_error);
    }
    auto const indexed = collection<Owner>("owners").unique("name_taken", bareOwners->name);
    auto const engine = open({&indexed.spec(), &contract::claims.spec()});
    EXPECT_THROW((void)transact(*engine, [&](Tx& tx) { return tx.insert(indexed, {id<Owner>(3), 1, "Ann"}); }), StoreUnavailable);
    engine->migrate({&indexed.spec(), &contract::claims.spec()}, false);
    EXPECT_EQ(engine->integrityFaults(), Lines{});
    EXPECT_EQ(read(*engine, [&](Reader& reader) { return reader.find(indexed, indexed->name == "Bob").all(); }).size(), 1U);
    EXPECT_EQ(transact(*engine, [&](Tx& tx) { return tx.insert(indexed, {id<Owner>(3), 1, "Ann"}); }).error().key, "name_taken");
    EXPECT_EQ(transact(*engine, [&](Tx& tx) { return tx.insert(contract::claims, claim(3, "a", {2})); }).error().key, "time_taken");
}

TEST_F(SqliteStore, AColumnThatWasGivenUpIsFilledAnewWhenItReturns) {
    auto const bare = collection<Owner>("owners");
    auto const indexed = collection<Owner>("owners").index(bare->name);
    { insertAll(*migrated({&indexed.spec()}), indexed, {{id<Owner>(1), 1, "Ann"}}); }
    {
        auto const engine = migrated({&bare.spec()});
        ASSERT_TRUE(
            transact(*engine, [&](Tx& tx) { return tx.update(bare, bare->id == id<Owner>(1), set(bare->name, std::string("Zoe"))); }));
    }
    auto const engine = migrated({&indexed.spec()});
    EXPECT_EQ(read(*engine, [&](Reader& reader) { return reader.find(indexed, indexed->name == "Zoe").all(); }).size(), 1U);
    EXPECT_EQ(engine->integrityFaults(), Lines{});
}

TEST_F(SqliteStore, DocumentsThatViolateANewIndexAreNamedAndNothingChanges) {
    auto const bare = collection<Owner>("owners");
    auto const indexed = collection<Owner>("owners").unique("name_taken", bare->name);
    { insertAll(*migrated({&bare.spec()}), bare, {{id<Owner>(1), 1, "Ann"}, {id<Owner>(2), 1, "Ann"}}); }
    auto const engine = open({&indexed.spec()});
    try {
        engine->migrate({&indexed.spec()}, false);
        ADD_FAILURE() << "made a unique index over equal keys";
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string(error.what()).find("name_taken"), std::string::npos) << error.what();
    }
    EXPECT_EQ(read(*engine, [&](Reader& reader) { return reader.get(indexed, id<Owner>(2)); })->name, "Ann");
}

// ---- plans

TEST_F(SqliteStore, QueriesSearchTheirIndexes) {
    auto const engine = migrated(contract::all);
    struct Row {
        char const* name;
        Where<Thing> where;
        std::vector<Order> sort;
        std::vector<Scalar> after;
        std::string index;
    };
    auto const& t = things;
    ObjectId const some{};
    for (auto const& row : std::vector<Row>{
             {"by id", t->id == id<Thing>(1), {}, {}, "sqlite_autoindex_things_1"},
             {"unique", t->name == "x", {}, {}, "things.name_taken"},
             {"optional unique", t->label == "x", {}, {}, "things.label_taken"},
             {"partial", t->active == true && t->colour == Colour::red && t->at == Instant{1}, {}, {}, "things.place_taken"},
             {"nested", t->inner.code == "x", {}, {}, "things.inner.code_1"},
             {"range", t->number > 3, {{"number", false}}, {}, "things.number_1"},
             {"page", {}, {{"number", true}, {"_id", true}}, {Scalar(std::int64_t{5}), Scalar(some)}, "things.number_1"},
             {"page of some",
              t->colour == Colour::red,
              {{"at", true}, {"_id", true}},
              {Scalar(Instant{5}), Scalar(some)},
              "things.colour_1_at_1"},
             {"array", t->colour == Colour::red && contains(t->tags, "x"), {}, {}, "SEARCH s USING PRIMARY KEY (colour=? AND tags=?)"},
         }) {
        std::string plan;
        for (auto const& line : engine->planOf({&things.spec(), row.where.all, row.sort, 10, row.after})) plan += line + "\n";
        EXPECT_NE(plan.find(row.index), std::string::npos) << row.name << ":\n" << plan;
        EXPECT_EQ(plan.find("SCAN"), std::string::npos) << row.name << ":\n" << plan;
        EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << row.name << " sorts:\n" << plan;
    }
}

TEST_F(SqliteStore, StatementsThatReadWholeTablesAreListed) {
    auto const engine = migrated(contract::all);
    read(*engine, [](Reader& reader) { return reader.find(things, things->number == 1).all(); });
    EXPECT_EQ(engine->scans(), Lines{});
    read(*engine, [](Reader& reader) { return reader.find(things, things->active == true).all(); });
    auto const scans = engine->scans();
    ASSERT_EQ(scans.size(), 1U);
    EXPECT_TRUE(scans.front().starts_with("SCAN things")) << scans.front();
}

// ---- integrity and backup

TEST_F(SqliteStore, ColumnsThatDisagreeWithTheirDocumentAreNamed) {
    struct Row {
        char const* sql;
        Lines faults;
    };
    { insertAll(*migrated(contract::all), contract::claims, {claim(1, "a", {1, 2, 5})}); }
    { insertAll(*migrated(contract::all), things, {thing(1)}); }
    for (auto const& row : std::vector<Row>{
             {"UPDATE things SET number = 99", {"things 000000000000000000000001: column number is 99, the document says 1"}},
             {"UPDATE things SET number = 1, label = 'x'",
              {"things 000000000000000000000001: column label is 'x', the document says nothing"}},
             {"UPDATE things SET label = NULL", {}},
             {"DELETE FROM \"claims.time_taken\" WHERE cells = 5",
              {"claims 000000000000000000000001: lacks a row in claims.time_taken", "claims.time_taken: has 1 rows, the documents make 2"}},
             {"INSERT INTO \"claims.time_taken\" VALUES ('a', 5, 5, x'000000000000000000000001'), ('a', 7, 7, x'000000000000000000000001')",
              {"claims.time_taken: has 3 rows, the documents make 2"}},
             {"UPDATE \"claims.time_taken\" SET _until = 3 WHERE cells = 1",
              {"claims 000000000000000000000001: lacks a row in claims.time_taken", "claims.time_taken: has 3 rows, the documents make 2"}},
         }) {
        damage(row.sql);
        EXPECT_EQ(open(contract::all)->integrityFaults(), row.faults) << row.sql;
    }
}

TEST_F(SqliteStore, ABackupTakenUnderLoadIsAWholeStore) {
    auto const engine = migrated(contract::all);
    std::atomic<int> next{1};
    std::atomic<bool> stop{false};
    std::vector<std::thread> writers;
    writers.reserve(8);
    for (int i = 0; i < 8; ++i)
        writers.emplace_back([&] {
            while (!stop) {
                int const n = next++;
                EXPECT_TRUE(transact(*engine, [&](Tx& tx) -> Result<void> {
                    CHECK(tx.insert(owners, {id<Owner>(n), 1, "x"}));
                    return tx.insert(contract::claims, claim(n, "a", {n}));
                }));
            }
        });
    while (next < 200) std::this_thread::yield();
    auto const acknowledged = next - 1 - 8; // each writer may be about to learn of one
    EXPECT_TRUE(engine->backupTo({.copy = place.path / "copy.db"}));
    stop = true;
    for (auto& writer : writers) writer.join();
    EXPECT_FALSE(std::filesystem::exists(place.path / "copy.db.part"));
    auto settings = place.settings();
    settings.file = place.path / "copy.db";
    auto const copy = openSqlite(settings, contract::all);
    EXPECT_EQ(copy->integrityFaults(), Lines{});
    EXPECT_TRUE(copy->checkIndexes(contract::all).empty());
    auto const counts =
        read(*copy, [](Reader& reader) { return std::pair(reader.find(owners).count(), reader.find(contract::claims).count()); });
    EXPECT_EQ(counts.first, counts.second);
    EXPECT_GE(counts.first, acknowledged);
}

// ---- the engine as a machine

TEST_F(SqliteStore, ManyWritersShareCommits) {
    for (std::size_t const batch : {std::size_t{1}, std::size_t{256}}) {
        auto settings = place.settings();
        settings.file += std::to_string(batch);
        settings.batch = batch;
        auto const engine = openSqlite(settings, contract::all);
        engine->migrate(contract::all, false);
        auto const before = engine->statistics();
        std::vector<std::thread> threads;
        threads.reserve(32);
        for (int i = 0; i < 32; ++i)
            threads.emplace_back([&, i] {
                for (int n = 0; n < 20; ++n)
                    EXPECT_TRUE(transact(*engine, [&](Tx& tx) { return tx.insert(owners, {id<Owner>(i * 20 + n), 1, "x"}); }));
            });
        for (auto& thread : threads) thread.join();
        auto const after = engine->statistics();
        EXPECT_EQ(after.transactions - before.transactions, 640U);
        auto const commits = after.commits - before.commits;
        if (batch == 1)
            EXPECT_EQ(commits, 640U);
        else
            EXPECT_LT(commits, 320U);
        EXPECT_GE(after.walSyncs - before.walSyncs, commits);
        EXPECT_GT(after.writerCpu, before.writerCpu);
    }
}

TEST_F(SqliteStore, ATransactionThatOnlyReadsCostsNoSync) {
    auto const engine = migrated(contract::all);
    auto const before = engine->statistics();
    EXPECT_TRUE(transact(*engine, [](Tx& tx) -> Result<void> { return tx.find(owners).count() == 0 ? ok : notFound(); }));
    auto const after = engine->statistics();
    EXPECT_EQ(after.walSyncs, before.walSyncs);
    EXPECT_EQ(after.commits, before.commits);
    EXPECT_EQ(after.transactions, before.transactions + 1);
}

TEST_F(SqliteStore, TheWalIsEmptiedWhenIdle) {
    auto settings = place.settings();
    settings.idle = std::chrono::milliseconds(5);
    auto const engine = openSqlite(settings, contract::all);
    engine->migrate(contract::all, false);
    insertAll(*engine, owners, {{id<Owner>(1), 1, "x"}});
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    auto const wal = settings.file.string() + "-wal";
    while (std::filesystem::file_size(wal) > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(std::filesystem::file_size(wal), 0U);
}

TEST_F(SqliteStore, AReadWaitsForAConnectionOnlySoLong) {
    auto settings = place.settings();
    settings.readers = 1;
    settings.readWait = std::chrono::milliseconds(1);
    auto const engine = openSqlite(settings, contract::all);
    engine->migrate(contract::all, false);
    auto const count = [](Reader& reader) { return reader.find(owners).count(); };
    read(*engine, [&](Reader&) {
        EXPECT_THROW((void)read(*engine, count), StoreUnavailable);
        return true;
    });
    EXPECT_EQ(read(*engine, count), 0);
}

TEST_F(SqliteStore, ReadOnlyTakesNoLockAndRefusesToWrite) {
    auto const writer = migrated(contract::all);
    auto settings = place.settings();
    settings.readOnly = true;
    auto const reader = openSqlite(settings, contract::all);
    EXPECT_TRUE(reader->checkIndexes(contract::all).empty());
    EXPECT_TRUE(reader->migrate(contract::all, true).empty());
    EXPECT_THROW(reader->migrate(contract::all, false), std::logic_error);
    EXPECT_THROW((void)transact(*reader, [](Tx& tx) { return tx.insert(owners, Owner{}); }), std::logic_error);
    insertAll(*writer, owners, {{id<Owner>(1), 1, "x"}});
    EXPECT_EQ(read(*reader, [](Reader& r) { return r.find(owners).count(); }), 1);
}

TEST_F(SqliteStore, UnknownCollectionsAndPathsAreBrokenAssumptions) {
    auto const engine = migrated({&owners.spec()});
    auto const find = [&](auto const& from, auto const& where) {
        return read(*engine, [&](Reader& reader) { return reader.find(from, where).all(); });
    };
    EXPECT_THROW((void)find(things, Where<Thing>{}), std::logic_error);
    try {
        (void)find(owners, owners->name == "x");
        ADD_FAILURE() << "a condition on a member without a column";
    } catch (std::logic_error const& error) {
        EXPECT_STREQ(error.what(), "query of owners: no index names name");
    }
    EXPECT_THROW((void)transact(*engine, [](Tx& tx) { return tx.update(owners, {}, set(owners->name, std::string("x"))); }),
                 std::logic_error);
}

TEST(SqliteDocument, ChangesThatDoNotFitAreBrokenAssumptions) {
    auto const document = toBson(thing(1));
    for (auto const& change : std::vector<Change>{
             {ChangeKind::set, "name.first", wrapScalar(std::int64_t{1})},
             {ChangeKind::push, "name", wrapScalar(std::int64_t{1})},
             {ChangeKind::increment, "name", wrapScalar(std::int64_t{1})},
             {ChangeKind::increment, "number", wrapScalar(std::numeric_limits<std::int64_t>::max())},
             {ChangeKind::set, "version", wrapScalar(std::int64_t{1})},
             {ChangeKind::set, "_id", wrapScalar(std::int64_t{1})},
         })
        EXPECT_THROW(changed(document.bytes, {change}), std::logic_error) << change.path;
}

} // namespace
} // namespace visavis::store::sqlite
