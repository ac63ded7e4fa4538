// Chunks to lines, lines to events.
#include "support/event_source.hpp"

#include <charconv>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace visavis::support {

EventSource::EventSource(std::string const& url, Person const* who, std::string const& lastEventId) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string request = "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n";
    if (who != nullptr) request += "Authorization: Bearer " + who->token + "\r\n";
    if (!lastEventId.empty()) request += "Last-Event-ID: " + lastEventId + "\r\n";
    request += "\r\n";
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
        hangUp();
        return;
    }
    while (in_.find("\r\n\r\n") == in_.npos)
        if (!more()) return;
    auto const end = in_.find("\r\n\r\n") + 4;
    head_ = in_.substr(0, end);
    in_.erase(0, end);
    std::from_chars(head_.data() + 9, head_.data() + 12, status_);
}

void EventSource::hangUp() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    ended_ = true;
}

bool EventSource::more() {
    if (socket_ < 0) return false;
    pollfd wanted{socket_, POLLIN, 0};
    if (poll(&wanted, 1, 30'000) <= 0) return false;
    char buffer[16 * 1024];
    auto const count = recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) {
        hangUp();
        return false;
    }
    in_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

// Moves whole chunks from in_ to text_; false at the end of the body.
bool EventSource::takeChunks() {
    while (true) {
        auto const end = in_.find("\r\n");
        if (end == in_.npos) return true;
        std::size_t size = 0;
        std::from_chars(in_.data(), in_.data() + end, size, 16);
        if (size == 0) return false;
        if (in_.size() < end + 2 + size + 2) return true;
        text_.append(in_, end + 2, size);
        in_.erase(0, end + 2 + size + 2);
    }
}

void EventSource::begin() {
    while (lastId_.empty()) {
        auto const text = line();
        if (!text) return;
        if (text->starts_with("id: ")) lastId_ = text->substr(4);
    }
}

std::optional<std::string> EventSource::line() {
    while (text_.find('\n') == text_.npos) {
        if (!takeChunks()) ended_ = true;
        if (text_.find('\n') != text_.npos) break;
        if (ended_ || !more()) return std::nullopt;
    }
    auto const end = text_.find('\n');
    auto found = text_.substr(0, end);
    text_.erase(0, end + 1);
    return found;
}

std::optional<Event> EventSource::next() {
    Event event;
    while (auto const text = line()) {
        if (text->starts_with("id: ")) event.id = lastId_ = text->substr(4);
        if (text->starts_with("event: ")) event.name = text->substr(7);
        if (text->starts_with("data: ")) event.data = text->substr(6);
        if (!text->empty() || event.data.empty()) continue;
        boost::json::error_code ec;
        event.body = boost::json::parse(event.data, ec);
        EXPECT_FALSE(ec) << event.data;
        return event;
    }
    return std::nullopt;
}

std::optional<Event> EventSource::next(std::string const& name) {
    while (auto event = next())
        if (event->name == name) return event;
    return std::nullopt;
}

bool EventSource::ends() {
    while (next()) continue;
    return ended_;
}

} // namespace visavis::support
