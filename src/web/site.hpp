// The public site: its own table of pages, reached before the API's for paths that are pages, and never for others.
#pragma once

#include "http/router.hpp"
#include "http/server.hpp"
#include "web/kept_pages.hpp"

namespace visavis::web {

// Who may ask for a page; anybody else is led to the log-in and back.
enum class Who { anybody, user, customer, sideOrAdmin };

struct PageRow {
    http::Method method{};
    std::string pattern;
    Who who{};
    Result<Answer> (*run)(Visit&) = nullptr;
    std::string back;    // of a POST: the page to return to after a log-in that was missing; captures are filled in
    bool isKept = false; // for whoever has no log-in it may be answered from memory (kept_pages.hpp)
};

std::vector<PageRow> const& pageRows();

class Site {
public:
    Site(identity::Platform& platform, SiteSettings settings);

    // Pages, assets, and for browsers everything below / that nobody else answers. A request that wants no HTML is not ours.
    bool takes(http::Head const& head) const;
    http::Plan plan(http::Head const& head) const;
    http::Response handle(http::Request const& request);
    // A finished page that is still true: on the I/O thread, without the store.
    std::optional<http::Response> recall(http::Request const& request);

private:
    Answer answer(Visit& visit, http::Match const& match);
    Result<Answer> run(Visit& visit, http::Match const& match);
    http::Response finish(Visit& visit, Answer answer);
    Visit visitOf(http::Request const& request);

    identity::Platform& platform_;
    SiteSettings settings_;
    http::Router router_;
    KeptPages kept_;
};

} // namespace visavis::web
