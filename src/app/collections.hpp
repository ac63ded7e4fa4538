// Every collection that the product uses, in one list: engines lay them out, migrate makes them.
#pragma once

#include "store/spec.hpp"

#include <vector>

namespace visavis::app {

std::vector<CollectionSpec const*> const& allCollections();

} // namespace visavis::app
