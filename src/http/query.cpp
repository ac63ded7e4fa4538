// Percent-decoding and the name=value&… form.
#include "http/query.hpp"

#include "http/escape.hpp"

namespace visavis::http {

std::optional<std::string> percentDecode(std::string_view text, Plus plus) {
    std::string out(text.size(), '\0');
    auto const size = decodeInto(text, plus == Plus::space, out.data());
    if (!size) return std::nullopt;
    out.resize(*size);
    return out;
}

std::string percentEncode(std::string_view text) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const letter = (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
        if (letter || (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        }
    }
    return out;
}

std::optional<std::string_view> Query::get(std::string_view name) const {
    for (auto const& [key, value] : pairs) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::size_t Query::count(std::string_view name) const {
    std::size_t found = 0;
    for (auto const& pair : pairs) found += pair.first == name ? 1 : 0;
    return found;
}

namespace {

Error badQuery(std::string detail) { return failure(Code::malformed, "bad_query", std::move(detail)); }

} // namespace

Result<Query> parseQuery(std::string_view text) {
    Query query;
    while (!text.empty()) {
        auto const piece = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), piece.size() + 1));
        if (piece.empty()) continue;
        if (query.pairs.size() == Query::maxPairs) return badQuery("There are too many parameters.");
        auto const equals = piece.find('=');
        auto name = percentDecode(piece.substr(0, equals), Plus::space);
        auto value = equals == std::string_view::npos ? std::string() : percentDecode(piece.substr(equals + 1), Plus::space);
        if (!name || !value) return badQuery("A percent escape is not two hexadecimal digits.");
        query.pairs.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

std::string formatQuery(std::vector<Query::Pair> const& pairs) {
    std::string out;
    for (auto const& [name, value] : pairs) {
        if (!out.empty()) out += '&';
        out.append(percentEncode(name)).append("=").append(percentEncode(value));
    }
    return out;
}

} // namespace visavis::http
