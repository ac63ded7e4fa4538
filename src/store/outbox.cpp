// The collection of outbox.hpp and its indexes.
#include "store/outbox.hpp"

namespace visavis::inline store {

DEFINE_COLLECTION(OutboxEntry, outbox) {
    auto const& it = paths<OutboxEntry>();
    return collection<OutboxEntry>("outbox")
        .index(it.status, it.nextAt, it.id, it.topic) // a lane passes over the others' by the index alone
        .index(it.holder, it.status, it.nextAt, it.id)
        .unique("effect_queued", it.effectKey);
}

Result<bool> revive(Tx& tx, std::string const& effectKey, Instant now) {
    TRY(bool const wasGivenUp,
        tx.update(outbox, outbox->id == Ref<OutboxEntry>{ObjectId::derived(effectKey)} && outbox->status == OutboxStatus::failed,
                  set(outbox->status, OutboxStatus::waiting).set(outbox->attempts, 0).set(outbox->nextAt, now)));
    if (wasGivenUp) tx.touch(outboxGeneration());
    return wasGivenUp;
}

} // namespace visavis::inline store
