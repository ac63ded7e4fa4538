// Queries and changes of the port in MongoDB's words. Pure functions.
#pragma once

#include "store/mongo/document.hpp"
#include "store/spec.hpp"

namespace visavis::inline store::mongo {

// Conditions and the keyset position (`after`) as a filter document.
Bson filterOf(Query const& query);
// Null-free: an empty document when nothing is sorted.
Bson sortOf(Query const& query);
// $set, $unset, $inc (with `version`) and $push.
Bson updateOf(std::vector<Change> const& changes);
// $match, $group, one sum per s0, s1 …; the key's parts are k0, k1 …
std::vector<Bson> groupPipeline(Query const& query, Grouping const& grouping);
// Rows {document, other: [at most one]}.
std::vector<Bson> joinPipeline(Query const& query, std::string const& otherCollection, std::string const& reference);

} // namespace visavis::store::mongo
