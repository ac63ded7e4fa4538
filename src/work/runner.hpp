// The runner: one thread for jobs, a few for each lane of the outbox; nudged by commits, paced by the injected clock.
#pragma once

#include "identity/jobs.hpp"
#include "work/parts.hpp"
#include "work/processes.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace visavis::work {

using identity::JobState;

class Runner final : public identity::JobControl {
public:
    explicit Runner(Parts parts);
    ~Runner() override;

    void start();
    void stop();

    // Runs every job at once, a daily one only if it is due, and drains the outbox, until nothing more is due; false when `deadline` passed first.
    bool settle(Millis deadline);
    // Of the jobs of the table, and of `outbox`, which drains it.
    Result<void> runJob(std::string const& name) override;
    std::vector<JobState> states() const override;
    std::uint64_t carriedOut() const { return carriedOut_.load(); }

private:
    void jobLoop();
    // A lane works by itself, with its own batches and hands.
    struct Line {
        Lane lane;
        std::mutex busy; // one batch at a time
    };
    void outboxLoop(Line& line);
    void heartLoop();
    bool runDueJobs(bool all);
    // Where there are several processes, in this one only if it is its turn; `early`: even if it is not due.
    void runInTurn(std::size_t index, Instant now, bool early);
    void runAndNote(std::size_t index, Instant now);
    void drainAndNote(Instant now);
    // Carries out what is due of a lane; the number of entries that were taken up.
    std::size_t drainOnce(Line& line);
    // The same of every lane, and waits for what they are at; false when nothing was due anywhere, and nothing has come of it.
    bool drainEach();
    // The entry as we may carry it out; nothing if another process does.
    std::optional<OutboxEntry> takeUp(OutboxEntry const& entry);
    void carryOut(OutboxEntry const& entry, Instant now);

    Parts parts_;
    Processes processes_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> carriedOut_{0};
    std::atomic<std::uint64_t> handled_{0}; // entries, carried out or not
    std::mutex jobMutex_;                   // one job at a time
    std::array<Line, 2> lines_{{{Lane::prompt, {}}, {Lane::mail, {}}}};
    mutable std::mutex stateMutex_;
    std::condition_variable wake_;
    std::vector<JobState> states_;
    std::vector<std::thread> threads_;
};

} // namespace visavis::work
