// Which pages may be kept, and for how long.
#include "web/kept_pages.hpp"

#include "http/gzip.hpp"
#include "identity/service.hpp"

namespace visavis::web {

std::string KeptPages::questionOf(Visit const& visit) const {
    auto const& request = visit.request;
    bool const remembers = visit.query.get("tz") || visit.query.get("lang");
    if (request.method != http::Method::get || remembers || !visit.logIn().empty()) return {};
    // Line ends keep the parts apart: neither a cookie nor a target can have one.
    std::string question(visit.t.code());
    question += http::acceptsGzip(request.header("accept-encoding")) ? "\ngzip\n" : "\nplain\n";
    question += visit.cookie("tz");
    return question.append("\n").append(request.target);
}

std::optional<http::Response> KeptPages::find(std::string const& question, Instant now) {
    if (question.empty()) return std::nullopt;
    return recalled(store_, pages_, question, now);
}

void KeptPages::keep(std::string question, Hold const& hold, http::Response const& response) {
    if (question.empty()) return;
    auto const bytes = question.size() + response.content().size();
    pages_.keep(std::move(question), hold, response, bytes);
}

KeptPages::Bytes KeptPages::compressed(std::string html) {
    if (auto kept = compressed_.find(html, [](Hold const&) { return true; })) return *kept;
    auto const bytes = std::make_shared<std::string const>(http::gzipped(html, 6));
    auto const size = html.size() + bytes->size();
    compressed_.keep(std::move(html), {}, bytes, size);
    return bytes;
}

} // namespace visavis::web
