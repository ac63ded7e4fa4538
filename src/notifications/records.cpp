// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "notifications/records.hpp"

namespace visavis::notifications {

DEFINE_COLLECTION(Notification, notifications) {
    auto const& it = paths<Notification>();
    return collection<Notification>("notifications")
        .index(it.recipientId, it.isRead)
        .index(it.recipientId, desc(it.createdAt))
        .index(it.recipientId, it.isArchived, it.createdAt, it.id)
        .index(it.recipientId, it.isRead, it.isArchived, it.createdAt, it.id, it.expiresAt) // the last, so that counting needs no document
        .ttl(it.expiresAt, Seconds(0))
        .ownedBy(it.recipientId);
}

} // namespace visavis::notifications
