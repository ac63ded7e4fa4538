// Finds the route of a path: patterns like "/bookings/{id}/payment", fixed words before captures, no allocation in the common case.
#pragma once

#include "http/message.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::http {

struct Match {
    enum class Kind : std::uint8_t { found, wrongMethod, notFound };
    static constexpr std::size_t maxValues = 6;

    Kind kind = Kind::notFound;
    std::uint32_t route = 0; // the number add() returned
    std::uint8_t valueCount = 0;
    std::array<std::string_view, maxValues> values{}; // captures in the pattern's order, percent-decoded; they view the matched path
    std::unique_ptr<char[]> decoded;                  // holds the values that had escapes
    std::string_view allow;                           // of wrongMethod: "GET, HEAD, POST", for the Allow header

    explicit operator bool() const { return kind == Kind::found; }
    std::string_view value(std::size_t index) const { return index < valueCount ? values[index] : std::string_view(); }
};

// Rules: a fixed word wins over a capture, and a capture is tried when the fixed word leads nowhere. The most specific pattern that
// fits the path decides alone, so a method it lacks is wrongMethod even if a less specific pattern has it. HEAD falls back to GET.
// A capture takes one non-empty segment; a bad escape in one fits nothing. "/a" and "/a/" differ; fixed words compare as sent.
class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    // Returns the route's number, counted from 0 in the order of adding. A bad or doubled pattern is a programming error (asserts).
    std::uint32_t add(Method method, std::string_view pattern);
    // `path` is percent-encoded and without the query; it must outlive the Match.
    Match match(Method method, std::string_view path) const;
    // Names of a route's captures, in order: {"id"}.
    std::vector<std::string> const& names(std::uint32_t route) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::vector<std::vector<std::string>> names_;
};

} // namespace visavis::http
