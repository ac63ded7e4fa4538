// Slugs, search terms and publication of profiles that other software has stored.
#include "profiles/takeover.hpp"

#include "profiles/rules.hpp"
#include "profiles/search_terms.hpp"

namespace visavis::profiles {

bool maySlugStay(std::string const& slug, std::set<std::string> const& taken) { return isSlug(slug) && !taken.contains(slug); }

// Behind a name that is taken stands the end of the profile's own id, which nobody else has.
Text<3, 60> slugFor(Specialist const& specialist, std::set<std::string> const& taken) {
    auto const slug = slugFrom(specialist.creatorName.value, {});
    if (maySlugStay(slug, taken)) return slug;
    return slugFrom(slug.substr(0, 35), specialist.id.hex());
}

void settlePublication(Specialist& specialist, User const& user) {
    auto& offered = specialist.availability;
    if (!offered.timezone || !specialist.consulting.basePrice) offered.isAvailable = false; // nobody publishes without (DESIGN §6)
    specialist.published = offered.isAvailable && user.isVerified && user.isActive;
    describeForSearch(specialist);
}

} // namespace visavis::profiles
