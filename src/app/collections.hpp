// Every collection that the product uses, in one list: engines lay them out, migrate makes them.
#pragma once

#include "store/spec.hpp"

#include <vector>

namespace visavis::app {

std::vector<CollectionSpec const*> const& allCollections();
// Those that a move of the store takes along: all but what processes say of themselves.
std::vector<CollectionSpec const*> const& movedCollections();

} // namespace visavis::app
