// Keyset positions as opaque text.
#include "store/tx.hpp"

#include <sodium.h>

namespace visavis {
inline namespace store {
namespace {

struct Position {
    std::string sort;              // the keys that it was made for: a cursor of another list is refused
    std::vector<std::string> keys; // each the bytes of {"v": …}
};
RECORD(Position, sort, keys)

std::string signature(std::vector<Order> const& sort) {
    std::string text;
    for (auto const& order : sort) text += (order.descending ? "-" : "+") + order.path;
    return text;
}

constexpr auto variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string encode(std::string_view bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), variant);
    text.pop_back();
    return text;
}

std::optional<std::string> decode(std::string_view text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    char const* end = nullptr;
    auto* const out = reinterpret_cast<unsigned char*>(bytes.data());
    if (sodium_base642bin(out, bytes.size(), text.data(), text.size(), nullptr, &size, &end, variant) != 0) return std::nullopt;
    if (end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

// The text of a key of the position: the BSON bytes are not UTF-8, so they travel encoded inside.
std::string keyText(Scalar const& scalar) { return encode(wrapScalar(scalar).bytes); }

} // namespace

std::string encodeCursor(std::vector<Order> const& sort, Bson const& lastDocument) {
    Position position{signature(sort), {}};
    for (auto const& order : sort) {
        auto const found = bsonAt(lastDocument.bytes, order.path);
        position.keys.push_back(keyText(found.empty() ? Scalar{} : found.front()));
    }
    return encode(toBson(position).bytes);
}

std::optional<std::vector<Scalar>> decodeCursor(std::vector<Order> const& sort, std::string_view cursor) {
    if (cursor.size() > 2048) return std::nullopt;
    auto const bytes = decode(cursor);
    if (!bytes) return std::nullopt;
    try {
        auto const position = fromBson<Position>(*bytes);
        if (position.sort != signature(sort) || position.keys.size() != sort.size()) return std::nullopt;
        std::vector<Scalar> values;
        for (auto const& key : position.keys) {
            auto const wrapped = decode(key);
            if (!wrapped) return std::nullopt;
            auto const found = bsonAt(*wrapped, "v");
            values.push_back(found.empty() ? Scalar{} : found.front());
        }
        return values;
    } catch (CorruptDocument const&) { // a forged cursor
        return std::nullopt;
    }
}

} // namespace store
} // namespace visavis
