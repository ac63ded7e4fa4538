// RECORD and WORDS: a struct or enum described once. A member forgotten in the list does not compile.
#pragma once

#include "record/leaf.hpp"
#include "record/path.hpp"
#include "record/shape.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <boost/preprocessor/seq/enum.hpp>
#include <boost/preprocessor/seq/for_each.hpp>
#include <boost/preprocessor/seq/transform.hpp>
#include <boost/preprocessor/stringize.hpp>
#include <boost/preprocessor/variadic/to_seq.hpp>

#include <cassert>
#include <map>

#define VISAVIS_PATH_MEMBER(r, T, m) typename visavis::record::NodeOf<Root, decltype(T::m)>::type m;
#define VISAVIS_PATH_INIT(s, d, m) m(visavis::record::joinPath(root_, BOOST_PP_STRINGIZE(m)))

#define VISAVIS_PATHS(T, seq)                                                         \
    template <class Root> struct T##Paths {                                           \
        explicit T##Paths([[maybe_unused]] std::string const& root_)                  \
            : BOOST_PP_SEQ_ENUM(BOOST_PP_SEQ_TRANSFORM(VISAVIS_PATH_INIT, ~, seq)) {} \
        BOOST_PP_SEQ_FOR_EACH(VISAVIS_PATH_MEMBER, T, seq)                            \
    };                                                                                \
    template <class Root> T##Paths<Root> pathsOf(std::type_identity<T>, std::type_identity<Root>);

// RECORD(Booking, id, slotId, …) after the struct, at namespace scope.
#define RECORD(T, ...)                                                                                                                 \
    BOOST_DESCRIBE_STRUCT(T, (), (__VA_ARGS__))                                                                                        \
    static_assert(                                                                                                                     \
        boost::mp11::mp_size<boost::describe::describe_members<T, boost::describe::mod_public>>::value == boost::pfr::tuple_size_v<T>, \
        "RECORD(" #T ") must name every member of the struct");                                                                        \
    inline char const* recordName(std::type_identity<T>) { return #T; }                                                                \
    VISAVIS_PATHS(T, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__))

// For an answer that is another record and a few members more: struct BookingView : Booking { … }; RECORD_EXTENDS(BookingView, Booking, …)
#define RECORD_EXTENDS(T, Base, ...)                \
    BOOST_DESCRIBE_STRUCT(T, (Base), (__VA_ARGS__)) \
    inline char const* recordName(std::type_identity<T>) { return #T; }

// WORDS(BookingStatus, pending, confirmed, noShow): defines the enum; see wireWord for the spelling on the wire.
#define WORDS(E, ...)                       \
    BOOST_DEFINE_ENUM_CLASS(E, __VA_ARGS__) \
    inline char const* recordName(std::type_identity<E>) { return #E; }

namespace visavis {
inline namespace record {

template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T> Shape const& shapeOf();

template <class T> struct MakeShape { // leaves
    static void fill(Shape& shape) {
        Leaf<T>::describe(shape);
        shape.get = [](void const* p) -> Scalar { return Leaf<T>::get(*static_cast<T const*>(p)); };
        shape.set = [](void* p, Scalar const& scalar) { return Leaf<T>::set(*static_cast<T*>(p), scalar); };
        if constexpr (requires(T const& value) { Leaf<T>::text(value); })
            shape.text = [](void const* p) -> std::string_view { return Leaf<T>::text(*static_cast<T const*>(p)); };
    }
};

template <class T> struct MakeShape<std::optional<T>> {
    using O = std::optional<T>;
    static void fill(Shape& shape) {
        shape.kind = Kind::optional;
        shape.inner = &shapeOf<T>();
        shape.secret = shape.inner->secret;
        shape.value = [](void const* p) -> void const* {
            auto const& o = *static_cast<O const*>(p);
            return o ? &*o : nullptr;
        };
        shape.emplace = [](void* p) -> void* { return &static_cast<O*>(p)->emplace(); };
        shape.clear = [](void* p) { static_cast<O*>(p)->reset(); };
    }
};

template <class T> struct MakeShape<std::vector<T>> {
    using V = std::vector<T>;
    static void fill(Shape& shape) {
        shape.kind = Kind::array;
        shape.inner = &shapeOf<T>();
        shape.secret = shape.inner->secret;
        shape.clear = [](void* p) { static_cast<V*>(p)->clear(); };
        shape.size = [](void const* p) { return static_cast<V const*>(p)->size(); };
        shape.at = [](void const* p, std::size_t i) -> void const* { return &(*static_cast<V const*>(p))[i]; };
        shape.append = [](void* p) -> void* { return &static_cast<V*>(p)->emplace_back(); };
    }
};

template <class T> struct MakeShape<std::map<std::string, T>> {
    using M = std::map<std::string, T>;
    static void fill(Shape& shape) {
        shape.kind = Kind::map;
        shape.inner = &shapeOf<T>();
        shape.secret = shape.inner->secret;
        shape.clear = [](void* p) { static_cast<M*>(p)->clear(); };
        shape.each = [](void const* p, std::function<void(std::string const&, void const*)> const& f) {
            for (auto const& [key, value] : *static_cast<M const*>(p)) f(key, &value);
        };
        shape.insert = [](void* p, std::string const& key) -> void* { return &(*static_cast<M*>(p))[key]; };
    }
};

template <Described T> struct MakeShape<T> {
    static void fill(Shape& shape) {
        shape.kind = Kind::record;
        shape.name = recordName(std::type_identity<T>{});
        shape.make = []() -> std::shared_ptr<void> { return std::make_shared<T>(); };
        using namespace boost::describe;
        static T const probe{}; // offsets are read off a real object, which also holds for inherited members
        boost::mp11::mp_for_each<describe_members<T, mod_any_access | mod_inherited>>([&](auto d) {
            auto const& member = probe.*d.pointer;
            using M = std::remove_cvref_t<decltype(member)>;
            auto const offset = reinterpret_cast<char const*>(&member) - reinterpret_cast<char const*>(&probe);
            auto const& kind = shapeOf<M>();
            shape.fields.push_back({d.name, offset, &kind});
            if (!kind.mayBeAbsent() && !kind.secret) ++shape.required;
        });
    }
};

template <class T> Shape makeShape() {
    Shape made;
    MakeShape<T>::fill(made);
    return made;
}

// Shape and paths of a stored record are made where its collection is defined (store/collection.hpp): to make them takes longer to compile
// than all else, and nearly every file names some collection.
template <class T>
concept MadeElsewhere = requires(std::type_identity<T> type) {
    madeShape(type);
    madePaths(type);
};

template <class T> Shape const& shapeOf() {
    if constexpr (MadeElsewhere<T>) {
        return madeShape(std::type_identity<T>{});
    } else {
        static Shape const shape = makeShape<T>();
        return shape;
    }
}

// The dotted paths of a stored record, as typed values: paths<Booking>().meeting.zoomMeetingId.
template <class T> auto const& paths() {
    if constexpr (MadeElsewhere<T>) {
        return madePaths(std::type_identity<T>{});
    } else {
        static decltype(pathsOf(std::type_identity<T>{}, std::type_identity<T>{})) const made{std::string{}};
        return made;
    }
}

// Copies the equally named members of a wider record: what an answer shows of a document is what its own struct lists.
template <Described To, Described From> To project(From const& from) {
    using namespace boost::describe;
    To to{};
    boost::mp11::mp_for_each<describe_members<To, mod_any_access | mod_inherited>>([&](auto t) {
        boost::mp11::mp_for_each<describe_members<From, mod_any_access | mod_inherited>>([&](auto f) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(to.*t.pointer)>, std::remove_cvref_t<decltype(from.*f.pointer)>>)
                if (std::string_view(t.name) == f.name) to.*t.pointer = from.*f.pointer;
        });
    });
    return to;
}

// Copies every member of a narrower record into the wider one that has them all: a checked input into its document.
template <Described To, Described From> void assign(To& to, From const& from) {
    using namespace boost::describe;
    boost::mp11::mp_for_each<describe_members<From, mod_any_access | mod_inherited>>([&](auto f) {
        [[maybe_unused]] bool placed = false;
        boost::mp11::mp_for_each<describe_members<To, mod_any_access | mod_inherited>>([&](auto t) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(to.*t.pointer)>, std::remove_cvref_t<decltype(from.*f.pointer)>>)
                if (std::string_view(t.name) == f.name) to.*t.pointer = from.*f.pointer, placed = true;
        });
        assert(placed);
    });
}

} // namespace record
} // namespace visavis
