// Reader and Tx: what a slice does with documents. Typed at the call, plain data below (store/engine.hpp).
#pragma once

#include "store/collection.hpp"
#include "store/engine.hpp"

namespace visavis {
inline namespace store {

// The owners of what a query means, as far as it says so; else everyOwner().
std::vector<ObjectId> ownersOf(CollectionSpec const& in, std::vector<Condition> const& conditions);

// A page of a list; `nextCursor` is null on the last one.
template <class T> struct Page {
    std::vector<T> items;
    std::optional<std::string> nextCursor;
};

// Opaque text of a keyset position (base64url of BSON) and back; nothing when it is none for this sort.
std::string encodeCursor(std::vector<Order> const& sort, Bson const& lastDocument);
std::optional<std::vector<Scalar>> decodeCursor(std::vector<Order> const& sort, std::string_view cursor);

template <class T> class Find {
public:
    Find(EngineReader& engine, CollectionSpec const& from, Where<T> where) : engine_(&engine) {
        query_.from = &from;
        query_.all = std::move(where.all);
    }

    template <class... Keys> Find&& sort(Keys const&... keys) && {
        query_.sort = {SortKey<T>(keys).order...};
        return std::move(*this);
    }
    Find&& limit(std::size_t most) && {
        query_.limit = most;
        return std::move(*this);
    }

    std::vector<T> all() && { return decode(engine_->find(query_)); }
    std::optional<T> first() && {
        query_.limit = 1;
        auto found = engine_->find(query_);
        if (found.empty()) return std::nullopt;
        return fromBson<T>(found.front().bytes);
    }
    std::int64_t count() && { return engine_->count(query_); }

    // One page after `cursor` (empty: the first). Stable under inserts: the position is a key, not a number.
    Result<Page<T>> page(std::string_view cursor) && {
        CHECK(moveTo(cursor));
        auto const size = query_.limit;
        ++query_.limit;
        auto found = engine_->find(query_);
        Page<T> page;
        if (found.size() > size) {
            found.resize(size);
            page.nextCursor = encodeCursor(query_.sort, found.back());
        }
        page.items = decode(found);
        return page;
    }

    std::vector<GroupRow> group(std::vector<std::string> by, std::vector<std::string> sums) && {
        return engine_->group(query_, {std::move(by), std::move(sums)});
    }

    // Each document with the one that `reference` names in `other` ($lookup).
    template <class U, class V>
    std::vector<std::pair<T, std::optional<U>>> join(Collection<U> const& other, Path<T, V> const& reference) && {
        std::vector<std::pair<T, std::optional<U>>> pairs;
        for (auto const& row : engine_->join(query_, other.spec(), reference.name))
            pairs.emplace_back(fromBson<T>(row.document.bytes), row.other ? std::optional<U>(fromBson<U>(row.other->bytes)) : std::nullopt);
        return pairs;
    }

private:
    static std::vector<T> decode(std::vector<Bson> const& documents) {
        std::vector<T> list;
        list.reserve(documents.size());
        for (auto const& document : documents) list.push_back(fromBson<T>(document.bytes));
        return list;
    }
    Result<void> moveTo(std::string_view cursor) {
        if (query_.sort.empty() || query_.sort.back().path != "_id")
            query_.sort.push_back({"_id", !query_.sort.empty() && query_.sort.back().descending});
        if (cursor.empty()) return ok;
        auto position = decodeCursor(query_.sort, cursor);
        if (!position) return invalid("/cursor", "format", "Must be a nextCursor of this list.");
        query_.after = std::move(*position);
        return ok;
    }

    EngineReader* engine_;
    Query query_;
};

class Reader {
public:
    explicit Reader(EngineReader& engine) : engine_(&engine) {}

    template <class T> std::optional<T> get(Collection<T> const& from, Ref<T> id) {
        return Find<T>(*engine_, from.spec(), Where<T>{{{"_id", Op::equal, {id.id}}}}).first();
    }
    template <class T> Find<T> find(Collection<T> const& from, Where<T> where = {}) {
        return Find<T>(*engine_, from.spec(), std::move(where));
    }

protected:
    EngineReader* engine_;
};

// A transaction. Every write may conflict with a unique index (Error{conflict, problem}); pass such an error on, the transaction is lost.
class Tx : public Reader {
public:
    Tx(EngineTx& engine, Generations& generations) : Reader(engine), tx_(&engine), generations_(&generations) {}

    template <class T> Result<void> insert(Collection<T> const& into, T const& record) {
        auto const document = toBson(record);
        touchOwners(into.spec(), document);
        return tx_->insert(into.spec(), document);
    }
    template <class T> Result<void> insertAll(Collection<T> const& into, std::vector<T> const& records) {
        std::vector<Bson> documents;
        documents.reserve(records.size());
        for (auto const& record : records) touchOwners(into.spec(), documents.emplace_back(toBson(record)));
        return tx_->insertAll(into.spec(), documents);
    }
    // False if a document with this id is there already.
    template <class T> Result<bool> insertIfAbsent(Collection<T> const& into, T const& record) {
        auto const document = toBson(record);
        touchOwners(into.spec(), document);
        return tx_->insertIfAbsent(into.spec(), document);
    }
    // Compare-and-set: false when no document matches any more. Adds 1 to `version`.
    template <class T> Result<bool> update(Collection<T> const& in, Where<T> where, Changes<T> changes) {
        TRY(auto changed, tx_->update({&in.spec(), std::move(where.all), {}, 0, {}}, changes.list));
        if (changed) touchOwners(in.spec(), *changed);
        return changed.has_value();
    }
    // The same, and the document as it is then, in one round trip.
    template <class T> Result<std::optional<T>> take(Collection<T> const& in, Where<T> where, Changes<T> changes) {
        TRY(auto changed, tx_->update({&in.spec(), std::move(where.all), {}, 0, {}}, changes.list));
        if (!changed) return std::optional<T>{};
        touchOwners(in.spec(), *changed);
        return std::optional<T>(fromBson<T>(changed->bytes));
    }
    // Stores a changed record that was read in this transaction; its version goes up. An outdated one is Error{conflict,"stale"}.
    template <class T> Result<void> replace(Collection<T> const& in, T& record) {
        auto const was = record.version++;
        auto const document = toBson(record);
        touchOwners(in.spec(), document);
        TRY(auto const replaced, tx_->replace(in.spec(), document, was));
        if (!replaced) return conflict("stale", "The record was changed meanwhile.");
        return ok;
    }
    template <class T> Result<std::int64_t> erase(Collection<T> const& from, Where<T> where) {
        for (auto const& owner : ownersOf(from.spec(), where.all)) touch(owner);
        return tx_->erase({&from.spec(), std::move(where.all), {}, 0, {}});
    }
    void afterCommit(std::function<void()> action) { tx_->afterCommit(std::move(action)); }
    // Caches that key on this id are outdated once this commits.
    void touch(ObjectId const& id) {
        afterCommit([generations = generations_, id] { generations->bump(id); });
    }

private:
    void touchOwners(CollectionSpec const& of, Bson const& document) {
        for (auto const& path : of.owners)
            for (auto const& owner : bsonAt(document.bytes, path))
                if (auto const* id = std::get_if<ObjectId>(&owner)) touch(*id);
    }

    EngineTx* tx_;
    Generations* generations_;
};

// transact(engine, [&](Tx& tx) -> Result<T> {…}): all or nothing, retried by the engine where the engine asks for it.
template <class F> auto transact(Engine& engine, F const& work) -> std::invoke_result_t<F const&, Tx&> {
    using R = std::invoke_result_t<F const&, Tx&>;
    std::optional<R> outcome;
    auto const committed = engine.transact([&](EngineTx& raw) -> Result<void> {
        Tx tx(raw, engine.generations);
        outcome.emplace(work(tx));
        if (!*outcome) return outcome->error();
        return ok;
    });
    if (!committed) return committed.error();
    return std::move(*outcome);
}

// read(engine, [&](Reader& reader) {…}): one snapshot.
template <class F> auto read(Engine& engine, F const& work) -> std::invoke_result_t<F const&, Reader&> {
    using R = std::invoke_result_t<F const&, Reader&>;
    std::optional<R> outcome;
    engine.read([&](EngineReader& raw) {
        Reader reader(raw);
        outcome.emplace(work(reader));
    });
    return std::move(*outcome);
}

} // namespace store
} // namespace visavis
