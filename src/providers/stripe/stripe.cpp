// Requests to Stripe (providers.md §1).
#include "providers/stripe/stripe.hpp"

#include "providers/stripe/wire.hpp"

#include <spdlog/spdlog.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace visavis::providers::stripe {
namespace {

namespace json = boost::json;
using outbound::Form;
using outbound::OutRequest;
using outbound::percentEncoded;
using payments::GatewayPage;
using payments::RefundReason;

constexpr int pageSize = 100;

// The events that may change our state of money. At most 20 may be named.
constexpr std::array<std::string_view, 18> moneyEvents{
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "payment_intent.canceled",
    "charge.updated",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refund.updated",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "transfer.created",
    "transfer.reversed",
};

char const* wordOf(RefundReason reason) {
    switch (reason) {
        case RefundReason::duplicate:
            return "duplicate";
        case RefundReason::fraudulent:
            return "fraudulent";
        case RefundReason::requestedByCustomer:
            return "requested_by_customer";
    }
    return "requested_by_customer";
}

// An empty value would mean "unset" (§1.1).
void addMetadata(Form& form, std::string_view key, std::string const& value) {
    if (!value.empty()) form.addIn("metadata", key, value);
}

// Reads an object out of an answer, or calls the outcome unknown.
template <class T> Result<T> read(Result<json::object> const& answer, std::optional<T> (*reader)(json::object const&)) {
    if (!answer) return answer.error();
    auto object = reader(*answer);
    if (!object) return unknownOutcome("The payment gateway's answer cannot be read.");
    return *std::move(object);
}

// An item that cannot be read fails the page: leaving it out would hide money from the reconciliation.
template <class T, class Reader> Result<GatewayPage<T>> readPage(Result<json::object> const& answer, Reader reader) {
    if (!answer) return answer.error();
    auto const* const items = itemsOf(*answer);
    if (items == nullptr) return unknownOutcome("The payment gateway's list cannot be read.");
    GatewayPage<T> page;
    for (auto const& item : *items) {
        auto read = item.is_object() ? reader(item.get_object()) : std::nullopt;
        if (!read) return unknownOutcome("The payment gateway's list cannot be read.");
        page.items.push_back(*std::move(read));
    }
    if (hasMore(*answer) && !page.items.empty()) page.cursor = page.items.back().id;
    return page;
}

Form pageOf(std::optional<std::string> const& cursor) {
    Form query;
    query.add("limit", pageSize);
    if (cursor) query.add("starting_after", *cursor);
    return query;
}

std::string pathOf(std::string_view collection, std::string_view id) { return "/v1/" + std::string(collection) + "/" + percentEncoded(id); }

// Without the charge's details there is no telling a card from a wallet.
Form withCharge() {
    Form query;
    query.addEach("expand", std::array<std::string_view, 1>{"latest_charge"});
    return query;
}

} // namespace

Stripe::Stripe(Settings settings, outbound::Means means) : settings_(std::move(settings)), channel_(means) {}

// Log lines carry the vendor's request id, never keys, bodies or queries.
Result<json::object> Stripe::exchange(OutRequest request) {
    request.headers.push_back({"Authorization", "Bearer " + settings_.secretKey});
    request.headers.push_back({"Stripe-Version", settings_.version});
    request.timeouts.total = settings_.timeout;
    auto const path = std::string_view(request.url).substr(settings_.apiBase.size());
    auto const route = path.substr(0, path.find('?'));

    auto const answer = channel_.call(request);
    if (!answer) {
        spdlog::warn("stripe: {} {}: {}: {}", request.method, route, answer.error().key, answer.error().detail);
        return unknownOutcome("The payment gateway cannot be reached.");
    }
    bool const succeeded = answer->status >= 200 && answer->status < 300;
    if (!succeeded) {
        spdlog::warn("stripe: {} {}: {}, request {}", request.method, route, answer->status, answer->header("Request-Id"));
        return readFailure(answer->status, answer->body, static_cast<int>(outbound::retryAfter(*answer).count()));
    }
    auto object = parseObject(answer->body);
    if (!object) return unknownOutcome("The payment gateway's answer cannot be read.");
    return *std::move(object);
}

Result<json::object> Stripe::get(std::string const& path, Form const& query) {
    auto const& text = query.text();
    return exchange({.method = "GET", .url = settings_.apiBase + path + (text.empty() ? "" : "?" + text)});
}

Result<json::object> Stripe::post(std::string const& path, Form const& form, std::string const& idempotencyKey) {
    assert(!idempotencyKey.empty() && idempotencyKey.size() <= 255);
    return exchange({.method = "POST",
                     .url = settings_.apiBase + path,
                     .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Idempotency-Key", idempotencyKey}},
                     .body = form.text()});
}

Result<Intent> Stripe::createPaymentIntent(payments::NewIntent const& input) {
    Form form;
    form.add("amount", input.amount).add("currency", input.currency.lower());
    form.addIn("automatic_payment_methods", "enabled", true).addIn("automatic_payment_methods", "allow_redirects", "never");
    form.add("capture_method", "automatic"); // the ids of charge and balance are there on success, not later (§1.5)
    form.addIfSet("description", input.description);
    if (input.receiptEmail) form.addIfSet("receipt_email", *input.receiptEmail);
    form.addIfSet("transfer_group", input.bookingId);
    addMetadata(form, "booking_id", input.bookingId);
    addMetadata(form, "payment_id", input.paymentId);
    return read(post("/v1/payment_intents", form, input.idempotencyKey), readIntent);
}

Result<Intent> Stripe::getPaymentIntent(std::string const& id) {
    return read(get(pathOf("payment_intents", id), withCharge()), readIntent);
}

Result<Intent> Stripe::cancelPaymentIntent(std::string const& id, std::string const& idempotencyKey) {
    Form form;
    form.add("cancellation_reason", "abandoned");
    auto cancelled = read(post(pathOf("payment_intents", id) + "/cancel", form, idempotencyKey), readIntent);
    if (cancelled || cancelled.error().key != payments::refusal::wrongIntentState) return cancelled;
    // Refused: it may be cancelled already, which is what was wanted.
    TRY(auto intent, getPaymentIntent(id));
    if (intent.status == payments::IntentStatus::cancelled) return intent;
    return cancelled;
}

Result<GatewayRefund> Stripe::createRefund(payments::NewRefund const& input) {
    Form form;
    form.add("payment_intent", input.paymentIntentId).add("amount", input.amount);
    if (input.reason) form.add("reason", wordOf(*input.reason));
    addMetadata(form, "booking_id", input.bookingId);
    addMetadata(form, "payment_id", input.paymentId);
    addMetadata(form, "refund_id", input.refundId);
    return read(post("/v1/refunds", form, input.idempotencyKey), readRefund);
}

Result<GatewayRefund> Stripe::getRefund(std::string const& id) { return read(get(pathOf("refunds", id)), readRefund); }

Result<GatewayPage<GatewayRefund>> Stripe::listRefunds(std::string const& paymentIntentId, std::optional<std::string> const& cursor) {
    return readPage<GatewayRefund>(get("/v1/refunds", pageOf(cursor).add("payment_intent", paymentIntentId)), readRefund);
}

Result<GatewayTransfer> Stripe::createTransfer(payments::NewTransfer const& input) {
    Form form;
    form.add("amount", input.amount).add("currency", input.currency.lower()).add("destination", input.destination);
    form.addIfSet("source_transaction", input.sourceCharge).addIfSet("transfer_group", input.bookingId);
    addMetadata(form, "booking_id", input.bookingId);
    addMetadata(form, "payment_id", input.paymentId);
    return read(post("/v1/transfers", form, input.idempotencyKey), readTransfer);
}

Result<GatewayReversal> Stripe::reverseTransfer(payments::NewReversal const& input) {
    Form form;
    form.add("amount", input.amount);
    addMetadata(form, "booking_id", input.bookingId);
    addMetadata(form, "payment_id", input.paymentId);
    return read(post(pathOf("transfers", input.transferId) + "/reversals", form, input.idempotencyKey), readReversal);
}

Result<GatewayDispute> Stripe::getDispute(std::string const& id) { return read(get(pathOf("disputes", id)), readDispute); }

Result<GatewayPage<Intent>> Stripe::listPaymentIntents(Instant createdAfter, std::optional<std::string> const& cursor) {
    return readPage<Intent>(get("/v1/payment_intents", pageOf(cursor).addIn("created", "gte", createdAfter.ms / 1000)), readIntent);
}

Result<GatewayPage<GatewayRefund>> Stripe::listRefundsSince(Instant createdAfter, std::optional<std::string> const& cursor) {
    return readPage<GatewayRefund>(get("/v1/refunds", pageOf(cursor).addIn("created", "gte", createdAfter.ms / 1000)), readRefund);
}

Result<GatewayPage<WebhookEvent>> Stripe::listEvents(Instant createdAfter, std::optional<std::string> const& cursor) {
    auto query = pageOf(cursor).addIn("created", "gte", createdAfter.ms / 1000).addEach("types", moneyEvents);
    return readPage<WebhookEvent>(get("/v1/events", query),
                                  [](json::object const& item) { return readEvent(item, json::serialize(item)); });
}

} // namespace visavis::providers::stripe
