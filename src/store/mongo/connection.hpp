// Clients of libmongoc, borrowed from a bounded pool, and what can go wrong on the wire.
#pragma once

#include "store/mongo/document.hpp"
#include "store/mongo/engine.hpp"

#include <mongoc/mongoc.h>

#include <atomic>

namespace visavis::inline store::mongo {

// A command failed. Labels are the server's and the driver's (MongoDB transactions specification).
struct Failed : std::runtime_error {
    Failed(std::string const& what, int errorCode, bool isTransient, bool isUnknown)
        : std::runtime_error(what), code(errorCode), transient(isTransient), unknownCommit(isUnknown) {}

    int code;
    bool transient;     // TransientTransactionError: the whole transaction may be tried again
    bool unknownCommit; // UnknownTransactionCommitResult: commitTransaction may be repeated
};

// The reply and error of one call, and their judgement.
class Outcome {
public:
    Outcome() { bson_init(&reply_); }
    Outcome(Outcome const&) = delete;
    Outcome& operator=(Outcome const&) = delete;
    ~Outcome() { bson_destroy(&reply_); }

    // For libmongoc, which initialises the reply itself.
    bson_t* reply() {
        bson_destroy(&reply_);
        return &reply_;
    }
    bson_error_t* error() { return &error_; }
    Bson document() const { return mongo::document(&reply_); }
    [[noreturn]] void fail(std::string const& doing) const;

private:
    bson_t reply_;
    bson_error_t error_{};
};

// Throws Failed for an error document of a cursor.
[[noreturn]] void failWith(bson_error_t const& error, bson_t const* reply, std::string const& doing);

class Client;

class Pool {
public:
    // Throws std::invalid_argument for a URI that cannot be used.
    explicit Pool(MongoSettings const& settings);
    ~Pool();
    Pool(Pool const&) = delete;
    Pool& operator=(Pool const&) = delete;

    std::string const& database() const { return database_; }
    std::string const& hosts() const { return hosts_; } // without log-in data
    std::uint64_t commands() const { return commands_.load(std::memory_order_relaxed); }

private:
    friend class Client;
    mongoc_client_pool_t* pool_ = nullptr;
    std::string database_, hosts_;
    std::atomic<std::uint64_t> commands_{0};
};

// A client of the pool for as long as this lives. Throws StoreUnavailable when none becomes free in time.
class Client {
public:
    explicit Client(Pool& pool);
    ~Client();
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    mongoc_client_t* get() const { return client_; }
    std::string const& database() const { return pool_.database(); }
    // A command outside any transaction, on the primary. Throws Failed.
    Bson run(Bson const& command, char const* database = nullptr);

private:
    Pool& pool_;
    mongoc_client_t* client_;
};

// What every transaction asks of the cluster.
class Concerns {
public:
    explicit Concerns(MongoSettings const& settings);
    Concerns(Concerns const&) = delete;
    Concerns& operator=(Concerns const&) = delete;
    ~Concerns();

    mongoc_transaction_opt_t* const options;

private:
    mongoc_read_concern_t* read_;
    mongoc_write_concern_t* write_;
    mongoc_read_prefs_t* primary_; // the only one that transactions have, whatever the address says
};

// A transaction on one client: majority and snapshot, named explicitly. Without a commit its end is an abort.
class Transaction {
public:
    Transaction(Client& client, MongoSettings const& settings);
    ~Transaction();
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;

    Client& client() { return client_; }
    // Options that put a call into this transaction.
    bson_t const* options() const { return &options_; }
    // A command in this transaction. Throws Failed.
    Bson run(Bson const& command);
    // Once; the caller repeats when Failed says that the outcome is unknown. Throws Failed.
    void commit();
    // Best effort: the server ends a forgotten one by itself.
    void abort() noexcept;

private:
    Client& client_;
    mongoc_client_session_t* session_ = nullptr;
    // A commit that we gave up may still come, or its transaction hold its documents until the server's own limit: ending the session settles it.
    void endSession() noexcept;

    bson_t options_;
    bool open_ = false;
    bool unresolved_ = false;
};

} // namespace visavis::store::mongo
