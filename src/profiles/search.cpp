// Conditions, order and pages of the directory.
#include "profiles/search.hpp"

#include "profiles/search_terms.hpp"

#include <algorithm>

namespace visavis::profiles {
namespace {

// As many as are read and sorted here rather than met in an index's order.
constexpr std::size_t few = 100;

// From here on it does not matter how common a term is.
constexpr std::size_t common = 32'768;

Result<void> checkSearch(SpecialistSearch const& wanted) {
    if (wanted.minRating && (*wanted.minRating < 0 || *wanted.minRating > 5))
        return invalid("/minRating", "out_of_range", "Must be between 0 and 5.");
    if (wanted.minPrice && wanted.maxPrice && *wanted.minPrice > *wanted.maxPrice)
        return invalid("/minPrice", "out_of_range", "Must not be above maxPrice.");
    return ok;
}

// What must be among the search terms of a profile; nothing when `q` has signs but no word, which no profile matches.
std::optional<std::set<std::string>> termsOf(SpecialistSearch const& wanted) {
    std::set<std::string> terms;
    if (wanted.q && !wanted.q->value.empty()) {
        terms = wordsOf(wanted.q->value);
        if (terms.empty()) return std::nullopt;
    }
    if (wanted.specialty && !wanted.specialty->value.empty()) terms.insert(facet("specialty", wanted.specialty->value));
    if (wanted.language && !wanted.language->value.empty()) terms.insert(facet("language", wanted.language->value));
    if (wanted.currency) terms.insert(facet("currency", wanted.currency->code()));
    return terms;
}

// How many published profiles have a term, counted up to `common` and remembered for some minutes: the answer is the same whoever leads.
std::int64_t frequencyOf(Call& call, Reader& reader, std::string const& term) {
    auto& known = call.platform.memory.frequencies;
    if (auto const count = known.find(term, [&](Hold const& hold) { return call.now <= hold.validUntil; })) return *count;
    auto const count =
        reader.find(specialists, specialists->published == true && contains(specialists->searchTerms, term)).limit(common).count();
    known.keep(term, {.validUntil = call.now + Minutes(10)}, count, term.size());
    return count;
}

// The first one leads the search. Among common ones words and specialties come before languages before currencies, long ones before short ones.
std::vector<std::string> rarestFirst(Call& call, Reader& reader, std::set<std::string> const& terms) {
    struct Ranked {
        std::int64_t frequency;
        int kind;
        std::size_t shortness;
        std::string term;
        auto operator<=>(Ranked const&) const = default;
    };
    std::vector<Ranked> ranked;
    for (auto const& term : terms) {
        auto const frequency = terms.size() > 1 ? frequencyOf(call, reader, term) : 0;
        int const kind = term.starts_with("currency:") ? 2 : term.starts_with("language:") ? 1 : 0;
        ranked.push_back({frequency, kind, 1'000 - std::min<std::size_t>(term.size(), 1'000), term});
    }
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::string> list;
    for (auto& one : ranked) list.push_back(std::move(one.term));
    return list;
}

bool isByPrice(SpecialistSort sort) { return sort == SpecialistSort::price || sort == SpecialistSort::dearest; }

// Whoever is published has a price: said so, the order by it is an index's order.
Where<Specialist> withinPrices(SpecialistSearch const& wanted) {
    auto where = specialists->published == true && specialists->consulting.basePrice >= wanted.minPrice.value_or(Price{0});
    if (wanted.maxPrice) where = std::move(where) && specialists->consulting.basePrice <= *wanted.maxPrice;
    return where;
}

Where<Specialist> conditions(SpecialistSearch const& wanted, SpecialistSort sort, std::vector<std::string> const& terms, bool usesGaps) {
    bool const hasPrices = wanted.minPrice || wanted.maxPrice || isByPrice(sort);
    auto where = hasPrices ? withinPrices(wanted) : specialists->published == true;
    std::int64_t facets = 0, words = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        where = std::move(where) && contains(specialists->searchTerms, terms[i]);
        if (i != 0) (isFacet(terms[i]) ? facets : words) |= bitsOf(terms[i]);
    }
    // Who lacks a term mostly shows it in the row that is walked: common terms that seldom meet cost few look-ups.
    if (usesGaps && facets != 0) where = std::move(where) && noBits(specialists->facetGaps, facets);
    if (usesGaps && words != 0) where = std::move(where) && noBits(specialists->wordGaps, words);
    if (wanted.minRating) where = std::move(where) && specialists->averageRating >= *wanted.minRating;
    return where;
}

std::vector<SortKey<Specialist>> orderOf(SpecialistSort sort) {
    auto const& it = *specialists.operator->();
    switch (sort) {
        case SpecialistSort::rating:
            return {desc(it.averageRating), desc(it.id)};
        case SpecialistSort::price:
            return {it.consulting.basePrice, it.id};
        case SpecialistSort::dearest:
            return {desc(it.consulting.basePrice), desc(it.id)};
        case SpecialistSort::newest:
            break;
    }
    return {desc(it.createdAt), desc(it.id)};
}

// Everybody in a range that the order does not follow, if these are few.
std::optional<std::vector<Specialist>> fewInRange(Reader& reader, SpecialistSearch const& wanted, SpecialistSort sort) {
    auto const& it = *specialists.operator->();
    // Counted first, since an index alone tells, and most ranges hold many.
    auto const isFew = [&](Where<Specialist> const& where) {
        return reader.find(specialists, where).limit(few + 1).count() <= std::int64_t{few};
    };
    if ((wanted.minPrice || wanted.maxPrice) && !isByPrice(sort)) {
        auto const range = withinPrices(wanted);
        if (isFew(range)) return reader.find(specialists, range).sort(it.consulting.basePrice, it.id).all();
    }
    if (wanted.minRating && sort != SpecialistSort::rating) {
        auto const range = it.published == true && it.averageRating >= *wanted.minRating;
        if (isFew(range)) return reader.find(specialists, range).sort(it.averageRating, it.id).all();
    }
    return std::nullopt;
}

bool fulfils(Specialist const& one, SpecialistSearch const& wanted, std::set<std::string> const& terms) {
    auto const price = one.consulting.basePrice ? static_cast<std::int64_t>(*one.consulting.basePrice) : -1;
    return std::includes(one.searchTerms.begin(), one.searchTerms.end(), terms.begin(), terms.end()) &&
           (!wanted.minPrice || price >= *wanted.minPrice) && (!wanted.maxPrice || price <= *wanted.maxPrice) &&
           (!wanted.minRating || one.averageRating >= *wanted.minRating);
}

// Where a profile stands in an order; the ids of the two directions tell equal ones apart.
std::vector<Scalar> placeOf(Specialist const& one, SpecialistSort sort) {
    Scalar first{one.createdAt};
    if (sort == SpecialistSort::rating) first = one.averageRating;
    if (isByPrice(sort) && one.consulting.basePrice) first = static_cast<std::int64_t>(*one.consulting.basePrice);
    if (isByPrice(sort) && !one.consulting.basePrice) first = std::monostate{};
    return {first, one.id.id};
}

// As the store would page them.
Result<Page<Specialist>> pageOf(std::vector<Specialist> list, SpecialistSearch const& wanted, SpecialistSort sort) {
    auto const before = [&](std::vector<Scalar> const& a, std::vector<Scalar> const& b) {
        return sort == SpecialistSort::price ? a < b : b < a;
    };
    std::vector<Order> order;
    auto const keys = orderOf(sort);
    order.reserve(keys.size());
    for (auto const& key : keys) order.push_back(key.order);
    if (wanted.cursor && !wanted.cursor->empty()) {
        auto const after = decodeCursor(order, *wanted.cursor);
        if (!after) return invalid("/cursor", "format", "Must be a nextCursor of this list.");
        std::erase_if(list, [&](Specialist const& one) { return !before(*after, placeOf(one, sort)); });
    }
    std::sort(list.begin(), list.end(),
              [&](Specialist const& a, Specialist const& b) { return before(placeOf(a, sort), placeOf(b, sort)); });
    Page<Specialist> page;
    auto const size = identity::pageSize(wanted.limit);
    if (list.size() > size) {
        list.resize(size);
        page.nextCursor = encodeCursor(order, toBson(list.back()));
    }
    page.items = std::move(list);
    return page;
}

} // namespace

Result<Page<Specialist>> search(Call& call, Reader& reader, SpecialistSearch const& wanted) {
    CHECK(checkSearch(wanted));
    auto const terms = termsOf(wanted);
    if (!terms) return Page<Specialist>{};
    auto const sort = wanted.sort.value_or(SpecialistSort::newest);
    if (auto found = fewInRange(reader, wanted, sort)) {
        std::erase_if(*found, [&](Specialist const& one) { return !fulfils(one, wanted, *terms); });
        return pageOf(std::move(*found), wanted, sort);
    }
    auto const order = orderOf(sort);
    bool const usesGaps = call.store.alone(); // MongoDB does not look terms up one by one
    return reader.find(specialists, conditions(wanted, sort, rarestFirst(call, reader, *terms), usesGaps))
        .sort(order.at(0), order.at(1))
        .limit(identity::pageSize(wanted.limit))
        .page(wanted.cursor.value_or(""));
}

} // namespace visavis::profiles
