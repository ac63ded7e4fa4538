// Transactions with their retries, and what an operator asks of a store.
#include "store/mongo/engine.hpp"

#include "core/rng.hpp"
#include "store/crash_points.hpp"
#include "store/mongo/schema.hpp"
#include "store/mongo/statements.hpp"
#include "store/mongo/writes.hpp"

#include <condition_variable>
#include <map>

namespace visavis {
inline namespace store {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

CrashPoint const beforeCommit("mongo.commit.before");
CrashPoint const afterCommit("mongo.commit.after");
CrashPoint const beforeAcknowledge("mongo.acknowledge.before");

// Full jitter (AWS Architecture Blog, "Exponential Backoff and Jitter"): anything between nothing and a bound that doubles, 5 to 200 ms.
class Backoff {
public:
    void wait(int attempt) {
        auto const most = std::min(200, 5 << std::min(attempt, 6));
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, milliseconds(rng_.below(static_cast<std::uint64_t>(most) + 1)));
    }

private:
    SystemRng rng_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

class ClusterEngine final : public MongoEngine {
public:
    ClusterEngine(MongoSettings const& settings, std::vector<CollectionSpec const*> const& collections)
        : settings_(settings), collections_(collections), pool_(settings) {
        ask([&](mongo::Client& client) { describe_ = mongo::checkServer(client); });
        describe_ += " at " + pool_.hosts() + ", database " + pool_.database();
        noteFaults();
    }

    Result<void> transact(std::function<Result<void>(EngineTx&)> const& work) override {
        refuseIncomplete();
        return transactUnindexed(work);
    }

    Result<void> transactUnindexed(std::function<Result<void>(EngineTx&)> const& work) override {
        auto const ends = Steady::now() + settings_.patience;
        mongo::Known known;
        std::string last;
        std::unique_lock<std::timed_mutex> lane(lane_, std::defer_lock);
        for (int attempt = 0; attempt == 0 || Steady::now() < ends;) {
            try {
                auto outcome = attemptOnce(work, known);
                transactions_.fetch_add(1, std::memory_order_relaxed);
                return outcome;
            } catch (mongo::AlreadyThere const&) {
                continue; // we know more now; nobody else is in the way
            } catch (mongo::Failed const& failed) {
                if (!failed.transient) return unavailable(failed.what());
                last = failed.what();
            }
            retries_.fetch_add(1, std::memory_order_relaxed);
            // Those that met others try again one after the other: fifty at once would only meet each other again. Newcomers still get in
            // the way of the one whose turn it is, so it tries until its time is over.
            if (lane)
                backoff_.wait(std::min(attempt, 2));
            else
                (void)lane.try_lock_until(ends);
            ++attempt;
        }
        return unavailable("The store is busy or has no primary: " + last);
    }

    void read(std::function<void(EngineReader&)> const& work) override {
        for (int attempt = 0;; ++attempt) try {
                mongo::Client client(pool_);
                mongo::Transaction transaction(client, settings_);
                mongo::MongoReader reader(transaction, settings_);
                return work(reader);
            } catch (mongo::Failed const& failed) {
                if (!failed.transient || attempt + 1 >= settings_.readTries) throw StoreUnavailable(failed.what());
                backoff_.wait(attempt);
            }
    }

    std::vector<std::string> migrate(std::vector<CollectionSpec const*> const& collections, bool dryRun) override {
        std::vector<std::string> lines;
        ask([&](mongo::Client& client) {
            auto const steps = mongo::missingSteps(client, collections, settings_.realClock);
            for (auto const& step : steps) lines.push_back(step.says);
            if (!dryRun) mongo::carryOut(client, steps);
        });
        if (!dryRun && (!lines.empty() || !knownFaults().first.empty())) noteFaults();
        return lines;
    }

    void prepare(std::vector<CollectionSpec const*> const& collections) override {
        ask([&](mongo::Client& client) {
            auto steps = mongo::missingSteps(client, collections, settings_.realClock);
            std::erase_if(steps, [](auto const& step) { return !step.index.empty(); });
            mongo::carryOut(client, steps);
        });
    }

    std::vector<IndexFault> checkIndexes(std::vector<CollectionSpec const*> const& collections) override {
        std::vector<IndexFault> faults;
        ask([&](mongo::Client& client) {
            for (auto const& step : mongo::missingSteps(client, collections, settings_.realClock))
                if (step.stopsWrites) faults.push_back({step.collection, step.index, step.says});
        });
        return faults;
    }

    // The server's own validation, in the background so that writers go on (MongoDB 5.0).
    std::vector<std::string> integrityFaults() override {
        std::vector<std::string> faults;
        for (auto const& fault : checkIndexes(collections_)) faults.push_back(fault.collection + ": lacks " + fault.what);
        ask([&](mongo::Client& client) {
            for (auto const* collection : mongo::existing(client, collections_)) {
                auto const reply = client.run(mongo::Builder().putText("validate", collection->name).put("background", true).take());
                if (!mongo::flagAt(reply, "valid")) faults.push_back(collection->name + ": " + mongo::shown(reply));
            }
        });
        return faults;
    }

    std::string describe() const override { return describe_; }

    bool alone() const override { return false; }

    std::vector<Counter> counters() const override {
        auto const now = statistics();
        return {{"store_transactions_total", static_cast<double>(now.transactions)},
                {"store_retries_total", static_cast<double>(now.retries)},
                {"store_commit_repeats_total", static_cast<double>(now.commitRepeats)},
                {"store_round_trips_total", static_cast<double>(now.commands)}};
    }

    bool isEmpty() override {
        bool any = false;
        ask([&](mongo::Client& client) { any = !mongo::existing(client, collections_).empty(); });
        return !any;
    }

    MongoStatistics statistics() const override { return {transactions_.load(), retries_.load(), commitRepeats_.load(), pool_.commands()}; }

    std::vector<std::string> planOf(Query const& query) override {
        std::vector<std::string> lines;
        ask([&](mongo::Client& client) {
            mongo::Builder find;
            find.putText("find", query.from->name).put("filter", mongo::filterOf(query));
            if (!query.sort.empty()) find.put("sort", mongo::sortOf(query));
            auto const reply = client.run(mongo::Builder().put("explain", find.take()).putText("verbosity", "queryPlanner").take());
            for (auto stage = mongo::documentAt(reply, "queryPlanner.winningPlan"); !mongo::textAt(stage, "stage").empty();
                 stage = mongo::documentAt(stage, "inputStage"))
                lines.push_back(mongo::textAt(stage, "stage") +
                                (mongo::has(stage, "indexName") ? " " + mongo::textAt(stage, "indexName") : std::string()));
        });
        return lines;
    }

private:
    // Something that is asked outside transactions: at start, and by operators.
    template <class F> void ask(F const& question) {
        try {
            mongo::Client client(pool_);
            question(client);
        } catch (mongo::Failed const& failed) {
            throw StoreUnavailable(failed.what());
        }
    }

    // What stops writes: looked at again now and then, since an operator may mend it meanwhile.
    void noteFaults() {
        std::string names;
        for (auto const& fault : checkIndexes(collections_))
            names += (names.empty() ? "" : ", ") + fault.collection + (fault.index.empty() ? "" : "." + fault.index);
        std::lock_guard const lock(faultMutex_);
        faults_ = std::move(names);
        lookedAt_ = Steady::now();
    }

    std::pair<std::string, bool> knownFaults() const {
        std::lock_guard const lock(faultMutex_);
        return {faults_, Steady::now() - lookedAt_ > std::chrono::seconds(1)};
    }

    void refuseIncomplete() {
        auto [faults, old] = knownFaults();
        if (faults.empty()) return;
        if (old) noteFaults();
        if (faults = knownFaults().first; !faults.empty())
            throw StoreUnavailable("missing or other than declared, run `visavis migrate`: " + faults);
    }

    // A transaction from its begin to its acknowledgement. Throws Failed and AlreadyThere for those that may be tried again.
    Result<void> attemptOnce(std::function<Result<void>(EngineTx&)> const& work, mongo::Known& known) {
        std::vector<std::function<void()>> actions;
        {
            mongo::Client client(pool_);
            mongo::Transaction transaction(client, settings_);
            mongo::MongoTx tx(transaction, settings_, known);
            Result<void> outcome = ok;
            try {
                outcome = work(tx);
            } catch (mongo::Doomed const& doomed) {
                outcome = doomed.error;
            }
            if (outcome && tx.doom()) outcome = *tx.doom();
            if (!outcome) return outcome;
            beforeCommit.pass();
            commit(transaction);
            afterCommit.pass();
            actions = tx.takeActions();
        }
        beforeAcknowledge.pass();
        for (auto const& action : actions) action();
        return ok;
    }

    // A commit whose outcome nobody knows is repeated: the server answers the same for the same transaction.
    void commit(mongo::Transaction& transaction) {
        auto const ends = Steady::now() + settings_.commitWait;
        for (int attempt = 0;; ++attempt) try {
                return transaction.commit();
            } catch (mongo::Failed const& failed) {
                if (!failed.unknownCommit || failed.transient || Steady::now() >= ends) throw;
                commitRepeats_.fetch_add(1, std::memory_order_relaxed);
                backoff_.wait(attempt);
            }
    }

    MongoSettings const settings_;
    std::vector<CollectionSpec const*> const collections_;
    mongo::Pool pool_;
    std::string describe_;
    Backoff backoff_;
    std::atomic<std::uint64_t> transactions_{0}, retries_{0}, commitRepeats_{0};
    std::timed_mutex lane_;
    mutable std::mutex faultMutex_;
    std::string faults_;
    Steady::time_point lookedAt_;
};

} // namespace

std::unique_ptr<MongoEngine> openMongo(MongoSettings const& settings, std::vector<CollectionSpec const*> const& collections) {
    return std::make_unique<ClusterEngine>(settings, collections);
}

} // namespace store
} // namespace visavis
