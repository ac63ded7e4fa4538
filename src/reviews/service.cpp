// Reviews, and what they change elsewhere: the booking's feedback, the summary, the profile.
#include "reviews/service.hpp"

#include "reviews/rules.hpp"
#include "store/outbox.hpp"

namespace visavis::reviews {
namespace {

Review reviewOf(Call& call, booking::Booking const& booking, NewReview const& input) {
    Review review;
    review.id = call.newId<Review>();
    review.bookingId = booking.id;
    review.specialistId = booking.specialistId;
    review.customerId = booking.customerId;
    review.rating = input.rating;
    review.reviewText = input.reviewText;
    review.aspects = input.aspects;
    review.isPublic = input.isPublic;
    review.createdAt = review.updatedAt = call.now;
    return review;
}

// The summary is read and replaced under its version: of two reviews at once one waits for the other or is tried again.
Result<void> countPublic(Tx& tx, Review const& review) {
    CHECK(tx.insertIfAbsent(reviewSummaries, emptySummary(review.specialistId)));
    auto summary = tx.get(reviewSummaries, Ref<ReviewSummary>{review.specialistId.id});
    if (!summary) return conflict("stale", "The record was changed meanwhile.");
    count(*summary, review);
    CHECK(tx.replace(reviewSummaries, *summary));
    return profiles::rated(tx, review.specialistId, averageRating(*summary), reviewCount(*summary));
}

} // namespace

Result<Review> addReview(Call& call, Tx& tx, NewReview const& input) {
    TRY(auto const booking, booking::takeReview(tx, input.id, call.customer(), {input.rating, input.reviewText}, call.now));
    auto const review = reviewOf(call, booking, input);
    CHECK(tx.insert(reviews, review));
    if (review.isPublic) CHECK(countPublic(tx, review));
    CHECK(visavis::emit(tx, ReviewReceived{review.id, review.bookingId}, review.bookingId.hex(), call.now));
    return review;
}

Result<Review> respond(Call& call, Tx& tx, Ref<Review> id, Lines<1, 5000> const& response) {
    auto review = tx.get(reviews, id);
    if (!review || review->specialistId != call.specialist()) return notFound();
    CHECK(call.checkVersion(review->version));
    if (review->specialistResponse) return conflict("already_responded", "This review has been answered.");
    review->specialistResponse = response;
    review->respondedAt = review->updatedAt = call.now;
    CHECK(tx.replace(reviews, *review));
    tx.touch(review->specialistId.id); // its pages show the answer
    return *review;
}

ReviewSummary summaryOf(Reader& reader, Ref<profiles::Specialist> specialistId) {
    return reader.get(reviewSummaries, Ref<ReviewSummary>{specialistId.id}).value_or(emptySummary(specialistId));
}

} // namespace visavis::reviews
