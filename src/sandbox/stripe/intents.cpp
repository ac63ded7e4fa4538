// PaymentIntents: /v1/payment_intents and what may be done to one in which state.
#include "core/money.hpp"
#include "sandbox/stripe/call.hpp"
#include "sandbox/stripe/methods.hpp"
#include "sandbox/stripe/payment.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "payment_intent";
constexpr std::int64_t mostAmount = 99'999'999;         // eight digits
constexpr std::string_view typesRemoved = "2026-09-30"; // providers.md §1.2: payment_method_types is gone since then

Fields commonFields() {
    return {{"amount", Kind::number},
            {"currency"},
            {"customer"},
            {"description"},
            {"metadata", Kind::metadata},
            {"payment_method"},
            {"payment_method_data", Kind::group, {}, methodFields()},
            {"payment_method_options", Kind::anything},
            {"payment_method_types", Kind::list},
            {"allowed_payment_method_types", Kind::list},
            {"receipt_email"},
            {"setup_future_usage", Kind::words, "off_session on_session"},
            {"shipping", Kind::anything},
            {"statement_descriptor"},
            {"statement_descriptor_suffix"},
            {"transfer_group"},
            {"capture_method", Kind::words, "automatic automatic_async manual"}};
}

Fields confirmFields() {
    return {{"payment_method"},
            {"payment_method_data", Kind::group, {}, methodFields()},
            {"payment_method_options", Kind::anything},
            {"payment_method_types", Kind::list},
            {"return_url"},
            {"off_session", Kind::flag},
            {"error_on_requires_action", Kind::flag},
            {"setup_future_usage", Kind::words, "off_session on_session"},
            {"receipt_email"},
            {"shipping", Kind::anything},
            {"mandate_data", Kind::anything},
            {"radar_options", Kind::anything},
            {"capture_method", Kind::words, "automatic automatic_async manual"},
            {"client_secret"},
            {"use_stripe_sdk", Kind::flag}};
}

Fields createFields() {
    auto fields = commonFields();
    fields.insert(
        fields.end(),
        {{"confirm", Kind::flag},
         {"off_session", Kind::flag},
         {"return_url"},
         {"use_stripe_sdk", Kind::flag},
         {"error_on_requires_action", Kind::flag},
         {"mandate_data", Kind::anything},
         {"radar_options", Kind::anything},
         {"confirmation_method", Kind::words, "automatic manual"},
         {"excluded_payment_method_types", Kind::list},
         {"automatic_payment_methods", Kind::group, {}, {{"enabled", Kind::flag}, {"allow_redirects", Kind::words, "always never"}}}});
    return fields;
}

Result<void> checkVersion(Call const& call) {
    if (call.given("payment_method_types") && call.version >= typesRemoved) return unknownParameter("payment_method_types");
    return ok;
}

Result<void> checkAmount(std::int64_t amount, std::string_view currencyCode) {
    auto upper = std::string(currencyCode);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    auto const currency = Currency::parse(upper);
    if (!currency) return invalidRequest("Invalid currency: " + std::string(currencyCode), "currency");
    if (amount < 0) return invalidRequest("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
    if (amount > mostAmount) {
        return invalidRequest("Amount must be no more than " + moneyText(mostAmount, *currency), "amount", "amount_too_large");
    }
    if (amount < currency->leastCharge()) {
        return invalidRequest("Amount must be at least " + moneyText(currency->leastCharge(), *currency), "amount", "amount_too_small");
    }
    return ok;
}

json::object newIntent(Call& call) {
    auto const id = call.book.newId("pi_");
    json::object intent{{"id", id}, {"object", text(kind)}};
    for (auto const name : {"allowed_payment_method_types",
                            "application",
                            "application_fee_amount",
                            "automatic_payment_methods",
                            "canceled_at",
                            "cancellation_reason",
                            "customer",
                            "customer_account",
                            "description",
                            "excluded_payment_method_types",
                            "invoice",
                            "last_payment_error",
                            "latest_charge",
                            "next_action",
                            "on_behalf_of",
                            "payment_method",
                            "payment_method_configuration_details",
                            "processing",
                            "receipt_email",
                            "review",
                            "setup_future_usage",
                            "shipping",
                            "source",
                            "statement_descriptor",
                            "statement_descriptor_suffix",
                            "transfer_data",
                            "transfer_group"}) {
        intent[name] = nullptr;
    }
    intent["amount"] = call.number("amount");
    intent["amount_capturable"] = 0;
    intent["amount_details"] = json::object{{"tip", json::object()}};
    intent["amount_received"] = 0;
    intent["capture_method"] = "automatic_async";
    intent["client_secret"] = id + "_secret_" + call.book.newId("");
    intent["confirmation_method"] = "automatic";
    intent["created"] = call.book.seconds();
    intent["currency"] = lowered(call.text("currency"));
    intent["livemode"] = false;
    intent["metadata"] = json::object();
    intent["payment_method_options"] = json::object{
        {"card", {{"installments", nullptr}, {"mandate_options", nullptr}, {"network", nullptr}, {"request_three_d_secure", "automatic"}}}};
    intent["payment_method_types"] = json::array{"card"};
    intent["status"] = "requires_payment_method";
    return intent;
}

void setAutomatic(json::object& intent, json::object const& params) {
    auto const& given = objectOf(params, "automatic_payment_methods");
    bool const off = has(given, "enabled") && !isTrue(given, "enabled");
    if (has(params, "payment_method_types") || off) return;
    auto const redirects = textOf(given, "allow_redirects");
    intent["automatic_payment_methods"] =
        json::object{{"allow_redirects", text(redirects.empty() ? "always" : redirects)}, {"enabled", true}};
}

void copyMembers(json::object& intent, json::object const& params) {
    copyGiven(intent, params,
              {"capture_method", "confirmation_method", "customer", "description", "receipt_email", "setup_future_usage", "shipping",
               "statement_descriptor", "statement_descriptor_suffix", "transfer_group", "allowed_payment_method_types",
               "excluded_payment_method_types", "payment_method_types"});
    if (intent["capture_method"].is_null()) intent["capture_method"] = "automatic_async";
    if (intent["confirmation_method"].is_null()) intent["confirmation_method"] = "automatic";
}

Error wrongState(json::object const& intent, std::string message) {
    auto error = refusedInState("payment_intent_unexpected_state", std::move(message));
    error.extra["payment_intent"] = shown(intent);
    return error;
}

bool mayStill(json::object const& intent) {
    auto const status = textOf(intent, "status");
    return status == "requires_payment_method" || status == "requires_confirmation" || status == "requires_action";
}

Result<void> checkConfirmable(json::object const& intent) {
    if (mayStill(intent)) return ok;
    auto const status = textOf(intent, "status");
    if (status == "succeeded") {
        return wrongState(intent,
                          "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.");
    }
    return wrongState(intent, "You cannot confirm this PaymentIntent because it has a status of " + std::string(status) + ".");
}

Result<void> checkMethod(json::object const& intent, json::object const& method) {
    bool const attached = has(method, "customer");
    if (attached && textOf(method, "customer") != textOf(intent, "customer")) {
        return invalidRequest("The payment method supplied (" + std::string(textOf(method, "id")) +
                                  ") belongs to a Customer. Please include the Customer in the `customer` parameter on the PaymentIntent.",
                              "payment_method");
    }
    if (attached || !isTrue(method, "_used")) return ok;
    return invalidRequest(
        "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was detached from "
        "a Customer. It may not be used again.",
        "payment_method");
}

// The intent takes the payment method that the call gives, if it gives one.
Result<void> takeMethod(Call& call, std::string const& intentId) {
    TRY(auto const methodId, methodGiven(call));
    if (methodId.empty()) return ok;
    auto& intent = call.book.change(intentId);
    CHECK(checkMethod(intent, *call.book.find(methodId)));
    intent["payment_method"] = methodId;
    if (textOf(intent, "status") != "requires_confirmation") {
        intent["status"] = "requires_confirmation";
        intent["next_action"] = nullptr;
    }
    return ok;
}

Result<void> checkReturn(Call const& call, json::object const& intent) {
    auto const& automatic = objectOf(intent, "automatic_payment_methods");
    bool const redirects = isTrue(automatic, "enabled") && textOf(automatic, "allow_redirects") == "always";
    if (!redirects || call.given("return_url") || call.publishable || isTrue(call.params, "use_stripe_sdk")) return ok;
    return wrongState(intent,
                      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment "
                      "methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to "
                      "accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and "
                      "`automatic_payment_methods[allow_redirects]` to `never` when creating PaymentIntents.");
}

Result<void> confirmNow(Call& call, std::string const& id) {
    auto const& intent = *call.book.find(id);
    if (!has(intent, "payment_method")) {
        return wrongState(
            intent, "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with " +
                        std::string(has(intent, "customer") ? textOf(intent, "customer") : "a customer") +
                        ", specify a payment method attached to this customer along with the customer ID.");
    }
    CHECK(checkReturn(call, intent));
    return attempt(call, id,
                   {.offSession = isTrue(call.params, "off_session"),
                    .inBrowser = isTrue(call.params, "use_stripe_sdk"),
                    .returnUrl = std::string(call.text("return_url"))});
}

Result<json::object> create(Call& call) {
    if (!call.given("amount")) return missingParameter("amount");
    if (!call.given("currency")) return missingParameter("currency");
    CHECK(checkVersion(call));
    CHECK(checkAmount(call.number("amount"), call.text("currency")));
    if (call.given("customer")) CHECK(named(call, "customer", "customer"));
    bool const confirmed = isTrue(call.params, "confirm");
    if (!confirmed && (call.given("off_session") || call.given("return_url"))) {
        auto const* name = call.given("off_session") ? "off_session" : "return_url";
        return invalidRequest(std::string("You can only provide `") + name + "` when also setting `confirm` to `true`.", name);
    }
    auto fresh = newIntent(call);
    copyMembers(fresh, call.params);
    setAutomatic(fresh, call.params);
    CHECK(mergeMetadata(fresh, call.params));
    TRY(auto const methodId, methodGiven(call));
    if (!methodId.empty()) {
        CHECK(checkMethod(fresh, *call.book.find(methodId)));
        fresh["payment_method"] = methodId;
        fresh["status"] = "requires_confirmation";
    }
    std::string const id(textOf(fresh, "id"));
    if (confirmed && methodId.empty()) return wrongState(fresh, "You must provide a payment method to confirm this PaymentIntent.");
    if (confirmed) CHECK(checkReturn(call, fresh));
    auto const& intent = call.book.add(std::move(fresh));
    call.book.emit("payment_intent.created", id);
    if (confirmed) CHECK(confirmNow(call, id));
    return intent;
}

Result<void> checkSecret(Call const& call, json::object const& intent) {
    if (!call.publishable && !call.given("client_secret")) return ok;
    if (!call.given("client_secret")) return missingParameter("client_secret");
    if (call.text("client_secret") == textOf(intent, "client_secret")) return ok;
    return invalidRequest("The client_secret provided does not match the client_secret associated with the PaymentIntent.", "client_secret",
                          "payment_intent_invalid_parameter");
}

Result<json::object> read(Call& call) {
    TRY(auto intent, retrieve(call, kind, "intent"));
    CHECK(checkSecret(call, intent));
    return intent;
}

Result<json::object> update(Call& call) {
    TRY(auto const current, retrieve(call, kind, "intent"));
    CHECK(checkVersion(call));
    for (auto const name : {"amount", "currency", "payment_method", "customer", "capture_method"}) {
        if (!call.given(name) || mayStill(current)) continue;
        return wrongState(current, "This PaymentIntent's " + std::string(name) + " could not be updated because it has a status of " +
                                       std::string(textOf(current, "status")) + ".");
    }
    if (call.given("customer")) CHECK(named(call, "customer", "customer"));
    auto const amount = call.given("amount") ? call.number("amount") : numberOf(current, "amount");
    auto const currency = lowered(call.given("currency") ? call.text("currency") : textOf(current, "currency"));
    CHECK(checkAmount(amount, currency));
    auto draft = current;
    CHECK(mergeMetadata(draft, call.params));
    CHECK(takeMethod(call, call.id));
    auto& intent = call.book.change(call.id);
    intent["metadata"] = draft["metadata"];
    intent["amount"] = amount;
    intent["currency"] = currency;
    copyMembers(intent, call.params);
    return intent;
}

Result<json::object> confirm(Call& call) {
    TRY(auto const current, retrieve(call, kind, "intent"));
    CHECK(checkSecret(call, current));
    CHECK(checkVersion(call));
    CHECK(checkConfirmable(current));
    CHECK(takeMethod(call, call.id));
    auto& intent = call.book.change(call.id);
    copyGiven(intent, call.params, {"setup_future_usage", "receipt_email", "shipping", "capture_method"});
    CHECK(confirmNow(call, call.id));
    return intent;
}

Result<json::object> cancel(Call& call) {
    TRY(auto const current, retrieve(call, kind, "intent"));
    bool const held = textOf(current, "status") == "requires_capture";
    if (!mayStill(current) && !held) {
        return wrongState(current,
                          "You cannot cancel this PaymentIntent because it has a status of " + std::string(textOf(current, "status")) +
                              ". Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, "
                              "requires_capture, requires_confirmation, requires_action, processing.");
    }
    auto& intent = call.book.change(call.id);
    intent["status"] = "canceled";
    intent["canceled_at"] = call.book.seconds();
    intent["cancellation_reason"] = call.given("cancellation_reason") ? call.params["cancellation_reason"] : json::value(nullptr);
    intent["next_action"] = nullptr;
    intent["amount_capturable"] = 0;
    if (held) {
        auto& charge = call.book.change(textOf(intent, "latest_charge"));
        charge["refunded"] = true;
        charge["amount_refunded"] = charge["amount"];
        call.book.emit("charge.refunded", textOf(charge, "id"));
    }
    call.book.emit("payment_intent.canceled", call.id);
    return intent;
}

Result<json::object> captureIntent(Call& call) {
    TRY(auto const current, retrieve(call, kind, "intent"));
    if (textOf(current, "status") != "requires_capture") {
        return wrongState(current, "This PaymentIntent could not be captured because it has a status of " +
                                       std::string(textOf(current, "status")) +
                                       ". Only a PaymentIntent with one of the following statuses may be captured: requires_capture.");
    }
    auto const most = numberOf(current, "amount_capturable");
    auto const amount = call.given("amount_to_capture") ? call.number("amount_to_capture") : most;
    if (amount < 1 || amount > most) {
        return invalidRequest("The capture amount must be at least 1 and no more than the amount capturable.", "amount_to_capture",
                              "amount_too_large");
    }
    CHECK(mergeMetadata(call.book.change(call.id), call.params));
    capture(call, call.id, amount);
    return *call.book.find(call.id);
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/payment_intents", [&](json::object const& intent) {
        return !call.given("customer") || textOf(intent, "customer") == call.text("customer");
    });
}

} // namespace

Routes intentRoutes() {
    using enum http::Method;
    return {
        {post, "/v1/payment_intents", create, createFields()},
        {get, "/v1/payment_intents", list, pageFields({{"customer"}})},
        {get, "/v1/payment_intents/{id}", read, {{"client_secret"}}, true},
        {post, "/v1/payment_intents/{id}", update, commonFields()},
        {post, "/v1/payment_intents/{id}/confirm", confirm, confirmFields(), true},
        {post,
         "/v1/payment_intents/{id}/cancel",
         cancel,
         {{"cancellation_reason", Kind::words, "duplicate fraudulent requested_by_customer abandoned"}}},
        {post,
         "/v1/payment_intents/{id}/capture",
         captureIntent,
         {{"amount_to_capture", Kind::number}, {"metadata", Kind::metadata}, {"statement_descriptor"}, {"statement_descriptor_suffix"}}},
    };
}

} // namespace visavis::sandbox::stripe
