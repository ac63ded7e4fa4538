// Answers kept under the caller's Idempotency-Key, written in the transaction whose effect they describe (API conventions).
#pragma once

#include "store/tx.hpp"

namespace visavis {
inline namespace store {

struct KeptAnswer {
    Ref<KeptAnswer> id;   // derived from scope and key
    std::string bodyHash; // of the decoded input: another body under the same key is refused
    std::int64_t status = 0;
    std::string body;
    std::optional<std::string> subject; // what a replay needs that must not be stored in the answer: the user who registered
    Instant createdAt;
    std::int64_t version = 0;
};
RECORD(KeptAnswer, id, bodyHash, status, body, subject, createdAt, version)

COLLECTION(KeptAnswer, keptAnswers)

// A key that came with the request now running.
struct PendingKey {
    ObjectId id;
    std::string bodyHash;
};

inline Result<void> keepAnswer(Tx& tx, PendingKey const& key, int status, std::string body, Instant now,
                               std::optional<std::string> subject = {}) {
    KeptAnswer kept;
    kept.id = {key.id};
    kept.bodyHash = key.bodyHash;
    kept.status = status;
    kept.body = std::move(body);
    kept.subject = std::move(subject);
    kept.createdAt = now;
    TRY(auto const first, tx.insertIfAbsent(keptAnswers, kept));
    // Another process was faster with the same key: what we did here must not happen, its answer is given instead.
    if (!first) return conflict("idempotency_race", "The same request was answered meanwhile.");
    return ok;
}

} // namespace store
} // namespace visavis
