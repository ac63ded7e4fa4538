// ObjectIds: text form, derivation from a name, and the time-ordered source.
#include "core/id.hpp"

#include <sodium.h>

#include <algorithm>

namespace visavis {
inline namespace core {
namespace {

int hexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

void ObjectId::appendHex(std::string& out) const {
    static constexpr char digits[] = "0123456789abcdef";
    char text[24];
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    out.append(text, sizeof text);
}

std::string ObjectId::hex() const {
    std::string text;
    appendHex(text);
    return text;
}

std::optional<ObjectId> ObjectId::parse(std::string_view hex) {
    if (hex.size() != 24) return std::nullopt;
    ObjectId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i) {
        auto const high = hexValue(hex[2 * i]);
        auto const low = hexValue(hex[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes[i] = static_cast<unsigned char>(high * 16 + low);
    }
    return id;
}

ObjectId ObjectId::derived(std::string_view name) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<unsigned char const*>(name.data()), name.size());
    ObjectId id;
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

IdSource::IdSource(Rng& rng) : counter_(static_cast<std::uint32_t>(rng.number())) { rng.fill(process_.data(), process_.size()); }

ObjectId IdSource::next(Instant now) {
    auto const seconds = static_cast<std::uint32_t>(now.ms / 1000);
    auto const count = counter_.fetch_add(1);
    ObjectId id;
    for (std::size_t i = 0; i < 4; ++i) id.bytes[i] = static_cast<unsigned char>(seconds >> (24 - 8 * i));
    std::copy(process_.begin(), process_.end(), id.bytes.begin() + 4);
    for (std::size_t i = 0; i < 3; ++i) id.bytes[9 + i] = static_cast<unsigned char>(count >> (16 - 8 * i));
    return id;
}

} // namespace core
} // namespace visavis
