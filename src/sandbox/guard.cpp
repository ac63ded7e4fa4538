// Host, Origin and Content-Type checks.
#include "sandbox/guard.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace visavis::sandbox {

namespace {

bool isControl(http::Request const& request) { return request.path().starts_with("/sandbox/"); }

bool isWrite(http::Request const& request) {
    return request.method != http::Method::get && request.method != http::Method::head && request.method != http::Method::options;
}

bool isJson(std::string_view contentType) { return lowered(trimmed(contentType.substr(0, contentType.find(';')))) == "application/json"; }

std::string_view withoutPort(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool isLoopbackV4(std::string_view name) { return name.starts_with("127.") && name.find_first_not_of("0123456789.") == name.npos; }

} // namespace

bool isLocalHost(std::string_view host) {
    auto const name = lowered(withoutPort(host));
    return name == "localhost" || name.ends_with(".localhost") || name == "[::1]" || isLoopbackV4(name);
}

bool Guard::isOwn(http::Request const& request, std::string_view origin) const {
    return origin == "http://" + std::string(request.header("Host"));
}

bool Guard::mayShare(std::string_view origin) const { return std::find(origins_.begin(), origins_.end(), origin) != origins_.end(); }

std::optional<http::Response> Guard::refuse(http::Request const& request) const {
    if (!isLocalHost(request.header("Host"))) return http::problem(421, "foreign_host", "The sandbox answers to local host names only.");
    auto const origin = request.header("Origin");
    if (!origin.empty() && !isOwn(request, origin) && !mayShare(origin)) {
        return http::problem(403, "foreign_origin", "The sandbox answers to its own pages and the server's only.");
    }
    if (isControl(request) && isWrite(request) && !isJson(request.header("Content-Type"))) {
        return http::problem(415, "unsupported_media_type", "Control routes take application/json only.");
    }
    return std::nullopt;
}

void Guard::share(http::Request const& request, http::Response& response) const {
    auto const origin = request.header("Origin");
    response.with("Vary", "Origin");
    if (!mayShare(origin)) return;
    response.with("Access-Control-Allow-Origin", std::string(origin));
    if (request.method != http::Method::options) return;
    response.with("Access-Control-Allow-Methods", "GET, POST, DELETE")
        .with("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Stripe-Version")
        .with("Access-Control-Max-Age", "300");
}

std::string Guard::ancestors() const {
    std::string out = "frame-ancestors 'self'";
    for (auto const& origin : origins_) out += " " + origin;
    return out;
}

} // namespace visavis::sandbox
