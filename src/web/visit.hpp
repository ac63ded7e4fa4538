// One request for a page: who asks, in which language and zone, what they sent, and the answers that a page can give.
#pragma once

#include "core/zone.hpp"
#include "http/message.hpp"
#include "http/query.hpp"
#include "http/router.hpp"
#include "identity/call.hpp"
#include "web/views.hpp"

namespace visavis::web {

using identity::Call;

struct SiteSettings {
    std::vector<std::string> trustedProxies;
    bool secureCookies = false;
    std::string sandbox; // origin of the provider sandbox; empty: the real ones
};

// Who may frame a page, and what it may load besides our own.
enum class Policy { own, payment, anywhere };

struct Answer {
    int status = 200;
    std::string html;
    std::string location; // of a redirect
    Policy policy = Policy::own;
    bool isSecret = false; // a token is in its address: no referrer, nothing kept
    std::optional<identity::Raw> file;
    std::optional<Hold> hold; // of an answer that is the same for everybody without a log-in: how long it is true
};

class Visit {
public:
    Visit(Call theCall, http::Request const& theRequest, SiteSettings const& theSettings, Messages const& messages)
        : call(std::move(theCall)), request(theRequest), settings(theSettings), t(messages) {}

    Call call;
    http::Request const& request;
    SiteSettings const& settings;
    Messages t;
    http::Query query;
    http::Query form;
    std::vector<std::string> captures; // of the path, in order
    std::string viewerName;            // of whoever is logged in

    Language language() const { return t.language(); }
    std::string given(std::string_view name) const { return std::string(query.get(name).value_or("")); }
    std::string sent(std::string_view name) const { return std::string(form.get(name).value_or("")); }
    bool isCustomer() const { return call.who.customerId.has_value(); }
    // Support reads what admin reads, and changes nothing.
    bool mayAct() const { return !call.who.isStaff() || call.who.hasRole(identity::Role::admin); }

    // The zone that times are shown in: ?tz=, else the cookie that the script or an earlier choice has set, else the customer's own, else
    // `fallback`. A choice is remembered.
    Zone zone(Zone const& fallback);
    // Where to go on: ?next= or the form's, if it is a path of ours.
    std::string next(std::string const& fallback) const;
    // Path and query of this page as it can be asked for again.
    std::string here() const;

    // The frame of a page with this title.
    Frame frame(std::string title, std::string description = {}) const;
    void setCookie(std::string_view name, std::string_view value, std::int64_t seconds, bool forScripts = false);
    std::string_view cookie(std::string_view name) const;
    std::string_view logIn() const; // the token that came with it, if any
};

Answer page(std::string html, int status = 200);
Answer redirect(std::string location); // 303: what was sent is done, look there
// "/bookings/…?done=cancelled"
std::string withParameter(std::string const& path, std::string_view name, std::string_view value);
// A page out of the function that tools/pages.py made of it.
template <class F> Answer render(F const& write, int status = 200) {
    Html html;
    write(html);
    return page(html.take(), status);
}
#define VISAVIS_PAGE(visit, function, ...) \
    ::visavis::web::render([&](::visavis::web::Html& html) { ::visavis::web::pages::function(html, (visit).t, __VA_ARGS__); })

// A page that says one thing.
Answer message(Visit const& visit, std::string title, std::string text, int status, std::vector<Choice> links = {});

} // namespace visavis::web
