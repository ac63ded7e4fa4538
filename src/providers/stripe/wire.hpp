// Stripe's JSON, read with distrust: what is missing or of another type is empty, 0 or `pending`; without an id or an amount there is no object.
#pragma once

#include "payments/gateway.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace visavis::providers::stripe {

using payments::GatewayDispute;
using payments::GatewayRefund;
using payments::GatewayReversal;
using payments::GatewayTransfer;
using payments::Intent;
using payments::WebhookEvent;

// Nothing if it is not one JSON object.
std::optional<boost::json::object> parseObject(std::string_view body);

std::optional<Intent> readIntent(boost::json::object const& object);
std::optional<GatewayRefund> readRefund(boost::json::object const& object);
std::optional<GatewayTransfer> readTransfer(boost::json::object const& object);
std::optional<GatewayReversal> readReversal(boost::json::object const& object);
std::optional<GatewayDispute> readDispute(boost::json::object const& object);
std::optional<WebhookEvent> readEvent(boost::json::object const& object, std::string rawBody);

// An answer that is no success, as an Error of the port. `retryAfterSeconds` is passed on where it makes sense.
Error readFailure(int status, std::string_view body, int retryAfterSeconds);

// "unavailable", the outcome being unknown.
Error unknownOutcome(std::string detail, int retryAfterSeconds = 1);

// For lists.
boost::json::array const* itemsOf(boost::json::object const& list);
bool hasMore(boost::json::object const& list);
std::string idOf(boost::json::object const& object);

} // namespace visavis::providers::stripe
