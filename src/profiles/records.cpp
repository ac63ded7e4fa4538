// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "profiles/records.hpp"

namespace visavis::profiles {

DEFINE_COLLECTION(Specialist, specialists) {
    auto const& it = paths<Specialist>();
    return collection<Specialist>("creatorProfiles")
        .unique("email_taken", it.email)
        .unique("user_taken", it.userId)
        .unique("slug_taken", it.slug)
        // each order of the directory, with the members that its filters ask for, so that who does not pass costs no document
        .index(it.published, it.createdAt, it.id, it.averageRating, it.consulting.basePrice)
        .index(it.published, it.averageRating, it.id, it.consulting.basePrice)
        .index(it.published, it.consulting.basePrice, it.id, it.averageRating)
        .index(it.published, it.searchTerms, it.createdAt, it.id, it.facetGaps, it.wordGaps, it.averageRating, it.consulting.basePrice)
        .index(it.published, it.searchTerms, it.averageRating, it.id, it.facetGaps, it.wordGaps, it.consulting.basePrice)
        .index(it.published, it.searchTerms, it.consulting.basePrice, it.id, it.facetGaps, it.wordGaps, it.averageRating)
        .index(it.published, it.slotsCheckedOn, it.id)
        .ownedBy(it.userId, it.id);
}

DEFINE_COLLECTION(Image, images) {
    auto const& it = paths<Image>();
    return collection<Image>("images").unique("image_taken", it.userId);
}

DEFINE_COLLECTION(Customer, customers) {
    auto const& it = paths<Customer>();
    return collection<Customer>("customers").unique("email_taken", it.email).unique("user_taken", it.userId).ownedBy(it.userId);
}

} // namespace visavis::profiles
