// Compares webhook signatures without telling where they differ, and bounds their age.
#include "outbound/signature.hpp"

#include "core/text.hpp"

namespace visavis::outbound {

bool hmacMatchesAny(std::span<std::string const> secrets, std::string_view text, std::span<std::string_view const> signatures) {
    bool matched = false;
    for (auto const& secret : secrets) {
        if (secret.empty()) continue;
        auto const expected = hmacSha256Hex(secret, text);
        for (auto const& signature : signatures) matched = equalInConstantTime(expected, signature) || matched;
    }
    return matched;
}

bool isFresh(std::int64_t signedAtSeconds, Instant now, Seconds tolerance) {
    auto const nowSeconds = now.ms / 1000;
    // By comparison, not by difference: a forged time may be any int64.
    return signedAtSeconds >= nowSeconds - tolerance.count() && signedAtSeconds <= nowSeconds + tolerance.count();
}

} // namespace visavis::outbound
