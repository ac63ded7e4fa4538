// Shape: what a type looks like at run time. One table per type, from which BSON, JSON, JSON Schema, OpenAPI and TypeScript are derived.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace visavis {
inline namespace record {

// A leaf's value, free of its C++ type: what codecs write and what the store compares. A day travels as its midnight UTC.
using Scalar = std::variant<std::monostate, bool, std::int64_t, double, std::string, ObjectId, Instant>;

enum class Kind : std::uint8_t { boolean, integer, number, string, objectId, instant, day, optional, array, map, record };

// Why a value does not fit its type: a stable word and a sentence.
struct Issue {
    std::string code;
    std::string message;
};

struct Shape;

struct Field {
    std::string name; // as on the wire; a root's `id` is `_id` in BSON
    std::ptrdiff_t offset = 0;
    Shape const* shape = nullptr;
};

struct Shape {
    Kind kind = Kind::record;
    std::string name;                        // of records and enums: the component's name
    Shape const* inner = nullptr;            // optional, array, map
    std::vector<Field> fields;               // record
    std::size_t required = 0;                // record: how many of them input must have
    std::vector<std::string> words;          // enum: the wire words
    std::string format;                      // string: "email", "uri", "HH:MM", …
    std::optional<std::int64_t> least, most; // integer: the range; string: characters; array: elements
    bool secret = false;                     // never leaves through the API

    std::shared_ptr<void> (*make)() = nullptr; // record: a new one, as its members' defaults have it
    // Leaves.
    Scalar (*get)(void const*) = nullptr;
    std::optional<Issue> (*set)(void*, Scalar const&) = nullptr;
    std::string_view (*text)(void const*) = nullptr; // of strings that are held as such: what get() says, without a copy
    // Optional: the value or null; emplace makes a default one.
    void const* (*value)(void const*) = nullptr;
    void* (*emplace)(void*) = nullptr;
    void (*clear)(void*) = nullptr; // optional, array, map: back to empty
    // Arrays.
    std::size_t (*size)(void const*) = nullptr;
    void const* (*at)(void const*, std::size_t) = nullptr;
    void* (*append)(void*) = nullptr;
    // Maps from text.
    void (*each)(void const*, std::function<void(std::string const&, void const*)> const&) = nullptr;
    void* (*insert)(void*, std::string const&) = nullptr;

    bool isLeaf() const { return kind <= Kind::day; }
    // Whether a value may be left out of input: it is then empty, or its default.
    bool mayBeAbsent() const { return clear != nullptr; }
    Field const* find(std::string_view field) const;
    // The same, quick when it is the one at `expected`; which then moves on to the field behind: most input has the record's own order.
    Field const* findNext(std::string_view field, std::size_t& expected) const;
};

// The shape at the end of a dotted path ("meeting.zoomMeetingId", "_id"), through optionals and arrays; null if there is none.
Shape const* shapeAt(Shape const& root, std::string_view dottedPath);

inline void const* memberAt(void const* record, Field const& field) { return static_cast<char const*>(record) + field.offset; }
inline void* memberAt(void* record, Field const& field) { return static_cast<char*>(record) + field.offset; }

} // namespace record
} // namespace visavis
