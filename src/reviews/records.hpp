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

COLLECTION(Review, reviews)

// Ratings of one aspect: their sum and how many there are.
struct Tally {
    std::int64_t sum = 0;
    std::int64_t count = 0;

    friend bool operator==(Tally const&, Tally const&) = default;
};
RECORD(Tally, sum, count)

// What the public reviews of a specialist come to, in whole numbers, so that it never drifts. Has the specialist's id; changes in the
// transaction of the review.
struct ReviewSummary {
    Ref<ReviewSummary> id;
    Ref<profiles::Specialist> specialistId;
    std::vector<std::int64_t> histogram; // how many of one star … of five
    Tally professionalism, expertise, communication, valueForMoney;
    std::int64_t version = 0;
};
RECORD(ReviewSummary, id, specialistId, histogram, professionalism, expertise, communication, valueForMoney, version)

COLLECTION(ReviewSummary, reviewSummaries)

} // namespace visavis::reviews
