// What profiles need that other software has stored without the members that are ours. Pure.
#pragma once

#include "profiles/records.hpp"

#include <set>

namespace visavis::profiles {

// The slug of a name that none of `taken` is; the same for the same profile, whenever it is asked for.
Text<3, 60> slugFor(Specialist const& specialist, std::set<std::string> const& taken);
// Whether a slug that came with the document can stay.
bool maySlugStay(std::string const& slug, std::set<std::string> const& taken);

// What a time zone, a price and an address must be for a profile to be published, and what follows from it.
void settlePublication(Specialist& specialist, User const& user);

} // namespace visavis::profiles
