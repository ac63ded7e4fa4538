// Finished pages of specialists for whoever has no log-in, and the compressed form of what was sent before. Neither is ever stale: a page holds for
// one generation of the specialist, which every write of what it shows moves between its commit and its acknowledgement, and until a time on it
// can no longer be booked or a day ends; compressed bytes are looked up by the whole text.
#pragma once

#include "http/message.hpp"
#include "store/remembered.hpp"
#include "web/visit.hpp"

namespace visavis::web {

class KeptPages {
public:
    explicit KeptPages(Engine const& store) : store_(store) {}

    // What a kept answer goes by; empty for a visit whose answer is its own: with a log-in, or with something to remember.
    std::string questionOf(Visit const& visit) const;
    std::optional<http::Response> find(std::string const& question, Instant now);
    void keep(std::string question, Hold const& hold, http::Response const& response);

    std::shared_ptr<std::string const> compressed(std::string html);

private:
    using Bytes = std::shared_ptr<std::string const>;

    Engine const& store_;
    Remembered<std::string, http::Response> pages_{32 * 1024 * 1024};
    Remembered<std::string, Bytes> compressed_{8 * 1024 * 1024};
};

} // namespace visavis::web
