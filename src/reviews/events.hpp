// News of reviews.
#pragma once

#include "reviews/records.hpp"

namespace visavis::reviews {

// A customer has said something about a session. Its specialist is told.
struct ReviewReceived {
    Ref<Review> reviewId;
    Ref<booking::Booking> bookingId;
};
RECORD(ReviewReceived, reviewId, bookingId)

} // namespace visavis::reviews
