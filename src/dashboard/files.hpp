// The built files of the dashboard (web/dist), embedded by tools/dashboard.py.
#pragma once

#include <span>
#include <string_view>

namespace visavis::dashboard {

struct File {
    std::string_view path; // below /app/: "index.html", "assets/index-3f9c….js"
    std::string_view contentType;
    std::string_view tag; // an ETag, by content
    std::string_view plain;
    std::string_view packed; // gzip; empty when that would not be smaller
};

// Empty when the build had no npm.
std::span<File const> files();

} // namespace visavis::dashboard
