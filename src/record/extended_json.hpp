// MongoDB's extended JSON v2: what documents look like outside a store (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).
#pragma once

#include "record/bson.hpp"

namespace visavis {
inline namespace record {

// Canonical: loses no type.
std::string toExtendedJson(Bson const& document);
// Either form. Other text: Error{malformed}.
Result<Bson> fromExtendedJson(std::string const& text);

} // namespace record
} // namespace visavis
