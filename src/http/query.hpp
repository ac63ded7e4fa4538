// Query strings and form bodies (application/x-www-form-urlencoded, WHATWG URL §5): order and duplicates are kept, bad escapes refused.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace visavis::http {

enum class Plus { literal, space }; // what '+' means: itself in a path, a space in a query or form

// Nothing when an escape is not two hex digits.
std::optional<std::string> percentDecode(std::string_view text, Plus plus = Plus::literal);
// Everything but RFC 3986 "unreserved" becomes %XX, a space %20: safe in paths, queries and forms alike.
std::string percentEncode(std::string_view text);

class Query {
public:
    using Pair = std::pair<std::string, std::string>;
    static constexpr std::size_t maxPairs = 1000;

    std::vector<Pair> pairs;

    // The first value of that name.
    std::optional<std::string_view> get(std::string_view name) const;
    std::size_t count(std::string_view name) const;
};

// "a=1&b" gives {a,1} and {b,""}; empty pieces are skipped. Errors: malformed `bad_query` (bad escape, or more than maxPairs).
Result<Query> parseQuery(std::string_view text);
std::string formatQuery(std::vector<Query::Pair> const& pairs); // "a=1&b=2", encoded

} // namespace visavis::http
