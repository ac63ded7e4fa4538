// The verbs of reviews: a customer reviews a session once, its specialist answers once.
#pragma once

#include "booking/service.hpp"
#include "reviews/events.hpp"

namespace visavis::reviews {

using identity::Call;

struct NewReview {
    Ref<booking::Booking> id; // of the path
    Rating rating;
    std::optional<Lines<0, 5000>> reviewText;
    std::optional<Aspects> aspects;
    Flag<true> isPublic;
};
RECORD(NewReview, id, rating, reviewText, aspects, isPublic)

// Review, the booking's feedback, summary and profile change together. not_found; conflict not_completed, already_reviewed.
Result<Review> addReview(Call& call, Tx& tx, NewReview const& input);
// not_found when it is about somebody else; conflict already_responded.
Result<Review> respond(Call& call, Tx& tx, Ref<Review> id, Lines<1, 5000> const& response);

// Of a specialist whom nobody has reviewed: an empty one.
ReviewSummary summaryOf(Reader& reader, Ref<profiles::Specialist> specialistId);

} // namespace visavis::reviews
