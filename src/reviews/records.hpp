// reviews: one per completed booking, public by default.
#pragma once

#include "booking/records.hpp"

namespace visavis::reviews {

using Rating = Bounded<1, 5>;

struct Aspects {
    std::optional<Rating> professionalism, expertise, communication, valueForMoney;
};
RECORD(Aspects, professionalism, expertise, communication, valueForMoney)

struct Review {
    Ref<Review> id;
    Ref<booking::Booking> bookingId;
    Ref<profiles::Specialist> specialistId;
    Ref<profiles::Customer> customerId;

    Rating rating;
    std::optional<Lines<0, 5000>> reviewText;
    std::optional<Aspects> aspects;

    std::optional<Lines<1, 5000>> specialistResponse;
    std::optional<Instant> respondedAt;

    bool isPublic = true;
    bool isVerifiedBooking = true;

    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(Review, id, bookingId, specialistId, customerId, rating, reviewText, aspects, specialistResponse, respondedAt, isPublic,
       isVerifiedBooking, createdAt, updatedAt, version)

inline auto const reviews = [] {
    auto const& it = paths<Review>();
    return collection<Review>("reviews")
        .unique("already_reviewed", it.bookingId)
        .index(it.specialistId, desc(it.createdAt))
        .index(it.customerId, desc(it.createdAt))
        .index(it.specialistId, it.isPublic, it.createdAt, it.id);
}();

} // namespace visavis::reviews
