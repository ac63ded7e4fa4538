// Filters, keyset positions, updates and pipelines.
#include "store/mongo/statements.hpp"

#include <stdexcept>

namespace visavis::inline store::mongo {
namespace {

bool isNull(Scalar const& scalar) { return std::holds_alternative<std::monostate>(scalar); }

char const* comparison(Op op) {
    switch (op) {
        case Op::notEqual:
            return "$ne";
        case Op::less:
            return "$lt";
        case Op::lessOrEqual:
            return "$lte";
        case Op::greater:
            return "$gt";
        case Op::greaterOrEqual:
            return "$gte";
        case Op::noBits:
            return "$bitsAllClear";
        default:
            return "$eq";
    }
}

// `{path: {$exists: true}}` and not `$ne: null`: it is what partial indexes are declared with, and members without a value are left out, not null.
Bson isSet() { return one("$exists", true); }

Bson conditionOf(Condition const& condition) {
    switch (condition.op) {
        case Op::exists:
            return one(condition.path, isSet());
        case Op::absent:
            return one(condition.path, Scalar{});
        case Op::in:
            return one(condition.path, Builder().put("$in", condition.values).take());
        case Op::equal:
        case Op::contains:
            return one(condition.path, condition.values.at(0));
        default:
            return one(condition.path, one(comparison(condition.op), condition.values.at(0)));
    }
}

// Whether a document may lack the member: then a bound by value would leave out those that do.
bool mayBeMissing(CollectionSpec const& collection, std::string const& path) {
    auto const* shape = collection.shape;
    for (std::size_t at = 0; shape != nullptr;) {
        auto const dot = path.find('.', at);
        auto const* field = shape->find(at == 0 && path == "_id" ? "id" : path.substr(at, dot - at));
        if (field == nullptr || field->shape->kind == Kind::optional) return true;
        shape = field->shape;
        if (dot == path.npos) return false;
        at = dot + 1;
    }
    return true;
}

// The keyset position: any longer prefix of equal keys and then a later one, with a bound on the first free key that an index can use.
class Position {
public:
    explicit Position(Query const& query) : query_(query) {
        if (query.after.size() != query.sort.size())
            throw std::logic_error("query of " + query.from->name + ": a position needs a value per sort key");
    }

    std::vector<Bson> filters() const {
        std::vector<Bson> list;
        if (auto const least = bound()) list.push_back(*least);
        std::vector<Bson> steps;
        for (std::size_t i = 0; i < query_.sort.size(); ++i)
            if (auto const later = laterIn(i)) steps.push_back(after(i, *later));
        if (steps.empty()) // nothing comes after
            list.push_back(one("_id", Builder().put("$in", std::vector<Scalar>{}).take()));
        else
            list.push_back(Builder().put("$or", steps).take());
        return list;
    }

private:
    bool isFixed(std::string const& path) const {
        for (auto const& condition : query_.all)
            if (condition.path == path && condition.op == Op::equal) return true;
        return false;
    }

    std::optional<Bson> bound() const {
        std::size_t first = 0;
        while (first + 1 < query_.sort.size() && isFixed(query_.sort[first].path)) ++first;
        auto const& key = query_.sort[first];
        if (isNull(query_.after[first]) || (key.descending && mayBeMissing(*query_.from, key.path))) return std::nullopt;
        return one(key.path, one(key.descending ? "$lte" : "$gte", query_.after[first]));
    }

    // The key at `i` later than the position's; missing sorts first. Nothing if no value is.
    std::optional<Bson> laterIn(std::size_t i) const {
        auto const& key = query_.sort[i];
        auto const& value = query_.after[i];
        if (isNull(value)) return key.descending ? std::nullopt : std::optional(one(key.path, isSet()));
        auto const later = one(key.path, one(key.descending ? "$lt" : "$gt", value));
        if (!key.descending || !mayBeMissing(*query_.from, key.path)) return later;
        return Builder().put("$or", std::vector<Bson>{later, one(key.path, Scalar{})}).take();
    }

    Bson after(std::size_t i, Bson const& later) const {
        if (i == 0) return later;
        std::vector<Bson> all;
        for (std::size_t k = 0; k < i; ++k) all.push_back(one(query_.sort[k].path, query_.after[k]));
        all.push_back(later);
        return Builder().put("$and", all).take();
    }

    Query const& query_;
};

std::vector<Bson> matchOf(Query const& query) {
    std::vector<Bson> stages;
    stages.push_back(one("$match", filterOf(query)));
    return stages;
}

} // namespace

Bson filterOf(Query const& query) {
    std::vector<Bson> all;
    for (auto const& condition : query.all) all.push_back(conditionOf(condition));
    if (!query.after.empty())
        for (auto& filter : Position(query).filters()) all.push_back(std::move(filter));
    if (all.empty()) return Builder().take();
    if (all.size() == 1) return all.front();
    return Builder().put("$and", all).take();
}

Bson sortOf(Query const& query) {
    Builder sort;
    for (auto const& order : query.sort) sort.putInt(order.path, order.descending ? -1 : 1);
    return sort.take();
}

Bson updateOf(std::vector<Change> const& changes) {
    Builder sets, unsets, increments, pushes;
    for (auto const& change : changes) {
        if (change.kind == ChangeKind::set) sets.putWrapped(change.path, change.value);
        if (change.kind == ChangeKind::unset) unsets.putText(change.path, "");
        if (change.kind == ChangeKind::increment) increments.putWrapped(change.path, change.value);
    }
    // Several pushes to one array are one $push with $each.
    std::vector<std::string> arrays;
    for (auto const& change : changes)
        if (change.kind == ChangeKind::push && std::find(arrays.begin(), arrays.end(), change.path) == arrays.end())
            arrays.push_back(change.path);
    for (auto const& path : arrays) {
        Builder list;
        int count = 0;
        for (auto const& change : changes)
            if (change.kind == ChangeKind::push && change.path == path) list.putWrapped(std::to_string(count++), change.value);
        Builder each;
        bson_append_array(each.raw(), "$each", 5, list.raw());
        pushes.put(path, each.take());
    }
    increments.put("version", std::int64_t{1});
    Builder update;
    if (!sets.empty()) update.put("$set", sets.take());
    if (!unsets.empty()) update.put("$unset", unsets.take());
    update.put("$inc", increments.take());
    if (!pushes.empty()) update.put("$push", pushes.take());
    return update.take();
}

std::vector<Bson> groupPipeline(Query const& query, Grouping const& grouping) {
    auto stages = matchOf(query);
    if (query.limit > 0) stages.push_back(one("$limit", static_cast<std::int64_t>(query.limit)));
    Builder group;
    if (grouping.by.empty()) {
        group.put("_id", Scalar{});
    } else {
        Builder key;
        for (std::size_t i = 0; i < grouping.by.size(); ++i) key.putText("k" + std::to_string(i), "$" + grouping.by[i]);
        group.put("_id", key.take());
    }
    group.put("count", one("$sum", std::int64_t{1}));
    for (std::size_t i = 0; i < grouping.sums.size(); ++i) group.put("s" + std::to_string(i), oneText("$sum", "$" + grouping.sums[i]));
    stages.push_back(one("$group", group.take()));
    return stages;
}

std::vector<Bson> joinPipeline(Query const& query, std::string const& otherCollection, std::string const& reference) {
    auto stages = matchOf(query);
    if (!query.sort.empty()) stages.push_back(one("$sort", sortOf(query)));
    if (query.limit > 0) stages.push_back(one("$limit", static_cast<std::int64_t>(query.limit)));
    stages.push_back(one("$replaceRoot", one("newRoot", oneText("document", "$$ROOT"))));
    Builder lookup;
    lookup.putText("from", otherCollection)
        .putText("localField", "document." + reference)
        .putText("foreignField", "_id")
        .putText("as", "other");
    stages.push_back(one("$lookup", lookup.take()));
    return stages;
}

} // namespace visavis::store::mongo
