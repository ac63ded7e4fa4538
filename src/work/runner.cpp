// Carrying out the outbox and the jobs.
#include "work/runner.hpp"

#include "core/log.hpp"
#include "core/zone.hpp"
#include "store/crash_points.hpp"
#include "work/upkeep.hpp"

namespace visavis::work {
namespace {

constexpr std::size_t batchSize = 64;
constexpr std::size_t hands = 4; // of a lane, entries carried out at the same time: most of them wait for a provider
constexpr std::int64_t mostAttempts = 25;
constexpr Minutes lookAgain{1}; // whether who has the turn of a job, which may run once a day, has died in the middle of it
constexpr auto outboxJob = "outbox";

CrashPoint const takenUp("work.entry.taken");

// 1 s, 2 s, 4 s … one hour, scaled by a random 50 to 100 %.
Millis backoff(std::int64_t attempts, Rng& rng) {
    auto const full = std::min<std::int64_t>(Millis(longestWait).count(), 1000LL << std::min<std::int64_t>(attempts, 12));
    return Millis(full / 2 + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(full / 2 + 1))));
}

// When a job that runs at `now` runs next; of a daily one also its first time.
Instant nextRun(Job const& job, Instant now) {
    if (!job.dailyAt) return now + job.period;
    auto const today = Zone{}.dateAt(now).midnightUtc() + *job.dailyAt;
    return now < today ? today : today + Days(1);
}

Listener const* listenerOf(std::string const& topic) {
    for (auto const& listener : listeners())
        if (listener.topic == topic) return &listener;
    return nullptr;
}

// Of one lane. What nobody listens to is not a mail.
Where<OutboxEntry> isOf(Lane lane) {
    std::vector<std::string> mails;
    for (auto const& listener : listeners())
        if (listener.lane == Lane::mail) mails.push_back(listener.topic);
    if (lane == Lane::mail) return in(outbox->topic, mails);
    Where<OutboxEntry> others;
    for (auto const& mail : mails) others = std::move(others) && outbox->topic != mail;
    return others;
}

} // namespace

Runner::Runner(Parts parts) : parts_(parts), processes_(parts.platform, parts.lease) {
    auto const now = parts_.platform.clock.now();
    for (auto const& job : jobs())
        states_.push_back({job.name, job.period.count(), {}, job.dailyAt ? std::optional(nextRun(job, now)) : std::nullopt, {}, 0});
    states_.push_back({outboxJob, 0, {}, {}, {}, 0}); // behind those of the table: it is never out of work
}

Runner::~Runner() { stop(); }

void Runner::start() {
    if (processes_.areMany()) {
        processes_.beat();
        threads_.emplace_back([this] { heartLoop(); });
    }
    threads_.emplace_back([this] { jobLoop(); });
    for (auto& line : lines_) threads_.emplace_back([this, &line] { outboxLoop(line); });
}

void Runner::stop() {
    bool const started = !threads_.empty();
    stopping_ = true;
    wake_.notify_all();
    parts_.platform.store.generations.bump(outboxGeneration());
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    if (processes_.areMany() && started) processes_.leave();
}

void Runner::heartLoop() {
    while (!stopping_) {
        std::unique_lock lock(stateMutex_);
        wake_.wait_for(lock, Millis(parts_.lease) / 5, [this] { return stopping_.load(); });
        lock.unlock();
        if (!stopping_) processes_.beat();
    }
}

void Runner::jobLoop() {
    while (!stopping_) {
        Millis pause{250};
        try {
            runDueJobs(false);
        } catch (std::exception const& failed) { // the store cannot answer now: what is due stays so
            log::error("jobs_failed", {{"what", failed.what()}});
            pause = Millis(1'000);
        }
        std::unique_lock lock(stateMutex_);
        wake_.wait_for(lock, pause, [this] { return stopping_.load(); });
    }
}

void Runner::outboxLoop(Line& line) {
    auto& generations = parts_.platform.store.generations;
    while (!stopping_) {
        auto const seen = generations.of(outboxGeneration());
        std::size_t taken = 0;
        try {
            taken = drainOnce(line);
        } catch (std::exception const& failed) {
            log::error("outbox_failed", {{"what", failed.what()}});
        }
        // Entries that wait for their time are found by looking again, new ones by the nudge.
        if (taken == 0 && !stopping_) generations.waitFor(outboxGeneration(), seen, std::chrono::steady_clock::now() + Millis(250));
    }
}

bool Runner::runDueJobs(bool all) {
    std::lock_guard const lock(jobMutex_);
    bool ran = false;
    for (std::size_t i = 0; i < jobs().size() && !stopping_; ++i) {
        auto const now = parts_.platform.clock.now();
        {
            std::lock_guard const stateLock(stateMutex_);
            bool const mayWait = !all || jobs()[i].dailyAt;
            if (mayWait && states_[i].nextRunAt && !isDue(*states_[i].nextRunAt, now, jobs()[i].period)) continue;
        }
        runInTurn(i, now, all);
        ran = true;
    }
    return ran;
}

void Runner::runInTurn(std::size_t index, Instant now, bool early) {
    if (!processes_.areMany()) return runAndNote(index, now);
    auto const& job = jobs()[index];
    auto const turn = processes_.takeTurn(job.name, now, job.period, early);
    if (turn && *turn) {
        runAndNote(index, now);
        if (auto const ended = processes_.endTurn(**turn, nextRun(job, now)); !ended) log::warning("turn_not_ended", {{"job", job.name}});
        return;
    }
    if (!turn) log::warning("turn_not_taken", {{"job", job.name}, {"what", turn.error().detail}});
    std::lock_guard const lock(stateMutex_);
    states_[index].nextRunAt = std::min(nextRun(job, now), now + lookAgain);
}

void Runner::runAndNote(std::size_t index, Instant now) {
    std::optional<std::string> failed;
    try {
        if (auto const result = jobs()[index].run(parts_, now); !result) failed = result.error().key + ": " + result.error().detail;
    } catch (std::exception const& thrown) {
        failed = thrown.what();
    }
    if (failed) log::error("job_failed", {{"job", jobs()[index].name}, {"what", *failed}});
    std::lock_guard const lock(stateMutex_);
    auto& state = states_[index];
    state.lastRunAt = now;
    state.nextRunAt = nextRun(jobs()[index], now);
    state.lastError = failed;
    ++state.runs;
}

std::size_t Runner::drainOnce(Line& line) {
    std::lock_guard const lock(line.busy);
    auto const now = parts_.platform.clock.now();
    auto const due = visavis::read(parts_.platform.store, [&](Reader& reader) {
        return reader.find(outbox, outbox->status == OutboxStatus::waiting && outbox->nextAt <= now && isOf(line.lane))
            .sort(outbox->nextAt, outbox->id)
            .limit(batchSize)
            .all();
    });
    std::atomic<std::size_t> next{0}, taken{0};
    auto const work = [&] {
        for (auto i = next.fetch_add(1); i < due.size() && !stopping_; i = next.fetch_add(1)) try {
                if (auto const ours = takeUp(due[i])) {
                    carryOut(*ours, parts_.platform.clock.now()); // those before it may have taken long
                    ++taken;
                    ++handled_;
                }
            } catch (std::exception const& failed) { // helpers are threads, so nothing may leave them; the entry stays due
                log::error("outbox_failed", {{"id", due[i].id.hex()}, {"what", failed.what()}});
            }
    };
    std::vector<std::thread> helpers;
    for (std::size_t i = 1; i < std::min(hands, due.size()); ++i) helpers.emplace_back(work);
    work();
    for (auto& helper : helpers) helper.join();
    return taken;
}

// A lane that was looked at may be given more by one that was still at work, so only a round in which nobody did anything is the last.
bool Runner::drainEach() {
    auto const before = handled_.load();
    for (auto& line : lines_) drainOnce(line);
    return handled_ != before;
}

std::optional<OutboxEntry> Runner::takeUp(OutboxEntry const& entry) {
    if (!processes_.areMany()) return entry;
    auto taken = processes_.takeUp(entry);
    if (taken && *taken) takenUp.pass();
    if (!taken) log::warning("outbox_entry_not_taken_up", {{"id", entry.id.hex()}, {"what", taken.error().key}});
    return taken ? std::move(*taken) : std::nullopt;
}

void Runner::carryOut(OutboxEntry const& entry, Instant now) {
    auto const* listener = listenerOf(entry.topic);
    std::optional<std::string> failed;
    try {
        if (listener == nullptr)
            failed = "nobody listens to " + entry.topic;
        else if (auto const result = listener->carryOut(parts_, entry.payload, now); !result)
            failed = result.error().key + ": " + result.error().detail;
    } catch (std::exception const& thrown) {
        failed = thrown.what();
    }
    if (failed) log::warning("outbox_entry_failed", {{"topic", entry.topic}, {"id", entry.id.hex()}, {"what", *failed}});
    bool const givenUp = failed && entry.attempts + 1 >= mostAttempts;
    auto const noted = visavis::transact(parts_.platform.store, [&](Tx& tx) -> Result<void> {
        auto const is = outbox->id == entry.id && outbox->status == OutboxStatus::waiting && outbox->version == entry.version;
        if (!failed) {
            CHECK(tx.update(outbox, is, set(outbox->status, OutboxStatus::done).set(outbox->doneAt, now).unset(outbox->holder)));
            return ok;
        }
        auto changes = set(outbox->lastError, *failed)
                           .unset(outbox->holder)
                           .inc(outbox->attempts, 1)
                           .set(outbox->nextAt, now + backoff(entry.attempts, parts_.platform.rng));
        CHECK(tx.update(outbox, is, givenUp ? std::move(changes).set(outbox->status, OutboxStatus::failed) : std::move(changes)));
        return ok;
    });
    if (!noted) log::error("outbox_not_noted", {{"id", entry.id.hex()}, {"what", noted.error().key}});
    if (!failed) ++carriedOut_;
}

bool Runner::settle(Millis deadline) {
    auto const ends = std::chrono::steady_clock::now() + deadline;
    for (bool busy = true; busy;) {
        runDueJobs(true);
        busy = false;
        while (drainEach()) {
            busy = true;
            if (stopping_ || std::chrono::steady_clock::now() >= ends) return false;
        }
    }
    return std::chrono::steady_clock::now() < ends;
}

// By hand; it goes on by itself all the time.
void Runner::drainAndNote(Instant now) {
    std::optional<std::string> failed;
    try {
        while (!stopping_ && drainEach()) continue;
    } catch (std::exception const& thrown) {
        failed = thrown.what();
    }
    std::lock_guard const lock(stateMutex_);
    auto& state = states_.back();
    state.lastRunAt = now;
    state.lastError = failed;
    ++state.runs;
}

Result<void> Runner::runJob(std::string const& name) {
    if (name == outboxJob) {
        drainAndNote(parts_.platform.clock.now());
        return ok;
    }
    for (std::size_t i = 0; i < jobs().size(); ++i) {
        if (jobs()[i].name != name) continue;
        std::lock_guard const lock(jobMutex_);
        runInTurn(i, parts_.platform.clock.now(), true);
        return ok;
    }
    return notFound("There is no such job.");
}

std::vector<JobState> Runner::states() const {
    std::lock_guard const lock(stateMutex_);
    return states_;
}

} // namespace visavis::work
