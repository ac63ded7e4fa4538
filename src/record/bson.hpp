// BSON in and out by Shape (libbson): documents in the seed's form, ObjectIds, Dates and int64.
#pragma once

#include "core/result.hpp"
#include "record/record.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace visavis {
inline namespace record {

// One document's bytes.
struct Bson {
    std::string bytes;

    friend bool operator==(Bson const&, Bson const&) = default;
};

// A stored document does not fit its record: damage, or another program's hand. Never a user's fault.
struct CorruptDocument : std::runtime_error {
    using std::runtime_error::runtime_error;
};

Bson toBson(Shape const& shape, void const* value);
// Absent members keep what `value` has (defaults); unknown members are passed over; numbers may be int32, int64 or integral doubles.
void fromBson(Shape const& shape, void* value, std::string_view bytes);

template <class T> Bson toBson(T const& value) { return toBson(shapeOf<T>(), &value); }

template <class T> T fromBson(std::string_view bytes) {
    T value{};
    fromBson(shapeOf<T>(), &value, bytes);
    return value;
}

// A single value of any shape, as the document {"v": …}: what changes carry.
Bson wrapBson(Shape const& shape, void const* value);
Bson wrapScalar(Scalar const& scalar);

// The scalars at a dotted path of a document: none when absent or null, several when the path runs through an array.
std::vector<Scalar> bsonAt(std::string_view bytes, std::string_view dottedPath);

} // namespace record
} // namespace visavis
