// What all signed webhooks need: HMAC-SHA256 in hex under any of several secrets, and a bound on the age of the signed time.
#pragma once

#include "core/time.hpp"

#include <span>
#include <string>
#include <string_view>

namespace visavis::outbound {

// Whether one of the signatures (lower-case hex) is the HMAC of the text under one of the secrets; there are two of either while a secret is
// being replaced. Takes as long for a wrong signature as for a right one. No secret or an empty one matches nothing.
bool hmacMatchesAny(std::span<std::string const> secrets, std::string_view text, std::span<std::string_view const> signatures);

// Compared in whole seconds: with 300 s, an age of 300 passes and 301 does not, in either direction.
bool isFresh(std::int64_t signedAtSeconds, Instant now, Seconds tolerance);

} // namespace visavis::outbound
