// What a profile must be to be saved, and to be published; pure.
#pragma once

#include "profiles/service.hpp"

namespace visavis::profiles {

// Every fault of the profile with its JSON Pointer; `incomplete` (DESIGN §6) once the rest is right: published without a time zone or
// an explicit price.
Result<void> checkSpecialist(WritableSpecialist const& profile, identity::PaymentRules const& payments);
Result<void> checkCustomer(WritableCustomer const& customer);

// As typed, but for the case of weekday names.
WritableSpecialist normalised(WritableSpecialist profile);

// a-z and 0-9 in parts joined by single hyphens, no id (24 hex digits), no word that pages need.
bool isSlug(std::string_view slug);
// A slug out of a name, "specialist" if nothing is left of it; `suffix` makes it another one.
std::string slugFrom(std::string_view name, std::string_view suffix);

} // namespace visavis::profiles
