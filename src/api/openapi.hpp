// The OpenAPI 3.1 document and the readable reference, both derived from the routes table and the records.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace visavis::api {

// The names in a route's pattern, in order: {"id"}.
std::vector<std::string> capturesOf(std::string const& pattern);

boost::json::object openApiDocument();
// A page without scripts or foreign hosts.
std::string docsPage();

} // namespace visavis::api
