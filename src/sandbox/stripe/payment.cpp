// From a card to a charge.
#include "sandbox/stripe/payment.hpp"

#include "sandbox/stripe/balance.hpp"
#include "sandbox/stripe/disputes.hpp"
#include "sandbox/stripe/methods.hpp"

namespace visavis::sandbox::stripe {

namespace {

json::object outcomeOf(Decline const& decline) {
    bool const declined = !decline.code.empty();
    bool const blocked = decline.declineCode == "fraudulent";
    json::object outcome{{"advice_code", nullptr},
                         {"network_advice_code", nullptr},
                         {"network_decline_code", nullptr},
                         {"network_status", "approved_by_network"},
                         {"reason", nullptr},
                         {"risk_level", blocked ? "highest" : "normal"},
                         {"risk_score", blocked ? 90 : 20},
                         {"seller_message", "Payment complete."},
                         {"type", "authorized"}};
    if (!declined) return outcome;
    outcome["network_status"] = blocked ? "not_sent_to_network" : "declined_by_network";
    outcome["reason"] = text(decline.declineCode.empty() ? decline.code : decline.declineCode);
    outcome["seller_message"] = blocked ? "Stripe blocked this payment." : "The bank did not return any further details with this decline.";
    outcome["type"] = blocked ? "blocked" : "issuer_declined";
    if (!decline.advice.empty()) outcome["advice_code"] = text(decline.advice);
    return outcome;
}

json::object cardDetails(json::object const& method, bool authenticated) {
    json::object card = objectOf(method, "card");
    json::object details;
    for (auto const name : {"brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet"}) {
        details[name] = card[name];
    }
    details["installments"] = nullptr;
    details["mandate"] = nullptr;
    details["network"] = card["brand"];
    details["network_token"] = nullptr;
    details["three_d_secure"] = nullptr;
    if (authenticated) {
        details["three_d_secure"] = json::object{
            {"authentication_flow", "challenge"}, {"result", "authenticated"}, {"result_reason", nullptr}, {"version", "2.2.0"}};
    }
    return {{"card", std::move(details)}, {"type", "card"}};
}

json::object newCharge(Book& book, json::object const& intent, json::object const& method, Decline const& decline) {
    bool const declined = !decline.code.empty();
    bool const manual = textOf(intent, "capture_method") == "manual";
    auto const amount = numberOf(intent, "amount");
    json::object charge{{"id", book.newId("ch_")},
                        {"object", "charge"},
                        {"amount", amount},
                        {"amount_captured", declined || manual ? 0 : amount},
                        {"amount_refunded", 0}};
    for (auto const name : {"application", "application_fee", "application_fee_amount", "balance_transaction",
                            "failure_balance_transaction", "failure_code", "failure_message", "invoice", "on_behalf_of", "receipt_number",
                            "receipt_url", "refunds", "review", "source", "source_transfer", "transfer_data", "shipping"}) {
        charge[name] = nullptr;
    }
    for (auto const name : {"currency", "customer", "description", "metadata", "receipt_email", "statement_descriptor",
                            "statement_descriptor_suffix", "transfer_group"}) {
        charge[name] = intent.at(name);
    }
    charge["billing_details"] = method.at("billing_details");
    charge["calculated_statement_descriptor"] = "VISAVIS";
    charge["captured"] = !declined && !manual;
    charge["created"] = book.seconds();
    charge["disputed"] = false;
    charge["fraud_details"] = json::object();
    charge["livemode"] = false;
    charge["outcome"] = outcomeOf(decline);
    charge["paid"] = !declined;
    charge["payment_intent"] = intent.at("id");
    charge["payment_method"] = method.at("id");
    charge["payment_method_details"] = cardDetails(method, has(intent, "_authenticated"));
    charge["radar_options"] = json::object();
    charge["refunded"] = false;
    charge["status"] = declined ? "failed" : "succeeded";
    charge["_number"] = method.at("_number");
    if (declined) {
        charge["failure_code"] = text(decline.code);
        charge["failure_message"] = text(decline.message);
    }
    return charge;
}

json::object errorOf(Decline const& decline, json::object const* method, std::string_view chargeId) {
    json::object error{{"type", "card_error"}, {"code", text(decline.code)}, {"message", text(decline.message)}};
    if (!decline.declineCode.empty()) error["decline_code"] = text(decline.declineCode);
    if (!decline.advice.empty()) error["advice_code"] = text(decline.advice);
    if (!decline.param.empty()) error["param"] = text(decline.param);
    if (!chargeId.empty()) error["charge"] = text(chargeId);
    if (method) error["payment_method"] = shown(*method);
    error["doc_url"] = "https://stripe.com/docs/error-codes/" + std::string(decline.code);
    return error;
}

// A number that is wrong in itself never gets to the bank: there is no charge.
Error declined(Call& call, json::object& intent, json::object const& method, Decline const& decline) {
    std::string chargeId;
    if (decline.code != "incorrect_number") {
        auto const& charge = call.book.add(newCharge(call.book, intent, method, decline));
        chargeId = textOf(charge, "id");
        intent["latest_charge"] = chargeId;
        call.book.emit("charge.failed", chargeId);
    }
    intent["status"] = "requires_payment_method";
    intent["payment_method"] = nullptr;
    intent["next_action"] = nullptr;
    intent["last_payment_error"] = errorOf(decline, &method, chargeId);
    intent.erase("_authenticated");
    call.book.emit("payment_intent.payment_failed", textOf(intent, "id"));
    auto error = cardError(decline, &intent, &method);
    if (!chargeId.empty()) error.extra["charge"] = chargeId;
    return error;
}

void charged(Call& call, json::object& intent, json::object const& method, TestCard const& card) {
    bool const manual = textOf(intent, "capture_method") == "manual";
    std::string const chargeId(textOf(call.book.add(newCharge(call.book, intent, method, {})), "id"));
    auto const amount = numberOf(intent, "amount");
    intent["status"] = manual ? "requires_capture" : "succeeded";
    intent["amount_received"] = manual ? 0 : amount;
    intent["amount_capturable"] = manual ? amount : 0;
    intent["latest_charge"] = chargeId;
    intent["next_action"] = nullptr;
    intent["last_payment_error"] = nullptr;
    intent.erase("_authenticated");
    if (textOf(intent, "capture_method") == "automatic") settleCharge(call.book, chargeId);
    call.book.emit("charge.succeeded", chargeId);
    call.book.emit(manual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", textOf(intent, "id"));
    // Asynchronous capture: the money is booked a moment after the payer is told (providers.md §1.5).
    if (textOf(intent, "capture_method") == "automatic_async") call.book.schedule(Millis(0), "charge_settled", chargeId);
    if (card.afterwards != Afterwards::nothing) open(call.book, chargeId, card.afterwards);
}

void keepForLater(Call& call, json::object const& intent) {
    if (!has(intent, "setup_future_usage") || !has(intent, "customer")) return;
    auto& method = call.book.change(textOf(intent, "payment_method"));
    method["_setUp"] = true;
    if (!has(method, "customer")) attachTo(call.book, method, textOf(intent, "customer"));
}

Result<void> chargeNow(Call& call, std::string const& intentId) {
    auto& intent = call.book.change(intentId);
    auto& method = call.book.change(textOf(intent, "payment_method"));
    method["_used"] = true;
    auto const& card = cardOf(textOf(method, "_number"));
    if (!card.decline.code.empty()) return declined(call, intent, method, card.decline);
    charged(call, intent, method, card);
    keepForLater(call, intent);
    return ok;
}

} // namespace

bool asksNow(TestCard const& card, json::object const& method, bool offSession) {
    switch (card.asks) {
        case Asks::never:
            return false;
        case Asks::unlessSetUp:
            return !offSession || !isTrue(method, "_setUp");
        case Asks::onSession:
            return !offSession;
        case Asks::always:
            return true;
    }
    return false;
}

json::object nextAction(Call const& call, std::string const& id, Attempt const& how) {
    auto const url = call.origin + "/sandbox/stripe/challenge/" + id;
    if (how.inBrowser || how.returnUrl.empty()) {
        return {{"type", "use_stripe_sdk"}, {"use_stripe_sdk", {{"type", "three_d_secure_redirect"}, {"stripe_js", url}}}};
    }
    return {{"type", "redirect_to_url"}, {"redirect_to_url", {{"return_url", how.returnUrl}, {"url", url}}}};
}

Result<void> attempt(Call& call, std::string const& intentId, Attempt const& how) {
    auto& intent = call.book.change(intentId);
    auto const* method = call.book.find(textOf(intent, "payment_method"));
    auto const& card = cardOf(textOf(*method, "_number"));
    if (!asksNow(card, *method, how.offSession)) return chargeNow(call, intentId);
    if (how.offSession) return declined(call, intent, *method, wantsAuthentication);
    intent["status"] = "requires_action";
    intent["next_action"] = nextAction(call, intentId, how);
    intent["_returnUrl"] = how.returnUrl;
    call.book.emit("payment_intent.requires_action", intentId);
    return ok;
}

void finishChallenge(Call& call, std::string const& intentId, bool passed) {
    auto& intent = call.book.change(intentId);
    if (passed) {
        intent["_authenticated"] = true;
        [[maybe_unused]] auto const done = chargeNow(call, intentId);
        return;
    }
    auto const& method = call.book.change(textOf(intent, "payment_method"));
    intent["last_payment_error"] =
        json::object{{"type", "invalid_request_error"},
                     {"code", "payment_intent_authentication_failure"},
                     {"doc_url", "https://stripe.com/docs/error-codes/payment-intent-authentication-failure"},
                     {"message",
                      "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to "
                      "attempt to fulfill this PaymentIntent again."},
                     {"payment_method", shown(method)}};
    intent["status"] = "requires_payment_method";
    intent["payment_method"] = nullptr;
    intent["next_action"] = nullptr;
    call.book.emit("payment_intent.payment_failed", intentId);
}

void capture(Call& call, std::string const& intentId, std::int64_t amount) {
    auto& intent = call.book.change(intentId);
    auto& charge = call.book.change(textOf(intent, "latest_charge"));
    charge["captured"] = true;
    charge["amount_captured"] = amount;
    charge["amount_refunded"] = numberOf(charge, "amount") - amount;
    intent["status"] = "succeeded";
    intent["amount_received"] = amount;
    intent["amount_capturable"] = 0;
    std::string const chargeId(textOf(charge, "id"));
    settleCharge(call.book, chargeId);
    call.book.emit("charge.captured", chargeId);
    call.book.emit("payment_intent.succeeded", intentId);
}

void settleCharge(Book& book, std::string const& chargeId) {
    auto& charge = book.change(chargeId);
    auto const amount = numberOf(charge, "amount_captured");
    auto const& card = cardOf(textOf(charge, "_number"));
    charge["balance_transaction"] = text(enter(book, {.type = "charge",
                                                      .source = chargeId,
                                                      .currency = std::string(textOf(charge, "currency")),
                                                      .amount = amount,
                                                      .fee = processingFee(amount),
                                                      .availableAtOnce = card.availableAtOnce}));
}

Error cardError(Decline const& decline, json::object const* intent, json::object const* method) {
    auto error = apiError(402, "card_error", std::string(decline.code), std::string(decline.message), decline.param);
    if (!decline.declineCode.empty()) error.extra["decline_code"] = text(decline.declineCode);
    if (!decline.advice.empty()) error.extra["advice_code"] = text(decline.advice);
    if (intent) error.extra["payment_intent"] = shown(*intent);
    if (method) error.extra["payment_method"] = shown(*method);
    return error;
}

} // namespace visavis::sandbox::stripe
