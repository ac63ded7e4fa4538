// The outbox: what must happen because of a transaction, written in it. work/outbox carries it out, at least once, keyed to be harmless twice.
#pragma once

#include "record/json.hpp"
#include "store/tx.hpp"

namespace visavis {
inline namespace store {

WORDS(OutboxStatus, waiting, done, failed)

struct OutboxEntry {
    Ref<OutboxEntry> id;
    std::string topic;     // the event's record name: "PaymentSucceeded"; work/schedule.cpp says who listens
    std::string effectKey; // unique: the same effect is never queued twice
    std::string payload;   // the event as JSON
    OutboxStatus status{};
    std::int64_t attempts = 0;
    Instant nextAt; // not before
    std::optional<std::string> lastError;
    Instant createdAt;
    std::optional<Instant> doneAt;
    std::optional<std::string> holder; // the process that has taken it up, where there are several
    std::int64_t version = 0;          // also the fencing token: only who took up this version may note what became of it
};
RECORD(OutboxEntry, id, topic, effectKey, payload, status, attempts, nextAt, lastError, createdAt, doneAt, holder, version)

COLLECTION(OutboxEntry, outbox)

// Queues `event` (a RECORD) to be carried out at `notBefore`. A key that is queued or done already is passed over.
template <class Event> Result<void> emit(Tx& tx, Event const& event, std::string const& effectKey, Instant notBefore) {
    OutboxEntry entry;
    entry.topic = recordName(std::type_identity<Event>{});
    entry.effectKey = entry.topic + ":" + effectKey;
    entry.id = {ObjectId::derived(entry.effectKey)};
    entry.payload = toJson(event, Secrets::shown);
    entry.nextAt = notBefore;
    entry.createdAt = notBefore;
    TRY(auto const queued, tx.insertIfAbsent(outbox, entry));
    if (queued) tx.touch(outboxGeneration());
    return ok;
}

// Whether the effect of this key (with its topic) was given up after too many tries; then it is due again, from the first try.
Result<bool> revive(Tx& tx, std::string const& effectKey, Instant now);

} // namespace store
} // namespace visavis
