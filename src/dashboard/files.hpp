// The built files of the dashboard (web/dist), embedded by tools/dashboard.py; their paths are below /app/: "assets/index-3f9c….js".
#pragma once

#include "http/embedded.hpp"

#include <span>

namespace visavis::dashboard {

// Empty when the build had no npm.
std::span<http::EmbeddedFile const> files();

} // namespace visavis::dashboard
