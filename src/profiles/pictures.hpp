// What a picture is, told by its bytes: PNG, JPEG or WebP, whole from the first byte to the last. Nothing is decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace visavis::profiles {

enum class Picture { png, jpeg, webp };

std::string_view mediaType(Picture kind); // image/png …

// By the first bytes alone; nothing for anything else.
std::optional<Picture> kindOf(std::string_view bytes);

// Whether the parts that the format is made of are there, in order, and end with the file: a cut-off picture or one with something
// behind it is not. Sizes of 1 to 16,384 pixels a side (PNG: ISO 15948; JPEG: ISO 10918-1 annex B; WebP: RFC 9649).
bool isWhole(Picture kind, std::string_view bytes);

} // namespace visavis::profiles
