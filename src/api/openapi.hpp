// The OpenAPI 3.1 document and the readable reference, both derived from the routes table and the records.
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace visavis::api {

boost::json::object openApiDocument();
// A page without scripts or foreign hosts.
std::string docsPage();

} // namespace visavis::api
