// The zones that a reader can choose from.
#pragma once

#include <string>
#include <vector>

namespace visavis::web {

// One name per place that keeps a time of its own, from the tz database's table of places, and UTC; in alphabetical order.
std::vector<std::string> const& zoneNames();

} // namespace visavis::web
