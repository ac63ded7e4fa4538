// What reviews that other software has stored come to. Pure.
#pragma once

#include "reviews/records.hpp"

namespace visavis::reviews {

struct Rated {
    ReviewSummary summary;
    double averageRating = 0;
    std::int64_t reviewCount = 0;
};
// Of all reviews of one specialist; only public ones count.
Rated ratedBy(Ref<profiles::Specialist> specialistId, std::vector<Review> const& all);

} // namespace visavis::reviews
