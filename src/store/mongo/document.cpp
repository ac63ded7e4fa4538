// BSON by hand, on libbson.
#include "store/mongo/document.hpp"

#include <cassert>
#include <stdexcept>

namespace visavis::inline store::mongo {
namespace {

// libbson refuses only what no document can hold.
void must(bool appended) {
    if (!appended) throw std::length_error("a value does not fit into a BSON document");
}

int length(std::string_view key) { return static_cast<int>(key.size()); }

bool find(Bson const& in, std::string const& path, bson_iter_t& found) {
    View const view(in);
    bson_iter_t it;
    return bson_iter_init(&it, view.get()) && bson_iter_find_descendant(&it, path.c_str(), &found);
}

Bson nested(bson_iter_t const& it) {
    std::uint32_t size = 0;
    std::uint8_t const* bytes = nullptr;
    if (BSON_ITER_HOLDS_ARRAY(&it))
        bson_iter_array(&it, &size, &bytes);
    else
        bson_iter_document(&it, &size, &bytes);
    return {std::string(reinterpret_cast<char const*>(bytes), size)};
}

bool isNested(bson_iter_t const& it) { return BSON_ITER_HOLDS_DOCUMENT(&it) || BSON_ITER_HOLDS_ARRAY(&it); }

} // namespace

Builder& Builder::putWrapped(std::string_view key, Bson const& wrapped) {
    bson_iter_t it;
    bool const there = find(wrapped, "v", it);
    assert(there);
    must(bson_append_iter(&doc_, key.data(), length(key), &it));
    return *this;
}

Builder& Builder::put(std::string_view key, Bson const& document) {
    must(bson_append_document(&doc_, key.data(), length(key), View(document).get()));
    return *this;
}

Builder& Builder::put(std::string_view key, std::vector<Bson> const& documents) {
    Builder list;
    for (std::size_t i = 0; i < documents.size(); ++i) list.put(std::to_string(i), documents[i]);
    must(bson_append_array(&doc_, key.data(), length(key), &list.doc_));
    return *this;
}

Builder& Builder::put(std::string_view key, std::vector<Scalar> const& values) {
    Builder list;
    for (std::size_t i = 0; i < values.size(); ++i) list.put(std::to_string(i), values[i]);
    must(bson_append_array(&doc_, key.data(), length(key), &list.doc_));
    return *this;
}

Builder& Builder::putInt(std::string_view key, int value) {
    must(bson_append_int32(&doc_, key.data(), length(key), value));
    return *this;
}

Builder& Builder::putText(std::string_view key, std::string_view text) {
    must(bson_append_utf8(&doc_, key.data(), length(key), text.data(), static_cast<int>(text.size())));
    return *this;
}

Bson one(std::string_view key, Scalar const& value) { return Builder().put(key, value).take(); }
Bson one(std::string_view key, Bson const& document) { return Builder().put(key, document).take(); }
Bson oneInt(std::string_view key, int value) { return Builder().putInt(key, value).take(); }
Bson oneText(std::string_view key, std::string_view text) { return Builder().putText(key, text).take(); }

Bson documentAt(Bson const& in, std::string const& path) {
    bson_iter_t it;
    return find(in, path, it) && isNested(it) ? nested(it) : Builder().take();
}

std::vector<Bson> documentsAt(Bson const& in, std::string const& path) {
    auto const list = documentAt(in, path);
    View const view(list);
    std::vector<Bson> documents;
    bson_iter_t it;
    if (bson_iter_init(&it, view.get()))
        while (bson_iter_next(&it))
            if (isNested(it)) documents.push_back(nested(it));
    return documents;
}

std::int64_t numberAt(Bson const& in, std::string const& path) {
    bson_iter_t it;
    return find(in, path, it) ? bson_iter_as_int64(&it) : 0;
}

std::string textAt(Bson const& in, std::string const& path) {
    bson_iter_t it;
    if (!find(in, path, it) || !BSON_ITER_HOLDS_UTF8(&it)) return {};
    std::uint32_t size = 0;
    auto const* text = bson_iter_utf8(&it, &size);
    return {text, size};
}

bool has(Bson const& in, std::string const& path) {
    bson_iter_t it;
    return find(in, path, it);
}

bool flagAt(Bson const& in, std::string const& path) {
    bson_iter_t it;
    return find(in, path, it) && bson_iter_as_bool(&it);
}

std::string shown(Bson const& document) {
    auto* const text = bson_as_relaxed_extended_json(View(document).get(), nullptr);
    if (text == nullptr) throw CorruptDocument("a document cannot be written as JSON");
    std::string copy(text);
    bson_free(text);
    return copy;
}

Bson fromText(std::string const& json) {
    bson_error_t error;
    auto* const parsed = bson_new_from_json(reinterpret_cast<std::uint8_t const*>(json.data()), static_cast<ssize_t>(json.size()), &error);
    if (parsed == nullptr) throw std::logic_error(std::string("not extended JSON: ") + error.message);
    auto made = document(parsed);
    bson_destroy(parsed);
    return made;
}

} // namespace visavis::store::mongo
