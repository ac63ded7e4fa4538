// The typed client of the web dashboard, derived from the routes table as OpenAPI is: a new row is a new function there, and nothing else.
#pragma once

#include <map>
#include <string>

namespace visavis::api {

// web/src/generated/client.ts (a function per row below /api/v1) and inputs.ts (the types of what they take), by path from the root.
std::map<std::string, std::string> clientFiles();

} // namespace visavis::api
