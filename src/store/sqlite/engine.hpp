// The embedded store: SQLite with one writer thread that commits in groups (DESIGN §4). This header is all that wiring and tests see.
#pragma once

#include "store/engine.hpp"

#include <chrono>
#include <filesystem>
#include <memory>

namespace visavis {
inline namespace store {

// Another process holds the store's lock file.
struct StoreLocked : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct SqliteSettings {
    std::filesystem::path file;
    bool readOnly = false; // beside a live writer: takes no lock, never writes, never checkpoints
    int readers = 4;       // connections; a read waits for a free one at most `readWait`
    std::chrono::milliseconds readWait{2'000};
    std::size_t batch = 256;               // transactions in one commit, at most; 1: each on its own
    std::chrono::microseconds linger{0};   // how long an open batch waits for one more when the queue is empty
    int checkpointPages = 8'000;           // WAL pages (4 KiB) after which the writer checkpoints between batches
    std::chrono::milliseconds idle{1'000}; // without work for so long, the WAL is emptied
    int writerCacheKiB = 64 * 1024;
    int readerCacheKiB = 8 * 1024;
    std::string vfs; // SQLite VFS underneath; empty: the system's
};

// Counters since the start.
struct SqliteStatistics {
    std::uint64_t transactions = 0; // that came to an end, whatever it was
    std::uint64_t commits = 0;      // batches that wrote
    std::uint64_t redone = 0;       // batches run again with savepoints
    std::uint64_t walSyncs = 0;     // of commits
    std::uint64_t checkpoints = 0;
    std::uint64_t checkpointSyncs = 0; // of WAL and database file during checkpoints
    std::chrono::nanoseconds writerCpu{0};
};

struct BackupPlan {
    std::filesystem::path copy;
    bool overwrite = false; // a file of that name
    // Judges the finished copy before it gets its name; an error, and no copy is left.
    std::function<Result<void>(std::filesystem::path const& unfinished)> check = {};
};

class SqliteEngine : public Engine {
public:
    // A consistent copy of the whole store while it works, here or in another process; put in place by a rename.
    // Errors: conflict "backup_exists", "backup_running"; those of the check. Throws std::runtime_error (no room, no directory).
    virtual Result<void> backupTo(BackupPlan const& plan) = 0;
    virtual SqliteStatistics statistics() const = 0;
    // SQLite's plan for a query, a line each: "SEARCH bookings USING INDEX …".
    virtual std::vector<std::string> planOf(Query const& query) = 0;
    // Of the statements that were run so far, those that read a whole table or index: "SCAN bookings: SELECT …".
    virtual std::vector<std::string> scans() = 0;
};

// The collections are those that will be used; they outlive the engine. Throws StoreLocked, std::runtime_error (cannot be opened).
// A new store has no tables: call migrate; until it has run, writes throw StoreUnavailable.
std::unique_ptr<SqliteEngine> openSqlite(SqliteSettings const& settings, std::vector<CollectionSpec const*> const& collections);

} // namespace store
} // namespace visavis
