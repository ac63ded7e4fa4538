// The engine's side of the port: a handful of virtual functions over plain data. Slices never see it; they see store/tx.hpp.
#pragma once

#include "core/result.hpp"
#include "store/generations.hpp"
#include "store/spec.hpp"

#include <functional>
#include <stdexcept>

namespace visavis {
inline namespace store {

// The engine cannot answer now (pool exhausted, no primary, deadline): the request ends in 503 and may be repeated.
struct StoreUnavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Reads of one snapshot. They throw StoreUnavailable; they never fail for a reason that a user could mend.
class EngineReader {
public:
    EngineReader() = default;
    EngineReader(EngineReader const&) = delete;
    EngineReader& operator=(EngineReader const&) = delete;
    virtual ~EngineReader() = default;

    virtual std::vector<Bson> find(Query const& query) = 0;
    virtual std::int64_t count(Query const& query) = 0;
    virtual std::vector<GroupRow> group(Query const& query, Grouping const& grouping) = 0;
    virtual std::vector<Joined> join(Query const& query, CollectionSpec const& other, std::string const& reference) = 0;
};

// Reads its own writes. A unique violation is Error{conflict, index name}; it dooms the transaction: every later call fails with it.
class EngineTx : public EngineReader {
public:
    virtual Result<void> insert(CollectionSpec const& into, Bson const& document) = 0;
    // The same for many, in few round trips.
    virtual Result<void> insertAll(CollectionSpec const& into, std::vector<Bson> const& documents) = 0;
    // False, and nothing changed, if a document with this `_id` is there.
    virtual Result<bool> insertIfAbsent(CollectionSpec const& into, Bson const& document) = 0;
    // Changes the one document that matches (the query names `_id`); adds 1 to its `version`. Nothing if none matches. Returns it as it is then.
    virtual Result<std::optional<Bson>> update(Query const& query, std::vector<Change> const& changes) = 0;
    // Puts `document` in the place of the one with its `_id` if that one's version is `version`.
    virtual Result<bool> replace(CollectionSpec const& in, Bson const& document, std::int64_t version) = 0;
    virtual Result<std::int64_t> erase(Query const& query) = 0;
    // Runs after the commit is durable and before the caller learns of it; not at all on a rollback. Quick, does not throw.
    virtual void afterCommit(std::function<void()> action) = 0;
};

struct IndexFault {
    std::string collection, index, what;
};

struct Counter {
    std::string name;
    double value = 0;
};

class Engine {
public:
    Engine() = default;
    Engine(Engine const&) = delete;
    Engine& operator=(Engine const&) = delete;
    virtual ~Engine() = default;

    // Runs `work` in a transaction: commits durably if it returns ok, rolls back if it returns an error. `work` may run more than once.
    virtual Result<void> transact(std::function<Result<void>(EngineTx&)> const& work) = 0;
    // Runs `work` on one snapshot.
    virtual void read(std::function<void(EngineReader&)> const& work) = 0;

    // Makes collections and indexes as specified; what is there already stays. Says what it did, a line each. `dryRun` only says.
    virtual std::vector<std::string> migrate(std::vector<CollectionSpec const*> const& collections, bool dryRun) = 0;
    // Indexes that are missing or other than specified: writes are refused until migrate has run.
    virtual std::vector<IndexFault> checkIndexes(std::vector<CollectionSpec const*> const& collections) = 0;
    // The engine's own check of its files (I15); empty when clean.
    virtual std::vector<std::string> integrityFaults() = 0;
    virtual std::string describe() const = 0;
    // Whether no other process can write: then what this one's memory knows of the store is true.
    virtual bool alone() const = 0;
    // Counters since the start, for operators: "store_transactions_total".
    virtual std::vector<Counter> counters() const = 0;

    // Bumped by Tx::touch; what in-memory caches of this process key on.
    Generations generations;
};

} // namespace store
} // namespace visavis
