// I14 and I15: every reference names a document that is there, and every document can be read.
#include "identity/live.hpp"
#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "reports/verify_audit.hpp"
#include "reviews/records.hpp"

#include <unordered_set>

namespace visavis::reports {
namespace {

// Asks the store whether a document is there; what was found lately is not asked for again.
class Presence {
public:
    explicit Presence(EngineReader& engine) : engine_(engine) {}

    bool has(CollectionSpec const& in, ObjectId const& id) {
        auto& known = known_[&in];
        if (known.contains(id)) return true;
        Query query;
        query.from = &in;
        query.all = {{"_id", Op::equal, {id}}};
        if (engine_.count(query) == 0) return false;
        if (known.size() > 50'000) known.clear();
        known.insert(id);
        return true;
    }

private:
    EngineReader& engine_;
    std::map<CollectionSpec const*, std::unordered_set<ObjectId>> known_;
};

// The id as it stands in the document, if that much can be read.
std::string nameOf(CollectionSpec const& in, Bson const& document) {
    try {
        auto const found = bsonAt(document.bytes, "_id");
        if (found.size() == 1)
            if (auto const* id = std::get_if<ObjectId>(&found.front())) return in.name + " " + id->hex();
    } catch (CorruptDocument const&) {
    }
    return in.name + " (without a readable _id)";
}

std::vector<Reference> of(CollectionSpec const& from) {
    std::vector<Reference> list;
    for (auto const& reference : references())
        if (reference.from == &from) list.push_back(reference);
    return list;
}

void follow(Audit& audit, Presence& presence, Reference const& reference, Bson const& document) {
    for (auto const& value : bsonAt(document.bytes, reference.path)) {
        auto const* id = std::get_if<ObjectId>(&value);
        if (id == nullptr) continue; // damaged: I15
        audit.count();
        if (presence.has(*reference.to, *id)) continue;
        audit.fault(nameOf(*reference.from, document) + ": " + reference.path + " names " + reference.to->name + " " + id->hex() +
                    ", which is not there");
    }
}

} // namespace

std::vector<Reference> const& references() {
    auto const& users = identity::users.spec();
    auto const& specialists = profiles::specialists.spec();
    auto const& customers = profiles::customers.spec();
    auto const& schedules = availability::schedules.spec();
    auto const& slots = availability::slots.spec();
    auto const& claims = availability::claims.spec();
    auto const& requests = availability::availabilityRequests.spec();
    auto const& bookings = booking::bookings.spec();
    auto const& payments = payments::payments.spec();
    auto const& refunds = payments::refunds.spec();
    auto const& ledger = payments::ledgerEntries.spec();
    auto const& earnings = payments::earningsDays.spec();
    auto const& notes = notifications::notifications.spec();
    auto const& messages = booking::messages.spec();
    auto const& sessions = meetings::sessions.spec();
    auto const& reviews = reviews::reviews.spec();
    // clang-format off
    static std::vector<Reference> const table{
        {&identity::authSessions.spec(), "userId", &users},
        {&identity::oneTimeTokens.spec(), "userId", &users},
        {&identity::auditEntries.spec(), "userId", &users},
        {&identity::liveEvents.spec(), "userId", &users}, {&identity::liveSequences.spec(), "_id", &users},
        {&specialists, "userId", &users},
        {&customers, "userId", &users},
        {&profiles::images.spec(), "userId", &users},
        {&schedules, "specialistId", &specialists},
        {&slots, "specialistId", &specialists},
        {&slots, "scheduleId", &schedules},
        {&slots, "bookingId", &bookings},
        {&slots, "customerId", &customers},
        {&slots, "recurrenceRuleId", &schedules},
        {&slots, "parentSlotId", &slots},
        {&claims, "bookingId", &bookings},
        {&claims, "slotId", &slots},
        {&claims, "specialistId", &specialists},
        {&claims, "customerId", &customers},
        {&requests, "specialistId", &specialists}, {&requests, "customerId", &customers},
        {&bookings, "slotId", &slots},
        {&bookings, "specialistId", &specialists},
        {&bookings, "customerId", &customers},
        {&bookings, "statusHistory.changedBy", &users},
        {&bookings, "rescheduleHistory.fromSlotId", &slots},
        {&bookings, "rescheduleHistory.toSlotId", &slots},
        {&bookings, "rescheduleHistory.rescheduledBy", &users},
        {&bookings, "paidWith", &payments},
        {&bookings, "noShowContest.contestedBy", &users}, {&bookings, "noShowContest.decidedBy", &users},
        {&messages, "bookingId", &bookings}, {&messages, "senderId", &users},
        {&payments, "bookingId", &bookings},
        {&payments, "specialistId", &specialists},
        {&payments, "customerId", &customers},
        {&payments, "refund.requestedBy", &users},
        {&refunds, "paymentId", &payments}, {&refunds, "bookingId", &bookings},
        {&refunds, "requestedBy", &users},
        {&ledger, "paymentId", &payments}, {&ledger, "specialistId", &specialists},
        {&ledger, "customerId", &customers},
        {&earnings, "specialistId", &specialists},
        {&sessions, "bookingId", &bookings},
        {&sessions, "specialistId", &specialists},
        {&sessions, "customerId", &customers},
        {&reviews, "bookingId", &bookings}, {&reviews, "specialistId", &specialists},
        {&reviews, "customerId", &customers},
        {&reviews::reviewSummaries.spec(), "specialistId", &specialists},
        {&notes, "recipientId", &users}, {&notes, "bookingId", &bookings},
        {&notes, "paymentId", &payments},
    };
    // clang-format on
    return table;
}

void checkReferences(Audit& audit) {
    Presence presence(audit.engine);
    for (auto const* collection : auditedCollections()) {
        auto const members = of(*collection);
        if (members.empty()) continue;
        Documents documents(audit.engine, *collection);
        while (auto const* document = documents.next()) {
            try {
                for (auto const& member : members) follow(audit, presence, member, *document);
            } catch (CorruptDocument const&) { // I15
            }
        }
    }
}

void checkDocuments(Audit& audit) {
    for (auto const* collection : auditedCollections()) {
        Documents documents(audit.engine, *collection);
        while (auto const* document = documents.next()) {
            audit.count();
            try {
                fromBson(*collection->shape, collection->shape->make().get(), document->bytes);
            } catch (CorruptDocument const& damage) {
                audit.fault(nameOf(*collection, *document) + ": " + damage.what());
            }
        }
    }
}

} // namespace visavis::reports
