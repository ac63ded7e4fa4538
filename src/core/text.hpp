// What counts as text: valid UTF-8 without control and bidirectional-override characters.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace visavis {
inline namespace core {

enum class Breaks { refused, allowed }; // whether \n may occur

// Characters (code points) of valid text, or nothing when it is not: bad UTF-8, C0/C1 controls, bidi controls (U+202A…E, U+2066…9).
std::optional<std::size_t> textLength(std::string_view text, Breaks breaks);

std::string_view trimmed(std::string_view text);
// ASCII letters only: for e-mail addresses, header names and words of the protocol.
std::string lowered(std::string_view text);
bool equalIgnoringCase(std::string_view a, std::string_view b);
// Compares without telling by its duration where the difference is.
bool equalInConstantTime(std::string_view a, std::string_view b);

std::string sha256Hex(std::string_view bytes);
std::string hmacSha256Hex(std::string_view key, std::string_view bytes);
std::string base64(std::string_view bytes);

} // namespace core
} // namespace visavis
