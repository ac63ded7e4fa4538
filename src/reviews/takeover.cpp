// Counts stored reviews as if they had come one by one.
#include "reviews/takeover.hpp"

#include "reviews/rules.hpp"

namespace visavis::reviews {

Rated ratedBy(Ref<profiles::Specialist> specialistId, std::vector<Review> const& all) {
    Rated rated{emptySummary(specialistId)};
    for (auto const& review : all)
        if (review.isPublic) count(rated.summary, review);
    rated.reviewCount = reviewCount(rated.summary);
    rated.averageRating = averageRating(rated.summary);
    return rated;
}

} // namespace visavis::reviews
