// Result<T>: a value or an Error, and the two macros that pass an Error on (C++20 has no std::expected).
#pragma once

#include "core/error.hpp"

#include <boost/system/result.hpp>

#include <cassert>
#include <stdexcept>

namespace visavis {
inline namespace core {

// Boost calls this when value() is asked of an error: that is a broken assumption, not a user's fault.
[[noreturn]] inline void throw_exception_from_error(Error const& error, boost::source_location const&) {
    throw std::logic_error("value() of an error: " + error.key + ": " + error.detail);
}

template <class T> class [[nodiscard]] Result : public boost::system::result<T, Error> {
    using Base = boost::system::result<T, Error>;

public:
    using Base::Base;

    // Boost's own returns a null pointer on an error; ours asserts.
    T* operator->() noexcept {
        assert(this->has_value());
        return Base::operator->();
    }
    T const* operator->() const noexcept {
        assert(this->has_value());
        return Base::operator->();
    }
};

template <> class [[nodiscard]] Result<void> : public boost::system::result<void, Error> {
    using Base = boost::system::result<void, Error>;

public:
    using Base::Base;
};

inline Result<void> const ok{};

} // namespace core
} // namespace visavis

#define VISAVIS_CONCAT_(a, b) a##b
#define VISAVIS_CONCAT(a, b) VISAVIS_CONCAT_(a, b)
#define VISAVIS_TRY_(name, declaration, expression) \
    auto name = (expression);                       \
    if (!name) [[unlikely]]                         \
        return name.error();                        \
    declaration = *std::move(name)

// TRY(auto slot, reserve(tx, id)); declares `slot` or returns the error.
#define TRY(declaration, ...) VISAVIS_TRY_(VISAVIS_CONCAT(result_, __COUNTER__), declaration, (__VA_ARGS__))

#define VISAVIS_CHECK_(name, ...)                          \
    do {                                                   \
        if (auto name = (__VA_ARGS__); !name) [[unlikely]] \
            return name.error();                           \
    } while (false)

// CHECK(mayBook(…)); goes on or returns the error.
#define CHECK(...) VISAVIS_CHECK_(VISAVIS_CONCAT(checked_, __COUNTER__), __VA_ARGS__)
