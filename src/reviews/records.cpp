// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "reviews/records.hpp"

namespace visavis::reviews {

DEFINE_COLLECTION(Review, reviews) {
    auto const& it = paths<Review>();
    return collection<Review>("reviews")
        .unique("already_reviewed", it.bookingId)
        .index(it.specialistId, desc(it.createdAt))
        .index(it.customerId, desc(it.createdAt))
        .index(it.specialistId, it.isPublic, it.createdAt, it.id)
        .ownedBy(it.specialistId);
}

DEFINE_COLLECTION(ReviewSummary, reviewSummaries) { return collection<ReviewSummary>("reviewSummaries"); }

} // namespace visavis::reviews
