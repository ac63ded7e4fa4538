// Decoders of base64, quoted-printable and old character sets; they take what they can read.
#include "sandbox/encoding.hpp"

#include "core/text.hpp"
#include "http/escape.hpp"

#include <array>
#include <cstdint>

namespace visavis::sandbox {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

int base64Value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

void appendCodePoint(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

// Length of the valid sequence at the front (RFC 3629), 0 if there is none.
std::size_t sequenceLength(std::string_view text) {
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto const goesOn = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    auto const first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return goesOn(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        bool const shortest = first != 0xE0 || byte(1) >= 0xA0;
        bool const noSurrogate = first != 0xED || byte(1) < 0xA0;
        return goesOn(1) && goesOn(2) && shortest && noSurrogate ? 3 : 0;
    }
    if (first < 0xF0 || first > 0xF4) return 0;
    bool const inRange = (first != 0xF0 || byte(1) >= 0x90) && (first != 0xF4 || byte(1) < 0x90);
    return goesOn(1) && goesOn(2) && goesOn(3) && inRange ? 4 : 0;
}

std::string repaired(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto const length = sequenceLength(text);
        out += length == 0 ? replacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

// The 27 printable characters that Windows-1252 has where ISO-8859-1 has control characters.
constexpr std::array<std::uint16_t, 32> windows{0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

} // namespace

std::string base64Decoded(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (char const c : text) {
        if (c == '=') break;
        int const value = base64Value(c);
        if (value < 0) continue;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        if (++count % 4 == 1) continue;
        int const left = 6 - 2 * ((count + 3) % 4); // bits of the next byte that are here already: 4, 2, 0
        out += static_cast<char>((bits >> left) & 0xFF);
    }
    return out;
}

std::string quotedPrintableDecoded(std::string_view text, bool inHeader) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (inHeader && text[i] == '_') {
            out += ' ';
            continue;
        }
        if (text[i] != '=') {
            out += text[i];
            continue;
        }
        if (i + 2 < text.size() && http::hexDigit(text[i + 1]) >= 0 && http::hexDigit(text[i + 2]) >= 0) {
            out += static_cast<char>(http::hexDigit(text[i + 1]) * 16 + http::hexDigit(text[i + 2]));
            i += 2;
            continue;
        }
        auto const end = text.find_first_not_of(" \t", i + 1); // a soft line break, maybe with white space before it
        if (end != text.npos && text[end] == '\n') {
            i = end;
        } else if (end != text.npos && text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n') {
            i = end + 1;
        } else if (end != text.npos) {
            out += '=';
        }
    }
    return out;
}

std::string toUtf8(std::string_view bytes, std::string_view charset) {
    auto const name = lowered(charset);
    bool const latin = name == "iso-8859-1" || name == "latin1" || name == "windows-1252" || name == "cp1252";
    if (!latin) return repaired(bytes);
    std::string out;
    for (char const c : bytes) {
        std::uint32_t const code = static_cast<unsigned char>(c);
        appendCodePoint(out, code >= 0x80 && code < 0xA0 ? windows[code - 0x80] : code);
    }
    return out;
}

} // namespace visavis::sandbox
