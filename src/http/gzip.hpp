// Compressed answers (RFC 1952), and who takes them.
#pragma once

#include <string>
#include <string_view>

namespace visavis::http {

// Whether an Accept-Encoding header takes gzip (RFC 9110 §12.5.3).
bool acceptsGzip(std::string_view header);
// `level` is zlib's, 1 (quick) to 9 (small).
std::string gzipped(std::string_view bytes, int level);
// The bytes again; empty when `bytes` is no gzip. For tests.
std::string gunzipped(std::string_view bytes);

} // namespace visavis::http
