// The BSON codec: a walk over shapes, with libbson doing the bytes.
#include "record/bson.hpp"

#include <bson/bson.h>

#include <algorithm>
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

// libbson refuses only what no document can hold: more than 2 GiB, or a NUL within a key.
void must(bool appended) {
    if (!appended) throw std::length_error("a value does not fit into a BSON document");
}

void appendText(bson_t* doc, std::string_view key, std::string_view text) {
    must(bson_append_utf8(doc, key.data(), static_cast<int>(key.size()), text.data(), static_cast<int>(text.size())));
}

void appendScalar(bson_t* doc, std::string_view key, Scalar const& scalar) {
    struct Visitor {
        bson_t* doc;
        std::string_view key;
        int length;
        void operator()(std::monostate) const { must(bson_append_null(doc, key.data(), length)); }
        void operator()(bool value) const { must(bson_append_bool(doc, key.data(), length, value)); }
        void operator()(std::int64_t value) const { must(bson_append_int64(doc, key.data(), length, value)); }
        void operator()(double value) const { must(bson_append_double(doc, key.data(), length, value)); }
        void operator()(std::string const& value) const { appendText(doc, key, value); }
        void operator()(ObjectId const& value) const {
            bson_oid_t oid;
            std::memcpy(oid.bytes, value.bytes.data(), value.bytes.size());
            must(bson_append_oid(doc, key.data(), length, &oid));
        }
        void operator()(Instant value) const { must(bson_append_date_time(doc, key.data(), length, value.ms)); }
    };
    std::visit(Visitor{doc, key, static_cast<int>(key.size())}, scalar);
}

// Appends a document, filled by `fill(child)`.
template <class Fill> void appendDocument(bson_t* doc, std::string_view key, Fill fill) {
    bson_t child;
    must(bson_append_document_begin(doc, key.data(), static_cast<int>(key.size()), &child));
    fill(&child);
    must(bson_append_document_end(doc, &child));
}

void appendValue(bson_t* doc, std::string_view key, Shape const& shape, void const* value);

void appendMembers(bson_t* doc, Shape const& shape, void const* value, bool root) {
    for (auto const& field : shape.fields)
        appendValue(doc, root && field.name == "id" ? "_id" : std::string_view(field.name), *field.shape, memberAt(value, field));
}

void appendArray(bson_t* doc, std::string_view key, Shape const& shape, void const* value) {
    bson_t child;
    must(bson_append_array_begin(doc, key.data(), static_cast<int>(key.size()), &child));
    auto const count = shape.size(value);
    for (std::size_t i = 0; i < count; ++i) appendValue(&child, std::to_string(i), *shape.inner, shape.at(value, i));
    must(bson_append_array_end(doc, &child));
}

void appendValue(bson_t* doc, std::string_view key, Shape const& shape, void const* value) {
    switch (shape.kind) {
        case Kind::optional:
            if (auto const* inner = shape.value(value)) appendValue(doc, key, *shape.inner, inner);
            return;
        case Kind::array:
            return appendArray(doc, key, shape, value);
        case Kind::map:
            return appendDocument(doc, key, [&](bson_t* child) {
                shape.each(value, [&](std::string const& name, void const* element) { appendValue(child, name, *shape.inner, element); });
            });
        case Kind::record:
            return appendDocument(doc, key, [&](bson_t* child) { appendMembers(child, shape, value, false); });
        default:
            break;
    }
    if (shape.text != nullptr) return appendText(doc, key, shape.text(value));
    appendScalar(doc, key, shape.get(value));
}

std::optional<std::int64_t> integral(bson_iter_t const* it) {
    if (BSON_ITER_HOLDS_INT64(it)) return bson_iter_int64(it);
    if (BSON_ITER_HOLDS_INT32(it)) return bson_iter_int32(it);
    if (!BSON_ITER_HOLDS_DOUBLE(it)) return std::nullopt;
    auto const value = bson_iter_double(it);
    if (std::trunc(value) != value || std::abs(value) > 9.0e15) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

// The kind of scalar that stands at the iterator; nothing for documents, arrays and types that we do not use.
std::optional<Kind> kindAt(bson_iter_t const* it) {
    switch (bson_iter_type(it)) {
        case BSON_TYPE_BOOL:
            return Kind::boolean;
        case BSON_TYPE_INT32:
        case BSON_TYPE_INT64:
            return Kind::integer;
        case BSON_TYPE_DOUBLE:
            return Kind::number;
        case BSON_TYPE_UTF8:
            return Kind::string;
        case BSON_TYPE_OID:
            return Kind::objectId;
        case BSON_TYPE_DATE_TIME:
            return Kind::instant;
        default:
            return std::nullopt;
    }
}

// Keeps the capacity of the text that was in `into` before.
bool loadText(bson_iter_t const* it, Scalar& into) {
    std::uint32_t length = 0;
    auto const* text = bson_iter_utf8(it, &length);
    bool const ascii = std::all_of(text, text + length, [](char c) { return static_cast<signed char>(c) >= 0; });
    if (!ascii && !bson_utf8_validate(text, length, true)) return false;
    if (auto* held = std::get_if<std::string>(&into))
        held->assign(text, length);
    else
        into.emplace<std::string>(text, length);
    return true;
}

// Reads the scalar at the iterator as one of the wanted kind; false if it is none.
bool load(Kind wanted, bson_iter_t const* it, Scalar& into) {
    auto const found = kindAt(it);
    if (!found) return false;
    switch (wanted) {
        case Kind::integer: {
            auto const number = integral(it);
            if (number) into = *number;
            return number.has_value();
        }
        case Kind::number:
            if (*found == Kind::number || *found == Kind::integer) return into = bson_iter_as_double(it), true;
            return false;
        case Kind::boolean:
            return *found == Kind::boolean && (into = bson_iter_bool(it), true);
        case Kind::instant:
        case Kind::day:
            return *found == Kind::instant && (into = Instant{bson_iter_date_time(it)}, true);
        case Kind::objectId:
            if (*found != Kind::objectId) return false;
            std::memcpy(into.emplace<ObjectId>().bytes.data(), bson_iter_oid(it)->bytes, sizeof(ObjectId::bytes));
            return true;
        default:
            return *found == Kind::string && loadText(it, into);
    }
}

// Where the walk stands, as a chain through the callers' frames: spelled out only when something is wrong there.
struct Place {
    Place const* outer = nullptr;
    char const* key = "";

    std::string text() const { return outer == nullptr ? key : outer->text() + "/" + key; }
};

[[noreturn]] void corrupt(Place const& at, std::string const& why) { throw CorruptDocument("document member " + at.text() + ": " + why); }

// One walk over a document.
class Reader {
public:
    void members(Shape const& shape, void* value, bson_iter_t* it, Place const& at) {
        std::size_t expected = 0;
        forEach(it, at, [&](Place const& here) {
            std::string_view key = here.key;
            if (at.outer == nullptr && key == "_id") key = "id";
            if (auto const* field = shape.findNext(key, expected)) member(*field->shape, memberAt(value, *field), it, here);
        });
    }

private:
    // libbson ends a walk silently where the bytes make no sense: only at a document's last byte it is a whole one.
    template <class Each> void forEach(bson_iter_t* it, Place const& at, Each each) {
        auto const length = it->len;
        while (bson_iter_next(it)) each(Place{&at, bson_iter_key(it)});
        if (it->err_off != 0 || it->off + 1 != length) corrupt(at, "is cut short");
    }

    void member(Shape const& shape, void* value, bson_iter_t const* it, Place const& at) {
        if (shape.mayBeAbsent() && BSON_ITER_HOLDS_NULL(it)) return shape.clear(value);
        if (shape.kind == Kind::optional) return member(*shape.inner, shape.emplace(value), it, at);
        if (shape.isLeaf()) return leaf(shape, value, it, at);
        bool const wantsArray = shape.kind == Kind::array;
        bson_iter_t child;
        if (wantsArray ? !BSON_ITER_HOLDS_ARRAY(it) : !BSON_ITER_HOLDS_DOCUMENT(it)) corrupt(at, "has another type than its record");
        if (!bson_iter_recurse(it, &child)) corrupt(at, "cannot be read");
        if (shape.kind == Kind::record) return members(shape, value, &child, at);
        shape.clear(value);
        forEach(&child, at, [&](Place const& here) {
            member(*shape.inner, wantsArray ? shape.append(value) : shape.insert(value, here.key), &child, here);
        });
    }

    void leaf(Shape const& shape, void* value, bson_iter_t const* it, Place const& at) {
        if (!load(shape.kind, it, scalar_)) corrupt(at, "has another type than its record");
        if (auto const issue = shape.set(value, scalar_)) corrupt(at, issue->message);
    }

    Scalar scalar_; // the last one read
};

bson_t view(std::string_view bytes) {
    bson_t doc;
    if (!bson_init_static(&doc, reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()))
        throw CorruptDocument("not a BSON document");
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
        Scalar scalar;
        if (auto const kind = kindAt(it); kind && load(*kind, it, scalar)) found.push_back(std::move(scalar));
    } else if (BSON_ITER_HOLDS_DOCUMENT(it) && bson_iter_recurse(it, &child)) {
        collect(&child, rest, found);
    }
}

void collect(bson_iter_t* it, std::string_view path, std::vector<Scalar>& found) {
    auto const dot = path.find('.');
    auto const step = path.substr(0, dot);
    while (bson_iter_next(it))
        if (bson_iter_key(it) == step) return collectFrom(it, dot == path.npos ? std::string_view{} : path.substr(dot + 1), found);
}

} // namespace

Bson toBson(Shape const& shape, void const* value) {
    Builder builder;
    appendMembers(&builder.doc, shape, value, true);
    return builder.take();
}

void fromBson(Shape const& shape, void* value, std::string_view bytes) {
    auto const doc = view(bytes);
    bson_iter_t it;
    if (!bson_iter_init(&it, &doc)) throw CorruptDocument("not a BSON document");
    Reader().members(shape, value, &it, Place{});
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

} // namespace record
} // namespace visavis
