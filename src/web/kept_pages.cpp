// Which pages may be kept, and for how long.
#include "web/kept_pages.hpp"

#include "http/gzip.hpp"
#include "identity/service.hpp"

namespace visavis::web {

// Beside other processes, which write as well, pages are made anew.
std::string KeptPages::questionOf(Visit const& visit) const {
    auto const& request = visit.request;
    bool const remembers = visit.query.get("tz") || visit.query.get("lang");
    if (!store_.alone() || request.method != http::Method::get || remembers || !visit.logIn().empty()) return {};
    std::string question(visit.t.code());
    question += http::acceptsGzip(request.header("accept-encoding")) ? " gzip " : " ";
    question += visit.cookie("tz");
    return question.append(" ").append(request.target);
}

std::optional<http::Response> KeptPages::find(std::string const& question, Instant now) {
    if (question.empty()) return std::nullopt;
    auto page = pages_.find(question);
    if (!page || page->holding.until < now || store_.generations.of(page->holding.subject) != page->holding.generation) return std::nullopt;
    return std::move(page->response);
}

void KeptPages::keep(std::string question, Holding const& holding, http::Response const& response) {
    pages_.keep(std::move(question), {holding, response}, response.content().size());
}

KeptPages::Bytes KeptPages::compressed(std::string html) {
    if (auto kept = compressed_.find(html)) return *kept;
    auto const bytes = std::make_shared<std::string const>(http::gzipped(html, 6));
    compressed_.keep(std::move(html), bytes, bytes->size());
    return bytes;
}

} // namespace visavis::web
