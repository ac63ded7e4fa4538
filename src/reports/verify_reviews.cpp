// I11: what reviews come to, on the specialist's profile and in the summary, against a recomputation; and their mirrors in bookings.
#include "booking/records.hpp"
#include "reports/verify_audit.hpp"
#include "reviews/records.hpp"

namespace visavis::reports {
namespace {

using profiles::Specialist;
using profiles::specialists;
using reviews::Rating;
using reviews::Review;
using reviews::ReviewSummary;
using reviews::Tally;

void add(Tally& tally, std::optional<Rating> const& rating) {
    if (rating) tally = {tally.sum + *rating, tally.count + 1};
}

struct Recomputed {
    std::int64_t count = 0;
    std::int64_t sum = 0;
    ReviewSummary summary;
};

Recomputed recompute(Audit& audit, Ref<Specialist> id) {
    Recomputed result;
    auto& summary = result.summary;
    summary.histogram.assign(5, 0);
    auto const& all = reviews::reviews;
    audit.each(all, {all->createdAt, all->id}, all->specialistId == id && all->isPublic == true, [&](Review const& review) {
        ++result.count;
        result.sum += review.rating;
        ++summary.histogram.at(static_cast<std::size_t>(review.rating - 1));
        auto const aspects = review.aspects.value_or(reviews::Aspects{});
        add(summary.professionalism, aspects.professionalism);
        add(summary.expertise, aspects.expertise);
        add(summary.communication, aspects.communication);
        add(summary.valueForMoney, aspects.valueForMoney);
    });
    return result;
}

void judgeSpecialist(Audit& audit, Specialist const& specialist) {
    auto const wanted = recompute(audit, specialist.id);
    if (specialist.reviewCount != wanted.count)
        audit.fault(specialists.spec(), specialist.id.id,
                    "has reviewCount " + std::to_string(specialist.reviewCount) + ", recomputed " + std::to_string(wanted.count));
    // The same two whole numbers divided: equal to the last bit, or wrong.
    auto const mean = wanted.count == 0 ? 0 : static_cast<double>(wanted.sum) / static_cast<double>(wanted.count);
    audit.expect(specialist.averageRating == mean, specialists, specialist, "has an averageRating that is not its reviews'");
    auto const stored = audit.reader.get(reviews::reviewSummaries, Ref<ReviewSummary>{specialist.id.id});
    if (!stored) {
        audit.expect(wanted.count == 0, specialists, specialist, "has reviews but no summary of them");
        return;
    }
    auto const& same = wanted.summary;
    audit.expect(stored->histogram == same.histogram && stored->professionalism == same.professionalism &&
                     stored->expertise == same.expertise && stored->communication == same.communication &&
                     stored->valueForMoney == same.valueForMoney,
                 reviews::reviewSummaries, *stored, "is not the sum of the public reviews");
}

void judgeReview(Audit& audit, Review const& review) {
    auto const booking = audit.reader.get(booking::bookings, review.bookingId);
    if (!booking) return; // I14
    auto const& feedback = booking->feedback;
    bool const mirrored =
        feedback && feedback->customerRating && *feedback->customerRating == review.rating && feedback->customerReview == review.reviewText;
    audit.expect(mirrored, reviews::reviews, review, "is not what its booking's feedback says");
}

} // namespace

void checkReviews(Audit& audit) {
    audit.each(specialists, [&](Specialist const& specialist) {
        audit.count();
        judgeSpecialist(audit, specialist);
    });
    audit.each(reviews::reviews, [&](Review const& review) {
        audit.count();
        judgeReview(audit, review);
    });
}

} // namespace visavis::reports
