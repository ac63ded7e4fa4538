// A tree of path segments; each node may end a pattern and then has a route per method.
#include "http/router.hpp"

#include "http/escape.hpp"

#include <algorithm>
#include <cassert>

namespace visavis::http {

namespace {

constexpr std::uint32_t none = UINT32_MAX;
constexpr std::size_t methods = static_cast<std::size_t>(Method::other) + 1;
constexpr std::size_t maxDepth = 16; // segments of the longest pattern; longer paths fit nothing

bool isCapture(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }

// "a/b/c" → "a", leaving "b/c"; `last` tells "a" from "a/".
std::string_view takeSegment(std::string_view& rest, bool& last) {
    auto const slash = rest.find('/');
    auto const segment = rest.substr(0, slash);
    last = slash == std::string_view::npos;
    rest.remove_prefix(last ? rest.size() : slash + 1);
    return segment;
}

} // namespace

struct Router::Node {
    std::string segment; // a fixed word; unused in a capture's node
    std::vector<Node> fixed;
    std::unique_ptr<Node> capture;
    std::array<std::uint32_t, methods> routes;
    std::string allow; // empty when no pattern ends here

    Node() { routes.fill(none); }

    Node& child(std::string_view text) {
        if (isCapture(text)) {
            if (!capture) capture = std::make_unique<Node>();
            return *capture;
        }
        auto const found = std::ranges::find(fixed, text, &Node::segment);
        if (found != fixed.end()) return *found;
        fixed.emplace_back().segment = text;
        return fixed.back();
    }

    std::uint32_t route(Method method) const {
        auto const own = routes[static_cast<std::size_t>(method)];
        return own == none && method == Method::head ? routes[static_cast<std::size_t>(Method::get)] : own;
    }

    void describe() {
        allow.clear();
        for (std::size_t i = 0; i + 1 < methods; ++i) {
            if (route(static_cast<Method>(i)) == none) continue;
            if (!allow.empty()) allow += ", ";
            allow += word(static_cast<Method>(i));
        }
    }

    // The node whose pattern fits `rest`; captured segments are left in `values`.
    Node const* find(std::string_view rest, std::array<std::string_view, Match::maxValues>& values, std::uint8_t& count,
                     std::size_t depth) const {
        if (depth == maxDepth) return nullptr;
        bool last = false;
        auto const text = takeSegment(rest, last);
        for (auto const& node : fixed) {
            if (node.segment != text) continue;
            auto const* found = last ? node.end() : node.find(rest, values, count, depth + 1);
            if (found != nullptr) return found;
            break;
        }
        if (!capture || text.empty() || count == Match::maxValues) return nullptr;
        values[count++] = text;
        auto const* found = last ? capture->end() : capture->find(rest, values, count, depth + 1);
        if (found == nullptr) --count;
        return found;
    }

    Node const* end() const { return allow.empty() ? nullptr : this; }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

std::uint32_t Router::add(Method method, std::string_view pattern) {
    assert(method != Method::other && pattern.starts_with('/'));
    auto const number = static_cast<std::uint32_t>(names_.size());
    auto& names = names_.emplace_back();
    auto rest = pattern.substr(1);
    auto* node = root_.get();
    std::size_t depth = 0;
    for (bool last = false; !last; ++depth) {
        auto const segment = takeSegment(rest, last);
        if (isCapture(segment)) names.emplace_back(segment.substr(1, segment.size() - 2));
        node = &node->child(segment);
    }
    assert(depth <= maxDepth && names.size() <= Match::maxValues);
    auto& slot = node->routes[static_cast<std::size_t>(method)];
    assert(slot == none && "the same pattern twice");
    slot = number;
    node->describe();
    return number;
}

namespace {

// Decodes the captured values that have escapes; false when one of them is bad.
bool decodeValues(Match& match) {
    std::size_t needed = 0;
    for (std::size_t i = 0; i < match.valueCount; ++i) {
        if (match.values[i].find('%') != std::string_view::npos) needed += match.values[i].size();
    }
    if (needed == 0) return true;
    match.decoded = std::make_unique<char[]>(needed);
    char* to = match.decoded.get();
    for (std::size_t i = 0; i < match.valueCount; ++i) {
        auto& value = match.values[i];
        if (value.find('%') == std::string_view::npos) continue;
        auto const size = decodeInto(value, false, to);
        if (!size) return false;
        value = std::string_view(to, *size);
        to += *size;
    }
    return true;
}

} // namespace

Match Router::match(Method method, std::string_view path) const {
    Match match;
    if (!path.starts_with('/')) return match;
    auto const* node = root_->find(path.substr(1), match.values, match.valueCount, 0);
    if (node == nullptr || !decodeValues(match)) return match;
    auto const route = node->route(method);
    match.kind = route == none ? Match::Kind::wrongMethod : Match::Kind::found;
    match.allow = node->allow;
    match.route = route == none ? 0 : route;
    return match;
}

std::vector<std::string> const& Router::names(std::uint32_t route) const {
    assert(route < names_.size());
    return names_[route];
}

} // namespace visavis::http
