// The query words of call sites: bookings->status == BookingStatus::pending && bookings->startsAt < now.
#pragma once

#include "store/spec.hpp"

#include <initializer_list>
#include <type_traits>

namespace visavis {
inline namespace store {

// Conditions on documents of Root, all of which hold.
template <class Root> struct Where {
    std::vector<Condition> all;

    friend Where operator&&(Where a, Where b) {
        for (auto& condition : b.all) a.all.push_back(std::move(condition));
        return a;
    }
};

template <class V> struct ElementOf { using type = V; };
template <class V> struct ElementOf<std::optional<V>> { using type = V; };
template <class V> struct ElementOf<std::vector<V>> { using type = V; };
template <class V> using Element = typename ElementOf<V>::type;

template <class V>
concept HasLeaf = requires(Element<V> const& value) {
    Leaf<Element<V>>::get(value);
};

template <class V> Scalar scalarOf(Element<V> const& value) { return Leaf<Element<V>>::get(value); }

template <class Root, HasLeaf V> Where<Root> where(Path<Root, V> const& path, Op op, Element<V> const& value) {
    return {{{path.name, op, {scalarOf<V>(value)}}}};
}

#define VISAVIS_COMPARE(symbol, op)                                                                         \
    template <class Root, HasLeaf V>                                                                        \
    Where<Root> operator symbol(Path<Root, V> const& path, std::type_identity_t<Element<V>> const& value) { \
        return where(path, op, value);                                                                      \
    }
VISAVIS_COMPARE(==, Op::equal)
VISAVIS_COMPARE(!=, Op::notEqual)
VISAVIS_COMPARE(<, Op::less)
VISAVIS_COMPARE(<=, Op::lessOrEqual)
VISAVIS_COMPARE(>, Op::greater)
VISAVIS_COMPARE(>=, Op::greaterOrEqual)
#undef VISAVIS_COMPARE

template <class Root, HasLeaf V> Where<Root> in(Path<Root, V> const& path, std::vector<std::type_identity_t<Element<V>>> const& values) {
    Condition condition{path.name, Op::in, {}};
    for (auto const& value : values) condition.values.push_back(scalarOf<V>(value));
    return {{std::move(condition)}};
}

template <class Root, class V> Where<Root> exists(Path<Root, V> const& path) { return {{{path.name, Op::exists, {}}}}; }

template <class Root, class V> Where<Root> absent(Path<Root, V> const& path) { return {{{path.name, Op::absent, {}}}}; }

template <class Root> Where<Root> noBits(Path<Root, std::int64_t> const& path, std::int64_t mask) {
    return {{{path.name, Op::noBits, {mask}}}};
}

template <class Root, HasLeaf V> Where<Root> contains(Path<Root, std::vector<V>> const& path, std::type_identity_t<V> const& value) {
    return {{{path.name, Op::contains, {Leaf<V>::get(value)}}}};
}

// Sort keys: a path is ascending, desc(path) descending.
template <class Root> struct SortKey {
    Order order;

    template <class V> SortKey(Path<Root, V> const& path) : order{path.name, false} {}
    explicit SortKey(Order o) : order(std::move(o)) {}
};

template <class Root, class V> SortKey<Root> desc(Path<Root, V> const& path) { return SortKey<Root>(Order{path.name, true}); }

// What an update does: set(path, value).set(…).inc(…).push(…).unset(…).
template <class Root> struct Changes {
    std::vector<Change> list;

    template <class V> Changes&& set(Path<Root, V> const& path, std::type_identity_t<typename StripOptional<V>::type> const& value) && {
        return std::move(*this).add(ChangeKind::set, path.name, wrapBson(shapeOf<typename StripOptional<V>::type>(), &value));
    }
    template <class V> Changes&& unset(Path<Root, std::optional<V>> const& path) && {
        return std::move(*this).add(ChangeKind::unset, path.name, {});
    }
    template <class V> Changes&& inc(Path<Root, V> const& path, std::int64_t by) && {
        return std::move(*this).add(ChangeKind::increment, path.name, wrapScalar(by));
    }
    template <class V> Changes&& push(Path<Root, std::vector<V>> const& path, std::type_identity_t<V> const& value) && {
        return std::move(*this).add(ChangeKind::push, path.name, wrapBson(shapeOf<V>(), &value));
    }

private:
    Changes&& add(ChangeKind kind, std::string const& path, Bson value) && {
        list.push_back({kind, path, std::move(value)});
        return std::move(*this);
    }
};

template <class Root, class V>
Changes<Root> set(Path<Root, V> const& path, std::type_identity_t<typename StripOptional<V>::type> const& value) {
    return Changes<Root>{}.set(path, value);
}

} // namespace store
} // namespace visavis
