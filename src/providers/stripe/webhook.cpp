// Stripe's webhook signature (providers.md §1.10): `t=<seconds>,v1=<hex>[,v1=…]` over t + "." + the raw body, with the whole secret as the key.
#include "outbound/signature.hpp"
#include "providers/stripe/stripe.hpp"
#include "providers/stripe/wire.hpp"

#include <charconv>

namespace visavis::providers::stripe {
namespace {

constexpr Seconds tolerance{300};
constexpr std::size_t longestHeader = 4096;

struct Signed {
    std::string_view time;
    std::vector<std::string_view> signatures;
};

// As strict as the vendor's own library: keys are exactly `t` and `v1`, the last `t` wins, other schemes do not count.
Signed parsed(std::string_view header) {
    Signed result;
    while (!header.empty()) {
        auto const end = std::min(header.find(','), header.size());
        auto const item = header.substr(0, end);
        header.remove_prefix(std::min(end + 1, header.size()));
        if (item.starts_with("t=")) result.time = item.substr(2);
        if (item.starts_with("v1=")) result.signatures.push_back(item.substr(3));
    }
    return result;
}

std::optional<std::int64_t> secondsOf(std::string_view text) {
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return std::nullopt;
    std::int64_t seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    return error == std::errc() ? std::optional(seconds) : std::nullopt;
}

bool isSigned(std::vector<std::string> const& secrets, std::string_view body, std::string_view header, Instant now) {
    if (header.size() > longestHeader) return false;
    auto const claimed = parsed(header);
    auto const seconds = secondsOf(claimed.time);
    if (!seconds || !outbound::isFresh(*seconds, now, tolerance)) return false;
    std::string text(claimed.time);
    text += '.';
    text += body;
    return outbound::hmacMatchesAny(secrets, text, claimed.signatures);
}

} // namespace

Result<WebhookEvent> Stripe::verifyWebhook(std::string_view rawBody, std::string_view signatureHeader, Instant now) const {
    auto const bad = [] { return failure(Code::malformed, "bad_signature", "The signature does not fit the body, or is too old."); };
    if (!isSigned(settings_.webhookSecrets, rawBody, signatureHeader, now)) return bad();
    auto const object = parseObject(rawBody);
    if (!object) return bad();
    auto event = readEvent(*object, std::string(rawBody));
    if (!event) return bad();
    return *std::move(event);
}

} // namespace visavis::providers::stripe
