// Plain HTML, a little CSS, and one script for the two pages that have buttons.
#include "sandbox/pages.hpp"

#include "core/escape.hpp"
#include "http/query.hpp"

namespace visavis::sandbox {

namespace {

constexpr std::string_view inboxPath = "/sandbox/inbox";
constexpr std::string_view mailPath = "/sandbox/inbox/";
constexpr std::string_view htmlPath = "/sandbox/mail-html/";
constexpr std::string_view challengePath = "/sandbox/stripe/challenge/";
constexpr std::string_view onboardingPath = "/sandbox/stripe/onboarding/";
constexpr std::string_view stylePath = "/sandbox/pages.css";
constexpr std::string_view scriptPath = "/sandbox/pages.js";

constexpr std::string_view readOnly = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";
constexpr std::string_view withButtons =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'";

constexpr std::string_view style = R"css(
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #c8c8d0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f7; padding: 1rem; }
iframe { width: 100%; height: 32rem; border: 1px solid #c8c8d0; }
button { font: inherit; padding: .6rem 1rem; margin-right: .6rem; }
)css";

// The buttons post what they say; then the page that embeds us is told, or the browser goes on to return_url.
constexpr std::string_view script = R"js(
'use strict';
for (const button of document.querySelectorAll('button[data-path]')) {
  button.addEventListener('click', async () => {
    for (const other of document.querySelectorAll('button')) other.disabled = true;
    const status = document.querySelector('[role=status]');
    const answer = await fetch(button.dataset.path, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: button.dataset.body });
    if (!answer.ok) { status.textContent = 'That is not possible any more.'; return; }
    status.textContent = 'Done. You may close this page.';
    if (window.parent !== window) window.parent.postMessage({sandboxChallenge: button.dataset.id}, '*');
    else if (button.dataset.next) location.assign(button.dataset.next);
  });
}
)js";

// Links in the plain text of a mail can be clicked; they must look like links to be taken for some.
std::string withLinks(std::string_view plain) {
    std::string out;
    while (!plain.empty()) {
        auto const http = std::min(plain.find("http://"), plain.find("https://"));
        out += escapedHtml(plain.substr(0, http));
        if (http == plain.npos) break;
        plain.remove_prefix(http);
        auto const link = plain.substr(0, plain.find_first_of(" \t\r\n<>\"'"));
        auto const escaped = escapedHtml(link);
        out.append("<a rel=\"noreferrer\" href=\"").append(escaped).append("\">").append(escaped).append("</a>");
        plain.remove_prefix(link.size());
    }
    return out;
}

std::string button(std::string_view label, std::string const& path, std::string_view body, std::string_view id, std::string const& next) {
    std::string out =
        "<button data-path=\"" + escapedHtml(path) + "\" data-body=\"" + escapedHtml(body) + "\" data-id=\"" + escapedHtml(id);
    return out + "\" data-next=\"" + escapedHtml(next) + "\">" + std::string(label) + "</button>";
}

// Where Stripe would send the payer back to.
std::string nextPlace(json::object const& intent) {
    auto next = std::string(textOf(intent, "_returnUrl"));
    if (!next.starts_with("http://") && !next.starts_with("https://")) return {};
    auto const kind = textOf(intent, "object");
    next.append(next.find('?') == next.npos ? "?" : "&").append(kind).append("=").append(textOf(intent, "id"));
    next.append("&").append(kind).append("_client_secret=").append(textOf(intent, "client_secret"));
    return next;
}

http::Response missing() {
    return http::answer(404, "text/html; charset=utf-8", "<!doctype html><title>Not found</title><p>There is nothing here.");
}

} // namespace

std::optional<http::Response> Pages::handle(http::Request const& request) {
    auto const path = request.path();
    if (request.method != http::Method::get && request.method != http::Method::head) return std::nullopt;
    if (path == "/" || path == "/sandbox" || path == "/sandbox/") return home();
    if (path == stylePath) return http::answer(200, "text/css", std::string(style));
    if (path == scriptPath) return http::answer(200, "text/javascript", std::string(script));
    if (path == inboxPath) return inbox();
    if (path.starts_with(mailPath)) return mail(path.substr(mailPath.size()));
    if (path.starts_with(htmlPath)) return mailHtml(path.substr(htmlPath.size()));
    if (path.starts_with(challengePath)) return challenge(path.substr(challengePath.size()));
    if (path.starts_with(onboardingPath)) return onboarding(path.substr(onboardingPath.size()));
    return std::nullopt;
}

http::Response Pages::page(std::string_view title, std::string const& content, std::string_view policy) const {
    std::string html =
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>";
    html.append(title).append("</title><link rel=\"stylesheet\" href=\"").append(stylePath).append("\"><h1>").append(title).append("</h1>");
    html += content;
    if (policy == withButtons) html.append("<script src=\"").append(scriptPath).append("\"></script>");
    auto response = http::answer(200, "text/html; charset=utf-8", std::move(html));
    auto const ancestors = policy == withButtons ? guard_.ancestors() : "frame-ancestors 'none'";
    return response.with("Content-Security-Policy", std::string(policy) + "; " + ancestors)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer");
}

http::Response Pages::home() const {
    return page("Provider sandbox",
                "<p>Stand-ins for Stripe and for mail, for development. Nothing here is real.</p>"
                "<ul><li><a href=\"/sandbox/inbox\">Mail</a></li><li><a href=\"/sandbox/requests\">Requests that the vendors saw</a></li>"
                "<li><a href=\"/sandbox/faults\">Fault rules</a></li><li><a href=\"/sandbox/clock\">Clock</a></li></ul>",
                readOnly);
}

http::Response Pages::inbox() const {
    auto const list = inbox_.list("");
    auto const& items = list.at("items").get_array();
    if (items.empty()) return page("Mail", "<p>No mail has arrived yet.</p>", readOnly);
    std::string rows;
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
        auto const& mail = item->get_object();
        auto const subject = textOf(mail, "subject");
        rows += "<tr><td>" + escapedHtml(textOf(mail, "to")) + "<td><a href=\"" + std::string(mailPath) + escapedHtml(textOf(mail, "id")) +
                "\">" + escapedHtml(subject.empty() ? "(no subject)" : subject) + "</a>";
    }
    return page("Mail", "<p>Newest first.</p><table><thead><tr><th>To<th>Subject<tbody>" + rows + "</table>", readOnly);
}

http::Response Pages::mail(std::string_view id) const {
    auto const mail = inbox_.find(id);
    if (!mail) return missing();
    std::string content = "<p>To " + escapedHtml(textOf(*mail, "to")) + " · <a href=\"/sandbox/inbox\">all mail</a></p>";
    content += "<h2>Text</h2><pre>" + withLinks(textOf(*mail, "text")) + "</pre>";
    if (!textOf(*mail, "html").empty()) {
        content +=
            "<h2>HTML</h2><iframe sandbox title=\"HTML of the mail\" src=\"" + std::string(htmlPath) + escapedHtml(id) + "\"></iframe>";
    }
    for (auto const& one : mail->at("attachments").get_array()) {
        auto const& attachment = one.get_object();
        content += "<h2>" + escapedHtml(textOf(attachment, "filename")) + "</h2><p>" + escapedHtml(textOf(attachment, "contentType")) +
                   "</p><pre>" + escapedHtml(textOf(attachment, "content")) + "</pre>";
    }
    return page(escapedHtml(textOf(*mail, "subject")), content, readOnly);
}

// Never shown but within the frame above: no scripts, no images, no forms, an origin of its own.
http::Response Pages::mailHtml(std::string_view id) const {
    auto const mail = inbox_.find(id);
    if (!mail) return missing();
    return http::answer(200, "text/html; charset=utf-8", std::string(textOf(*mail, "html")))
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'")
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer");
}

http::Response Pages::challenge(std::string_view id) {
    auto const intent = stripe_.peek(id);
    bool const setup = intent && textOf(*intent, "object") == "setup_intent";
    if (!intent || (!setup && textOf(*intent, "object") != "payment_intent")) return missing();
    if (textOf(*intent, "status") != "requires_action") return page("Your bank", "<p>There is nothing to confirm.</p>", withButtons);
    auto const path =
        std::string(setup ? "/sandbox/stripe/setup_intents/" : "/sandbox/stripe/payment_intents/") + std::string(id) + "/authenticate";
    auto const next = nextPlace(*intent);
    return page("Your bank",
                "<p>3-D Secure: is it you who wants to " + std::string(setup ? "save this card" : "make this payment") + "?</p><p>" +
                    button("Yes, confirm", path, R"({"outcome":"success"})", id, next) +
                    button("No, refuse", path, R"({"outcome":"failure"})", id, next) + "</p><p role=\"status\"></p>",
                withButtons);
}

http::Response Pages::onboarding(std::string_view id) {
    auto const account = stripe_.peek(id);
    if (!account || textOf(*account, "object") != "account") return missing();
    auto const path = "/sandbox/stripe/accounts/" + std::string(id) + "/onboarding";
    auto next = std::string(textOf(*account, "_returnUrl"));
    if (!next.starts_with("http://") && !next.starts_with("https://")) next.clear();
    return page("Payout account",
                "<p>Here Stripe would ask for identity and bank account.</p><p>" + button("Complete", path, "{}", id, next) +
                    "</p><p role=\"status\"></p>",
                withButtons);
}

} // namespace visavis::sandbox
