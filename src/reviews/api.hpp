// The ways in of reviews.
#pragma once

#include "reviews/service.hpp"

namespace visavis::reviews {

struct ReviewResponse {
    Ref<Review> id; // of the path
    Lines<1, 5000> specialistResponse;
};
RECORD(ReviewResponse, id, specialistResponse)

struct ReviewQuestion {
    std::string id; // of the specialist, or the slug
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(ReviewQuestion, id, limit, cursor)

// A review as everybody sees it: not by whom, nor of which booking.
struct PublicReview {
    Ref<Review> id;
    Ref<profiles::Specialist> specialistId;
    Rating rating;
    std::optional<Lines<0, 5000>> reviewText;
    std::optional<Aspects> aspects;
    std::optional<Lines<1, 5000>> specialistResponse;
    std::optional<Instant> respondedAt;
    bool isVerifiedBooking = true;
    Instant createdAt;
    Instant updatedAt;
};
RECORD(PublicReview, id, specialistId, rating, reviewText, aspects, specialistResponse, respondedAt, isVerifiedBooking, createdAt,
       updatedAt)

// Means over those who rated the aspect; absent when nobody did.
struct AspectMeans {
    std::optional<double> professionalism, expertise, communication, valueForMoney;
};
RECORD(AspectMeans, professionalism, expertise, communication, valueForMoney)

// Over all public reviews, not those of the page alone.
struct SummaryView {
    double averageRating = 0; // 0 when there are none
    std::int64_t reviewCount = 0;
    std::map<std::string, std::int64_t> histogram; // "1" … "5", always all of them
    AspectMeans aspects;
};
RECORD(SummaryView, averageRating, reviewCount, histogram, aspects)

struct ReviewList {
    std::vector<PublicReview> items;
    std::optional<std::string> nextCursor;
    SummaryView summary;
};
RECORD(ReviewList, items, nextCursor, summary)

Result<identity::Created<Review>> createReview(Call& call, NewReview const& input);
Result<identity::Created<Review>> createResponse(Call& call, ReviewResponse const& input);
Result<ReviewList> listReviews(Call& call, ReviewQuestion const& input);

} // namespace visavis::reviews

// As of every list, nextCursor is null on the last page and not left out.
template <> struct visavis::identity::Render<visavis::reviews::ReviewList> {
    static constexpr int status = 200;
    using Shown = reviews::ReviewList;
    static std::string body(reviews::ReviewList const& list) {
        auto out = Render<Page<reviews::PublicReview>>::body({list.items, list.nextCursor});
        out.back() = ',';
        return out + "\"summary\":" + toJson(list.summary) + "}";
    }
};
