// How objects leave the house: without our notes, cut down for browsers, with `expand[]` followed.
#pragma once

#include "core/result.hpp"
#include "sandbox/stripe/book.hpp"

namespace visavis::sandbox::stripe {

// Of an object or a list page.
json::object shownWithin(json::object const& object);
// What a publishable key may see of an intent.
json::object shownToBrowser(json::object const& object);
// Follows `expand[]` of the call's parameters: ids become objects, at most four deep, through `data.` in lists.
Result<void> expand(json::object& answer, json::object const& params, Book const& book);

} // namespace visavis::sandbox::stripe
