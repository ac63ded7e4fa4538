// SetupIntents: a card is saved for later, with the payer's authentication where the card wants it.
#include "sandbox/stripe/setups.hpp"

#include "sandbox/stripe/call.hpp"
#include "sandbox/stripe/methods.hpp"
#include "sandbox/stripe/payment.hpp"

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "setup_intent";

Fields fields(Fields more) {
    more.insert(more.end(), {{"customer"},
                             {"description"},
                             {"metadata", Kind::metadata},
                             {"payment_method"},
                             {"payment_method_data", Kind::group, {}, methodFields()},
                             {"payment_method_options", Kind::anything}});
    return more;
}

json::object newSetup(Call& call) {
    auto const id = call.book.newId("seti_");
    json::object setup{{"id", id}, {"object", text(kind)}};
    for (auto const name :
         {"allowed_payment_method_types", "application", "automatic_payment_methods", "cancellation_reason", "customer", "customer_account",
          "description", "excluded_payment_method_types", "flow_directions", "last_setup_error", "latest_attempt", "mandate", "next_action",
          "on_behalf_of", "payment_method", "payment_method_configuration_details", "single_use_mandate"}) {
        setup[name] = nullptr;
    }
    setup["client_secret"] = id + "_secret_" + call.book.newId("");
    setup["created"] = call.book.seconds();
    setup["livemode"] = false;
    setup["metadata"] = json::object();
    setup["payment_method_options"] =
        json::object{{"card", {{"mandate_options", nullptr}, {"network", nullptr}, {"request_three_d_secure", "automatic"}}}};
    setup["payment_method_types"] = json::array{"card"};
    setup["status"] = "requires_payment_method";
    setup["usage"] = "off_session";
    return setup;
}

Error wrongState(json::object const& setup, std::string const& what) {
    auto error = refusedInState("setup_intent_unexpected_state", "You cannot " + what + " this SetupIntent because it has a status of " +
                                                                     std::string(textOf(setup, "status")) + ".");
    error.extra["setup_intent"] = shown(setup);
    return error;
}

bool mayStill(json::object const& setup) {
    auto const status = textOf(setup, "status");
    return status == "requires_payment_method" || status == "requires_confirmation" || status == "requires_action";
}

Error failed(Call& call, json::object& setup, Decline const& decline) {
    auto const* method = call.book.find(textOf(setup, "payment_method"));
    auto error = cardError(decline, nullptr, method);
    json::object last{{"type", "card_error"}, {"code", text(decline.code)}, {"message", text(decline.message)}};
    if (!decline.declineCode.empty()) last["decline_code"] = text(decline.declineCode);
    last["payment_method"] = shown(*method);
    setup["status"] = "requires_payment_method";
    setup["payment_method"] = nullptr;
    setup["next_action"] = nullptr;
    setup["last_setup_error"] = std::move(last);
    call.book.emit("setup_intent.setup_failed", textOf(setup, "id"));
    error.extra["setup_intent"] = shown(setup);
    return error;
}

void succeed(Call& call, json::object& setup) {
    auto& method = call.book.change(textOf(setup, "payment_method"));
    method["_setUp"] = true;
    setup["status"] = "succeeded";
    setup["next_action"] = nullptr;
    setup["last_setup_error"] = nullptr;
    if (has(setup, "customer") && !has(method, "customer")) attachTo(call.book, method, textOf(setup, "customer"));
    call.book.emit("setup_intent.succeeded", textOf(setup, "id"));
}

Result<void> confirmNow(Call& call, json::object& setup) {
    if (!has(setup, "payment_method")) {
        auto error =
            refusedInState("setup_intent_unexpected_state", "You cannot confirm this SetupIntent because it's missing a payment method.");
        error.extra["setup_intent"] = shown(setup);
        return error;
    }
    auto const& method = *call.book.find(textOf(setup, "payment_method"));
    auto const& card = cardOf(textOf(method, "_number"));
    if (!card.decline.code.empty() && !card.declinesOnlyCharges) return failed(call, setup, card.decline);
    // 3220 and 1629 ask when a payment is made; the other cards that ask at all also ask when they are saved.
    bool const asks = card.asks != Asks::never && card.number != "4000000000003220" && card.number != "4000008400001629";
    if (!asks) {
        succeed(call, setup);
        return ok;
    }
    setup["status"] = "requires_action";
    std::string const id(textOf(setup, "id"));
    std::string const returnUrl(call.text("return_url"));
    setup["_returnUrl"] = returnUrl;
    setup["next_action"] = nextAction(call, id, {.inBrowser = isTrue(call.params, "use_stripe_sdk"), .returnUrl = returnUrl});
    call.book.emit("setup_intent.requires_action", id);
    return ok;
}

Result<void> takeMethod(Call& call, json::object& setup) {
    TRY(auto const methodId, methodGiven(call));
    if (methodId.empty()) return ok;
    setup["payment_method"] = methodId;
    setup["status"] = "requires_confirmation";
    return ok;
}

Result<json::object> create(Call& call) {
    if (call.given("customer")) CHECK(named(call, "customer", "customer"));
    auto fresh = newSetup(call);
    copyGiven(fresh, call.params, {"customer", "description", "usage"});
    CHECK(mergeMetadata(fresh, call.params));
    auto const& automatic = objectOf(call.params, "automatic_payment_methods");
    if (isTrue(automatic, "enabled")) {
        auto const redirects = textOf(automatic, "allow_redirects");
        fresh["automatic_payment_methods"] =
            json::object{{"allow_redirects", text(redirects.empty() ? "always" : redirects)}, {"enabled", true}};
    }
    CHECK(takeMethod(call, fresh));
    auto& setup = call.book.add(std::move(fresh));
    call.book.emit("setup_intent.created", textOf(setup, "id"));
    if (isTrue(call.params, "confirm")) CHECK(confirmNow(call, setup));
    return setup;
}

Result<json::object> read(Call& call) {
    TRY(auto setup, retrieve(call, kind, "intent"));
    bool const asked = call.publishable || call.given("client_secret");
    if (asked && call.text("client_secret") != textOf(setup, "client_secret")) {
        return invalidRequest("The client_secret provided does not match the client_secret associated with the SetupIntent.",
                              "client_secret");
    }
    return setup;
}

Result<json::object> update(Call& call) {
    TRY(auto draft, retrieve(call, kind, "intent"));
    if (!mayStill(draft)) return wrongState(draft, "update");
    if (call.given("customer")) CHECK(named(call, "customer", "customer"));
    CHECK(mergeMetadata(draft, call.params));
    CHECK(takeMethod(call, draft));
    copyGiven(draft, call.params, {"customer", "description"});
    auto& setup = call.book.change(call.id);
    setup = std::move(draft);
    return setup;
}

Result<json::object> confirm(Call& call) {
    TRY(auto draft, read(call));
    if (!mayStill(draft)) return wrongState(draft, "confirm");
    CHECK(takeMethod(call, draft));
    auto& setup = call.book.change(call.id);
    setup = std::move(draft);
    CHECK(confirmNow(call, setup));
    return setup;
}

Result<json::object> cancel(Call& call) {
    TRY(auto const current, retrieve(call, kind, "intent"));
    if (!mayStill(current)) return wrongState(current, "cancel");
    auto& setup = call.book.change(call.id);
    setup["status"] = "canceled";
    setup["next_action"] = nullptr;
    copyGiven(setup, call.params, {"cancellation_reason"});
    call.book.emit("setup_intent.canceled", call.id);
    return setup;
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/setup_intents", [&](json::object const& setup) {
        return (!call.given("customer") || textOf(setup, "customer") == call.text("customer")) &&
               (!call.given("payment_method") || textOf(setup, "payment_method") == call.text("payment_method"));
    });
}

} // namespace

void finishSetupChallenge(Call& call, std::string const& setupId, bool passed) {
    auto& setup = call.book.change(setupId);
    if (passed) return succeed(call, setup);
    static constexpr Decline refused{"setup_intent_authentication_failure",
                                     {},
                                     "The latest attempt to set up the payment method has failed because authentication failed."};
    [[maybe_unused]] auto const error = failed(call, setup, refused);
}

Routes setupRoutes() {
    using enum http::Method;
    Fields const confirming{{"payment_method"},
                            {"payment_method_data", Kind::group, {}, methodFields()},
                            {"payment_method_options", Kind::anything},
                            {"return_url"},
                            {"client_secret"},
                            {"use_stripe_sdk", Kind::flag},
                            {"mandate_data", Kind::anything}};
    return {
        {post, "/v1/setup_intents", create,
         fields({{"usage", Kind::words, "off_session on_session"},
                 {"confirm", Kind::flag},
                 {"return_url"},
                 {"use_stripe_sdk", Kind::flag},
                 {"automatic_payment_methods",
                  Kind::group,
                  {},
                  {{"enabled", Kind::flag}, {"allow_redirects", Kind::words, "always never"}}}})},
        {get, "/v1/setup_intents", list, pageFields({{"customer"}, {"payment_method"}})},
        {get, "/v1/setup_intents/{id}", read, {{"client_secret"}}, true},
        {post, "/v1/setup_intents/{id}", update, fields({})},
        {post, "/v1/setup_intents/{id}/confirm", confirm, confirming, true},
        {post,
         "/v1/setup_intents/{id}/cancel",
         cancel,
         {{"cancellation_reason", Kind::words, "abandoned duplicate requested_by_customer"}}},
    };
}

} // namespace visavis::sandbox::stripe
