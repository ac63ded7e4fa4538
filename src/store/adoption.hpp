// What the taking-over of a database notes about itself: how far it is, and every document as it was before (app/adopt.hpp).
#pragma once

#include "store/collection.hpp"

namespace visavis {
inline namespace store {

// One document: the unit of money must be the same when an interrupted adoption goes on.
struct Adoption {
    Ref<Adoption> id;
    std::string money;       // "major" or "minor"
    bool besideOurs = false; // documents of ours were there before: those are told by their `version`
    Instant startedAt;
    std::optional<Instant> doneAt;
    std::int64_t version = 0;
};
RECORD(Adoption, id, money, besideOurs, startedAt, doneAt, version)

COLLECTION(Adoption, adoptions)

// Made in the transaction that converts the document, so it is also the mark that says: never convert this one again.
struct AdoptedDocument {
    Ref<AdoptedDocument> id; // derived from the two that follow
    std::string collection;
    std::string documentId; // 24 hex digits: it names documents of any collection
    std::string original;   // MongoDB's canonical extended JSON, but for tokens, which are left out
};
RECORD(AdoptedDocument, id, collection, documentId, original)

COLLECTION(AdoptedDocument, adoptedDocuments)

} // namespace store
} // namespace visavis
