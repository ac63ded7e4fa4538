// Profiles over HTTP: the directory, and what people say of themselves.
#include "profiles/api.hpp"

#include "profiles/search_terms.hpp"

namespace visavis::profiles {
namespace {

Result<void> checkSearch(SpecialistSearch const& search) {
    if (search.minRating && (*search.minRating < 0 || *search.minRating > 5))
        return invalid("/minRating", "out_of_range", "Must be between 0 and 5.");
    if (search.minPrice && search.maxPrice && *search.minPrice > *search.maxPrice)
        return invalid("/minPrice", "out_of_range", "Must not be above maxPrice.");
    return ok;
}

// What must be among the search terms of a profile; nothing when `q` has signs but no word, which no profile matches.
std::optional<std::set<std::string>> wantedTerms(SpecialistSearch const& search) {
    std::set<std::string> terms;
    if (search.q && !search.q->value.empty()) {
        terms = wordsOf(search.q->value);
        if (terms.empty()) return std::nullopt;
    }
    if (search.specialty && !search.specialty->value.empty()) terms.insert(facet("specialty", search.specialty->value));
    if (search.language && !search.language->value.empty()) terms.insert(facet("language", search.language->value));
    return terms;
}

Where<Specialist> conditions(SpecialistSearch const& search, std::set<std::string> const& terms) {
    auto const& it = *specialists.operator->();
    auto where = it.published == true;
    for (auto const& term : terms) where = where && contains(it.searchTerms, term);
    if (search.currency) where = where && it.consulting.currency == *search.currency;
    if (search.minPrice) where = where && it.consulting.basePrice >= *search.minPrice;
    if (search.maxPrice) where = where && it.consulting.basePrice <= *search.maxPrice;
    if (search.minRating) where = where && it.averageRating >= *search.minRating;
    return where;
}

Find<Specialist> sorted(Find<Specialist> found, SpecialistSort sort) {
    auto const& it = *specialists.operator->();
    switch (sort) {
        case SpecialistSort::rating:
            return std::move(found).sort(desc(it.averageRating), desc(it.id));
        case SpecialistSort::price:
            return std::move(found).sort(it.consulting.basePrice, it.id);
        case SpecialistSort::dearest:
            return std::move(found).sort(desc(it.consulting.basePrice), desc(it.id));
        case SpecialistSort::newest:
            break;
    }
    return std::move(found).sort(desc(it.createdAt), desc(it.id));
}

} // namespace

PublicSpecialist publicView(Specialist const& specialist) {
    auto view = project<PublicSpecialist>(specialist);
    view.availability = project<PublicAvailability>(specialist.availability);
    return view;
}

Result<Page<PublicSpecialist>> listSpecialists(Call& call, SpecialistSearch const& search) {
    CHECK(checkSearch(search));
    auto const terms = wantedTerms(search);
    if (!terms) return Page<PublicSpecialist>{};
    TRY(auto const found, visavis::read(call.store, [&](Reader& reader) {
            return sorted(reader.find(specialists, conditions(search, *terms)), search.sort.value_or(SpecialistSort::newest))
                .limit(identity::pageSize(search.limit))
                .page(search.cursor.value_or(""));
        }));
    Page<PublicSpecialist> page{{}, found.nextCursor};
    for (auto const& specialist : found.items) page.items.push_back(publicView(specialist));
    return page;
}

Result<PublicSpecialist> showSpecialist(Call& call, SpecialistPath const& path) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return publishedSpecialist(reader, path.idOrSlug); });
    if (!found) return notFound();
    return publicView(*found);
}

Result<OwnProfile> mySpecialist(Call& call) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return reader.get(specialists, call.specialist()); });
    if (!found) return notFound();
    return project<OwnProfile>(*found);
}

Result<Specialist> patchSpecialistIn(Call& call, Tx& tx, SpecialistPatch const& patch) {
    auto const current = tx.get(specialists, call.specialist());
    if (!current) return notFound();
    TRY(auto const wanted, patch.onto(project<WritableSpecialist>(*current)));
    return updateSpecialist(call, tx, *current, wanted);
}

Result<OwnProfile> patchSpecialist(Call& call, SpecialistPatch const& patch) {
    return call.transact([&](Tx& tx) -> Result<OwnProfile> {
        TRY(auto const updated, patchSpecialistIn(call, tx, patch));
        return project<OwnProfile>(updated);
    });
}

Result<Customer> myCustomer(Call& call) {
    auto const found = visavis::read(call.store, [&](Reader& reader) { return reader.get(customers, call.customer()); });
    if (!found) return notFound();
    return *found;
}

Result<Customer> patchCustomer(Call& call, CustomerPatch const& patch) {
    return call.transact([&](Tx& tx) -> Result<Customer> {
        auto const current = tx.get(customers, call.customer());
        if (!current) return notFound();
        TRY(auto const wanted, patch.onto(project<WritableCustomer>(*current)));
        return updateCustomer(call, tx, *current, wanted);
    });
}

} // namespace visavis::profiles
