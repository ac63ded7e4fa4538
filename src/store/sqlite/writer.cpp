// Group commit (DESIGN §4). A batch runs without savepoints; only if a transaction fails after it wrote is the batch run again with them.
#include "store/sqlite/writer.hpp"

#include "store/crash_points.hpp"

#include <sqlite3.h>

#include <pthread.h>
#include <cassert>
#include <ctime>

namespace visavis::inline store::sqlite {
namespace {

CrashPoint const batchBegun("sqlite.batch.begun");
CrashPoint const beforeCommit("sqlite.commit.before");
CrashPoint const afterCommitted("sqlite.commit.after");
CrashPoint const beforeAcknowledge("sqlite.acknowledge.before");
CrashPoint const beforeRedo("sqlite.redo.before");
CrashPoint const beforeCheckpoint("sqlite.checkpoint.before");
CrashPoint const afterCheckpoint("sqlite.checkpoint.after");

} // namespace

// Lives on the waiting caller's stack.
struct Writer::Job {
    std::function<Result<void>(EngineTx&)> const* work = nullptr;
    std::function<void(Connection&)> const* alone = nullptr;

    Result<void> outcome;
    std::exception_ptr thrown;
    std::vector<std::function<void()>> actions;

    std::mutex mutex;
    std::condition_variable finished;
    bool done = false;

    bool failed() const { return thrown || !outcome; }
    void finish() {
        std::lock_guard const lock(mutex);
        done = true;
        finished.notify_one(); // under the lock: the caller destroys this as soon as it sees `done`
    }
};

Writer::Writer(SqliteSettings const& settings, Layouts const& layouts)
    : settings_(settings),
      layouts_(layouts),
      checkpointAt_(settings.checkpointPages),
      vfs_(settings.vfs, [this](SyncVfs::File file, std::function<int()> const& sync) { return countSync(file, sync); }),
      db_(settings.file.string(), Access::writer, vfs_.name()) {
    if (db_.textOf("PRAGMA journal_mode = WAL") != "wal") throw std::runtime_error(settings.file.string() + " cannot be put into WAL mode");
    db_.run(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA mmap_size = 0;"
        "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST; PRAGMA cache_size = -" +
        std::to_string(settings.writerCacheKiB));
    sqlite3_wal_hook(
        db_.handle(),
        [](void* self, sqlite3*, char const*, int pages) {
            static_cast<Writer*>(self)->committed(pages);
            return SQLITE_OK;
        },
        this);
    checkpoint(true); // also brings in what a crash left in the WAL
    thread_ = std::thread([this] { loop(); });
    ::pthread_setname_np(thread_.native_handle(), "store-writer");
}

Writer::~Writer() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

Result<void> Writer::transact(std::function<Result<void>(EngineTx&)> const& work) {
    Job job;
    job.work = &work;
    return wait(job);
}

void Writer::alone(std::function<void(Connection&)> const& work) {
    Job job;
    job.alone = &work;
    (void)wait(job);
}

Result<void> Writer::wait(Job& job) {
    assert(std::this_thread::get_id() != thread_.get_id() && "a transaction inside a transaction waits for itself");
    {
        std::lock_guard const lock(mutex_);
        queue_.push_back(&job);
        if (queue_.size() == 1) arrived_.notify_one();
    }
    std::unique_lock lock(job.mutex);
    job.finished.wait(lock, [&] { return job.done; });
    if (job.thrown) std::rethrow_exception(job.thrown);
    return std::move(job.outcome);
}

void Writer::loop() {
    while (true) {
        std::unique_lock lock(mutex_);
        auto const ready = [&] { return stopping_ || !queue_.empty(); };
        if (!arrived_.wait_for(lock, settings_.idle, ready)) {
            lock.unlock();
            if (walPages_ > 0) checkpoint(true);
            continue;
        }
        if (queue_.empty()) break;
        auto* const job = queue_.front();
        queue_.pop_front();
        lock.unlock();
        if (job->alone != nullptr)
            runAlone(*job);
        else
            runBatch(*job);
        if (walPages_ >= checkpointAt_) checkpoint(false);
    }
    checkpoint(true);
}

// The next transaction for the open batch; null closes the batch.
Writer::Job* Writer::take() {
    std::unique_lock lock(mutex_);
    if (queue_.empty() && settings_.linger.count() > 0)
        arrived_.wait_for(lock, settings_.linger, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty() || queue_.front()->alone != nullptr) return nullptr;
    auto* const job = queue_.front();
    queue_.pop_front();
    return job;
}

void Writer::runAlone(Job& job) {
    try {
        (*job.alone)(db_);
    } catch (...) {
        job.thrown = std::current_exception();
    }
    job.finish();
}

void Writer::runBatch(Job& first) {
    std::vector<Job*> jobs{&first};
    if (!begin(jobs)) return;
    batchBegun.pass();
    auto unwritten = db_.totalChanges();
    bool guarded = false;
    for (auto* job = &first; job != nullptr;) {
        auto const before = db_.totalChanges();
        if (guarded) {
            attemptGuarded(*job);
        } else if (!attempt(*job)) {
            undo();
            guarded = before != unwritten; // else no other had written, and all is as it should be
            unwritten = db_.totalChanges();
            if (guarded) ++redone_;
            for (auto* again : guarded ? jobs : std::vector<Job*>{}) attemptGuarded(*again);
        }
        job = jobs.size() < settings_.batch ? take() : nullptr;
        if (job != nullptr) jobs.push_back(job);
    }
    beforeCommit.pass();
    commit();
    afterCommitted.pass();
    acknowledge(jobs);
}

// Runs a transaction in the open batch; false if it failed and left something written.
bool Writer::attempt(Job& job) {
    auto const before = db_.totalChanges();
    SqliteTx tx(db_, layouts_);
    job.thrown = nullptr;
    job.outcome = ok;
    try {
        job.outcome = (*job.work)(tx);
    } catch (Doomed const& doomed) {
        job.outcome = doomed.error;
    } catch (...) {
        job.thrown = std::current_exception();
    }
    if (!job.failed() && tx.doom()) job.outcome = *tx.doom();
    job.actions = job.failed() ? std::vector<std::function<void()>>{} : tx.takeActions();
    return !job.failed() || db_.totalChanges() == before;
}

void Writer::attemptGuarded(Job& job) {
    db_.prepare("SAVEPOINT one").done();
    if (!attempt(job)) db_.prepare("ROLLBACK TO one").done();
    db_.prepare("RELEASE one").done();
}

void Writer::undo() {
    beforeRedo.pass();
    db_.prepare("ROLLBACK").done();
    db_.prepare("BEGIN IMMEDIATE").done();
}

bool Writer::begin(std::vector<Job*> const& jobs) {
    try {
        db_.prepare("BEGIN IMMEDIATE").done();
        return true;
    } catch (SqliteError const& error) { // a foreign process holds SQLite's own lock
        for (auto* job : jobs) {
            job->thrown = std::make_exception_ptr(StoreUnavailable(error.what()));
            job->finish();
        }
        return false;
    }
}

void Writer::commit() {
    auto const syncs = walSyncs_.load();
    db_.prepare("COMMIT").done();
    if (walSyncs_.load() != syncs) ++commits_;
}

void Writer::acknowledge(std::vector<Job*> const& jobs) {
    for (auto* job : jobs)
        for (auto const& action : job->actions) action();
    beforeAcknowledge.pass();
    transactions_ += jobs.size();
    for (auto* job : jobs) job->finish();
}

// Written back completely, the WAL starts over with the next commit, unless a reader still needs it: then it may grow by as much again.
void Writer::committed(int walPages) {
    if (walPages < walPages_) checkpointAt_ = settings_.checkpointPages;
    walPages_ = walPages;
}

void Writer::checkpoint(bool truncate) {
    beforeCheckpoint.pass();
    checkpointing_ = true;
    auto const code = sqlite3_wal_checkpoint_v2(db_.handle(), "main", truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
                                                nullptr, nullptr);
    checkpointing_ = false;
    // A reader in the way is no failure: its pages stay in the WAL until a later turn.
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY && (code & 0xff) != SQLITE_LOCKED) db_.fail(code, "checkpoint");
    ++checkpoints_;
    if (code == SQLITE_OK && truncate) walPages_ = 0;
    checkpointAt_ = walPages_ + settings_.checkpointPages;
    afterCheckpoint.pass();
}

int Writer::countSync(SyncVfs::File, std::function<int()> const& sync) {
    ++(checkpointing_ ? checkpointSyncs_ : walSyncs_);
    return sync();
}

SqliteStatistics Writer::statistics() const {
    SqliteStatistics all;
    all.transactions = transactions_;
    all.commits = commits_;
    all.redone = redone_;
    all.walSyncs = walSyncs_;
    all.checkpoints = checkpoints_;
    all.checkpointSyncs = checkpointSyncs_;
    clockid_t clock{};
    timespec used{};
    if (::pthread_getcpuclockid(const_cast<std::thread&>(thread_).native_handle(), &clock) == 0 && ::clock_gettime(clock, &used) == 0)
        all.writerCpu = std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
    return all;
}

} // namespace visavis::store::sqlite
