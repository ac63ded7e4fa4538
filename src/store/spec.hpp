// What an engine is told, as plain data: collections, indexes, queries and changes. Nothing here is typed by record or by engine.
#pragma once

#include "record/bson.hpp"

#include <optional>
#include <string>
#include <vector>

namespace visavis {
inline namespace store {

struct IndexKey {
    std::string path; // dotted, as in the document: "meeting.zoomMeetingId", "_id"
    bool descending = false;
};

// Only documents that satisfy this are in the index.
struct Partial {
    std::string path;
    std::optional<bool> equals; // a bool member has this value; without it: the member is set
};

struct IndexSpec {
    // Of a unique index: the problem that it means ("time_taken"). Of others: the keys, as MongoDB names them ("specialistId_1_status_1").
    std::string name;
    std::vector<IndexKey> keys;
    bool unique = false;
    std::optional<Partial> where;
    std::optional<Seconds> expireAfter;  // after the instant at the only key; honoured by engines only where the clock is real
    std::optional<std::string> multikey; // the key that runs over an array: each element is a key of its own
};

struct CollectionSpec {
    std::string name;
    Shape const* shape = nullptr;
    std::vector<IndexSpec> indexes;
    // The members by whose ids memory of these documents is kept (store/remembered.hpp); they never change. None: nobody remembers them.
    std::vector<std::string> owners;
};

enum class Op { equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, in, exists, absent, contains, noBits };

// notEqual also matches documents without the member, as MongoDB's $ne does. `contains` looks into an array. `noBits` matches integers that share no bit with the value.
struct Condition {
    std::string path;
    Op op = Op::equal;
    std::vector<Scalar> values;
};

struct Order {
    std::string path;
    bool descending = false;
};

// All conditions hold. `sort` of a paged query ends in `_id`. `after` has a value per sort key: the last row of the page before.
struct Query {
    CollectionSpec const* from = nullptr;
    std::vector<Condition> all;
    std::vector<Order> sort;
    std::size_t limit = 0; // 0: no limit
    std::vector<Scalar> after;
};

enum class ChangeKind { set, unset, increment, push };

struct Change {
    ChangeKind kind = ChangeKind::set;
    std::string path;
    Bson value; // {"v": …}; for increment an int64
};

// group().sum(): a row per distinct value of `by`.
struct Grouping {
    std::vector<std::string> by;
    std::vector<std::string> sums;
};

struct GroupRow {
    std::vector<Scalar> key;
    std::vector<std::int64_t> sums;
    std::int64_t count = 0;
};

// A document and the one of another collection that a reference in it names, if it exists ($lookup by _id).
struct Joined {
    Bson document;
    std::optional<Bson> other;
};

} // namespace store
} // namespace visavis
