// Reviews over HTTP.
#include "reviews/api.hpp"

#include "reviews/rules.hpp"

namespace visavis::reviews {
namespace {

SummaryView viewOf(ReviewSummary const& summary) {
    SummaryView view;
    view.averageRating = averageRating(summary);
    view.reviewCount = reviewCount(summary);
    for (std::size_t i = 0; i < summary.histogram.size(); ++i) view.histogram[std::to_string(i + 1)] = summary.histogram[i];
    view.aspects = {average(summary.professionalism), average(summary.expertise), average(summary.communication),
                    average(summary.valueForMoney)};
    return view;
}

} // namespace

Result<identity::Created<Review>> createReview(Call& call, NewReview const& input) {
    return call.transact([&](Tx& tx) -> Result<identity::Created<Review>> {
        TRY(auto review, addReview(call, tx, input));
        return identity::Created<Review>{std::move(review)};
    });
}

Result<identity::Created<Review>> createResponse(Call& call, ReviewResponse const& input) {
    return call.transact([&](Tx& tx) -> Result<identity::Created<Review>> {
        TRY(auto review, respond(call, tx, input.id, input.specialistResponse));
        return identity::Created<Review>{std::move(review)};
    });
}

Result<ReviewList> listReviews(Call& call, ReviewQuestion const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<ReviewList> {
        auto const specialist = profiles::publishedSpecialist(reader, input.id);
        if (!specialist) return notFound();
        TRY(auto const page, reader.find(reviews, reviews->specialistId == specialist->id && reviews->isPublic == true)
                                 .sort(desc(reviews->createdAt), desc(reviews->id))
                                 .limit(identity::pageSize(input.limit))
                                 .page(input.cursor.value_or("")));
        ReviewList list;
        for (auto const& review : page.items) list.items.push_back(project<PublicReview>(review));
        list.nextCursor = page.nextCursor;
        list.summary = viewOf(summaryOf(reader, specialist->id));
        return list;
    });
}

} // namespace visavis::reviews
