// Building BSON by hand: commands, filters and pipelines.
#pragma once

#include "record/bson.hpp"

#include <bson/bson.h>

#include <vector>

namespace visavis::inline store::mongo {

// A look at the bytes of a document, as libmongoc takes it.
class View {
public:
    explicit View(Bson const& document) {
        if (!bson_init_static(&doc_, reinterpret_cast<std::uint8_t const*>(document.bytes.data()), document.bytes.size()))
            throw CorruptDocument("not a BSON document");
    }
    bson_t const* get() const { return &doc_; }

private:
    bson_t doc_;
};

class Builder {
public:
    Builder() = default;
    Builder(Builder const&) = delete;
    Builder& operator=(Builder const&) = delete;
    ~Builder() { bson_destroy(&doc_); }

    Builder& put(std::string_view key, Scalar const& value) { return putWrapped(key, wrapScalar(value)); }
    // The value of the document {"v": …}.
    Builder& putWrapped(std::string_view key, Bson const& wrapped);
    Builder& put(std::string_view key, Bson const& document);
    Builder& put(std::string_view key, std::vector<Bson> const& documents);
    Builder& put(std::string_view key, std::vector<Scalar> const& values);
    // A small number as other programs write it: index keys, sort directions.
    Builder& putInt(std::string_view key, int value);
    Builder& putText(std::string_view key, std::string_view text);
    bool empty() const { return doc_.len == 5; }
    bson_t* raw() { return &doc_; }
    Bson take() const { return {std::string(reinterpret_cast<char const*>(bson_get_data(&doc_)), doc_.len)}; }

private:
    bson_t doc_ = BSON_INITIALIZER;
};

inline Bson document(bson_t const* doc) { return {std::string(reinterpret_cast<char const*>(bson_get_data(doc)), doc->len)}; }

// {key: value}, {key: {operator: value}}.
Bson one(std::string_view key, Scalar const& value);
Bson one(std::string_view key, Bson const& document);
Bson oneInt(std::string_view key, int value);
Bson oneText(std::string_view key, std::string_view text);

// The document at a dotted path, or an empty one; the documents of an array there; a number there, or 0; a text there, or "".
Bson documentAt(Bson const& in, std::string const& path);
std::vector<Bson> documentsAt(Bson const& in, std::string const& path);
std::int64_t numberAt(Bson const& in, std::string const& path);
std::string textAt(Bson const& in, std::string const& path);
bool has(Bson const& in, std::string const& path);
bool flagAt(Bson const& in, std::string const& path);

// As mongosh would write it: relaxed extended JSON. Equal documents give equal texts.
std::string shown(Bson const& document);
// A document from extended JSON that this program wrote itself.
Bson fromText(std::string const& json);

} // namespace visavis::store::mongo
