// What the directory finds a specialist by: whole words without case and accents, so that every store engine gives the same answers.
#pragma once

#include "profiles/records.hpp"

#include <set>

namespace visavis::profiles {

// Case-folded and without accents ("Évry" is "evry", "Straße" is "strasse"); everything else stays. `text` is valid UTF-8.
std::string folded(std::string_view text);

// The words of a text, folded: runs of letters and digits.
std::set<std::string> wordsOf(std::string_view text);

// The term of a whole specialty or language, or of the currency ("specialty:c++"). Words have no colon, so the two never meet.
std::string facet(std::string_view kind, std::string_view value);
bool isFacet(std::string_view term);

// The words of name, headline, specialties and bio, and the facets. Sorted, each once.
std::vector<std::string> searchTermsOf(Specialist const& specialist);

// Of 61 bits two for a facet and one for a word, since words are many. A profile whose gaps (facetGaps or wordGaps) have one of them does not
// have the term; one that has none of them may have it.
std::int64_t bitsOf(std::string_view term);

// Writes searchTerms, facetGaps and wordGaps.
void describeForSearch(Specialist& specialist);

} // namespace visavis::profiles
