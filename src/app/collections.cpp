// The list of collections.
#include "app/collections.hpp"

#include "meetings/records.hpp"
#include "notifications/records.hpp"
#include "reviews/records.hpp"
#include "store/idempotency.hpp"
#include "store/outbox.hpp"

namespace visavis::app {

std::vector<CollectionSpec const*> const& allCollections() {
    static std::vector<CollectionSpec const*> const list{
        &identity::users.spec(),
        &identity::authSessions.spec(),
        &identity::oneTimeTokens.spec(),
        &identity::auditEntries.spec(),
        &profiles::specialists.spec(),
        &profiles::customers.spec(),
        &availability::schedules.spec(),
        &availability::slots.spec(),
        &availability::claims.spec(),
        &availability::availabilityRequests.spec(),
        &booking::bookings.spec(),
        &booking::messages.spec(),
        &payments::payments.spec(),
        &payments::refunds.spec(),
        &payments::ledgerEntries.spec(),
        &payments::webhookInbox.spec(),
        &meetings::sessions.spec(),
        &reviews::reviews.spec(),
        &notifications::notifications.spec(),
        &outbox.spec(),
        &keptAnswers.spec(),
    };
    return list;
}

} // namespace visavis::app
