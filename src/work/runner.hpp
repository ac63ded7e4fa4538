// The runner: one thread for jobs, a few for the outbox; nudged by commits, paced by the injected clock.
#pragma once

#include "work/parts.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace visavis::work {

// How a job stands; for GET /admin/jobs and the metrics.
struct JobState {
    std::string name;
    std::int64_t periodSeconds = 0;
    std::optional<Instant> lastRunAt;
    std::optional<Instant> nextRunAt;
    std::optional<std::string> lastError;
    std::int64_t runs = 0;
};
RECORD(JobState, name, periodSeconds, lastRunAt, nextRunAt, lastError, runs)

class Runner {
public:
    explicit Runner(Parts parts);
    ~Runner();
    Runner(Runner const&) = delete;
    Runner& operator=(Runner const&) = delete;

    void start();
    void stop();

    // Runs every job at once and drains the outbox, until nothing more is due; false when `deadline` passed first.
    bool settle(Millis deadline);
    // Runs one job now. notFound for names that the table does not have.
    Result<void> runJob(std::string const& name);
    std::vector<JobState> states() const;
    std::uint64_t carriedOut() const { return carriedOut_.load(); }

private:
    void jobLoop();
    void outboxLoop();
    bool runDueJobs(bool all);
    void runAndNote(std::size_t index, Instant now);
    // Carries out what is due; the number of entries that were taken up.
    std::size_t drainOnce();
    void carryOut(OutboxEntry const& entry, Instant now);

    Parts parts_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> carriedOut_{0};
    std::mutex jobMutex_;    // one job at a time
    std::mutex outboxMutex_; // one batch at a time
    mutable std::mutex stateMutex_;
    std::condition_variable wake_;
    std::vector<JobState> states_;
    std::vector<std::thread> threads_;
};

} // namespace visavis::work
