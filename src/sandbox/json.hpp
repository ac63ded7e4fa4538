// Short words for reading JSON documents whose members may be absent.
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace visavis::sandbox {

namespace json = boost::json;

// Empty when the member is absent or no text.
inline std::string_view textOf(json::object const& object, std::string_view name) {
    auto const* member = object.if_contains(name);
    auto const* text = member ? member->if_string() : nullptr;
    return text ? std::string_view(*text) : std::string_view();
}

// 0 when the member is absent or no whole number.
inline std::int64_t numberOf(json::object const& object, std::string_view name) {
    auto const* member = object.if_contains(name);
    if (!member) return 0;
    if (auto const* number = member->if_int64()) return *number;
    auto const* number = member->if_uint64();
    return number ? static_cast<std::int64_t>(*number) : 0;
}

inline bool isTrue(json::object const& object, std::string_view name) {
    auto const* member = object.if_contains(name);
    return member && member->is_bool() && member->get_bool();
}

// Absent and null are the same to us.
inline bool has(json::object const& object, std::string_view name) {
    auto const* member = object.if_contains(name);
    return member && !member->is_null();
}

// An empty object when the member is absent or none.
inline json::object const& objectOf(json::object const& object, std::string_view name) {
    static json::object const none;
    auto const* member = object.if_contains(name);
    auto const* inner = member ? member->if_object() : nullptr;
    return inner ? *inner : none;
}

inline json::string text(std::string_view from) { return json::string(from); }

} // namespace visavis::sandbox
