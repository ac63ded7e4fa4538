// Several processes on one database share the background work: who lives, what each has taken up, and what becomes of it when one dies.
// An embedded store has one process, and none of this.
#pragma once

#include "identity/call.hpp"
#include "store/outbox.hpp"

#include <atomic>

namespace visavis::work {

// A process that does background work, as it says of itself every fifth of its lease. The instants are of the machine's own clock, never of a moved one.
struct Process {
    Ref<Process> id;
    Instant startedAt;
    Instant aliveUntil;
    std::int64_t version = 0;
};
RECORD(Process, id, startedAt, aliveUntil, version)

COLLECTION(Process, processes)

// A job runs in one process at a time, and not before it is due again, whichever ran it last.
struct JobTurn {
    Ref<JobTurn> id; // derived from the name
    std::string name;
    std::optional<std::string> holder; // the process that runs it now
    Instant notBefore;
    std::int64_t version = 0; // the fencing token: whoever lost the turn meanwhile changes nothing any more
};
RECORD(JobTurn, id, name, holder, notBefore, version)

COLLECTION(JobTurn, jobTurns)

// A time that is farther away than a period was set by a clock that has been set back since.
inline bool isDue(Instant next, Instant now, Seconds period) { return next <= now || next > now + period; }

class Processes {
public:
    Processes(identity::Platform& platform, Seconds lease);

    // Whether there can be others.
    bool areMany() const { return !platform_.store.alone(); }
    // Says that we live and buries those that do not; every few seconds. What fails is logged, and made good by the next one.
    void beat();
    // We are leaving: what we had is free at once.
    void leave();

    // Both give nothing before the first beat that succeeds: nobody would bury us.
    // The turn of a job, if nobody else has it and it is due (or `early`). A turn of our own that could not be ended is taken again, so the
    // caller asks for a job once at a time.
    Result<std::optional<JobTurn>> takeTurn(std::string const& job, Instant now, Seconds period, bool early);
    Result<void> endTurn(JobTurn const& turn, Instant notBefore);
    // Takes an entry of the outbox up: as it is then, or nothing if another was faster. From now on, so
    // that one that waited for its batch is out of sight as long as the others.
    Result<std::optional<OutboxEntry>> takeUp(OutboxEntry const& entry);

private:
    Result<void> tell();
    Result<void> bury(Ref<Process> dead);
    bool isTaken(Reader& reader, JobTurn const& turn) const;

    identity::Platform& platform_;
    Seconds lease_;
    SystemClock clock_;
    Ref<Process> self_;
    std::atomic<bool> listed_{false};
};

} // namespace visavis::work
