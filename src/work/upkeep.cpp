// The outbox after a clock was set back.
#include "work/upkeep.hpp"

#include "store/outbox.hpp"

namespace visavis::work {
namespace {

constexpr std::size_t batch = 500;

} // namespace

// Not what a process has taken up: it would be done twice.
Result<void> wakeOutbox(identity::Platform& platform, Instant now) {
    for (std::size_t found = batch; found == batch;) {
        TRY(found, visavis::transact(platform.store, [&](Tx& tx) -> Result<std::size_t> {
                auto const asleep =
                    tx.find(outbox, outbox->status == OutboxStatus::waiting && outbox->nextAt > now + longestWait && absent(outbox->holder))
                        .sort(outbox->nextAt, outbox->id)
                        .limit(batch)
                        .all();
                for (auto const& entry : asleep)
                    CHECK(tx.update(outbox, outbox->id == entry.id && outbox->version == entry.version, set(outbox->nextAt, now)));
                if (!asleep.empty()) tx.touch(outboxGeneration());
                return asleep.size();
            }));
    }
    return ok;
}

} // namespace visavis::work
