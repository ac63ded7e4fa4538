// Files that are part of the binary, as tools/embed.py writes them into it: plain and compressed.
#pragma once

#include "http/message.hpp"

namespace visavis::http {

struct EmbeddedFile {
    std::string_view path; // what the owner of the list finds it by
    std::string_view contentType;
    std::string_view tag; // an ETag, by content
    std::string_view plain;
    std::string_view packed; // gzip; empty when that would not be smaller
};

// 200 in the form that the request accepts, with Content-Encoding and Vary; how long it may be kept is the caller's to say.
Response fileAnswer(Request const& request, EmbeddedFile const& file);

} // namespace visavis::http
