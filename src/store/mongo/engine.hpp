// The scale-out store: MongoDB 5.0 or later through libmongoc (DESIGN §4). This header is all that wiring and tests see.
#pragma once

#include "store/engine.hpp"

#include <chrono>
#include <memory>

namespace visavis {
inline namespace store {

// The server is there but cannot carry us: a standalone, a set with an arbiter, too old. The text says which, and what to do.
struct StoreUnsuitable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct MongoSettings {
    std::string uri;              // mongodb://… ; its database is used, else "visavis"
    bool realClock = true;        // makes TTL indexes expire; with a movable clock our own job does that alone
    std::size_t connections = 50; // of this process, at most; a transaction waits for a free one at most `poolWait`
    std::chrono::milliseconds poolWait{2'000};
    std::chrono::milliseconds selectionWait{2'000}; // for a primary
    std::chrono::milliseconds socketWait{10'000};
    std::chrono::milliseconds readTime{10'000};  // maxTimeMS of every read
    std::chrono::milliseconds writeWait{5'000};  // wtimeout of a commit
    std::chrono::milliseconds patience{2'000};   // of a transaction with its retries
    std::chrono::milliseconds commitWait{5'000}; // how long a commit of unknown outcome is repeated
    int readTries = 5;                           // of a snapshot that only reads
};

// Counters since the start.
struct MongoStatistics {
    std::uint64_t transactions = 0; // that came to an end, whatever it was
    std::uint64_t retries = 0;      // of transactions
    std::uint64_t commitRepeats = 0;
    std::uint64_t commands = 0; // sent: round trips
};

class MongoEngine : public Engine {
public:
    virtual MongoStatistics statistics() const = 0;
    // Whether none of the collections is there yet.
    virtual bool isEmpty() = 0;

    // For taking over a database that other software has filled: its documents must be ours before unique indexes can be built.
    // Makes collections and validators, and leaves indexes to migrate.
    virtual void prepare(std::vector<CollectionSpec const*> const& collections) = 0;
    // transact, although indexes are missing.
    virtual Result<void> transactUnindexed(std::function<Result<void>(EngineTx&)> const& work) = 0;

    // The server's plan for a query, a line per stage: "IXSCAN specialistId_1_date_1_status_1", "COLLSCAN".
    virtual std::vector<std::string> planOf(Query const& query) = 0;
};

// The collections are those that will be used; they outlive the engine. Throws StoreUnsuitable, StoreUnavailable (nobody answers),
// std::invalid_argument (the URI). In an empty database call migrate; writes throw StoreUnavailable while an index is missing or other than declared.
std::unique_ptr<MongoEngine> openMongo(MongoSettings const& settings, std::vector<CollectionSpec const*> const& collections);

} // namespace store
} // namespace visavis
