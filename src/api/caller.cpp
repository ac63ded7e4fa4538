// Reading the headers that tell who asks.
#include "api/caller.hpp"

#include "core/text.hpp"
#include "identity/service.hpp"

#include <algorithm>

namespace visavis::api {
namespace {

bool looksLikeAddress(std::string_view text) {
    return !text.empty() && text.size() <= 45 && text.find_first_not_of("0123456789abcdefABCDEF.:") == text.npos;
}

} // namespace

bool changesState(http::Method method) {
    return method != http::Method::get && method != http::Method::head && method != http::Method::options;
}

std::string clientAddress(http::Request const& request, std::vector<std::string> const& trustedProxies) {
    auto const trusted = [&](std::string_view address) {
        return std::find(trustedProxies.begin(), trustedProxies.end(), address) != trustedProxies.end();
    };
    if (!trusted(request.peer)) return request.peer;
    auto rest = request.header("x-forwarded-for");
    while (!rest.empty()) { // right to left: the first that is no proxy of ours
        auto const comma = rest.rfind(',');
        auto const address = trimmed(comma == rest.npos ? rest : rest.substr(comma + 1));
        if (!trusted(address)) return looksLikeAddress(address) ? std::string(address) : request.peer;
        rest = comma == rest.npos ? std::string_view{} : rest.substr(0, comma);
    }
    return request.peer;
}

std::string_view cookieOf(http::Request const& request, std::string_view name) {
    auto rest = request.header("cookie");
    while (!rest.empty()) {
        auto const end = rest.find(';');
        auto const pair = trimmed(rest.substr(0, end));
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return pair.substr(name.size() + 1);
        rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    return {};
}

Credential credentialOf(http::Request const& request, bool secure) {
    auto const authorization = request.header("authorization");
    if (authorization.size() > 7 && equalIgnoringCase(authorization.substr(0, 7), "Bearer "))
        return {trimmed(authorization.substr(7)), false};
    return {cookieOf(request, identity::cookieName(secure)), true};
}

void renewCookie(http::Response& response, http::Request const& request, identity::Platform const& platform,
                 std::optional<Instant> slidTo) {
    if (!slidTo) return;
    auto const credential = credentialOf(request, platform.publicUrl.starts_with("https://"));
    if (!credential.fromCookie) return;
    auto renewed = identity::sessionCookie(platform.publicUrl, std::string(credential.token), platform.clock.now(), *slidTo);
    auto const name = renewed.value.substr(0, renewed.value.find('=') + 1);
    bool const isSet = std::any_of(response.headers.begin(), response.headers.end(),
                                   [&](auto const& header) { return header.name == renewed.name && header.value.starts_with(name); });
    if (!isSet) response.headers.push_back(std::move(renewed));
}

bool isFromOurPage(http::Request const& request, std::string const& publicUrl) {
    return request.header("origin") == publicUrl || request.header("sec-fetch-site") == "same-origin";
}

Result<void> checkOrigin(http::Request const& request, std::string const& publicUrl, bool fromCookie) {
    if (isFromOurPage(request, publicUrl)) return ok;
    bool const isBrowser = !request.header("origin").empty() || !request.header("sec-fetch-site").empty();
    if (!isBrowser && !fromCookie) return ok;
    return denied("denied", "Requests of browsers that change something must come from this site.");
}

std::string printable(std::string_view text, std::size_t most) {
    std::string shown(text.substr(0, most));
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return shown;
}

} // namespace visavis::api
