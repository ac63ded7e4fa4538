// The BSON codec: a walk over shapes, with libbson doing the bytes.
#include "record/bson.hpp"

#include <bson/bson.h>

#include <cmath>
#include <cstring>

namespace visavis {
inline namespace record {
namespace {

// Owns a bson_t under construction.
struct Builder {
    bson_t doc = BSON_INITIALIZER;

    Builder() = default;
    Builder(Builder const&) = delete;
    Builder& operator=(Builder const&) = delete;
    ~Builder() { bson_destroy(&doc); }
    Bson take() const { return {std::string(reinterpret_cast<char const*>(bson_get_data(&doc)), doc.len)}; }
};

void appendScalar(bson_t* doc, std::string_view key, Scalar const& scalar) {
    auto const length = static_cast<int>(key.size());
    struct Visitor {
        bson_t* doc;
        char const* key;
        int length;
        void operator()(std::monostate) const { bson_append_null(doc, key, length); }
        void operator()(bool value) const { bson_append_bool(doc, key, length, value); }
        void operator()(std::int64_t value) const { bson_append_int64(doc, key, length, value); }
        void operator()(double value) const { bson_append_double(doc, key, length, value); }
        void operator()(std::string const& value) const { bson_append_utf8(doc, key, length, value.data(), static_cast<int>(value.size())); }
        void operator()(ObjectId const& value) const {
            bson_oid_t oid;
            std::memcpy(oid.bytes, value.bytes.data(), value.bytes.size());
            bson_append_oid(doc, key, length, &oid);
        }
        void operator()(Instant value) const { bson_append_date_time(doc, key, length, value.ms); }
    };
    std::visit(Visitor{doc, key.data(), length}, scalar);
}

void appendValue(bson_t* doc, std::string_view key, Shape const& shape, void const* value);

void appendMembers(bson_t* doc, Shape const& shape, void const* value, bool root) {
    for (auto const& field : shape.fields) appendValue(doc, root && field.name == "id" ? "_id" : std::string_view(field.name), *field.shape, memberAt(value, field));
}

void appendArray(bson_t* doc, std::string_view key, Shape const& shape, void const* value) {
    bson_t child;
    bson_append_array_begin(doc, key.data(), static_cast<int>(key.size()), &child);
    auto const count = shape.size(value);
    for (std::size_t i = 0; i < count; ++i) appendValue(&child, std::to_string(i), *shape.inner, shape.at(value, i));
    bson_append_array_end(doc, &child);
}

void appendValue(bson_t* doc, std::string_view key, Shape const& shape, void const* value) {
    switch (shape.kind) {
        case Kind::optional:
            if (auto const* inner = shape.value(value)) appendValue(doc, key, *shape.inner, inner);
            return;
        case Kind::array: return appendArray(doc, key, shape, value);
        case Kind::map: {
            bson_t child;
            bson_append_document_begin(doc, key.data(), static_cast<int>(key.size()), &child);
            shape.each(value, [&](std::string const& name, void const* element) { appendValue(&child, name, *shape.inner, element); });
            bson_append_document_end(doc, &child);
            return;
        }
        case Kind::record: {
            bson_t child;
            bson_append_document_begin(doc, key.data(), static_cast<int>(key.size()), &child);
            appendMembers(&child, shape, value, false);
            bson_append_document_end(doc, &child);
            return;
        }
        default: appendScalar(doc, key, shape.get(value));
    }
}

std::optional<std::int64_t> integral(bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_INT64(it)) return bson_iter_int64(it);
    if (BSON_ITER_HOLDS_INT32(it)) return bson_iter_int32(it);
    if (!BSON_ITER_HOLDS_DOUBLE(it)) return std::nullopt;
    auto const value = bson_iter_double(it);
    if (std::trunc(value) != value || std::abs(value) > 9.0e15) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

ObjectId oidOf(bson_iter_t const* it) {
    ObjectId id;
    std::memcpy(id.bytes.data(), bson_iter_oid(it)->bytes, id.bytes.size());
    return id;
}

std::string textOf(bson_iter_t const* it) {
    std::uint32_t length = 0;
    auto const* text = bson_iter_utf8(it, &length);
    return {text, length};
}

// The scalar at the iterator as its BSON type has it; nothing for documents, arrays and types that we do not use.
std::optional<Scalar> scalarAt(bson_iter_t const* it) {
    switch (bson_iter_type(it)) {
        case BSON_TYPE_BOOL: return Scalar(bson_iter_bool(it));
        case BSON_TYPE_INT32:
        case BSON_TYPE_INT64: return Scalar(*integral(it));
        case BSON_TYPE_DOUBLE: return Scalar(bson_iter_double(it));
        case BSON_TYPE_UTF8: return Scalar(textOf(it));
        case BSON_TYPE_OID: return Scalar(oidOf(it));
        case BSON_TYPE_DATE_TIME: return Scalar(Instant{bson_iter_date_time(it)});
        default: return std::nullopt;
    }
}

// The scalar at the iterator if it is of the wanted kind.
std::optional<Scalar> scalarAs(Kind kind, bson_iter_t const* it) {
    auto const found = scalarAt(it);
    if (!found) return std::nullopt;
    switch (kind) {
        case Kind::boolean: return std::holds_alternative<bool>(*found) ? found : std::nullopt;
        case Kind::integer: {
            auto const number = integral(it);
            return number ? std::optional<Scalar>(*number) : std::nullopt;
        }
        case Kind::number: return BSON_ITER_HOLDS_NUMBER(it) ? std::optional<Scalar>(bson_iter_as_double(it)) : std::nullopt;
        case Kind::objectId: return std::holds_alternative<ObjectId>(*found) ? found : std::nullopt;
        case Kind::instant:
        case Kind::day: return std::holds_alternative<Instant>(*found) ? found : std::nullopt;
        default: return std::holds_alternative<std::string>(*found) ? found : std::nullopt;
    }
}

void readValue(Shape const& shape, void* value, bson_iter_t const* it, std::string const& at);

void readMembers(Shape const& shape, void* value, bson_iter_t* it, std::string const& at, bool root) {
    // Documents are mostly written by us, in the shape's order: the next field is tried before the search.
    std::size_t expected = 0;
    while (bson_iter_next(it)) {
        std::string_view key(bson_iter_key(it), bson_iter_key_len(it));
        if (root && key == "_id") key = "id";
        auto const* field = expected < shape.fields.size() && shape.fields[expected].name == key ? &shape.fields[expected] : shape.find(key);
        if (field == nullptr) continue;
        expected = static_cast<std::size_t>(field - shape.fields.data()) + 1;
        readValue(*field->shape, memberAt(value, *field), it, at);
    }
}

[[noreturn]] void corrupt(bson_iter_t const* it, std::string const& at, std::string const& why) {
    throw CorruptDocument("document member " + at + "/" + bson_iter_key(it) + ": " + why);
}

void readValue(Shape const& shape, void* value, bson_iter_t const* it, std::string const& at) {
    if (shape.kind == Kind::optional) {
        if (BSON_ITER_HOLDS_NULL(it)) return shape.clear(value);
        return readValue(*shape.inner, shape.emplace(value), it, at);
    }
    if (shape.isLeaf()) {
        auto const scalar = scalarAs(shape.kind, it);
        if (!scalar) corrupt(it, at, "has another type than its record");
        if (auto const issue = shape.set(value, *scalar)) corrupt(it, at, issue->message);
        return;
    }
    bool const wantsArray = shape.kind == Kind::array;
    bson_iter_t child;
    if (wantsArray ? !BSON_ITER_HOLDS_ARRAY(it) : !BSON_ITER_HOLDS_DOCUMENT(it)) corrupt(it, at, "has another type than its record");
    if (!bson_iter_recurse(it, &child)) corrupt(it, at, "cannot be read");
    auto const here = at + "/" + bson_iter_key(it);
    if (shape.kind == Kind::record) return readMembers(shape, value, &child, here, false);
    shape.clear(value);
    while (bson_iter_next(&child)) readValue(*shape.inner, wantsArray ? shape.append(value) : shape.insert(value, bson_iter_key(&child)), &child, here);
}

bson_t view(std::string_view bytes) {
    bson_t doc;
    if (!bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size())) throw CorruptDocument("not a BSON document");
    return doc;
}

void collect(bson_iter_t* it, std::string_view path, std::vector<Scalar>& found);

// What stands at the iterator, `rest` further down.
void collectFrom(bson_iter_t const* it, std::string_view rest, std::vector<Scalar>& found) {
    bson_iter_t child;
    if (BSON_ITER_HOLDS_ARRAY(it)) {
        if (bson_iter_recurse(it, &child))
            while (bson_iter_next(&child)) collectFrom(&child, rest, found);
    } else if (rest.empty()) {
        if (auto scalar = scalarAt(it)) found.push_back(std::move(*scalar));
    } else if (BSON_ITER_HOLDS_DOCUMENT(it) && bson_iter_recurse(it, &child)) {
        collect(&child, rest, found);
    }
}

void collect(bson_iter_t* it, std::string_view path, std::vector<Scalar>& found) {
    auto const dot = path.find('.');
    auto const step = path.substr(0, dot);
    while (bson_iter_next(it))
        if (std::string_view(bson_iter_key(it), bson_iter_key_len(it)) == step) return collectFrom(it, dot == path.npos ? std::string_view{} : path.substr(dot + 1), found);
}

}  // namespace

Bson toBson(Shape const& shape, void const* value) {
    Builder builder;
    appendMembers(&builder.doc, shape, value, true);
    return builder.take();
}

void fromBson(Shape const& shape, void* value, std::string_view bytes) {
    auto const doc = view(bytes);
    bson_iter_t it;
    if (!bson_iter_init(&it, &doc)) throw CorruptDocument("not a BSON document");
    readMembers(shape, value, &it, "", true);
}

Bson wrapBson(Shape const& shape, void const* value) {
    Builder builder;
    appendValue(&builder.doc, "v", shape, value);
    return builder.take();
}

Bson wrapScalar(Scalar const& scalar) {
    Builder builder;
    appendScalar(&builder.doc, "v", scalar);
    return builder.take();
}

std::vector<Scalar> bsonAt(std::string_view bytes, std::string_view dottedPath) {
    auto const doc = view(bytes);
    std::vector<Scalar> found;
    bson_iter_t it;
    if (bson_iter_init(&it, &doc)) collect(&it, dottedPath, found);
    return found;
}

}  // namespace record
}  // namespace visavis
