// HTML's entities: the five characters that mean something there, for text and for quoted attributes.
#pragma once

#include <string>
#include <string_view>

namespace visavis {
inline namespace core {

void appendEscapedHtml(std::string& out, std::string_view text);
std::string escapedHtml(std::string_view text);

} // namespace core
} // namespace visavis
