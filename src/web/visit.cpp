// The parts of a visit that pages share.
#include "web/visit.hpp"

#include "api/caller.hpp"
#include "profiles/service.hpp"
#include "web/pages.hpp"

namespace visavis::web {

namespace {

constexpr std::int64_t year = 365 * 86'400;

// "name=value&" pairs of a query without one of them.
std::string withoutParameter(http::Query const& query, std::initializer_list<std::string_view> names) {
    auto kept = query.pairs;
    std::erase_if(kept, [&](auto const& pair) { return std::find(names.begin(), names.end(), pair.first) != names.end(); });
    return http::formatQuery(kept);
}

} // namespace

Zone Visit::zone(Zone const& fallback) {
    if (auto const wanted = query.get("tz")) {
        if (auto const zone = Zone::load(*wanted)) {
            setCookie("tz", zone->name(), year, true);
            return *zone;
        }
    }
    if (auto const remembered = Zone::load(cookie("tz"))) return *remembered;
    if (isCustomer()) {
        auto const customer = visavis::read(call.store, [&](Reader& reader) { return reader.get(profiles::customers, call.customer()); });
        if (customer && customer->timezone) return *customer->timezone;
    }
    return fallback;
}

std::string Visit::next(std::string const& fallback) const {
    auto const wanted = request.method == http::Method::post ? sent("next") : given("next");
    return wanted.size() <= 2000 && isLocalPath(wanted) ? wanted : fallback;
}

std::string Visit::here() const {
    auto const kept = withoutParameter(query, {"lang", "done"});
    return std::string(request.path()) + (kept.empty() ? "" : "?" + kept);
}

Frame Visit::frame(std::string title, std::string description) const {
    Frame frame;
    frame.title = std::move(title);
    frame.description = std::move(description);
    frame.here = here();
    frame.otherLanguage = withParameter(frame.here, "lang", language() == Language::en ? "de" : "en");
    if (request.path() != "/") frame.next = frame.here; // from home everybody goes to where their own things are
    if (call.who.userId)
        frame.viewer = Viewer{viewerName, call.who.specialistId.has_value(), call.who.customerId.has_value(), call.who.isVerified};
    if (!settings.sandbox.empty()) frame.mailbox = settings.sandbox + "/sandbox/inbox";
    frame.done = std::string(t.plain("done_" + given("done")));
    return frame;
}

void Visit::setCookie(std::string_view cookieName, std::string_view value, std::int64_t seconds, bool forScripts) {
    auto text = std::string(cookieName) + "=" + std::string(value) + "; Path=/; SameSite=Lax; Max-Age=" + std::to_string(seconds);
    if (!forScripts) text += "; HttpOnly";
    if (settings.secureCookies) text += "; Secure";
    call.headers.push_back({"Set-Cookie", std::move(text)});
}

std::string_view Visit::logIn() const { return cookie(identity::cookieName(settings.secureCookies)); }

std::string_view Visit::cookie(std::string_view cookieName) const { return api::cookieOf(request, cookieName); }

Answer page(std::string html, int status) {
    Answer answer;
    answer.status = status;
    answer.html = std::move(html);
    return answer;
}

Answer redirect(std::string location) {
    Answer answer;
    answer.status = 303;
    answer.location = std::move(location);
    return answer;
}

std::string withParameter(std::string const& path, std::string_view name, std::string_view value) {
    return path + (path.find('?') == path.npos ? "?" : "&") + std::string(name) + "=" + http::percentEncode(value);
}

Answer message(Visit const& visit, std::string title, std::string text, int status, std::vector<Choice> links) {
    MessagePage const content{title, std::move(text), std::move(links)};
    auto const frame = visit.frame(std::move(title));
    auto answer = VISAVIS_PAGE(visit, message, frame, content);
    answer.status = status;
    return answer;
}

} // namespace visavis::web
