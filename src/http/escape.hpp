// Percent-decoding into memory the caller has: what router and query share.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace visavis::http {

inline int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Writes at most text.size() bytes to `out` and returns how many; nothing when an escape is not two hex digits.
inline std::optional<std::size_t> decodeInto(std::string_view text, bool plusIsSpace, char* out) {
    char* to = out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            bool const whole = i + 2 < text.size();
            int const high = whole ? hexDigit(text[i + 1]) : -1;
            int const low = whole ? hexDigit(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plusIsSpace) {
            c = ' ';
        }
        *to++ = c;
    }
    return static_cast<std::size_t>(to - out);
}

} // namespace visavis::http
