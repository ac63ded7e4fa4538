// The second part of the contract: writes, transactions and threads.
#include "store/contract_records.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <set>
#include <thread>

namespace visavis::contract {
namespace {

// ---- changes of one document

struct ChangeCase {
    char const* name;
    Changes<Thing> changes;
    std::function<void(Thing&)> same; // the change done by hand
};

class ContractChange : public Contract, public ::testing::WithParamInterface<ChangeCase> {};

Thing changeable() {
    auto one = thing(1);
    one.size = 10;
    one.label = "label";
    one.tags = {"a"};
    one.inner = {"code", {}};
    one.day = LocalDate{20'000};
    return one;
}

TEST_P(ContractChange, ChangesWhatItSaysAndTheVersion) {
    put({changeable()});
    std::optional<Thing> answered;
    ASSERT_TRUE(write([&](Tx& tx) -> Result<void> {
        TRY(answered, tx.take(things, things->id == id<Thing>(1), GetParam().changes));
        return ok;
    }));
    auto expected = changeable();
    GetParam().same(expected);
    expected.version = 2;
    ASSERT_TRUE(answered);
    EXPECT_EQ(toBson(*answered), toBson(expected));
    EXPECT_EQ(toBson(*get(1)), toBson(expected));
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

// clang-format off
std::vector<ChangeCase> changeCases() {
    auto const& t = things;
    return {
        {"Set", set(t->number, 7), [](Thing& o) { o.number = 7; }},
        {"SetWord", set(t->colour, Colour::veryBlue), [](Thing& o) { o.colour = Colour::veryBlue; }},
        {"SetOptional", set(t->day, LocalDate{1}), [](Thing& o) { o.day = LocalDate{1}; }},
        {"SetAbsent", set(t->ownerId, id<Owner>(3)), [](Thing& o) { o.ownerId = id<Owner>(3); }},
        {"SetNested", set(t->inner.code, std::string("new")), [](Thing& o) { o.inner.code = "new"; }},
        {"SetBelowAbsentParent", set(t->extra.code, std::string("x")).set(t->extra.depth, 3), [](Thing& o) { o.extra = Inner{"x", 3}; }},
        {"SetArray", set(t->tags, {"x", "y"}), [](Thing& o) { o.tags = {"x", "y"}; }},
        {"SetSeveral", set(t->number, 2).set(t->active, true).set(t->at, Instant{5}), [](Thing& o) { o.number = 2, o.active = true, o.at = {5}; }},
        {"Unset", Changes<Thing>{}.unset(t->label), [](Thing& o) { o.label.reset(); }},
        {"UnsetAbsent", Changes<Thing>{}.unset(t->ownerId), [](Thing&) {}},
        {"UnsetBelowAbsentParent", Changes<Thing>{}.unset(t->extra.depth), [](Thing&) {}},
        {"Increment", Changes<Thing>{}.inc(t->number, 5), [](Thing& o) { o.number = 6; }},
        {"Decrement", Changes<Thing>{}.inc(t->size, -11), [](Thing& o) { o.size = -1; }},
        {"IncrementAbsent", Changes<Thing>{}.inc(t->inner.depth, 4), [](Thing& o) { o.inner.depth = 4; }},
        {"Push", Changes<Thing>{}.push(t->tags, "b").push(t->tags, "c"), [](Thing& o) { o.tags = {"a", "b", "c"}; }},
        {"PushToEmpty", Changes<Thing>{}.push(t->notes, "n"), [](Thing& o) { o.notes = {"n"}; }},
        {"NoChange", Changes<Thing>{}, [](Thing&) {}},
    };
}
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ContractChange, ::testing::ValuesIn(changeCases()), [](auto const& row) { return row.param.name; });

TEST_F(Contract, UpdateIsACompareAndSet) {
    put({changeable()});
    std::vector<bool> won;
    auto const attempt = [&](Where<Thing> const& where) {
        return write([&](Tx& tx) -> Result<void> {
            TRY(bool const changed, tx.update(things, where, set(things->active, true)));
            won.push_back(changed);
            return ok;
        });
    };
    ASSERT_TRUE(attempt(things->id == id<Thing>(1) && things->active == false));
    ASSERT_TRUE(attempt(things->id == id<Thing>(1) && things->active == false));
    ASSERT_TRUE(attempt(things->id == id<Thing>(2) && things->active == false));
    EXPECT_EQ(won, (std::vector<bool>{true, false, false}));
    EXPECT_EQ(get(1)->version, 2);
}

// Of a document that is named by its id any member may be asked for, also one that no index knows.
TEST_F(Contract, UpdateComparesTheVersion) {
    put({changeable()});
    auto const attempt = [&](std::int64_t version) {
        bool won = false;
        EXPECT_TRUE(write([&](Tx& tx) -> Result<void> {
            TRY(won, tx.update(things, things->id == id<Thing>(1) && things->version == version, set(things->active, true)));
            return ok;
        }));
        return won;
    };
    EXPECT_FALSE(attempt(2));
    EXPECT_TRUE(attempt(1));
    EXPECT_FALSE(attempt(1));
    EXPECT_TRUE(attempt(2));
}

TEST_F(Contract, AnUpdatedDocumentIsFoundByItsNewValuesOnly) {
    put({changeable()});
    ASSERT_TRUE(write([](Tx& tx) -> Result<void> {
        CHECK(tx.update(things, things->id == id<Thing>(1), set(things->number, 9).set(things->tags, {"z"}).unset(things->size)));
        return ok;
    }));
    EXPECT_EQ(found(things->number == 9), std::vector<int>{1});
    EXPECT_EQ(found(things->number == 1), std::vector<int>{});
    EXPECT_EQ(found(things->colour == Colour::red && contains(things->tags, "z")), std::vector<int>{1});
    EXPECT_EQ(found(things->colour == Colour::red && contains(things->tags, "a")), std::vector<int>{});
    EXPECT_EQ(found(absent(things->size)), std::vector<int>{1});
}

TEST_F(Contract, ReplaceRefusesAStaleRecord) {
    put({changeable()});
    auto stale = *get(1);
    ASSERT_TRUE(write([](Tx& tx) -> Result<void> {
        auto fresh = *tx.get(things, id<Thing>(1));
        fresh.number = 50;
        fresh.label.reset();
        CHECK(tx.replace(things, fresh));
        EXPECT_EQ(fresh.version, 2);
        return ok;
    }));
    stale.number = 60;
    auto const lost = write([&](Tx& tx) { return tx.replace(things, stale); });
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().key, "stale");
    EXPECT_EQ(get(1)->number, 50);
    EXPECT_EQ(get(1)->version, 2);
    EXPECT_EQ(found(things->number == 50 && absent(things->label)), std::vector<int>{1});
    auto gone = thing(7);
    auto const absentOne = write([&](Tx& tx) { return tx.replace(things, gone); });
    EXPECT_EQ(absentOne.error().key, "stale");
}

TEST_F(Contract, InsertIfAbsentKeepsTheFirst) {
    std::vector<bool> inserted;
    for (auto const* name : {"first", "second"})
        ASSERT_TRUE(write([&](Tx& tx) -> Result<void> {
            TRY(bool const done, tx.insertIfAbsent(owners, {id<Owner>(1), 1, name}));
            inserted.push_back(done);
            return ok;
        }));
    EXPECT_EQ(inserted, (std::vector<bool>{true, false}));
    EXPECT_EQ(read(*engine, [](Reader& reader) { return reader.get(owners, id<Owner>(1)); })->name, "first");
}

TEST_F(Contract, EraseRemovesWhatMatchesAndItsKeys) {
    for (int n = 1; n <= 5; ++n) put({thing(n)});
    ASSERT_TRUE(write([](Tx& tx) { return tx.insert(claims, claim(1, "a", {1, 2})); }));
    ASSERT_TRUE(write([](Tx& tx) -> Result<void> {
        TRY(auto const several, tx.erase(things, things->number > 3));
        TRY(auto const none, tx.erase(things, things->number > 3));
        TRY(auto const one, tx.erase(claims, claims->id == id<Claim>(1)));
        EXPECT_EQ(several, 2);
        EXPECT_EQ(none, 0);
        EXPECT_EQ(one, 1);
        CHECK(tx.insert(things, thing(4)));
        return tx.insert(claims, claim(2, "a", {2}));
    }));
    EXPECT_EQ(found({}), (std::vector<int>{1, 2, 3, 4}));
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

// ---- conflicts and transactions

TEST_F(Contract, AConflictDoomsTheTransactionEvenIfSwallowed) {
    put({thing(1)});
    std::vector<std::string> later;
    auto const outcome = write([&](Tx& tx) -> Result<void> {
        later.clear();
        CHECK(tx.insert(owners, {id<Owner>(1), 1, "before"}));
        auto taken = thing(2);
        taken.name = "thing 1";
        (void)tx.insert(things, taken);
        auto const next = tx.insert(things, thing(3));
        later.push_back(next ? "fine" : next.error().key);
        auto const change = tx.update(things, things->id == id<Thing>(1), set(things->number, 9));
        later.push_back(change ? "fine" : change.error().key);
        return ok;
    });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, "name_taken");
    EXPECT_EQ(later, (std::vector<std::string>{"name_taken", "name_taken"}));
    EXPECT_EQ(found({}), std::vector<int>{1});
    EXPECT_EQ(get(1)->number, 1);
    EXPECT_FALSE(read(*engine, [](Reader& reader) { return reader.get(owners, id<Owner>(1)); }));
}

TEST_F(Contract, AReadInADoomedTransactionEndsIt) {
    put({thing(1)});
    auto const outcome = write([&](Tx& tx) -> Result<void> {
        auto taken = thing(2);
        taken.name = "thing 1";
        (void)tx.insert(things, taken);
        (void)tx.find(things).all();
        ADD_FAILURE() << "a read of a doomed transaction answered";
        return ok;
    });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, "name_taken");
}

// ---- transactions

TEST_F(Contract, ATransactionReadsItsOwnWritesAndOthersDoNotBeforeTheCommit) {
    put({thing(1)});
    ASSERT_TRUE(write([&](Tx& tx) -> Result<void> {
        CHECK(tx.insert(things, thing(2)));
        CHECK(tx.update(things, things->id == id<Thing>(1), set(things->number, 10)));
        EXPECT_EQ(tx.get(things, id<Thing>(1))->number, 10);
        EXPECT_EQ(tx.find(things).count(), 2);
        EXPECT_EQ(numbersOf(tx.find(things).sort(desc(things->number)).all()), (std::vector<int>{1, 2}));
        EXPECT_EQ(found({}), std::vector<int>{1}) << "another reader sees what is not committed";
        return ok;
    }));
    EXPECT_EQ(found({}), (std::vector<int>{1, 2}));
}

TEST_F(Contract, AReaderKeepsItsSnapshot) {
    put({thing(1)});
    read(*engine, [&](Reader& reader) {
        EXPECT_EQ(reader.find(things).count(), 1);
        put({thing(2)});
        EXPECT_EQ(reader.find(things).count(), 1) << "a commit made meanwhile shows";
        EXPECT_FALSE(reader.get(things, id<Thing>(2)));
        return true;
    });
    EXPECT_EQ(found({}), (std::vector<int>{1, 2}));
}

TEST_F(Contract, AnErrorRollsBackEverything) {
    put({thing(1)});
    auto const outcome = write([](Tx& tx) -> Result<void> {
        CHECK(tx.insert(things, thing(2)));
        CHECK(tx.update(things, things->id == id<Thing>(1), set(things->number, 5)));
        CHECK(tx.insert(claims, claim(1, "a", {1})));
        return notFound();
    });
    EXPECT_EQ(outcome.error().key, "not_found");
    EXPECT_EQ(found({}), std::vector<int>{1});
    EXPECT_EQ(get(1)->number, 1);
    EXPECT_FALSE(getClaim(1));
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

TEST_F(Contract, AnExceptionReachesTheCallerAndRollsBack) {
    EXPECT_THROW((void)write([](Tx& tx) -> Result<void> {
                     CHECK(tx.insert(things, thing(1)));
                     throw std::out_of_range("verb");
                 }),
                 std::out_of_range);
    EXPECT_EQ(found({}), std::vector<int>{});
    put({thing(1)});
    EXPECT_EQ(found({}), std::vector<int>{1});
}

TEST_F(Contract, ActionsRunInOrderAfterTheCommitAndNeverOnARollback) {
    std::vector<std::string> log;
    ASSERT_TRUE(write([&](Tx& tx) -> Result<void> {
        log.clear();
        tx.afterCommit([&] { log.push_back(found({}).empty() ? "too early" : "first"); });
        CHECK(tx.insert(things, thing(1)));
        tx.afterCommit([&] { log.push_back("second"); });
        return ok;
    }));
    EXPECT_EQ(log, (std::vector<std::string>{"first", "second"}));
    log.clear();
    EXPECT_FALSE(write([&](Tx& tx) -> Result<void> {
        tx.afterCommit([&] { log.push_back("never"); });
        return notFound();
    }));
    EXPECT_FALSE(write([&](Tx& tx) -> Result<void> {
        tx.afterCommit([&] { log.push_back("never"); });
        return tx.insert(things, thing(1));
    }));
    EXPECT_EQ(log, std::vector<std::string>{});
}

// ---- many at once

void inParallel(int threads, std::function<void(int)> const& work) {
    std::barrier start(threads);
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i)
        all.emplace_back([&, i] {
            start.arrive_and_wait();
            work(i);
        });
    for (auto& one : all) one.join();
}

// A transaction that the engine gave up for now, is tried again, as a client would.
Result<void> untilAvailable(std::function<Result<void>()> const& attempt) {
    while (true) {
        auto outcome = attempt();
        if (outcome || outcome.error().code != Code::unavailable) return outcome;
    }
}

TEST_F(Contract, NoUpdateIsLostAmong64Threads) {
    put({thing(1)});
    constexpr int threads = 64, rounds = 20;
    std::atomic<int> announced{0};
    inParallel(threads, [&](int) {
        for (int i = 0; i < rounds; ++i)
            EXPECT_TRUE(untilAvailable([&] {
                return write([&](Tx& tx) -> Result<void> {
                    auto one = *tx.get(things, id<Thing>(1));
                    CHECK(
                        tx.update(things, things->id == id<Thing>(1) && things->number == one.number, set(things->number, one.number + 1)));
                    tx.afterCommit([&] { ++announced; });
                    return ok;
                });
            }));
    });
    EXPECT_EQ(get(1)->number, 1 + threads * rounds);
    EXPECT_EQ(get(1)->version, 1 + threads * rounds);
    EXPECT_EQ(announced, threads * rounds);
}

TEST_F(Contract, Of64RacingForOneClaimExactlyOneWins) {
    for (int round = 0; round < 5; ++round) {
        std::atomic<int> won{0}, lost{0};
        inParallel(64, [&](int i) {
            auto const outcome = untilAvailable([&] {
                return write([&](Tx& tx) -> Result<void> {
                    int const n = round * 64 + i;
                    CHECK(tx.insert(owners, {id<Owner>(n), 1, "racer"})); // an error after a write
                    return tx.insert(claims, claim(n, "a", {round * 100 + i % 7, round * 100 + 7}));
                });
            });
            outcome ? ++won : ++lost;
            if (!outcome) {
                EXPECT_EQ(outcome.error().key, "time_taken");
            }
        });
        EXPECT_EQ(won, 1);
        EXPECT_EQ(lost, 63);
    }
    EXPECT_EQ(read(*engine, [](Reader& reader) { return reader.find(owners).count(); }), 5);
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

TEST_F(Contract, AFailureAfterAWriteRollsBackItselfAlone) {
    std::atomic<int> good{0};
    inParallel(32, [&](int i) {
        for (int round = 0; round < 10; ++round) {
            int const n = 1 + i * 10 + round;
            if (i % 3 == 0) {
                EXPECT_THROW((void)write([&](Tx& tx) -> Result<void> {
                                 CHECK(tx.insert(things, thing(n)));
                                 throw std::runtime_error("bad");
                             }),
                             std::runtime_error);
                continue;
            }
            auto const outcome = untilAvailable([&] {
                return write([&](Tx& tx) -> Result<void> {
                    CHECK(tx.insert(things, thing(n)));
                    if (i % 3 == 1) return notFound();
                    return ok;
                });
            });
            EXPECT_EQ(bool(outcome), i % 3 == 2);
            if (outcome) ++good;
        }
    });
    std::vector<int> expected;
    for (int i = 2; i < 32; i += 3)
        for (int round = 0; round < 10; ++round) expected.push_back(1 + i * 10 + round);
    EXPECT_EQ(found({}), expected);
    EXPECT_EQ(good, static_cast<int>(expected.size()));
    EXPECT_EQ(engine->integrityFaults(), std::vector<std::string>{});
}

TEST_F(Contract, AReopenedStoreHasEverything) {
    put({thing(1), thing(2)});
    ASSERT_TRUE(write([](Tx& tx) { return tx.insert(claims, claim(1, "a", {1, 2})); }));
    engine.reset();
    engine = reopenTestEngine(all);
    EXPECT_EQ(found({}), (std::vector<int>{1, 2}));
    EXPECT_EQ(getClaim(1)->cells, (std::vector<std::int64_t>{1, 2}));
    auto const outcome = write([](Tx& tx) { return tx.insert(claims, claim(2, "a", {2})); });
    EXPECT_EQ(outcome.error().key, "time_taken");
    EXPECT_TRUE(engine->checkIndexes(all).empty());
}

} // namespace
} // namespace visavis::contract
