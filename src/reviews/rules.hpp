// How reviews add up; pure.
#pragma once

#include "reviews/records.hpp"

namespace visavis::reviews {

ReviewSummary emptySummary(Ref<profiles::Specialist> specialistId);
// One public review more.
void count(ReviewSummary& summary, Review const& review);

std::int64_t reviewCount(ReviewSummary const& summary);
// The mean of all ratings; 0 when there are none.
double averageRating(ReviewSummary const& summary);
std::optional<double> average(Tally const& tally);

} // namespace visavis::reviews
