// Adding up reviews in whole numbers; means are made of them when they are shown.
#include "reviews/rules.hpp"

#include <numeric>

namespace visavis::reviews {
namespace {

void count(Tally& tally, std::optional<Rating> const& rating) {
    if (!rating) return;
    tally.sum += *rating;
    ++tally.count;
}

} // namespace

ReviewSummary emptySummary(Ref<profiles::Specialist> specialistId) {
    ReviewSummary summary;
    summary.id = {specialistId.id};
    summary.specialistId = specialistId;
    summary.histogram.assign(5, 0);
    return summary;
}

void count(ReviewSummary& summary, Review const& review) {
    ++summary.histogram.at(static_cast<std::size_t>(review.rating - 1));
    if (!review.aspects) return;
    count(summary.professionalism, review.aspects->professionalism);
    count(summary.expertise, review.aspects->expertise);
    count(summary.communication, review.aspects->communication);
    count(summary.valueForMoney, review.aspects->valueForMoney);
}

std::int64_t reviewCount(ReviewSummary const& summary) {
    return std::accumulate(summary.histogram.begin(), summary.histogram.end(), std::int64_t{0});
}

double averageRating(ReviewSummary const& summary) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < summary.histogram.size(); ++i) sum += static_cast<std::int64_t>(i + 1) * summary.histogram[i];
    return average({sum, reviewCount(summary)}).value_or(0);
}

std::optional<double> average(Tally const& tally) {
    if (tally.count == 0) return std::nullopt;
    return static_cast<double>(tally.sum) / static_cast<double>(tally.count);
}

} // namespace visavis::reviews
