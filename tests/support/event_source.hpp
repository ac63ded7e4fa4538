// A client of Server-Sent Events on a socket of its own, which can also be one that does not read.
#pragma once

#include "support/world.hpp"

#include <optional>

namespace visavis::support {

struct Event {
    std::string id, name, data;
    boost::json::value body;

    std::string at(std::string_view member) const {
        auto const* value = body.is_object() ? body.get_object().if_contains(member) : nullptr;
        return value == nullptr ? "" : value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
    }
};

class EventSource {
public:
    // Connects to the server at a base URL (http://127.0.0.1:port) and reads the head of the answer. Without a person as a stranger.
    EventSource(std::string const& url, Person const* who, std::string const& lastEventId = "");
    EventSource(World& world, Person const* who, std::string const& lastEventId = "")
        : EventSource(world.server().url(), who, lastEventId) {}
    ~EventSource() { hangUp(); }
    EventSource(EventSource const&) = delete;
    EventSource& operator=(EventSource const&) = delete;

    int status() const { return status_; }
    std::string const& head() const { return head_; }
    // Reads what the server begins with, which is no event.
    void begin();
    // The next event; nothing when the stream has ended, or half a minute went by.
    std::optional<Event> next();
    // The next one of this name; those before it are passed over.
    std::optional<Event> next(std::string const& name);
    // Reads on until the server ends the stream; false when it does not.
    bool ends();
    std::string const& lastId() const { return lastId_; }
    void hangUp();

private:
    bool more();
    bool takeChunks();
    std::optional<std::string> line();

    int socket_ = -1;
    int status_ = 0;
    std::string head_;
    std::string in_;   // as it came, in chunks
    std::string text_; // without them
    std::string lastId_;
    bool ended_ = false;
};

} // namespace visavis::support
