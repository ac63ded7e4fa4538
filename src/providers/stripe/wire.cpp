// Stripe's objects and words in ours.
#include "providers/stripe/wire.hpp"

#include "core/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace visavis::providers::stripe {
namespace {

namespace json = boost::json;
using payments::DisputeStatus;
using payments::IntentStatus;
using payments::RefundStatus;

// Texts end up in our records: at most 500 bytes (cut between characters), nothing but valid text.
std::string text(json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    std::string_view all(value->get_string());
    if (!textLength(all, Breaks::allowed)) return {};
    auto end = std::min<std::size_t>(all.size(), 500);
    while (end > 0 && end < all.size() && (static_cast<unsigned char>(all[end]) & 0xC0) == 0x80) --end;
    return std::string(all.substr(0, end));
}

std::optional<std::int64_t> integer(json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

std::optional<MinorUnits> money(json::object const& object, std::string_view name) {
    auto const value = integer(object, name);
    return value && *value >= 0 ? value : std::nullopt;
}

bool truth(json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

json::object const& member(json::object const& object, std::string_view name) {
    static json::object const none;
    auto const* const value = object.if_contains(name);
    return value != nullptr && value->is_object() ? value->get_object() : none;
}

// A reference is an id, or the object itself where the request asked for it (`expand`).
std::string reference(json::object const& object, std::string_view name) {
    auto id = text(object, name);
    return id.empty() ? text(member(object, name), "id") : id;
}

std::optional<Instant> instant(json::object const& object, std::string_view name) {
    constexpr std::int64_t year9999 = 253'402'300'799;
    auto const seconds = integer(object, name);
    if (!seconds || *seconds < 0 || *seconds > year9999) return std::nullopt;
    return Instant{*seconds * 1000};
}

std::optional<Currency> currency(json::object const& object) {
    auto code = text(object, "currency");
    for (auto& c : code) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return Currency::parse(code);
}

template <class Status, std::size_t N>
Status statusOf(json::object const& object, std::array<std::pair<std::string_view, Status>, N> const& words, Status otherwise) {
    auto const word = text(object, "status");
    auto const found = std::find_if(words.begin(), words.end(), [&](auto const& row) { return row.first == word; });
    return found == words.end() ? otherwise : found->second;
}

// `requires_capture` belongs to a capture by hand, which we never ask for: whatever it means, no money is ours yet.
constexpr std::array<std::pair<std::string_view, IntentStatus>, 6> intentWords{{
    {"requires_payment_method", IntentStatus::needsPayment},
    {"requires_confirmation", IntentStatus::needsPayment},
    {"requires_action", IntentStatus::needsAction},
    {"processing", IntentStatus::processing},
    {"succeeded", IntentStatus::succeeded},
    {"canceled", IntentStatus::cancelled},
}};

constexpr std::array<std::pair<std::string_view, RefundStatus>, 5> refundWords{{
    {"pending", RefundStatus::pending},
    {"requires_action", RefundStatus::needsAction},
    {"succeeded", RefundStatus::succeeded},
    {"failed", RefundStatus::failed},
    {"canceled", RefundStatus::cancelled},
}};

constexpr std::array<std::pair<std::string_view, DisputeStatus>, 8> disputeWords{{
    {"needs_response", DisputeStatus::open},
    {"warning_needs_response", DisputeStatus::open},
    {"appeal_needs_response", DisputeStatus::open},
    {"under_review", DisputeStatus::underReview},
    {"warning_under_review", DisputeStatus::underReview},
    {"appeal_under_review", DisputeStatus::underReview},
    {"won", DisputeStatus::won},
    {"lost", DisputeStatus::lost},
}};

void readAttempt(Intent& intent, json::object const& object) {
    auto const& error = member(object, "last_payment_error");
    intent.failureCode = text(error, "code");
    intent.failureMessage = text(error, "message");
    intent.declineCode = text(error, "decline_code");
    auto const& details = member(member(object, "latest_charge"), "payment_method_details");
    intent.paymentMethodType = text(details, "type");
    intent.wallet = text(member(member(details, "card"), "wallet"), "type");
}

// Stripe's codes of refusals in our words; what is not here is `refused`.
constexpr std::array<std::pair<std::string_view, char const*>, 11> refusalWords{{
    {"amount_too_small", payments::refusal::amountTooSmall},
    {"amount_too_large", payments::refusal::amountTooLarge},
    {"charge_already_refunded", payments::refusal::alreadyRefunded},
    {"charge_disputed", payments::refusal::disputed},
    {"payment_intent_unexpected_state", payments::refusal::wrongIntentState},
    {"balance_insufficient", payments::refusal::fundsShort},
    {"insufficient_funds", payments::refusal::fundsShort},
    {"card_declined", payments::refusal::cardDeclined},
    {"api_key_expired", payments::refusal::notAllowed},
    {"secret_key_required", payments::refusal::notAllowed},
    {"platform_api_key_expired", payments::refusal::notAllowed},
}};

Error refusalOf(int status, json::object const& error) {
    auto const type = text(error, "type");
    auto const code = text(error, "code");
    if (type == "idempotency_error")
        return conflict(payments::refusal::keyReused, "The gateway knows this idempotency key with other parameters.");
    if (status == 401 || status == 403) return conflict(payments::refusal::notAllowed, "The gateway does not accept our key for this.");
    if (type == "card_error") return conflict(payments::refusal::cardDeclined, "The card was declined.");
    if (code == "resource_missing") return notFound("The gateway knows no such object.");
    auto const found = std::find_if(refusalWords.begin(), refusalWords.end(), [&](auto const& row) { return row.first == code; });
    return conflict(found == refusalWords.end() ? payments::refusal::refused : found->second, "The gateway refused the request.");
}

bool isDefinite(int status) { return status >= 400 && status < 500 && status != 408 && status != 409 && status != 424 && status != 429; }

} // namespace

std::optional<json::object> parseObject(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string idOf(json::object const& object) { return text(object, "id"); }

std::optional<Intent> readIntent(json::object const& object) {
    auto const amount = money(object, "amount");
    if (idOf(object).empty() || !amount) return std::nullopt;
    auto const& metadata = member(object, "metadata");
    Intent intent;
    intent.id = idOf(object);
    intent.clientSecret = text(object, "client_secret");
    intent.amount = *amount;
    intent.amountReceived = money(object, "amount_received").value_or(0);
    intent.currency = currency(object);
    intent.status = statusOf(object, intentWords, IntentStatus::pending);
    intent.latestChargeId = reference(object, "latest_charge");
    intent.livemode = truth(object, "livemode");
    intent.bookingId = text(metadata, "booking_id");
    intent.paymentId = text(metadata, "payment_id");
    intent.customerId = reference(object, "customer");
    intent.created = instant(object, "created").value_or(Instant{});
    readAttempt(intent, object);
    return intent;
}

std::optional<GatewayRefund> readRefund(json::object const& object) {
    auto const amount = money(object, "amount");
    if (idOf(object).empty() || !amount) return std::nullopt;
    GatewayRefund refund;
    refund.id = idOf(object);
    refund.paymentIntentId = reference(object, "payment_intent");
    refund.chargeId = reference(object, "charge");
    refund.amount = *amount;
    refund.currency = currency(object);
    refund.status = statusOf(object, refundWords, RefundStatus::pending);
    refund.failureReason = text(object, "failure_reason");
    refund.refundId = text(member(object, "metadata"), "refund_id");
    refund.created = instant(object, "created").value_or(Instant{});
    return refund;
}

std::optional<GatewayTransfer> readTransfer(json::object const& object) {
    auto const amount = money(object, "amount");
    if (idOf(object).empty() || !amount) return std::nullopt;
    GatewayTransfer transfer;
    transfer.id = idOf(object);
    transfer.amount = *amount;
    transfer.amountReversed = money(object, "amount_reversed").value_or(0);
    transfer.currency = currency(object);
    transfer.destination = reference(object, "destination");
    transfer.reversed = truth(object, "reversed");
    return transfer;
}

std::optional<GatewayReversal> readReversal(json::object const& object) {
    auto const amount = money(object, "amount");
    if (idOf(object).empty() || !amount) return std::nullopt;
    return GatewayReversal{idOf(object), reference(object, "transfer"), *amount};
}

std::optional<GatewayDispute> readDispute(json::object const& object) {
    auto const amount = money(object, "amount");
    if (idOf(object).empty() || !amount) return std::nullopt;
    GatewayDispute dispute;
    dispute.id = idOf(object);
    dispute.paymentIntentId = reference(object, "payment_intent");
    dispute.chargeId = reference(object, "charge");
    dispute.amount = *amount;
    dispute.currency = currency(object);
    dispute.status = statusOf(object, disputeWords, DisputeStatus::other);
    dispute.inquiry = text(object, "status").starts_with("warning_");
    dispute.reason = text(object, "reason");
    dispute.dueBy = instant(member(object, "evidence_details"), "due_by");
    dispute.refundable = truth(object, "is_charge_refundable");
    return dispute;
}

std::optional<WebhookEvent> readEvent(json::object const& object, std::string rawBody) {
    if (idOf(object).empty()) return std::nullopt;
    auto const& about = member(member(object, "data"), "object");
    WebhookEvent event;
    event.id = idOf(object);
    event.type = text(object, "type");
    event.livemode = truth(object, "livemode");
    event.objectId = idOf(about);
    event.objectKind = text(about, "object");
    event.paymentIntentId = event.objectKind == "payment_intent" ? event.objectId : reference(about, "payment_intent");
    event.created = instant(object, "created").value_or(Instant{});
    event.rawBody = std::move(rawBody);
    return event;
}

json::array const* itemsOf(json::object const& list) {
    auto const* const data = list.if_contains("data");
    return data == nullptr ? nullptr : data->if_array();
}

bool hasMore(json::object const& list) { return truth(list, "has_more"); }

Error unknownOutcome(std::string detail, int retryAfterSeconds) {
    auto error = failure(Code::unavailable, "unavailable", std::move(detail));
    error.retryAfterSeconds = std::clamp(retryAfterSeconds, 1, 3'600);
    return error;
}

// Only an answer that is clearly Stripe's own tells that nothing happened: a page of some proxy in between does not.
Error readFailure(int status, std::string_view body, int retryAfterSeconds) {
    auto const answer = parseObject(body);
    auto const* const error = answer ? answer->if_contains("error") : nullptr;
    if (!isDefinite(status) || error == nullptr || !error->is_object()) {
        return unknownOutcome("The payment gateway did not give an answer that can be used.", retryAfterSeconds);
    }
    return refusalOf(status, error->get_object());
}

} // namespace visavis::providers::stripe
