// The encodings of mail and of HTTP's Basic scheme, read leniently: what is wrong is skipped, nothing fails.
#pragma once

#include <string>
#include <string_view>

namespace visavis::sandbox {

std::string base64Decoded(std::string_view text);
// RFC 2045 §6.7; with `inHeader` an underscore is a space (RFC 2047 §4.2).
std::string quotedPrintableDecoded(std::string_view text, bool inHeader = false);
// UTF-8 from UTF-8, US-ASCII, ISO-8859-1 or Windows-1252; what is no valid UTF-8 becomes U+FFFD.
std::string toUtf8(std::string_view bytes, std::string_view charset);

} // namespace visavis::sandbox
