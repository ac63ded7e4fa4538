// Events, to be read again by whoever missed a webhook.
#include "sandbox/stripe/call.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::string_view kind = "event";
constexpr std::int64_t kept = 30 * 86'400; // seconds

bool fits(std::string_view pattern, std::string_view type) {
    return pattern.ends_with('*') ? type.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == type;
}

bool wantsType(Call const& call, std::string_view type) {
    if (call.given("type")) return fits(call.text("type"), type);
    auto const* types = call.params.if_contains("types");
    if (!types || !types->is_array()) return true;
    auto const& patterns = types->get_array();
    return std::any_of(patterns.begin(), patterns.end(), [&](json::value const& one) { return fits(one.get_string(), type); });
}

// Delivered is what nobody waits for any more; pending and failed deliveries are both "not".
bool wantsDelivery(Call const& call, json::object const& event) {
    return !call.given("delivery_success") || isTrue(call.params, "delivery_success") == (numberOf(event, "pending_webhooks") == 0);
}

Result<json::object> read(Call& call) { return retrieve(call, kind, "id"); }

Result<json::object> list(Call& call) {
    if (call.given("type") && call.given("types")) return invalidRequest("You may pass either `type` or `types`, but not both.", "types");
    return listPage(call, kind, "/v1/events", [&](json::object const& event) {
        return numberOf(event, "created") + kept >= call.book.seconds() && wantsType(call, textOf(event, "type")) &&
               wantsDelivery(call, event);
    });
}

} // namespace

Routes eventRoutes() {
    using Kind = Field::Kind;
    return {
        {http::Method::get, "/v1/events", list, pageFields({{"type"}, {"types", Kind::list}, {"delivery_success", Kind::flag}})},
        {http::Method::get, "/v1/events/{id}", read},
    };
}

} // namespace visavis::sandbox::stripe
