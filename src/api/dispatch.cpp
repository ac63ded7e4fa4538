// Dispatch: the checks in the order that the API contract fixes, each once.
#include "api/dispatch.hpp"

#include "api/caller.hpp"
#include "api/problem.hpp"
#include "core/log.hpp"
#include "http/query.hpp"
#include "identity/service.hpp"
#include "profiles/service.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

namespace visavis::api {
namespace {

namespace json = boost::json;

// A role's name as people call it; staff have none of the two types.
bool mayCall(Auth auth, identity::Caller const& who) {
    using identity::Role;
    using identity::UserType;
    switch (auth) {
        case Auth::open:
        case Auth::signature:
            return true;
        case Auth::user:
            return who.userId.has_value();
        case Auth::party:
            return who.userId.has_value();
        case Auth::specialist:
            return who.userType == UserType::specialist;
        case Auth::customer:
            return who.userType == UserType::customer;
        case Auth::side:
            return who.userType.has_value();
        case Auth::sideOrAdmin:
            return who.userType.has_value() || who.hasRole(Role::admin);
        case Auth::specialistOrAdmin:
            return who.userType == UserType::specialist || who.hasRole(Role::admin);
        case Auth::specialistOrStaff:
            return who.userType == UserType::specialist || who.isStaff();
        case Auth::staff:
            return who.isStaff();
        case Auth::admin:
            return who.hasRole(Role::admin);
    }
    return false;
}

Result<void> checkMediaType(Route const& route, http::Request const& request) {
    if (request.body.empty()) return ok;
    auto const header = request.header("content-type");
    auto const type = trimmed(header.substr(0, header.find(';')));
    auto const is = [&](std::string_view wanted) { return equalIgnoringCase(type, wanted); };
    if (route.options.image ? is("image/png") || is("image/jpeg") || is("image/webp") : is("application/json")) return ok;
    return failure(Code::unsupported, "unsupported_media_type",
                   route.options.image ? "The body must be image/png, image/jpeg or image/webp." : "The body must be application/json.");
}

// Whoever has this very content already is only told so (RFC 9110 §13.1.2).
void leaveOutIfKnown(http::Request const& request, http::Response& response) {
    auto const known = request.header("if-none-match");
    if (known.empty() || response.status != 200 || changesState(request.method)) return;
    for (auto const& header : response.headers) {
        if (header.name != "ETag" || (known != "*" && known.find(header.value) == known.npos)) continue;
        response.status = 304;
        response.body.clear();
        response.shared.reset();
        std::erase_if(response.headers, [](http::Header const& one) { return one.name == "Content-Type"; });
        return;
    }
}

http::Response finished(http::Request const& request, http::Response response, bool isPublic, std::string const& requestId) {
    if (!isPublic) response.with("Cache-Control", "no-store");
    leaveOutIfKnown(request, response);
    response.with("X-Content-Type-Options", "nosniff").with("X-Request-Id", requestId);
    return response;
}

Result<void> checkKey(std::string_view key) {
    bool const visible = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (!key.empty() && key.size() <= 200 && visible) return ok;
    return invalid("", "idempotency_key", "Idempotency-Key must be 1 to 200 visible ASCII characters.");
}

// The version that If-Match names. A text that is no version names one that nothing ever has: the 412 comes where versions are compared,
// behind the checks that go before it.
std::optional<std::int64_t> versionOf(std::string_view ifMatch) {
    if (ifMatch.empty() || ifMatch == "*") return {};
    if (ifMatch.size() > 2 && ifMatch.front() == '"' && ifMatch.back() == '"') ifMatch = ifMatch.substr(1, ifMatch.size() - 2);
    std::int64_t version = 0;
    auto const [end, ec] = std::from_chars(ifMatch.data(), ifMatch.data() + ifMatch.size(), version);
    return ec == std::errc{} && end == ifMatch.data() + ifMatch.size() ? version : -1;
}

// The only problem that is about HTTP alone, so it has no Code.
http::Response wrongMethod(http::Match const& match, std::string const& requestId) {
    auto error = failure(Code::malformed, "method_not_allowed", "This path does not know this method.");
    error.extra["status"] = 405;
    error.extra["title"] = http::reason(405);
    auto response = problemOf(error, requestId);
    response.status = 405;
    return response.with("Allow", std::string(match.allow));
}

// A fault of ours: nothing of it gets out but the request's id.
http::Response broken(std::string const& requestId) {
    auto error = failure(Code::unavailable, "internal", "Something went wrong on our side.");
    error.extra["status"] = 500;
    error.extra["title"] = http::reason(500);
    auto response = problemOf(error, requestId);
    response.status = 500;
    return response;
}

// The members that came in the body of a write.
Result<json::object> bodyOf(http::Request const& request) {
    if (request.method == http::Method::del || request.body.empty()) return json::object();
    TRY(auto body, parseJson(request.body));
    if (!body.is_object()) return invalid("", "type", "Must be an object.");
    return std::move(body.get_object());
}

// Reads take their members from the query; writes take none from there, where passwords and tokens would end up in logs.
Result<void> addQuery(json::object& input, Shape const& shape, http::Request const& request) {
    TRY(auto const query, http::parseQuery(request.query()));
    std::vector<FieldError> unknown;
    for (auto const& [name, value] : query.pairs) {
        if (!textLength(name, Breaks::refused)) return failure(Code::malformed, "bad_query", "The name of a parameter is not text.");
        auto const* field = shape.find(name);
        if (changesState(request.method))
            unknown.push_back({"/" + pointerStep(name), "unknown", "There is no such parameter."});
        else if (query.count(name) > 1 && (field == nullptr || field->shape->kind != Kind::array))
            return invalid("/" + pointerStep(name), "duplicate", "Must be given once.");
    }
    if (!unknown.empty()) return invalidMembers(std::move(unknown));
    for (auto const& member : fromTexts(shape, query.pairs)) input[member.key()] = member.value();
    return ok;
}

std::string fullPattern(Route const& route) {
    return route.pattern.starts_with("/-") ? route.pattern.substr(2) : "/api/v1" + route.pattern;
}

} // namespace

Dispatch::Dispatch(identity::Platform& platform, DispatchSettings settings) : platform_(platform), settings_(std::move(settings)) {
    for (auto const& route : routes()) router_.add(route.method, fullPattern(route));
    requestPrefix_ = platform_.rng.token().substr(0, 10);
}

http::Response Dispatch::refuse(http::Refusal const& refusal) {
    auto const requestId = newRequestId();
    auto response = http::problem(refusal.status, refusal.code, refusal.detail);
    response.body.back() = ','; // one more member behind the others
    response.body += "\"requestId\":\"" + requestId + "\"}";
    return response.with("X-Request-Id", requestId);
}

http::Plan Dispatch::plan(http::Head const& head) const {
    http::Plan plan;
    auto const match = router_.match(head.method, head.target.substr(0, head.target.find('?')));
    plan.inlineAnswer = !match || routes()[match.route].options.inlineAnswer;
    plan.maybeKnown = match && routes()[match.route].recall;
    plan.ignoreBody = !match; // 404 and 405 go before 413
    return plan;
}

std::string Dispatch::newRequestId() { return requestPrefix_ + std::to_string(requestCount_.fetch_add(1)); }

http::Response Dispatch::handle(http::Request const& request) {
    auto const requestId = newRequestId();
    auto const match = router_.match(request.method, request.path());
    identity::Caller caller;
    auto outcome = [&]() -> Result<http::Response> {
        if (match.kind == http::Match::Kind::notFound) return notFound();
        if (match.kind == http::Match::Kind::wrongMethod) return wrongMethod(match, requestId);
        try {
            return run(routes()[match.route], match, request, requestId, caller);
        } catch (StoreUnavailable const& failed) {
            log::error("store_unavailable", {{"request", requestId}, {"what", failed.what()}});
            return unavailable("The store cannot answer at the moment.");
        } catch (std::exception const& failed) { // the log has the cause, the caller the id to ask about
            log::error("request_failed", {{"request", requestId}, {"path", std::string(request.path())}, {"what", failed.what()}});
            return broken(requestId);
        }
    }();
    auto response = outcome ? std::move(*outcome) : problemOf(outcome.error(), requestId);
    renewCookie(response, request, platform_, caller.slidTo);
    bool const isPublic = match && routes()[match.route].auth == Auth::open && !changesState(request.method);
    return finished(request, std::move(response), isPublic, requestId);
}

// Whatever is not plainly a good question gets its answer, or its problem, on the long way.
std::optional<http::Response> Dispatch::recall(http::Request const& request) {
    auto const match = router_.match(request.method, request.path());
    if (!match || !routes()[match.route].recall || !request.body.empty()) return std::nullopt;
    auto const& route = routes()[match.route];
    identity::Caller caller;
    if (!authenticate(route, request, profiles::recall, caller)) return std::nullopt;
    auto const input = inputOf(route, match, request);
    if (!input) return std::nullopt;
    Call call(platform_, std::move(caller), platform_.clock.now());
    call.accept = std::string(request.header("accept"));
    auto known = route.recall(call, *input);
    if (!known) return std::nullopt;
    return finished(request, std::move(*known), route.auth == Auth::open, newRequestId());
}

Result<void> Dispatch::authenticate(Route const& route, http::Request const& request, Recognise recognise, identity::Caller& caller) {
    caller.ip = clientAddress(request, settings_.trustedProxies);
    caller.userAgent = printable(request.header("user-agent"), 200);
    if (route.auth == Auth::signature) return ok;
    auto const credential = credentialOf(request, settings_.secureCookies);
    if (changesState(request.method)) CHECK(checkOrigin(request, platform_.publicUrl, credential.fromCookie && !credential.token.empty()));
    if (route.auth == Auth::open) return ok;
    if (credential.token.empty() || !recognise(platform_, credential.token, platform_.clock.now(), caller))
        return failure(Code::unauthenticated, "unauthenticated", "Log in first.");
    if (!mayCall(route.auth, caller)) return denied("denied", "Your account may not do this.");
    return ok;
}

Result<json::object> Dispatch::inputOf(Route const& route, http::Match const& match, http::Request const& request) const {
    static Shape const none;
    auto const& shape = route.input == nullptr ? none : *route.input;
    auto const& names = router_.names(match.route);
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const* field = shape.find(names[i]);
        bool const isId = route.isPatch || (field != nullptr && field->shape->kind == Kind::objectId);
        if (isId && !ObjectId::parse(match.value(i))) return notFound();
    }
    json::object input;
    if (changesState(request.method) && !route.options.image) {
        TRY(input, bodyOf(request));
    }
    CHECK(addQuery(input, shape, request));
    if (route.isPatch && input.contains("id")) return invalidMembers({{"/id", "read_only", "Cannot be changed here."}});
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (input.contains(names[i]) && route.isPatch) return invalidMembers({{"/" + names[i], "read_only", "Cannot be changed here."}});
        if (input.contains(names[i])) return invalid("/" + names[i], "unknown", "There is no such member.");
        input[names[i]] = std::string(match.value(i));
    }
    return input;
}

Result<http::Response> Dispatch::run(Route const& route, http::Match const& match, http::Request const& request,
                                     std::string const& requestId, identity::Caller& caller) {
    if (route.auth != Auth::signature) CHECK(checkMediaType(route, request));
    CHECK(authenticate(route, request, profiles::recognise, caller));
    Call call(platform_, caller, platform_.clock.now());
    call.accept = std::string(request.header("accept"));
    call.lastEventId = std::string(request.header("last-event-id"));
    call.ifMatch = versionOf(request.header("if-match"));
    if (route.auth == Auth::signature) return route.run(call, {}, request, {});
    TRY(auto const input, inputOf(route, match, request));
    return withKey(route, call, input, request, requestId);
}

Result<http::Response> Dispatch::withKey(Route const& route, Call& call, json::object const& input, http::Request const& request,
                                         std::string const& requestId) {
    auto const key = request.header("idempotency-key");
    bool const keyed = request.headerCount("idempotency-key") > 0 && route.method == http::Method::post && route.options.keys != Keys::none;
    if (keyed) CHECK(request.headerCount("idempotency-key") == 1 ? checkKey(key) : checkKey(""));
    bool owned = false;
    // Given back on every way out, an exception's too.
    auto const giveBack = [&](void*) {
        if (!owned) return;
        std::lock_guard const lock(running_mutex_);
        running_.erase(call.key->id);
    };
    std::unique_ptr<void, decltype(giveBack)> const hold(&call, giveBack);
    auto const between = [&](std::string const& decoded) -> Result<std::optional<http::Response>> {
        if (route.options.verified && !call.who.isVerified) return denied("email_unverified", "Confirm your e-mail address first.");
        if (!keyed) return std::optional<http::Response>{};
        auto const scope = call.who.userId ? call.who.userId->hex() : identity::openScope(input);
        auto const path = std::string(request.path());
        // A plain hash of a body with a password in it could be guessed at; the key, which is not stored, makes it one of its own.
        call.key = PendingKey{ObjectId::derived(scope + '\n' + path + '\n' + std::string(key)), hmacSha256Hex(key, decoded)};
        {
            std::lock_guard const lock(running_mutex_);
            owned = running_.insert(call.key->id).second;
        }
        if (!owned) return conflict("in_progress", "A request with this key is still running.");
        return replay(call, call.key->bodyHash, route.options.keys == Keys::kept ? 200 : 400);
    };
    auto outcome = route.run(call, input, request, between);
    bool const isOfKey = !outcome && outcome.error().key == "idempotency_mismatch";
    if (outcome || !owned || isOfKey) return outcome;
    bool const isKept = keepProblem(call, outcome.error(), requestId);
    // Within a process a key runs once at a time; another one may have done already what this one is told of.
    bool const isFirst = isKept || (call.store.alone() && outcome.error().key != "idempotency_race");
    if (isFirst || route.options.keys != Keys::kept) return outcome;
    TRY(auto first, replay(call, call.key->bodyHash, 200));
    return first ? Result<http::Response>(std::move(*first)) : std::move(outcome);
}

bool Dispatch::keepProblem(Call& call, Error const& error, std::string const& requestId) {
    bool const isOfTheDomain = error.code == Code::conflict || error.code == Code::invalid;
    if (!isOfTheDomain || error.key == "idempotency_race") return false;
    auto const problem = problemOf(error, requestId);
    auto const kept = visavis::transact(
        call.store, [&](Tx& tx) -> Result<void> { return keepAnswer(tx, *call.key, problem.status, problem.body, call.now); });
    return kept || kept.error().key != "idempotency_race";
}

Result<std::optional<http::Response>> Dispatch::replay(Call& call, std::string const& bodyHash, int atLeast) {
    auto const kept = visavis::read(call.store, [&](Reader& reader) { return reader.get(keptAnswers, Ref<KeptAnswer>{call.key->id}); });
    if (!kept || kept->status < atLeast) return std::optional<http::Response>{};
    if (kept->bodyHash != bodyHash) {
        auto mismatch = failure(Code::invalid, "idempotency_mismatch", "This Idempotency-Key was used with another body.");
        return mismatch;
    }
    bool const isProblem = kept->status >= 400;
    auto response = http::answer(static_cast<int>(kept->status),
                                 kept->body.empty() ? ""
                                 : isProblem        ? "application/problem+json"
                                                    : "application/json",
                                 kept->body);
    return std::optional<http::Response>(response.with("Idempotency-Replayed", "true"));
}

} // namespace visavis::api
