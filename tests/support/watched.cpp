// Questions are gathered by their shape, without the values, and each shape is explained once.
#include "support/watched.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

namespace visavis::support {
namespace {

std::string shapeOf(Query const& query) {
    auto text = query.from->name;
    for (auto const& condition : query.all) {
        text += " " + condition.path + ":" + std::to_string(static_cast<int>(condition.op));
        for (auto const& value : condition.values) // which decide whether a partial index fits
            if (auto const* flag = std::get_if<bool>(&value)) text += *flag ? "=true" : "=false";
    }
    for (auto const& order : query.sort) text += " by " + order.path;
    return text;
}

class Questions {
public:
    void add(Query const& query) {
        std::lock_guard const lock(mutex_);
        asked_.emplace(shapeOf(query), query);
    }
    std::map<std::string, Query> take() {
        std::lock_guard const lock(mutex_);
        return std::exchange(asked_, {});
    }

private:
    std::mutex mutex_;
    std::map<std::string, Query> asked_;
};

class WatchedReader final : public EngineReader {
public:
    WatchedReader(EngineReader& reader, Questions& questions) : reader_(reader), questions_(questions) {}

    std::vector<Bson> find(Query const& query) override { return questions_.add(query), reader_.find(query); }
    std::int64_t count(Query const& query) override { return questions_.add(query), reader_.count(query); }
    std::vector<GroupRow> group(Query const& query, Grouping const& grouping) override {
        return questions_.add(query), reader_.group(query, grouping);
    }
    std::vector<Joined> join(Query const& query, CollectionSpec const& other, std::string const& reference) override {
        return questions_.add(query), reader_.join(query, other, reference);
    }

private:
    EngineReader& reader_;
    Questions& questions_;
};

class WatchedTx final : public EngineTx {
public:
    WatchedTx(EngineTx& tx, Questions& questions) : tx_(tx), questions_(questions) {}

    std::vector<Bson> find(Query const& query) override { return questions_.add(query), tx_.find(query); }
    std::int64_t count(Query const& query) override { return questions_.add(query), tx_.count(query); }
    std::vector<GroupRow> group(Query const& query, Grouping const& grouping) override {
        return questions_.add(query), tx_.group(query, grouping);
    }
    std::vector<Joined> join(Query const& query, CollectionSpec const& other, std::string const& reference) override {
        return questions_.add(query), tx_.join(query, other, reference);
    }
    Result<void> insert(CollectionSpec const& into, Bson const& document) override { return tx_.insert(into, document); }
    Result<void> insertAll(CollectionSpec const& into, std::vector<Bson> const& documents) override {
        return tx_.insertAll(into, documents);
    }
    Result<bool> insertIfAbsent(CollectionSpec const& into, Bson const& document) override { return tx_.insertIfAbsent(into, document); }
    Result<std::optional<Bson>> update(Query const& query, std::vector<Change> const& changes) override {
        return questions_.add(query), tx_.update(query, changes);
    }
    Result<bool> replace(CollectionSpec const& in, Bson const& document, std::int64_t version) override {
        return tx_.replace(in, document, version);
    }
    Result<std::int64_t> erase(Query const& query) override { return questions_.add(query), tx_.erase(query); }
    void afterCommit(std::function<void()> action) override { tx_.afterCommit(std::move(action)); }

private:
    EngineTx& tx_;
    Questions& questions_;
};

class Watched final : public Engine {
public:
    explicit Watched(std::unique_ptr<MongoEngine> engine) : engine_(std::move(engine)) {}

    Result<void> transact(std::function<Result<void>(EngineTx&)> const& work) override {
        return engine_->transact([&](EngineTx& raw) {
            WatchedTx tx(raw, questions_);
            return work(tx);
        });
    }
    void read(std::function<void(EngineReader&)> const& work) override {
        engine_->read([&](EngineReader& raw) {
            WatchedReader reader(raw, questions_);
            work(reader);
        });
    }
    std::vector<std::string> migrate(std::vector<CollectionSpec const*> const& collections, bool dryRun) override {
        return engine_->migrate(collections, dryRun);
    }
    std::vector<IndexFault> checkIndexes(std::vector<CollectionSpec const*> const& collections) override {
        return engine_->checkIndexes(collections);
    }
    std::vector<std::string> integrityFaults() override { return engine_->integrityFaults(); }
    std::string describe() const override { return engine_->describe(); }
    bool alone() const override { return engine_->alone(); }
    std::vector<Counter> counters() const override { return engine_->counters(); }

    std::vector<std::string> unled() {
        static std::set<std::string> explained;
        std::vector<std::string> found;
        for (auto const& [shape, query] : questions_.take()) {
            if (!explained.insert(shape).second) continue;
            // For a sort by _id the stand-in tells of no index but that one, though mongod would take the one that leads the conditions.
            auto unsorted = query;
            unsorted.sort.clear();
            if (readsAll(query) && readsAll(unsorted)) found.push_back(shape);
        }
        return found;
    }

private:
    bool readsAll(Query const& query) {
        auto const plan = engine_->planOf(query);
        return std::any_of(plan.begin(), plan.end(), [](auto const& stage) { return stage.starts_with("COLLSCAN"); });
    }

    std::unique_ptr<MongoEngine> engine_;
    Questions questions_;
};

} // namespace

std::unique_ptr<Engine> watched(std::unique_ptr<MongoEngine> engine) { return std::make_unique<Watched>(std::move(engine)); }

std::vector<std::string> unledQuestions(Engine& engine) {
    auto* const one = dynamic_cast<Watched*>(&engine);
    return one == nullptr ? std::vector<std::string>{} : one->unled();
}

} // namespace visavis::support
