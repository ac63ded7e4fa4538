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

} // namespace visavis::inline store
