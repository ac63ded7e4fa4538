// Who stands behind a request: their address, what they log in with, and whether a browser sent it from a page of ours.
#pragma once

#include "core/result.hpp"
#include "http/message.hpp"
#include "identity/call.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace visavis::api {

bool changesState(http::Method method);

// The peer, or behind a trusted proxy the right-most address of X-Forwarded-For that is no proxy of ours (DESIGN §10).
std::string clientAddress(http::Request const& request, std::vector<std::string> const& trustedProxies);

// The value of a cookie, or nothing.
std::string_view cookieOf(http::Request const& request, std::string_view name);

// The token that came with a request, and whether a browser attached it by itself.
struct Credential {
    std::string_view token;
    bool fromCookie = false;
};
Credential credentialOf(http::Request const& request, bool secure);

// A log-in that slid with this request lasts longer than the browser was told: the answer sets the cookie again, for as long as remains. Not for
// a bearer token, and not where the answer itself gives or takes a log-in.
void renewCookie(http::Response& response, http::Request const& request, identity::Platform const& platform, std::optional<Instant> slidTo);

// Whether a browser says that a page of ours sent this.
bool isFromOurPage(http::Request const& request, std::string const& publicUrl);
// Browser writes come from our own pages (DESIGN §10): a foreign Origin is refused, and a cookie needs proof of origin.
Result<void> checkOrigin(http::Request const& request, std::string const& publicUrl, bool fromCookie);

// What a client says of itself, as far as it can be shown again: headers may hold any byte.
std::string printable(std::string_view text, std::size_t most);

} // namespace visavis::api
