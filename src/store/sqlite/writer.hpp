// The writer thread: it alone owns the connection that writes, commits queued transactions in groups, and checkpoints.
#pragma once

#include "store/sqlite/engine.hpp"
#include "store/sqlite/sync_vfs.hpp"
#include "store/sqlite/writes.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace visavis::inline store::sqlite {

class Writer {
public:
    Writer(SqliteSettings const& settings, Layouts const& layouts);
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;
    ~Writer(); // finishes what is queued

    // Waits until the transaction is durable, or known to have failed.
    Result<void> transact(std::function<Result<void>(EngineTx&)> const& work);
    // Runs on the writer thread between batches, outside any transaction.
    void alone(std::function<void(Connection&)> const& work);

    SqliteStatistics statistics() const;

private:
    struct Job;

    Result<void> wait(Job& job);
    void loop();
    Job* take();
    void runAlone(Job& job);

    void runBatch(Job& first);
    bool attempt(Job& job);
    void attemptGuarded(Job& job);
    void undo();
    bool begin(std::vector<Job*> const& jobs);
    void commit();
    void acknowledge(std::vector<Job*> const& jobs);
    void committed(int walPages);
    void checkpoint(bool truncate);
    int countSync(SyncVfs::File file, std::function<int()> const& sync);

    SqliteSettings const settings_;
    Layouts const& layouts_;
    std::atomic<std::uint64_t> transactions_{0}, commits_{0}, redone_{0}, walSyncs_{0}, checkpoints_{0}, checkpointSyncs_{0};

    // Of the writer thread only.
    int walPages_ = 0;
    int checkpointAt_;
    bool checkpointing_ = false;

    SyncVfs vfs_;
    Connection db_;

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Job*> queue_;
    bool stopping_ = false;

    std::thread thread_; // last: it uses everything above
};

} // namespace visavis::store::sqlite
