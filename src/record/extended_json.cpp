// Text by libbson.
#include "record/extended_json.hpp"

#include <bson/bson.h>

#include <memory>

namespace visavis {
inline namespace record {

std::string toExtendedJson(Bson const& document) {
    bson_t doc;
    if (!bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size()))
        throw CorruptDocument("not a BSON document");
    std::unique_ptr<char, decltype(&bson_free)> const text(bson_as_canonical_extended_json(&doc, nullptr), &bson_free);
    if (!text) throw CorruptDocument("a document cannot be written as JSON");
    return text.get();
}

Result<Bson> fromExtendedJson(std::string const& text) {
    bson_error_t error;
    auto const* bytes = reinterpret_cast<std::uint8_t const*>(text.data());
    auto* const doc = bson_new_from_json(bytes, static_cast<ssize_t>(text.size()), &error);
    if (doc == nullptr) return failure(Code::malformed, "malformed_json", std::string("Not extended JSON: ") + error.message + ".");
    Bson made{std::string(reinterpret_cast<char const*>(bson_get_data(doc)), doc->len)};
    bson_destroy(doc);
    return made;
}

} // namespace record
} // namespace visavis
