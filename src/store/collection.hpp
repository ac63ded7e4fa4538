// COLLECTION(T, name) beside the record, and in records.cpp DEFINE_COLLECTION(T, name) { return collection<T>("name").index(…).unique("problem", …); }
#pragma once

#include "store/query.hpp"

#define COLLECTION(T, name)                                         \
    visavis::record::Shape const& madeShape(std::type_identity<T>); \
    T##Paths<T> const& madePaths(std::type_identity<T>);            \
    extern visavis::store::Collection<T> const name;

#define DEFINE_COLLECTION(T, name)                                   \
    visavis::record::Shape const& madeShape(std::type_identity<T>) { \
        static auto const made = visavis::record::makeShape<T>();    \
        return made;                                                 \
    }                                                                \
    T##Paths<T> const& madePaths(std::type_identity<T>) {            \
        static T##Paths<T> const made{std::string{}};                \
        return made;                                                 \
    }                                                                \
    static visavis::store::Collection<T> name##Defined();            \
    visavis::store::Collection<T> const name = name##Defined();      \
    static visavis::store::Collection<T> name##Defined()

namespace visavis {
inline namespace store {

template <class T> class Collection {
public:
    explicit Collection(std::string name) { spec_.name = std::move(name), spec_.shape = &shapeOf<T>(); }

    // bookings->status is the path of `status` in the documents of `bookings`.
    auto const* operator->() const { return &paths<T>(); }
    CollectionSpec const& spec() const { return spec_; }

    // A unique index is named by the problem that its violation means. On an optional member it holds only where the member is set.
    template <class... Keys> Collection&& unique(std::string problem, Keys const&... keys) && {
        add(std::move(problem), {SortKey<T>(keys)...});
        last().unique = true;
        (noteKey(keys), ...);
        return std::move(*this);
    }
    template <class... Keys> Collection&& index(Keys const&... keys) && {
        add({}, {SortKey<T>(keys)...});
        (noteKey(keys), ...);
        for (auto const& key : last().keys) last().name += (last().name.empty() ? "" : "_") + key.path + (key.descending ? "_-1" : "_1");
        return std::move(*this);
    }
    // The last index holds only documents where this bool is true …
    Collection&& where(Path<T, bool> const& path) && {
        last().where = Partial{path.name, true};
        return std::move(*this);
    }
    // … or where this member is set.
    template <class V> Collection&& whereSet(Path<T, std::optional<V>> const& path) && {
        last().where = Partial{path.name, std::nullopt};
        return std::move(*this);
    }
    // Every write of such a document outdates what this process remembers of those whose ids are at the paths.
    template <class... V> Collection&& ownedBy(Path<T, V> const&... paths) && {
        spec_.owners = {paths.name...};
        return std::move(*this);
    }
    // Documents go this long after the instant at the path (DESIGN §6 notifications: only where the clock is real).
    Collection&& ttl(Path<T, Instant> const& path, Seconds after) && {
        add(path.name + "_1", {SortKey<T>(path)});
        last().expireAfter = after;
        return std::move(*this);
    }

private:
    IndexSpec& last() { return spec_.indexes.back(); }
    void add(std::string name, std::vector<SortKey<T>> const& keys) {
        IndexSpec index;
        index.name = std::move(name);
        for (auto const& key : keys) index.keys.push_back({key.order.path, key.order.descending});
        spec_.indexes.push_back(std::move(index));
    }
    template <class Key> void noteKey(Key const&) {}
    template <class V> void noteKey(Path<T, std::vector<V>> const& path) { last().multikey = path.name; }
    template <class V> void noteKey(Path<T, std::optional<V>> const& path) {
        if (last().unique && !last().where) last().where = Partial{path.name, std::nullopt};
    }

    CollectionSpec spec_;
};

template <class T> Collection<T> collection(std::string name) { return Collection<T>(std::move(name)); }

} // namespace store
} // namespace visavis
