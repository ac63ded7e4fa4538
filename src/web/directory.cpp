// GET /: the directory with its search.
#include "profiles/api.hpp"
#include "web/handlers.hpp"
#include "web/pages.hpp"
#include "web/people.hpp"

#include <boost/json/serialize.hpp>

#include <charconv>

namespace visavis::web {
namespace {

using profiles::SpecialistSearch;

Card cardOf(Visit const& visit, profiles::PublicSpecialist const& one) {
    Card card;
    auto const& t = visit.t;
    card.slug = one.slug;
    card.name = one.creatorName;
    card.headline = one.headline ? one.headline->value : std::string();
    card.location = one.location ? one.location->value : std::string();
    card.image = picturePath(one.profileImage, visit.call.platform.publicUrl);
    card.initials = initials(card.name);
    if (one.reviewCount > 0) card.rating = rating(t.language(), one.averageRating);
    card.reviews = one.reviewCount;
    card.price = priceText(t, one.consulting.basePrice.value_or(profiles::Price{0}), one.consulting.currency);
    card.minutes = one.consulting.defaultDuration;
    for (std::size_t i = 0; i < one.specialties.size() && i < 4; ++i) card.specialties.push_back(one.specialties[i]);
    card.verified = one.isVerified;
    return card;
}

// "80" in the form is 8000 cents: people think in whole units. Currencies that the form does not name count as having cents.
std::optional<std::string> minorUnits(std::string_view text, std::string_view currencyCode) {
    std::int64_t whole = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (ec != std::errc{} || end != text.data() + text.size() || whole < 0 || whole > 99'999'999) return std::nullopt;
    auto const currency = Currency::parse(currencyCode).value_or(Currency());
    for (int i = 0; i < currency.exponent(); ++i) whole *= 10;
    return std::to_string(whole);
}

Result<SpecialistSearch> searchOf(Visit const& visit) {
    std::vector<http::Query::Pair> further{{"limit", "12"}};
    if (auto const price = visit.given("price"); !price.empty()) {
        auto const limit = minorUnits(price, visit.given("currency"));
        if (!limit) return invalid("/price", "number", "Must be a whole number.");
        further.emplace_back("maxPrice", *limit);
    }
    auto asked = visit.query;
    std::erase_if(asked.pairs,
                  [](auto const& pair) { return pair.first == "limit" || pair.first == "maxPrice" || pair.first == "minPrice"; });
    return recordOf<SpecialistSearch>(asked, further);
}

// schema.org: what search engines know of this site.
JsonText siteData(std::string const& publicUrl) {
    boost::json::object data{
        {"@context", "https://schema.org"},
        {"@type", "WebSite"},
        {"name", "Visavis"},
        {"url", publicUrl + "/"},
        {"potentialAction", {{"@type", "SearchAction"}, {"target", publicUrl + "/?q={q}"}, {"query-input", "required name=q"}}}};
    return {boost::json::serialize(data)};
}

} // namespace

Result<Answer> home(Visit& visit) {
    auto const& t = visit.t;
    HomePage content;
    content.form = formOf(visit.query);
    content.currencies = {"USD", "EUR", "GBP", "CHF", "INR", "JPY", "CAD", "AUD"};
    for (auto const* name : {"q", "specialty", "language", "currency", "price", "minRating"})
        content.searched = content.searched || !visit.given(name).empty();
    for (auto const* name : {"specialty", "language", "currency", "price", "minRating", "sort"})
        content.filtered = content.filtered || !visit.given(name).empty();
    content.further = !visit.given("cursor").empty();
    auto const found = [&]() -> Result<Page<profiles::PublicSpecialist>> {
        TRY(auto const search, searchOf(visit));
        return profiles::listSpecialists(visit.call, search);
    }();
    if (found) {
        for (auto const& one : found->items) content.cards.push_back(cardOf(visit, one));
        if (found->nextCursor) {
            auto rest = visit.query;
            std::erase_if(rest.pairs,
                          [](auto const& pair) { return pair.first == "cursor" || pair.first == "lang" || pair.second.empty(); });
            rest.pairs.emplace_back("cursor", *found->nextCursor);
            content.more = "/?" + http::formatQuery(rest.pairs);
        }
    } else {
        if (found.error().code != Code::invalid) return found.error();
        explain(content.form, t, found.error());
    }
    auto frame = visit.frame(std::string(t.home_frame()), std::string(t.home_description()));
    if (!content.searched && !content.further) {
        frame.canonical = visit.call.platform.publicUrl + "/";
        frame.data = siteData(visit.call.platform.publicUrl);
    }
    return VISAVIS_PAGE(visit, home, frame, content);
}

} // namespace visavis::web
