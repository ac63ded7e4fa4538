// The list of collections.
#include "app/collections.hpp"

#include "identity/live.hpp"
#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "reviews/records.hpp"
#include "store/adoption.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"
#include "work/processes.hpp"

namespace visavis::app {

std::vector<CollectionSpec const*> const& allCollections() {
    static std::vector<CollectionSpec const*> const list{
        &identity::users.spec(),
        &identity::authSessions.spec(),
        &identity::oneTimeTokens.spec(),
        &identity::auditEntries.spec(),
        &identity::liveEvents.spec(),
        &identity::liveSequences.spec(),
        &profiles::specialists.spec(),
        &profiles::customers.spec(),
        &profiles::images.spec(),
        &availability::schedules.spec(),
        &availability::slots.spec(),
        &availability::claims.spec(),
        &availability::availabilityRequests.spec(),
        &booking::bookings.spec(),
        &booking::messages.spec(),
        &payments::payments.spec(),
        &payments::refunds.spec(),
        &payments::ledgerEntries.spec(),
        &payments::earningsDays.spec(),
        &payments::webhookInbox.spec(),
        &meetings::sessions.spec(),
        &reviews::reviews.spec(),
        &reviews::reviewSummaries.spec(),
        &notifications::notifications.spec(),
        &outbox.spec(),
        &work::processes.spec(),
        &work::jobTurns.spec(),
        &keptAnswers.spec(),
        &adoptions.spec(),
        &adoptedDocuments.spec(),
    };
    return list;
}

std::vector<CollectionSpec const*> const& movedCollections() {
    static std::vector<CollectionSpec const*> const list = [] {
        auto some = allCollections();
        std::erase(some, &work::processes.spec());
        std::erase(some, &work::jobTurns.spec());
        return some;
    }();
    return list;
}

} // namespace visavis::app
