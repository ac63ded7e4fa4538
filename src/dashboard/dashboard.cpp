// Which file a path of the dashboard means, and how long a browser may keep it.
#include "dashboard/dashboard.hpp"

#include "dashboard/files.hpp"

#include <algorithm>

namespace visavis::dashboard {
namespace {

constexpr std::string_view root = "/app";
constexpr std::string_view assets = "assets/";

// Only what comes from here: no inline script or style, no frame, no foreign host.
constexpr auto policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

constexpr auto withoutFiles =
    "<!doctype html><html lang=\"en\"><title>Visavis</title><p>This binary was built without npm and has no dashboard. "
    "The API is at /api/v1.</p></html>";

http::EmbeddedFile const* fileAt(std::string_view path) {
    for (auto const& file : files())
        if (file.path == path) return &file;
    return nullptr;
}

http::Response guarded(http::Response response) {
    return response.with("X-Content-Type-Options", "nosniff")
        .with("Content-Security-Policy", policy)
        .with("Referrer-Policy", "same-origin");
}

http::Response serve(http::EmbeddedFile const& file, http::Request const& request) {
    bool const isAsset = file.path.starts_with(assets);
    bool const known = request.header("if-none-match") == file.tag;
    auto response = known ? http::answer(304, "", "").with("Vary", "Accept-Encoding") : http::fileAnswer(request, file);
    response.with("ETag", std::string(file.tag));
    response.with("Cache-Control", isAsset ? "public, max-age=31536000, immutable" : "no-cache");
    return guarded(std::move(response));
}

} // namespace

bool takes(http::Head const& head) {
    auto const path = head.target.substr(0, head.target.find('?'));
    return path == root || (path.starts_with(root) && path[root.size()] == '/');
}

http::Plan plan() {
    http::Plan plan;
    plan.inlineAnswer = true;
    plan.bodyLimit = 0;
    return plan;
}

// An asset that there is not stays away; every other path is the page's own business.
http::Response handle(http::Request const& request) {
    if (request.method != http::Method::get && request.method != http::Method::head)
        return http::problem(405, "method_not_allowed", "The dashboard is read only.").with("Allow", "GET, HEAD");
    auto const path = request.path().substr(std::min(request.path().size(), root.size() + 1));
    if (auto const* file = fileAt(path)) return serve(*file, request);
    if (path.starts_with(assets)) return http::problem(404, "not_found", "There is no such file.");
    if (auto const* page = fileAt("index.html")) return serve(*page, request);
    return guarded(http::answer(404, "text/html; charset=utf-8", withoutFiles));
}

} // namespace visavis::dashboard
