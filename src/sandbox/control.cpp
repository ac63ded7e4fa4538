// Reading and answering the control routes.
#include "sandbox/control.hpp"

#include "http/query.hpp"
#include "record/json.hpp"
#include "sandbox/encoding.hpp"

#include <algorithm>

namespace visavis::sandbox {

namespace {

constexpr Millis settleTime{30'000}; // in all; API.md
constexpr int settleRounds = 1'000;
constexpr std::string_view clockTable = "clock";

http::Response good(json::value const& body) {
    return http::answer(200, "application/json", toUtf8(json::serialize(body), "")).with("Cache-Control", "no-store");
}

http::Response bad(Error const& error) {
    auto const status = error.code == Code::malformed ? 400 : error.code == Code::unavailable ? 503 : 422;
    auto response = http::problem(status, error.key, error.detail);
    if (error.fields.empty()) return response;
    auto body = json::parse(response.body).get_object();
    json::array errors;
    for (auto const& field : error.fields) errors.push_back({{"path", field.path}, {"code", field.code}, {"message", field.message}});
    body["errors"] = std::move(errors);
    response.body = json::serialize(body);
    return response;
}

// An object with exactly one member, a text, of one of the names.
Result<std::pair<std::string, std::string>> onlyText(json::value const& body, std::initializer_list<std::string_view> names) {
    auto const* object = body.if_object();
    if (!object) return invalid("", "type", "Must be an object.");
    for (auto const& member : *object) {
        if (std::find(names.begin(), names.end(), std::string_view(member.key())) == names.end()) {
            return invalid("/" + std::string(member.key()), "unknown_member", "There is no such member.");
        }
    }
    if (object->size() != 1) return invalid("/" + std::string(*names.begin()), "required", "Exactly one member is needed.");
    auto const& only = *object->begin();
    if (!only.value().is_string()) return invalid("/" + std::string(only.key()), "type", "Must be a text.");
    return std::pair<std::string, std::string>(only.key(), only.value().get_string());
}

} // namespace

Control::Control(World world, ClockControl clock, stripe::Emulator& stripe, Inbox& inbox)
    : world_(world), clock_(std::move(clock)), stripe_(stripe), inbox_(inbox) {
    using enum http::Method;
    route(get, "/sandbox/mail", &Control::mail);
    route(get, "/sandbox/clock", &Control::showClock);
    route(put, "/sandbox/clock", &Control::moveClock);
    route(get, "/sandbox/faults", &Control::showFaults);
    route(put, "/sandbox/faults", &Control::setFaults);
    route(get, "/sandbox/requests", &Control::requests);
    route(post, "/sandbox/stripe/payment_intents/{id}/confirm", &Control::confirm);
    route(post, "/sandbox/stripe/payment_intents/{id}/authenticate", &Control::authenticate);
    route(post, "/sandbox/stripe/setup_intents/{id}/authenticate", &Control::authenticate);
    route(post, "/sandbox/stripe/accounts/{id}/onboarding", &Control::onboard);
    for (auto const& [id, value] : world_.journal.take(clockTable)) {
        if (value.is_object()) storedOffset_ = Millis(numberOf(value.get_object(), "offset"));
    }
}

void Control::route(http::Method method, std::string_view path, Verb verb) {
    router_.add(method, path);
    verbs_.push_back(verb);
}

http::Response Control::handle(http::Request const& request) {
    auto const match = router_.match(request.method, request.path());
    if (match) return (this->*verbs_[match.route])(request, match);
    if (match.kind == http::Match::Kind::notFound) return http::problem(404, "not_found", "The sandbox has nothing at this path.");
    return http::problem(405, "method_not_allowed", "The path does not take this method.").with("Allow", std::string(match.allow));
}

http::Response Control::mail(http::Request const& request, http::Match const&) {
    auto const query = http::parseQuery(request.query());
    if (!query) return bad(query.error());
    return good(inbox_.list(query->get("to").value_or("")));
}

http::Response Control::showClock(http::Request const&, http::Match const&) {
    return good(json::object{{"now", toRfc3339(clock_.now())}, {"settled", stripe_.idle()}});
}

Result<Instant> Control::target(json::value const& body) const {
    TRY(auto const given, onlyText(body, {"now", "advance"}));
    auto const now = clock_.now();
    auto wanted = std::optional<Instant>();
    if (given.first == "now") {
        wanted = parseRfc3339(given.second);
    } else if (auto const by = parseDuration(given.second)) {
        wanted = now + *by;
    }
    if (!wanted)
        return invalid("/" + given.first, "format",
                       given.first == "now" ? "Must be an instant (RFC 3339)." : "Must be a duration such as PT25H.");
    if (*wanted < now) return invalid("/" + given.first, "backwards", "The clock only goes forwards.");
    return *wanted;
}

http::Response Control::moveClock(http::Request const& request, http::Match const&) {
    auto const body = parseJson(request.body);
    if (!body) return bad(body.error());
    std::lock_guard const lock(moving_);
    auto const wanted = target(*body);
    if (!wanted) return bad(wanted.error());
    if (auto const moved = clock_.moveTo(*wanted); !moved) return bad(moved.error());
    keepOffset();
    stripe_.wake();
    bool const settled = settle();
    return good(json::object{{"now", toRfc3339(clock_.now())}, {"settled", settled}});
}

// Webhooks make work for the server and the server's work makes webhooks: in turns, until both have none left.
bool Control::settle() {
    Stopwatch const watch;
    for (int round = 0; round < settleRounds && watch.elapsed() < settleTime; ++round) {
        auto const left = [&] { return std::max(Millis(1), settleTime - watch.elapsed()); };
        if (!stripe_.waitIdle(left())) return false;
        auto const carried = stripe_.carried();
        if (!clock_.settle(left())) return false;
        if (stripe_.idle() && stripe_.carried() == carried) return true;
    }
    return false;
}

void Control::keepOffset() {
    if (!clock_.offset) return;
    Changes changes;
    changes.put(clockTable, "clock", json::object{{"offset", clock_.offset().count()}});
    world_.journal.append(changes);
}

http::Response Control::showFaults(http::Request const&, http::Match const&) { return good(world_.faults.list()); }

http::Response Control::setFaults(http::Request const& request, http::Match const&) {
    auto const body = parseJson(request.body);
    if (!body) return bad(body.error());
    if (auto const done = world_.faults.replace(*body); !done) return bad(done.error());
    return good(world_.faults.list());
}

http::Response Control::requests(http::Request const& request, http::Match const&) {
    auto const query = http::parseQuery(request.query());
    if (!query) return bad(query.error());
    return good(world_.requests.list(query->get("provider").value_or("")));
}

http::Response Control::confirm(http::Request const& request, http::Match const& match) {
    auto const body = parseJson(request.body);
    if (!body) return bad(body.error());
    auto const card = onlyText(*body, {"card"});
    if (!card) return bad(card.error());
    return stripe_.confirm(std::string(match.value(0)), card->second);
}

http::Response Control::authenticate(http::Request const& request, http::Match const& match) {
    auto const body = parseJson(request.body);
    if (!body) return bad(body.error());
    auto const outcome = onlyText(*body, {"outcome"});
    if (!outcome) return bad(outcome.error());
    if (outcome->second != "success" && outcome->second != "failure") {
        return bad(invalid("/outcome", "unknown_word", "Must be success or failure."));
    }
    return stripe_.authenticate(std::string(match.value(0)), outcome->second == "success");
}

http::Response Control::onboard(http::Request const&, http::Match const& match) {
    return stripe_.completeOnboarding(std::string(match.value(0)));
}

} // namespace visavis::sandbox
