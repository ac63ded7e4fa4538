// Dispatch of pages: origin, log-in, the page's function, and the headers that every page has.
#include "web/site.hpp"

#include "api/caller.hpp"
#include "api/problem.hpp"
#include "core/log.hpp"
#include "http/gzip.hpp"
#include "profiles/service.hpp"
#include "web/assets.hpp"

#include <algorithm>
#include <cassert>

namespace visavis::web {
namespace {

constexpr std::string_view assetPrefix = "/assets/";

Asset const* assetAt(std::string_view path) {
    for (auto const& asset : assets())
        if (asset.file.path == path) return &asset;
    return nullptr;
}

bool names(std::string_view accept, std::string_view type) { return accept.find(type) != accept.npos; }

// No Accept at all, or */*, takes whatever there is (RFC 9110 §12.5.1): previews of links are made so.
bool takesHtml(std::string_view accept) { return accept.empty() || names(accept, "text/html") || names(accept, "*/*"); }

bool isForApi(std::string_view path) {
    return path == "/api" || path.starts_with("/api/") || path.starts_with("/images/") || path == "/healthz" || path == "/readyz" ||
           path == "/metrics";
}

bool isForm(http::Request const& request) {
    auto const header = request.header("content-type");
    return equalIgnoringCase(trimmed(header.substr(0, header.find(';'))), "application/x-www-form-urlencoded");
}

http::Response assetAnswer(http::Request const& request, Asset const& asset) {
    return http::fileAnswer(request, asset.file).with("Cache-Control", "public, max-age=31536000, immutable");
}

// Scripts and styles from here alone; the pay page lets Stripe's in, or its stand-in's.
std::string policyText(Policy policy, std::string const& sandbox) {
    std::string text = "default-src 'none'; base-uri 'none'; form-action 'self'; img-src 'self' data:; style-src 'self'";
    if (policy == Policy::payment && sandbox.empty())
        text +=
            "; script-src 'self' https://js.stripe.com https://*.js.stripe.com; connect-src 'self' https://api.stripe.com"
            "; frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com";
    else if (policy == Policy::payment)
        text += "; script-src 'self' " + sandbox + "; connect-src 'self' " + sandbox + "; frame-src " + sandbox;
    else
        text += "; script-src 'self'; connect-src 'self'";
    return text + (policy == Policy::anywhere ? "; frame-ancestors *" : "; frame-ancestors 'none'");
}

// "/bookings/{id}" with the captures of the path that was asked for.
std::string filledBack(std::string pattern, std::vector<std::string> const& captures) {
    for (auto const& capture : captures) {
        auto const open = pattern.find('{');
        if (open == pattern.npos) break;
        pattern.replace(open, pattern.find('}') - open + 1, http::percentEncode(capture));
    }
    return pattern;
}

Answer errorPage(Visit const& visit, Error const& error) {
    auto const status = api::statusOf(error.code);
    auto const& t = visit.t;
    std::vector<Choice> const home{{std::string(t.to_home()), "/"}};
    if (error.code == Code::notFound) return message(visit, std::string(t.not_found_title()), std::string(t.not_found_text()), 404, home);
    return message(visit, std::string(t.error_title()), sentence(t, error), status, home);
}

} // namespace

std::string_view assetAddress(std::string_view name) {
    for (auto const& asset : assets())
        if (asset.name == name) return asset.file.path;
    assert(false && "no such asset");
    return {};
}

Site::Site(identity::Platform& platform, SiteSettings settings)
    : platform_(platform), settings_(std::move(settings)), kept_(platform.store) {
    for (auto const& row : pageRows()) router_.add(row.method, row.pattern);
}

bool Site::takes(http::Head const& head) const {
    auto const path = head.target.substr(0, head.target.find('?'));
    if (assetAt(path) != nullptr) return head.method == http::Method::get || head.method == http::Method::head;
    auto const accept = head.headers.get("accept");
    if (router_.match(head.method, path)) return takesHtml(accept);
    return head.method == http::Method::get && names(accept, "text/html") && path.starts_with('/') && !isForApi(path);
}

http::Plan Site::plan(http::Head const& head) const {
    http::Plan plan;
    plan.inlineAnswer = head.target.starts_with(assetPrefix);
    auto const match = router_.match(head.method, head.target.substr(0, head.target.find('?')));
    plan.maybeKnown = match && pageRows()[match.route].isKept;
    plan.bodyLimit = 64 * 1024;
    return plan;
}

Visit Site::visitOf(http::Request const& request) {
    identity::Caller caller;
    caller.ip = api::clientAddress(request, settings_.trustedProxies);
    caller.userAgent = api::printable(request.header("user-agent"), 200);
    auto query = http::parseQuery(request.query());
    auto language = acceptedLanguage(request.header("accept-language"));
    if (auto const remembered = languageNamed(api::cookieOf(request, "lang"))) language = *remembered;
    std::optional<Language> chosen;
    if (query) chosen = languageNamed(query->get("lang").value_or(""));
    Visit visit(Call(platform_, std::move(caller), platform_.clock.now()), request, settings_, Messages(chosen.value_or(language)));
    if (query) visit.query = std::move(*query);
    if (chosen) visit.setCookie("lang", visit.t.code(), 365 * 86'400);
    return visit;
}

std::optional<http::Response> Site::recall(http::Request const& request) {
    auto const visit = visitOf(request);
    return kept_.find(kept_.questionOf(visit), visit.call.now);
}

http::Response Site::handle(http::Request const& request) {
    if (auto const* asset = assetAt(request.path())) return assetAnswer(request, *asset).with("X-Content-Type-Options", "nosniff");
    auto visit = visitOf(request);
    auto const match = router_.match(request.method, request.path());
    for (std::size_t i = 0; i < match.valueCount; ++i) visit.captures.emplace_back(match.value(i));
    auto const made = answer(visit, match);
    auto response = finish(visit, made);
    api::renewCookie(response, request, platform_, visit.call.who.slidTo);
    if (made.hold) kept_.keep(kept_.questionOf(visit), *made.hold, response);
    return response;
}

Answer Site::answer(Visit& visit, http::Match const& match) {
    auto const outcome = [&]() -> Result<Answer> {
        try {
            return run(visit, match);
        } catch (StoreUnavailable const& failed) {
            log::error("store_unavailable", {{"path", std::string(visit.request.path())}, {"what", failed.what()}});
            return unavailable("The store cannot answer at the moment.");
        } catch (std::exception const& failed) {
            log::error("page_failed", {{"path", std::string(visit.request.path())}, {"what", failed.what()}});
            auto broken = message(visit, std::string(visit.t.error_title()), std::string(visit.t.error()), 500);
            return broken;
        }
    }();
    return outcome ? *outcome : errorPage(visit, outcome.error());
}

Result<Answer> Site::run(Visit& visit, http::Match const& match) {
    if (!match) return notFound();
    auto const& row = pageRows()[match.route];
    auto const& request = visit.request;
    bool const writes = api::changesState(request.method);
    if (writes && !api::isFromOurPage(request, platform_.publicUrl)) return denied("foreign_form", "Forms must come from this site.");
    if (writes && !isForm(request)) return failure(Code::unsupported, "unsupported_media_type", "Forms are sent url-encoded.");
    if (writes) {
        TRY(visit.form, http::parseQuery(request.body));
    }
    auto const token = visit.logIn();
    if (!token.empty() && profiles::recognise(platform_, token, visit.call.now, visit.call.who)) {
        auto const user = visavis::read(platform_.store, [&](Reader& reader) { return reader.get(identity::users, visit.call.user()); });
        if (user) visit.viewerName = user->name;
    }
    if (row.who != Who::anybody && !visit.call.who.userId) {
        auto const back = row.back.empty() ? visit.here() : filledBack(row.back, visit.captures);
        return redirect(withParameter(withParameter("/login", "next", back), "expired", token.empty() ? "0" : "1"));
    }
    if (row.who == Who::customer && !visit.isCustomer()) return denied("customers_only", "This is for customers.");
    if (row.who == Who::sideOrAdmin && !visit.mayAct()) return denied("sides_only", "This is for who takes part, and for admins.");
    return row.run(visit);
}

http::Response Site::finish(Visit& visit, Answer answer) {
    auto const& request = visit.request;
    bool const isOpen = !visit.call.who.userId && !answer.isSecret && !api::changesState(request.method) && answer.status == 200;
    auto response = answer.file ? http::answer(200, answer.file->contentType, "")
                                : http::answer(answer.status, answer.location.empty() ? "text/html; charset=utf-8" : "", "");
    if (answer.file) {
        response.shared = answer.file->content;
        for (auto const& header : answer.file->headers) response.headers.push_back(header);
    } else if (http::acceptsGzip(request.header("accept-encoding")) && answer.html.size() > 500) {
        response.shared =
            isOpen ? kept_.compressed(std::move(answer.html)) : std::make_shared<std::string const>(http::gzipped(answer.html, 6));
        response.with("Content-Encoding", "gzip");
    } else {
        response.shared = std::make_shared<std::string const>(std::move(answer.html));
    }
    if (!answer.location.empty()) response.with("Location", answer.location);
    for (auto& header : visit.call.headers) response.headers.push_back(std::move(header));
    response.with("Cache-Control", isOpen ? "private, no-cache" : "no-store")
        .with("Vary", "Accept-Encoding, Accept-Language, Cookie")
        .with("Content-Security-Policy", policyText(answer.policy, settings_.sandbox))
        .with("Referrer-Policy", answer.isSecret ? "no-referrer" : "same-origin")
        .with("X-Content-Type-Options", "nosniff");
    if (settings_.secureCookies) response.with("Strict-Transport-Security", "max-age=31536000");
    return response;
}

} // namespace visavis::web
