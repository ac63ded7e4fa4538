// UTF-8 checks, comparisons and the digests that tokens and signatures need.
#include "core/text.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace visavis {
inline namespace core {
namespace {

// The next code point of valid UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF), or nothing.
std::optional<char32_t> nextCodePoint(std::string_view& text) {
    auto const lead = static_cast<unsigned char>(text.front());
    int const more = lead < 0x80                   ? 0
                     : lead >= 0xC2 && lead < 0xE0 ? 1
                     : lead >= 0xE0 && lead < 0xF0 ? 2
                     : lead >= 0xF0 && lead < 0xF5 ? 3
                                                   : -1;
    if (more < 0 || text.size() <= static_cast<std::size_t>(more)) return std::nullopt;
    char32_t value = more == 0 ? lead : lead & (0x3F >> more);
    for (int i = 1; i <= more; ++i) {
        auto const next = static_cast<unsigned char>(text[static_cast<std::size_t>(i)]);
        if ((next & 0xC0) != 0x80) return std::nullopt;
        value = (value << 6) | (next & 0x3F);
    }
    text.remove_prefix(static_cast<std::size_t>(more) + 1);
    bool const overlong = (more == 2 && value < 0x800) || (more == 3 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
    return value;
}

bool refused(char32_t c, Breaks breaks) {
    if (c == '\n') return breaks == Breaks::refused;
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

std::string hexOf(unsigned char const* bytes, std::size_t count) {
    std::string text(count * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes, count);
    text.pop_back();
    return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

unsigned char const* raw(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }

} // namespace

std::optional<std::size_t> textLength(std::string_view text, Breaks breaks) {
    std::size_t count = 0;
    while (!text.empty()) {
        if (text.front() >= 0x20 && text.front() < 0x7F) { // most text is ASCII
            text.remove_prefix(1);
            ++count;
            continue;
        }
        auto const c = nextCodePoint(text);
        if (!c || refused(*c, breaks)) return std::nullopt;
        ++count;
    }
    return count;
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lowered(std::string_view text) {
    std::string copy(text);
    std::transform(copy.begin(), copy.end(), copy.begin(), lower);
    return copy;
}

bool equalIgnoringCase(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool equalInConstantTime(std::string_view a, std::string_view b) {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sha256Hex(std::string_view bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), raw(bytes), bytes.size());
    return hexOf(hash.data(), hash.size());
}

std::string hmacSha256Hex(std::string_view key, std::string_view bytes) {
    crypto_auth_hmacsha256_state state;
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> hash{};
    crypto_auth_hmacsha256_init(&state, raw(key), key.size());
    crypto_auth_hmacsha256_update(&state, raw(bytes), bytes.size());
    crypto_auth_hmacsha256_final(&state, hash.data());
    return hexOf(hash.data(), hash.size());
}

std::string base64(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return text;
}

} // namespace core
} // namespace visavis
