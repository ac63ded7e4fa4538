// Changes of a stored document, member by member, without decoding it.
#pragma once

#include "store/spec.hpp"

namespace visavis::inline store::sqlite {

// The document with the changes in their order and `version` one higher. Parents that are missing are made.
// Throws std::logic_error when a path runs through a scalar or an array, or a change does not fit what is there.
std::string changed(std::string_view document, std::vector<Change> const& changes);

} // namespace visavis::store::sqlite
