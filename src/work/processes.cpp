// Heartbeats, turns, and the estate of the dead.
#include "work/processes.hpp"

#include "core/log.hpp"

namespace visavis::work {
namespace {

constexpr Minutes held{10}; // an entry that was taken up is out of sight for so long, should even its process's estate be lost
constexpr std::size_t estateBatch = 100;

// A thread of its own has nobody above it who would catch that the store cannot answer.
template <class F> Result<void> attempt(F const& work) {
    try {
        return work();
    } catch (StoreUnavailable const& failed) {
        return unavailable(failed.what());
    }
}

} // namespace

DEFINE_COLLECTION(Process, processes) {
    auto const& it = paths<Process>();
    return collection<Process>("processes").index(it.aliveUntil, it.id);
}

DEFINE_COLLECTION(JobTurn, jobTurns) {
    auto const& it = paths<JobTurn>();
    return collection<JobTurn>("jobTurns").index(it.holder);
}

Processes::Processes(identity::Platform& platform, Seconds lease)
    : platform_(platform), lease_(lease), self_(platform.ids.make<Process>(clock_.now())) {}

void Processes::beat() {
    if (auto const told = attempt([&] { return tell(); }); !told) log::warning("heartbeat_failed", {{"what", told.error().detail}});
}

Result<void> Processes::tell() {
    auto const now = clock_.now();
    TRY(auto const dead, visavis::transact(platform_.store, [&](Tx& tx) -> Result<std::vector<Process>> {
            TRY(bool const known, tx.update(processes, processes->id == self_, set(processes->aliveUntil, now + lease_)));
            if (!known) CHECK(tx.insert(processes, Process{self_, now, now + lease_}));
            return tx.find(processes, processes->aliveUntil < now).sort(processes->aliveUntil, processes->id).limit(10).all();
        }));
    listed_ = true;
    for (auto const& one : dead)
        if (auto const buried = bury(one.id); !buried) log::warning("takeover_failed", {{"what", buried.error().detail}});
    return ok;
}

void Processes::leave() {
    if (auto const left = attempt([&] { return bury(self_); }); !left) log::warning("leave_failed", {{"what", left.error().detail}});
}

// What it had taken up is due at once, the turns of its jobs are free. Whoever takes it up next has another version: the fence. Each step writes
// the row of the dead, so that it meets a sign of life that comes meanwhile, and is given up for it.
Result<void> Processes::bury(Ref<Process> dead) {
    auto const holder = dead.hex();
    auto const isSilent = [&](Tx& tx) -> Result<bool> {
        if (dead == self_) return true; // it leaves
        return tx.update(processes, processes->id == dead && processes->aliveUntil < clock_.now(), set(processes->aliveUntil, Instant{}));
    };
    for (bool more = true; more;) {
        TRY(auto const left, visavis::transact(platform_.store, [&](Tx& tx) -> Result<std::size_t> {
                TRY(bool const silent, isSilent(tx));
                if (!silent) return std::size_t{0};
                auto const estate = tx.find(outbox, outbox->status == OutboxStatus::waiting && outbox->holder == holder)
                                        .sort(outbox->nextAt, outbox->id)
                                        .limit(estateBatch)
                                        .all();
                for (auto const& entry : estate)
                    CHECK(tx.update(outbox, outbox->id == entry.id && outbox->version == entry.version,
                                    set(outbox->nextAt, entry.createdAt).unset(outbox->holder)));
                return estate.size();
            }));
        more = left == estateBatch;
    }
    return visavis::transact(platform_.store, [&](Tx& tx) -> Result<void> {
        TRY(bool const silent, isSilent(tx));
        if (!silent) return ok;
        for (auto const& turn : tx.find(jobTurns, jobTurns->holder == holder).all())
            CHECK(tx.update(jobTurns, jobTurns->id == turn.id && jobTurns->version == turn.version,
                            Changes<JobTurn>{}.unset(jobTurns->holder)));
        CHECK(tx.erase(processes, processes->id == dead));
        return ok;
    });
}

// By another one that lives. Whoever has no row was buried, or its database was copied without it: nobody else would ever free the turn.
bool Processes::isTaken(Reader& reader, JobTurn const& turn) const {
    if (!turn.holder || *turn.holder == self_.hex()) return false;
    auto const id = ObjectId::parse(*turn.holder);
    auto const holder = id ? reader.get(processes, Ref<Process>{*id}) : std::nullopt;
    return holder && holder->aliveUntil >= clock_.now();
}

Result<std::optional<JobTurn>> Processes::takeTurn(std::string const& job, Instant now, Seconds period, bool early) {
    if (!listed_) return std::optional<JobTurn>{};
    return visavis::transact(platform_.store, [&](Tx& tx) -> Result<std::optional<JobTurn>> {
        Ref<JobTurn> const id{ObjectId::derived("job:" + job)};
        auto const turn = tx.get(jobTurns, id);
        if (!turn) {
            JobTurn const first{id, job, self_.hex(), now};
            CHECK(tx.insert(jobTurns, first));
            return std::optional(first);
        }
        if (isTaken(tx, *turn) || (!early && !isDue(turn->notBefore, now, period))) return std::optional<JobTurn>{};
        return tx.take(jobTurns, jobTurns->id == id && jobTurns->version == turn->version, set(jobTurns->holder, self_.hex()));
    });
}

Result<void> Processes::endTurn(JobTurn const& turn, Instant notBefore) {
    return visavis::transact(platform_.store, [&](Tx& tx) -> Result<void> {
        CHECK(tx.update(jobTurns, jobTurns->id == turn.id && jobTurns->version == turn.version,
                        set(jobTurns->notBefore, notBefore).unset(jobTurns->holder)));
        return ok;
    });
}

Result<std::optional<OutboxEntry>> Processes::takeUp(OutboxEntry const& entry) {
    if (!listed_) return std::optional<OutboxEntry>{};
    return visavis::transact(platform_.store, [&](Tx& tx) {
        return tx.take(outbox, outbox->id == entry.id && outbox->status == OutboxStatus::waiting && outbox->version == entry.version,
                       set(outbox->holder, self_.hex()).set(outbox->nextAt, platform_.clock.now() + held));
    });
}

} // namespace visavis::work
