// GET /s/{slug}, the page that a specialist shares, and /embed/{slug}, the same times within another site.
#include "notifications/templates.hpp"
#include "reviews/api.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/people.hpp"
#include "web/picker.hpp"

#include <boost/json/serialize.hpp>

namespace visavis::web {
namespace {

template <class T> std::string joined(std::vector<T> const& list) {
    std::string out;
    for (auto const& one : list) out += (out.empty() ? "" : ", ") + one.value;
    return out;
}

template <class T> std::string textOf(std::optional<T> const& text) { return text ? text->value : std::string(); }

ReviewView reviewOf(Messages const& t, reviews::PublicReview const& review) {
    ReviewView view;
    auto const stars = static_cast<std::int64_t>(review.rating);
    for (std::int64_t i = 1; i <= 5; ++i) view.stars += i <= stars ? "★" : "☆";
    view.spoken = t.stars(stars);
    view.date = monthName(t.language(), Zone{}.dateAt(review.createdAt));
    view.text = textOf(review.reviewText);
    view.response = textOf(review.specialistResponse);
    return view;
}

// schema.org: a service by a person, with its price and what others thought of it.
JsonText dataOf(Visit const& visit, profiles::Specialist const& specialist, std::string const& url, std::string const& image) {
    namespace json = boost::json;
    json::object person{{"@type", "Person"}, {"name", specialist.creatorName.value}, {"url", url}};
    if (specialist.headline) person["jobTitle"] = specialist.headline->value;
    if (!image.empty()) person["image"] = visit.call.platform.publicUrl + image;
    json::object data{{"@context", "https://schema.org"},
                      {"@type", "Service"},
                      {"name", specialist.headline ? specialist.headline->value : specialist.creatorName.value},
                      {"url", url},
                      {"provider", std::move(person)}};
    auto const& consulting = specialist.consulting;
    if (consulting.basePrice) {
        auto const text = moneyText(*consulting.basePrice, consulting.currency);
        data["offers"] = {
            {"@type", "Offer"}, {"price", text.substr(0, text.find(' '))}, {"priceCurrency", consulting.currency.code()}, {"url", url}};
    }
    if (specialist.reviewCount > 0)
        data["aggregateRating"] = {{"@type", "AggregateRating"},
                                   {"ratingValue", rating(Language::en, specialist.averageRating)},
                                   {"reviewCount", specialist.reviewCount}};
    return {json::serialize(data)};
}

Card cardOf(Visit const& visit, profiles::Specialist const& specialist) {
    Card card;
    card.slug = specialist.slug;
    card.name = specialist.creatorName;
    card.headline = textOf(specialist.headline);
    card.location = textOf(specialist.location);
    card.image = picturePath(specialist.profileImage, visit.call.platform.publicUrl);
    card.initials = initials(card.name);
    if (specialist.reviewCount > 0) card.rating = rating(visit.language(), specialist.averageRating);
    card.reviews = specialist.reviewCount;
    card.price = priceText(visit.t, specialist.consulting.basePrice.value_or(profiles::Price{0}), specialist.consulting.currency);
    card.minutes = specialist.consulting.defaultDuration;
    for (auto const& word : specialist.specialties) card.specialties.push_back(word);
    card.verified = specialist.isVerified;
    return card;
}

void describe(Visit const& visit, profiles::Specialist const& specialist, ProfilePage& content) {
    content.bio = textOf(specialist.bio);
    content.company = textOf(specialist.company);
    if (specialist.website) content.website = specialist.website->value;
    content.languages = joined(specialist.languages);
    content.certifications = joined(specialist.certifications);
    if (specialist.yearsOfExperience) content.experience = visit.t.years(static_cast<std::int64_t>(*specialist.yearsOfExperience));
    content.policy = notifications::policySentence(visit.language(), specialist.consulting.cancellationPolicy);
    if (visit.call.who.specialistId == specialist.id) content.own = visit.call.platform.publicUrl + "/s/" + specialist.slug.value;
}

Result<void> addReviews(Visit& visit, profiles::Specialist const& specialist, ProfilePage& content) {
    reviews::ReviewQuestion question;
    question.id = specialist.id.hex();
    question.limit = Bounded<1, 100>{8};
    if (auto const cursor = visit.given("reviews"); !cursor.empty()) question.cursor = cursor;
    TRY(auto const list, reviews::listReviews(visit.call, question));
    for (auto const& review : list.items) content.reviews.push_back(reviewOf(visit.t, review));
    if (list.nextCursor) content.moreReviews = withParameter("/s/" + specialist.slug.value, "reviews", *list.nextCursor) + "#reviews";
    return ok;
}

// Before what the page shows is read.
std::optional<Hold> holdOf(Visit const& visit) {
    auto const specialist =
        visavis::read(visit.call.store, [&](Reader& reader) { return profiles::publishedSpecialist(reader, visit.captures.front()); });
    return specialist ? holdOn(visit.call.store, specialist->id.id) : std::nullopt;
}

} // namespace

Result<Answer> profile(Visit& visit) {
    auto const& slug = visit.captures.front();
    auto hold = holdOf(visit);
    ProfilePage content;
    std::optional<profiles::Specialist> specialist;
    CHECK(visavis::read(visit.call.store, [&](Reader& reader) -> Result<void> {
        specialist = profiles::publishedSpecialist(reader, slug);
        if (!specialist) return notFound();
        auto const path = "/s/" + specialist->slug.value;
        TRY(content.picker, pickerOf(visit, reader, *specialist, {path, path + "/book/", {}, false}));
        return ok;
    }));
    if (specialist->slug.value != slug) return redirect("/s/" + specialist->slug.value); // by its id
    content.card = cardOf(visit, *specialist);
    describe(visit, *specialist, content);
    CHECK(addReviews(visit, *specialist, content));
    auto const description = content.card.headline.empty() ? content.bio : content.card.headline;
    auto frame = visit.frame(content.card.name, description.substr(0, description.find('\n')));
    frame.canonical = visit.call.platform.publicUrl + "/s/" + content.card.slug;
    frame.kind = "profile";
    if (!content.card.image.empty()) frame.image = visit.call.platform.publicUrl + content.card.image;
    frame.data = dataOf(visit, *specialist, frame.canonical, content.card.image);
    auto answer = VISAVIS_PAGE(visit, profile, frame, content);
    if (hold) hold->validUntil = content.picker.holdsUntil;
    answer.hold = hold;
    return answer;
}

Result<Answer> embedded(Visit& visit) {
    auto hold = holdOf(visit);
    ProfilePage content;
    CHECK(visavis::read(visit.call.store, [&](Reader& reader) -> Result<void> {
        auto const specialist = profiles::publishedSpecialist(reader, visit.captures.front());
        if (!specialist) return notFound();
        auto const& slug = specialist->slug.value;
        TRY(content.picker, pickerOf(visit, reader, *specialist, {"/embed/" + slug, "/s/" + slug + "/book/", {}, true}));
        content.card = cardOf(visit, *specialist);
        return ok;
    }));
    auto frame = visit.frame(content.card.name, content.card.headline);
    frame.canonical = visit.call.platform.publicUrl + "/s/" + content.card.slug; // search engines show that page for this one
    frame.bare = true;
    frame.viewer.reset();
    auto answer = VISAVIS_PAGE(visit, embedded, frame, content);
    answer.policy = Policy::anywhere;
    visit.call.headers.clear(); // no cookies within another site
    if (hold) hold->validUntil = content.picker.holdsUntil;
    answer.hold = hold;
    return answer;
}

} // namespace visavis::web
