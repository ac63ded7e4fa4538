// The way of a call through Stripe: key, parameters, idempotency, faults, verb, answer.
#include "sandbox/stripe/emulator.hpp"

#include "core/text.hpp"
#include "http/query.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/stripe/accounts.hpp"
#include "sandbox/stripe/disputes.hpp"
#include "sandbox/stripe/expand.hpp"
#include "sandbox/stripe/payment.hpp"
#include "sandbox/stripe/refunds.hpp"
#include "sandbox/stripe/setups.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::size_t longestKey = 255;

Routes allRoutes() {
    Routes all;
    for (auto const& some : {intentRoutes(), setupRoutes(), methodRoutes(), customerRoutes(), chargeRoutes(), refundRoutes(),
                             transferRoutes(), accountRoutes(), disputeRoutes(), balanceRoutes(), eventRoutes()}) {
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

// "2026-10-28" or "2026-10-28.endive".
bool isVersion(std::string_view text) {
    return text.size() >= 10 && parseDate(text.substr(0, 10)) && (text.size() == 10 || text[10] == '.');
}

// The same parameters in another order are the same request.
std::string fingerprintOf(http::Request const& request) {
    auto query = http::parseQuery(request.body);
    auto pairs = query ? query->pairs : std::vector<http::Query::Pair>();
    std::sort(pairs.begin(), pairs.end());
    return sha256Hex(request.methodWord + " " + request.target + "\n" + http::formatQuery(pairs));
}

Error notAuthorised(std::string message) { return apiError(401, "invalid_request_error", "", std::move(message)); }

std::string keyOf(http::Request const& request, json::object& form) {
    auto const header = request.header("Authorization");
    if (header.starts_with("Bearer ")) return std::string(trimmed(header.substr(7)));
    if (header.starts_with("Basic ")) {
        auto const pair = base64Decoded(header.substr(6));
        return pair.substr(0, pair.find(':'));
    }
    std::string key(textOf(form, "key")); // Stripe.js sends it among the parameters
    form.erase("key");
    return key;
}

Result<void> checkContentType(http::Request const& request) {
    auto const type = lowered(request.header("Content-Type"));
    if (request.body.empty() || type.empty() || type.starts_with("application/x-www-form-urlencoded")) return ok;
    return invalidRequest(
        "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, "
        "we can help at https://support.stripe.com/.");
}

Result<void> checkHeaders(http::Request const& request) {
    auto const version = request.header("Stripe-Version");
    if (!version.empty() && !isVersion(version)) return invalidRequest("Invalid Stripe API version: " + std::string(version));
    if (request.header("Idempotency-Key").size() > longestKey) {
        return invalidRequest("Idempotency keys are limited to 255 characters.", {}, "parameter_invalid_string_too_long");
    }
    return checkContentType(request);
}

Error noRoute(http::Request const& request) {
    return apiError(
        404, "invalid_request_error", "",
        "Unrecognized request URL (" + request.methodWord + ": " + std::string(request.path()) +
            "). If you are trying to list objects, remove the trailing slash. If you are trying to retrieve an object, make sure you "
            "passed a valid (non-empty) identifier in your code. Please see https://stripe.com/docs or we can help at "
            "https://support.stripe.com/.");
}

Error mismatch(std::string const& key) {
    return apiError(
        400, "idempotency_error", "",
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '" +
            key + "' if you meant to execute a different request.");
}

Error inFlight(std::string const& key) {
    return apiError(
        409, "idempotency_error", "idempotency_key_in_use",
        "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the "
        "other request is still going through): " +
            key + ". Please try again later.");
}

Error asked(int status) {
    if (status == 429) return apiError(429, "invalid_request_error", "rate_limit", "Request rate limit exceeded.");
    if (status == 409) return apiError(409, "invalid_request_error", "lock_timeout", "This object cannot be accessed right now.");
    return apiError(status, status >= 500 ? "api_error" : "invalid_request_error", "",
                    "An unknown error occurred. Request of the sandbox's fault rules.");
}

// Requests that fail validation are not kept under their idempotency key (providers.md §1.9).
bool isKept(Error const& error) { return statusOf(error) != 401 && statusOf(error) != 403 && !error.key.starts_with("parameter_"); }

http::Response answerOf(int status, json::value const& body, std::string_view requestId) {
    auto response = http::answer(status, "application/json", json::serialize(body));
    response.with("Request-Id", std::string(requestId)).with("Cache-Control", "no-cache, no-store");
    if (status == 429) response.with("Retry-After", "1");
    return response;
}

http::Response answerOf(Error const& error, std::string_view requestId) {
    return answerOf(statusOf(error), errorBody(error, requestId), requestId);
}

// Card numbers are kept nowhere but in the book.
std::string masked(std::string body) {
    for (std::size_t at = 0; (at = body.find("number", at)) != body.npos; ++at) {
        auto const equals = body.find('=', at);
        if (equals == body.npos) break;
        auto end = equals + 1;
        while (end < body.size() && body[end] >= '0' && body[end] <= '9') ++end;
        for (auto digit = equals + 1; digit + 4 < end; ++digit) body[digit] = 'x';
    }
    return body;
}

} // namespace

Emulator::Emulator(World world, Endpoint endpoint)
    : world_(world), book_(world), routes_(allRoutes()), courier_(world, std::move(endpoint), book_, mutex_, [this] { runDue(); }) {
    for (auto const& route : routes_) router_.add(route.method, route.path);
}

void Emulator::start(std::string origin) {
    origin_ = std::move(origin);
    courier_.start();
}

void Emulator::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    stopped_.notify_all();
    courier_.stop();
}

http::Response Emulator::handle(http::Request const& request) {
    std::string requestId;
    {
        std::lock_guard const lock(mutex_);
        requestId = book_.newId("req_");
    }
    auto const exchange = read(request, requestId);
    auto response = exchange ? serve(request, *exchange) : answerOf(exchange.error(), requestId);
    if (exchange && !exchange->version.empty()) response.with("Stripe-Version", exchange->version);
    if (exchange && !exchange->key.empty()) response.with("Idempotency-Key", exchange->key);
    log(request, requestId, response.hangUp ? 0 : response.status);
    return response;
}

Result<Emulator::Exchange> Emulator::read(http::Request const& request, std::string requestId) {
    Exchange exchange;
    exchange.requestId = std::move(requestId);
    bool const inBody = request.method == http::Method::post;
    TRY(exchange.form, readForm(inBody ? std::string_view(request.body) : request.query()));
    exchange.match = router_.match(request.method, request.path());
    CHECK(authorise(request, exchange));
    if (!exchange.match) return noRoute(request);
    CHECK(checkHeaders(request));
    exchange.version = request.header("Stripe-Version");
    if (exchange.version.empty()) exchange.version = apiVersion;
    if (inBody) exchange.key = request.header("Idempotency-Key");
    if (!exchange.key.empty()) exchange.fingerprint = fingerprintOf(request);
    return exchange;
}

Result<void> Emulator::authorise(http::Request const& request, Exchange& exchange) const {
    auto const key = keyOf(request, exchange.form);
    if (key.empty()) {
        return notAuthorised(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
            "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
    }
    if (key.starts_with("sk_test_")) return ok;
    if (!key.starts_with("pk_test_")) return notAuthorised("Invalid API Key provided: " + key.substr(0, 8) + "****");
    exchange.publishable = true;
    if (exchange.match && routes_[exchange.match.route].forBrowsers) return ok;
    return apiError(
        403, "invalid_request_error", "secret_key_required",
        "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at "
        "https://dashboard.stripe.com/account/apikeys.");
}

// What is known under the key already; otherwise the key is ours until the answer.
std::optional<http::Response> Emulator::replayed(Exchange const& exchange) {
    if (exchange.key.empty()) return std::nullopt;
    std::lock_guard const lock(mutex_);
    auto const* known = book_.answer(exchange.key);
    if (!known) {
        if (running_.insert(exchange.key).second) return std::nullopt;
        return answerOf(inFlight(exchange.key), exchange.requestId);
    }
    if (textOf(*known, "fingerprint") != exchange.fingerprint) return answerOf(mismatch(exchange.key), exchange.requestId);
    auto response = http::answer(static_cast<int>(numberOf(*known, "status")), "application/json", std::string(textOf(*known, "body")));
    response.with("Request-Id", exchange.requestId).with("Idempotent-Replayed", "true");
    return response.with("Original-Request", std::string(textOf(*known, "request")));
}

http::Response Emulator::serve(http::Request const& request, Exchange const& exchange) {
    auto known = replayed(exchange);
    bool const isNew = !known;
    // A replay may get lost as well as a first answer.
    auto const faults = world_.faults.take("stripe", request.methodWord + " " + std::string(request.path()));
    http::Response response;
    bool const waited = !faults.latency || pause(*faults.latency);
    if (faults.reset || !waited) {
        response.hangUp = true;
    } else if (faults.status) {
        response = answerOf(asked(*faults.status), exchange.requestId);
    } else {
        response = isNew ? execute(exchange) : *std::move(known);
        response.hangUp = faults.timeoutAfterSuccess;
    }
    std::lock_guard const lock(mutex_);
    if (isNew) running_.erase(exchange.key);
    return response;
}

http::Response Emulator::execute(Exchange const& exchange) {
    std::lock_guard const lock(mutex_);
    auto const& route = routes_[exchange.match.route];
    Call call{.book = book_,
              .origin = origin_,
              .id = std::string(exchange.match.value(0)),
              .second = std::string(exchange.match.value(1)),
              .publishable = exchange.publishable,
              .version = exchange.version};
    book_.actFor(exchange.requestId, exchange.key);
    auto const outcome = perform(route, call, exchange.form);
    auto response = outcome ? answerOf(200, *outcome, exchange.requestId) : answerOf(outcome.error(), exchange.requestId);
    if (!exchange.key.empty() && (outcome || isKept(outcome.error()))) {
        book_.keepAnswer(
            exchange.key,
            {{"fingerprint", exchange.fingerprint}, {"status", response.status}, {"body", response.body}, {"request", exchange.requestId}});
    }
    book_.actFor({}, {});
    book_.commit();
    courier_.wake();
    return response;
}

Result<json::object> Emulator::perform(Route const& route, Call& call, json::object const& form) const {
    TRY(call.params, typed(form, route.fields));
    TRY(auto const object, route.verb(call));
    auto answer = call.publishable ? shownToBrowser(object) : shownWithin(object);
    CHECK(expand(answer, call.params, book_));
    return answer;
}

http::Response Emulator::payerAnswer(Result<json::object> const& outcome) {
    auto const requestId = book_.newId("req_");
    book_.commit();
    courier_.wake();
    return outcome ? answerOf(200, *outcome, requestId) : answerOf(outcome.error(), requestId);
}

http::Response Emulator::confirm(std::string const& intentId, std::string const& cardNumber) {
    std::lock_guard const lock(mutex_);
    auto const match = router_.match(http::Method::post, "/v1/payment_intents/pi/confirm");
    Call call{.book = book_, .origin = origin_, .id = intentId, .version = std::string(apiVersion)};
    json::object const form{{"payment_method_data", {{"type", "card"}, {"card", {{"number", cardNumber}, {"cvc", "123"}}}}},
                            {"use_stripe_sdk", "true"}};
    return payerAnswer(perform(routes_[match.route], call, form));
}

http::Response Emulator::authenticate(std::string const& intentId, bool passed) {
    std::lock_guard const lock(mutex_);
    auto const* intent = book_.find(intentId);
    bool const payment = intent && textOf(*intent, "object") == "payment_intent";
    if (!payment && !(intent && textOf(*intent, "object") == "setup_intent")) {
        return payerAnswer(noSuch("payment_intent", intentId, "intent", 404));
    }
    if (textOf(*intent, "status") != "requires_action") {
        auto error = refusedInState(payment ? "payment_intent_unexpected_state" : "setup_intent_unexpected_state",
                                    "There is nothing to authenticate: the status is " + std::string(textOf(*intent, "status")) + ".");
        error.extra[payment ? "payment_intent" : "setup_intent"] = shown(*intent);
        return payerAnswer(error);
    }
    Call call{.book = book_, .origin = origin_, .id = intentId, .version = std::string(apiVersion)};
    if (payment) {
        finishChallenge(call, intentId, passed);
    } else {
        finishSetupChallenge(call, intentId, passed);
    }
    return payerAnswer(shown(*book_.find(intentId)));
}

http::Response Emulator::completeOnboarding(std::string const& accountId) {
    std::lock_guard const lock(mutex_);
    if (!book_.find("account", accountId)) return payerAnswer(noSuch("account", accountId, "account", 404));
    stripe::completeOnboarding(book_, accountId);
    return payerAnswer(shown(*book_.find(accountId)));
}

std::optional<json::object> Emulator::peek(std::string_view id) {
    std::lock_guard const lock(mutex_);
    auto const* object = book_.find(id);
    return object ? std::optional(*object) : std::nullopt;
}

bool Emulator::pause(Millis time) {
    std::unique_lock lock(mutex_);
    return !stopped_.wait_for(lock, time, [this] { return stopping_; });
}

// Called by the courier, under the lock.
void Emulator::runDue() {
    auto const due = book_.takeDue();
    for (auto const& [what, target] : due) {
        if (what == "charge_settled") {
            settleCharge(book_, target);
            book_.emit("charge.updated", target, {{"balance_transaction", nullptr}});
        }
        if (what == "refund_succeeds") refundSucceeds(book_, target);
        if (what == "refund_fails") refundFails(book_, target);
        if (what == "dispute_won") closeDispute(book_, target, true);
        if (what == "dispute_lost") closeDispute(book_, target, false);
    }
    if (!due.empty()) book_.commit();
}

void Emulator::log(http::Request const& request, std::string const& requestId, int status) {
    json::object headers;
    for (std::size_t i = 0; i < request.headers.size(); ++i) headers[lowered(request.headers[i].name)] = text(request.headers[i].value);
    if (headers.contains("authorization")) headers["authorization"] = "(hidden)";
    auto const key = request.header("Idempotency-Key");
    world_.requests.add({{"provider", "stripe"},
                         {"at", toRfc3339(world_.clock.now())},
                         {"method", request.methodWord},
                         {"path", text(request.path())},
                         {"query", text(request.query())},
                         {"headers", std::move(headers)},
                         {"body", masked(request.body)},
                         {"idempotencyKey", key.empty() ? json::value(nullptr) : json::value(text(key))},
                         {"requestId", requestId},
                         {"status", status}});
}

} // namespace visavis::sandbox::stripe
