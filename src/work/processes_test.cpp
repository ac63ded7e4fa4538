// Who may do a piece of background work, when processes come, die, and come back late.
#include "notifications/testing.hpp"
#include "support/till.hpp"
#include "work/runner.hpp"

namespace visavis::work {
namespace {

constexpr auto job = "reconcile-payments";

class Sharing : public ::testing::Test {
protected:
    void SetUp() override {
        dying.beat();
        death = host.all(processes).front().id;
        living.beat();
    }
    Instant now() const { return host.clock.now(); }
    std::size_t listed() { return host.all(processes).size(); }
    void die() { // without a sign of life
        auto const silent = visavis::transact(
            *host.store, [&](Tx& tx) { return tx.update(processes, processes->id == death, set(processes->aliveUntil, Instant{})); });
        EXPECT_TRUE(silent && *silent);
    }
    void bury() {
        die();
        living.beat();
        EXPECT_EQ(listed(), 1U);
    }
    // Whether that one gets the turn.
    bool takes(Processes& who, bool early = true) {
        auto const taken = who.takeTurn(job, now(), Days(1), early);
        EXPECT_TRUE(taken) << taken.error().key;
        return taken && taken->has_value();
    }
    OutboxEntry entry() {
        OutboxEntry fresh;
        fresh.id = {ObjectId::derived("one")};
        fresh.topic = fresh.effectKey = "one";
        fresh.nextAt = fresh.createdAt = now();
        auto const stored = visavis::transact(*host.store, [&](Tx& tx) { return tx.insert(outbox, fresh); });
        EXPECT_TRUE(stored);
        return stand();
    }
    OutboxEntry stand() { return *host.get(outbox, Ref<OutboxEntry>{ObjectId::derived("one")}); }

    support::TestPlatform host;
    Ref<Process> death; // the row of the dying one
    Processes dying{host.platform, Seconds(60)};
    Processes living{host.platform, Seconds(60)};
};

TEST_F(Sharing, AJobHasOneHolderUntilItsTurnEnds) {
    auto const turn = *living.takeTurn(job, now(), Days(1), false);
    ASSERT_TRUE(turn);
    EXPECT_FALSE(takes(dying));
    ASSERT_TRUE(living.endTurn(*turn, now() + Minutes(5)));
    EXPECT_FALSE(takes(dying, false)) << "not due";
    host.clock.advance(Minutes(5));
    EXPECT_TRUE(takes(dying, false));
}

// It could not say that it had ended it, because the store did not answer: otherwise the job would never run again.
TEST_F(Sharing, ATurnOfOnesOwnIsTakenAgain) {
    EXPECT_TRUE(takes(living));
    EXPECT_TRUE(takes(living));
    EXPECT_FALSE(takes(dying));
}

TEST_F(Sharing, TheTurnOfADeadProcessPassesOnAndItsWordCountsNoMore) {
    auto const late = *dying.takeTurn(job, now(), Days(1), false);
    ASSERT_TRUE(late);
    EXPECT_FALSE(takes(living));
    bury();
    EXPECT_TRUE(takes(living));
    ASSERT_TRUE(dying.endTurn(*late, now() + Days(1)));
    auto const turns = host.all(jobTurns);
    ASSERT_EQ(turns.size(), 1U);
    EXPECT_TRUE(turns[0].holder) << "the living one still has it";
    EXPECT_EQ(turns[0].notBefore, now());
}

TEST_F(Sharing, AnEntryOfADeadProcessIsDueAtOnceUnderAnotherVersion) {
    auto const seen = entry();
    auto const late = *dying.takeUp(seen);
    ASSERT_TRUE(late);
    EXPECT_FALSE(*living.takeUp(seen)) << "another was faster";
    EXPECT_GT(stand().nextAt, now()) << "out of sight";
    bury();
    auto const freed = stand();
    EXPECT_EQ(freed.nextAt, now());
    EXPECT_FALSE(freed.holder);
    auto const taken = *living.takeUp(freed);
    ASSERT_TRUE(taken);
    EXPECT_FALSE(*dying.takeUp(*late)) << "the version is the fence";
    EXPECT_EQ(stand().holder, taken->holder);
}

// Neither buried nor alive.
TEST_F(Sharing, ATurnWhoseHolderDoesNotLiveIsFree) {
    EXPECT_TRUE(takes(dying));
    EXPECT_FALSE(takes(living));
    die();
    EXPECT_TRUE(takes(living));
}

TEST_F(Sharing, ATurnWhoseHolderNobodyKnowsIsFree) {
    struct Row {
        char const* name;
        std::string holder;
    };
    for (auto const& row : {Row{"buried before it took the turn", host.ids.make<Process>(now()).hex()}, Row{"not even an id", "?"}}) {
        SCOPED_TRACE(row.name);
        auto const turn = *living.takeTurn(job, now(), Days(1), true);
        ASSERT_TRUE(turn);
        auto const lost = visavis::transact(
            *host.store, [&](Tx& tx) { return tx.update(jobTurns, jobTurns->id == turn->id, set(jobTurns->holder, row.holder)); });
        ASSERT_TRUE(lost && *lost);
        EXPECT_TRUE(takes(living));
    }
}

// However long its batch took before its turn came.
TEST_F(Sharing, AnEntryIsOutOfSightFromTheMomentItIsTakenUp) {
    auto const seen = entry();
    host.clock.advance(Hours(1));
    ASSERT_TRUE(*living.takeUp(seen));
    EXPECT_GT(stand().nextAt, now());
}

TEST_F(Sharing, WhoLeavesLeavesNothingBehind) {
    auto const taken = *living.takeUp(entry());
    ASSERT_TRUE(taken);
    EXPECT_TRUE(takes(living));
    living.leave();
    EXPECT_FALSE(stand().holder);
    EXPECT_TRUE(takes(dying));
    EXPECT_EQ(listed(), 1U);
}

TEST_F(Sharing, WhoHasNotSaidThatItLivesGetsNothing) {
    Processes silent(host.platform, Seconds(60));
    EXPECT_FALSE(*silent.takeUp(entry()));
    EXPECT_FALSE(takes(silent));
    silent.beat();
    EXPECT_TRUE(takes(silent));
}

// A process dies in the middle of the nightly job. Another one, which had found the turn taken, does not wait for the next night.
TEST(Nightly, IsFinishedByAnotherProcess) {
    support::Till till;
    support::TestPlatform host(&till);
    notifications::RecordingMailer mailer;
    host.clock.set(Zone{}.dateAt(host.clock.now()).midnightUtc() + Days(1) + Hours(2));
    auto const night = host.clock.now() + Hours(1);
    Processes other(host.platform, Seconds(60));
    other.beat();
    Runner runner({host.platform, mailer, Seconds(60)});
    auto const state = [&] {
        auto const all = runner.states();
        return *std::find_if(all.begin(), all.end(), [](auto const& one) { return one.name == job; });
    };
    auto const until = [&](auto const& holds) {
        auto const ends = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!holds() && std::chrono::steady_clock::now() < ends) std::this_thread::yield();
        return holds();
    };
    runner.start();
    ASSERT_EQ(state().nextRunAt, night);
    auto const taken = host.store->alone() ? std::nullopt : *other.takeTurn(job, night, Days(1), true);
    host.clock.set(night);
    ASSERT_TRUE(until([&] { return state().nextRunAt != night; }));
    EXPECT_EQ(state().runs, taken ? 0 : 1);
    other.leave(); // as if another had buried it
    host.clock.advance(Minutes(1));
    EXPECT_TRUE(until([&] { return state().runs == 1; }));
    EXPECT_GE(*state().nextRunAt, night + Hours(23));
    runner.stop();
}

} // namespace
} // namespace visavis::work
