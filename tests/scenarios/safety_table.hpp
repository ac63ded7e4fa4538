// Who gets which answer from which row, written down by hand: it must not be derived from what the routes table says of itself.
#pragma once

#include "scenarios/company.hpp"

namespace visavis::scenarios {

// A cell for each caller, in this order: a stranger, the customer and the specialist of a pair, those of another pair, support, admin.
// The right party's log-in that has run out gets what a stranger gets.
struct SafetyRow {
    char const* route;
    char const* ours;        // of a resource of the first pair, or of a row without an id
    char const* theirs = ""; // of a resource of the other pair
    char const* gone = "";   // of one that was deleted, of another kind, or that never was
};

std::vector<SafetyRow> const& safetyTable();
SafetyRow const& rowOf(api::Route const& route); // throws when it has none
std::vector<int> statusesOf(char const* cells);
// Who gets the row done, or could in another state; the stranger where nobody does.
Who rightPartyOf(SafetyRow const& row);

} // namespace visavis::scenarios
