// What the wire and the server can do to a transaction (failCommand, replSetStepDown): nothing acknowledged is lost, nothing happens twice.
#include "store/contract_records.hpp"
#include "store/mongo/test_database.hpp"

#include <atomic>
#include <map>
#include <thread>

namespace visavis::contract {
namespace {

using mongo::Builder;

struct FaultCase {
    char const* name;
    std::vector<std::string> commands;
    Bson data; // further members of the fail point
    int times;
    std::string outcome; // "ok", or the key of the error
};

class Faults : public ::testing::Test {
protected:
    mongo::TestDatabase place;
    std::unique_ptr<MongoEngine> engine = openMongo(settings(), all);

    void SetUp() override { engine->migrate(all, false); }
    void TearDown() override { failPoint(Builder().putText("mode", "off")); }

    MongoSettings settings() const {
        auto chosen = place.settings();
        chosen.readTime = std::chrono::milliseconds(500);
        chosen.commitWait = std::chrono::milliseconds(2'000);
        return chosen;
    }
    void failPoint(Builder& rest) const {
        Builder command;
        command.putText("configureFailPoint", "failCommand");
        bson_concat(command.raw(), mongo::View(rest.take()).get());
        place.run(command.take(), "admin");
    }
    void fail(FaultCase const& row) const {
        std::vector<Scalar> const names(row.commands.begin(), row.commands.end());
        Builder data;
        data.put("failCommands", names);
        bson_concat(data.raw(), mongo::View(row.data).get());
        Builder rest;
        if (row.times < 0)
            rest.putText("mode", "alwaysOn");
        else
            rest.put("mode", mongo::oneInt("times", row.times));
        rest.put("data", data.take());
        failPoint(rest);
    }
    Result<void> put(int n) {
        return transact(*engine, [&](Tx& tx) -> Result<void> {
            CHECK(tx.insert(owners, {id<Owner>(n), 1, "owner"}));
            return tx.insert(things, thing(n));
        });
    }
    std::int64_t count() {
        return read(*engine, [](Reader& reader) { return reader.find(things).count(); });
    }
};

class FaultOnce : public Faults, public ::testing::WithParamInterface<FaultCase> {};

// Whatever happens during it, a transaction that was acknowledged is there once, and one that was not may be repeated.
TEST_P(FaultOnce, EndsInTheSameState) {
    fail(GetParam());
    auto const outcome = put(1);
    EXPECT_EQ(outcome ? "ok" : outcome.error().key, GetParam().outcome) << (outcome ? "" : outcome.error().detail);
    if (!outcome) {
        EXPECT_EQ(outcome.error().code, Code::unavailable);
    }
    Builder off;
    failPoint(off.putText("mode", "off"));
    if (!outcome) {
        auto const again = put(1);
        EXPECT_TRUE(again || again.error().key == "_id") << again.error().key; // it had happened, unknown to us
    }
    EXPECT_EQ(count(), 1);
    EXPECT_EQ(read(*engine, [](Reader& reader) { return reader.find(owners).count(); }), 1);
}

Bson code(int number, std::vector<std::string> const& labels = {}) {
    Builder data;
    data.putInt("errorCode", number);
    if (!labels.empty()) data.put("errorLabels", std::vector<Scalar>(labels.begin(), labels.end()));
    return data.take();
}

Bson closing(bool afterwards) {
    Builder data;
    data.put("closeConnection", !afterwards);
    if (afterwards) data.put("visavisLoseReply", true);
    return data.take();
}

Bson concern(int number) {
    auto const error = Builder().putInt("code", number).putText("errmsg", "waiting for replication timed out").take();
    return Builder().put("writeConcernError", error).take();
}

Bson slow(int ms) { return Builder().put("blockConnection", true).putInt("blockTimeMS", ms).take(); }

// clang-format off
std::vector<FaultCase> faultCases() {
    std::vector<std::string> const transient{"TransientTransactionError"};
    return {
        {"WriteConflictTwice", {"insert"}, code(112, transient), 2, "ok"},
        {"WriteConflictForever", {"insert"}, code(112, transient), -1, "unavailable"},
        {"NotWritablePrimary", {"insert"}, code(10107, transient), 1, "ok"},
        {"PrimarySteppedDownAtCommit", {"commitTransaction"}, code(189), 1, "ok"},
        {"ClosedBeforeAWrite", {"insert"}, closing(false), 1, "ok"},
        {"ClosedAfterAWrite", {"insert"}, closing(true), 1, "ok"},
        {"ClosedBeforeTheCommit", {"commitTransaction"}, closing(false), 1, "ok"},
        {"ClosedAfterTheCommit", {"commitTransaction"}, closing(true), 1, "ok"},
        {"ClosedBeforeEveryCommit", {"commitTransaction"}, closing(false), -1, "unavailable"},
        {"ClosedAfterEveryCommit", {"commitTransaction"}, closing(true), -1, "unavailable"},
        {"MajorityTooSlowOnce", {"commitTransaction"}, concern(64), 1, "ok"},
        {"MajorityTooSlowForever", {"commitTransaction"}, concern(64), -1, "unavailable"},
        {"SlowReply", {"insert", "commitTransaction"}, slow(300), 2, "ok"},
        {"ShutDownInProgress", {"insert"}, code(91, transient), 1, "ok"},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(Mongo, FaultOnce, ::testing::ValuesIn(faultCases()), [](auto const& row) { return row.param.name; });

TEST_F(Faults, AReadThatTakesTooLongIsUnavailable) {
    ASSERT_TRUE(put(1));
    fail({"", {"aggregate"}, code(50), -1, ""});
    EXPECT_THROW(count(), StoreUnavailable);
}

// A limit that no server takes shows that it is sent, whatever the read is made of.
TEST_F(Faults, EveryReadSaysHowLongItMayTake) {
    ASSERT_TRUE(put(1));
    auto impossible = settings();
    impossible.readTime = std::chrono::milliseconds(-1);
    auto const hasty = openMongo(impossible, all);
    auto const& t = things;
    for (auto const& [name, ask] : std::map<std::string, std::function<void(Reader&)>>{
             {"find", [&](Reader& reader) { (void)reader.find(t, t->number == 1).all(); }},
             {"count", [&](Reader& reader) { (void)reader.find(t, t->number == 1).count(); }},
             {"group", [&](Reader& reader) { (void)reader.find(t, t->number == 1).group({"colour"}, {"number"}); }},
             {"join", [&](Reader& reader) { (void)reader.find(t, t->number == 1).join(owners, t->ownerId); }}}) {
        EXPECT_THROW(hasty->read([&](EngineReader& raw) {
            Reader reader(raw);
            ask(reader);
        }),
                     StoreUnavailable)
            << name;
        EXPECT_NO_THROW(engine->read([&](EngineReader& raw) {
            Reader reader(raw);
            ask(reader);
        })) << name;
    }
}

// What a transaction asks of the cluster, named explicitly.
TEST(Transactions, AreOfAMajorityAndOneSnapshot) {
    MongoSettings settings;
    settings.writeWait = std::chrono::milliseconds(1'234);
    mongo::Concerns const concerns(settings);
    auto const* read = mongoc_transaction_opts_get_read_concern(concerns.options);
    auto const* write = mongoc_transaction_opts_get_write_concern(concerns.options);
    EXPECT_STREQ(mongoc_read_concern_get_level(read), MONGOC_READ_CONCERN_LEVEL_SNAPSHOT);
    EXPECT_TRUE(mongoc_write_concern_get_wmajority(write));
    EXPECT_TRUE(mongoc_write_concern_get_journal(write));
    EXPECT_EQ(mongoc_write_concern_get_wtimeout_int64(write), 1'234);
    EXPECT_EQ(mongoc_transaction_opts_get_max_commit_time_ms(concerns.options), 1'234);
    EXPECT_EQ(mongoc_read_prefs_get_mode(mongoc_transaction_opts_get_read_prefs(concerns.options)), MONGOC_READ_PRIMARY);
}

TEST_F(Faults, AReadIsTriedAgain) {
    ASSERT_TRUE(put(1));
    fail({"", {"aggregate"}, closing(false), 1, ""});
    EXPECT_EQ(count(), 1);
}

// What an operator's connection string says of reading and writing is for other programs; transactions name their own.
TEST_F(Faults, TheAddressCannotWeakenATransaction) {
    auto weak = settings();
    weak.uri += "&readPreference=secondaryPreferred&w=1&journal=false&readConcernLevel=local&retryWrites=false";
    engine = openMongo(weak, all);
    EXPECT_TRUE(put(1));
    EXPECT_EQ(count(), 1);
}

TEST_F(Faults, AFullPoolIsUnavailableAndNotForEver) {
    auto narrow = settings();
    narrow.connections = 1;
    narrow.poolWait = std::chrono::milliseconds(50);
    auto const one = openMongo(narrow, all);
    bool refused = false;
    ASSERT_TRUE(transact(*one, [&](Tx& tx) -> Result<void> {
        CHECK(tx.insert(owners, {id<Owner>(1), 1, "holds the only connection"}));
        try {
            read(*one, [](Reader& reader) { return reader.find(owners).count(); });
        } catch (StoreUnavailable const&) {
            refused = true;
        }
        return ok;
    }));
    EXPECT_TRUE(refused);
    EXPECT_EQ(read(*one, [](Reader& reader) { return reader.find(owners).count(); }), 1);
}

TEST_F(Faults, WritesStopWhileAnIndexIsMissingAndGoOnWhenItIsBack) {
    place.run(Builder().putText("dropIndexes", "things").putText("index", "name_taken").take());
    auto const fresh = openMongo(settings(), all);
    try {
        (void)transact(*fresh, [](Tx& tx) { return tx.insert(things, thing(1)); });
        ADD_FAILURE() << "wrote without its index";
    } catch (StoreUnavailable const& refused) {
        EXPECT_NE(std::string(refused.what()).find("things.name_taken"), std::string::npos) << refused.what();
    }
    EXPECT_EQ(fresh->migrate(all, true).size(), 1U);
    EXPECT_EQ(fresh->migrate(all, false).size(), 1U);
    EXPECT_TRUE(transact(*fresh, [](Tx& tx) { return tx.insert(things, thing(1)); }));
}

TEST_F(Faults, AnIndexOfAnotherNatureIsMadeAgain) {
    place.run(Builder().putText("dropIndexes", "things").putText("index", "name_taken").take());
    auto const other = Builder().put("key", mongo::oneInt("name", 1)).putText("name", "name_taken").take(); // not unique
    place.run(Builder().putText("createIndexes", "things").put("indexes", std::vector<Bson>{other}).take());
    auto const faults = engine->checkIndexes(all);
    ASSERT_EQ(faults.size(), 1U);
    EXPECT_EQ(faults.front().index, "name_taken");
    try {
        (void)transact(*openMongo(settings(), all), [](Tx& tx) { return tx.insert(things, thing(1)); });
        ADD_FAILURE() << "wrote on an index that is not unique";
    } catch (StoreUnavailable const& refused) {
        EXPECT_NE(std::string(refused.what()).find("things.name_taken"), std::string::npos) << refused.what();
    }
    engine->migrate(all, false);
    EXPECT_TRUE(engine->checkIndexes(all).empty());
    ASSERT_TRUE(put(1));
    auto const twice = transact(*engine, [](Tx& tx) {
        auto same = thing(2);
        same.name = "thing 1";
        return tx.insert(things, same);
    });
    EXPECT_EQ(twice.error().key, "name_taken");
}

// A primary steps down again and again while eight threads write: what was acknowledged is there, what was not is there at most once.
TEST_F(Faults, StepDownsUnderLoadLoseNothing) {
    constexpr int threads = 8, each = 30;
    std::vector<std::atomic<bool>> acknowledged(threads * each + 1);
    std::atomic<int> done{0};
    std::vector<std::thread> writers;
    for (int i = 0; i < threads; ++i)
        writers.emplace_back([&, i] {
            for (int k = 1; k <= each; ++k) {
                int const n = i * each + k;
                Result<void> outcome = unavailable("");
                while (!outcome && outcome.error().code == Code::unavailable) outcome = put(n);
                acknowledged[static_cast<std::size_t>(n)] = bool(outcome) || outcome.error().key == "_id";
                ++done;
                done.notify_one();
            }
        });
    for (int part = 1; part < threads; ++part) { // each time when as much again has been written as one thread writes in all
        for (auto now = done.load(); now < part * each; now = done.load()) done.wait(now);
        place.run(Builder().putInt(part % 2 == 0 ? "replSetStepDown" : "visavisStepDown", 1).take(), "admin");
    }
    for (auto& writer : writers) writer.join();
    auto const there = count();
    for (int n = 1; n <= threads * each; ++n) EXPECT_TRUE(acknowledged[static_cast<std::size_t>(n)]);
    EXPECT_EQ(there, threads * each);
    auto const owned = read(*engine, [](Reader& reader) { return reader.find(owners).count(); });
    EXPECT_EQ(owned, there) << "half a transaction";
}

} // namespace
} // namespace visavis::contract
