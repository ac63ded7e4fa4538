// Blocking sockets, since each test asks one thing at a time.
#include "scenarios/wire.hpp"

#include <charconv>
#include <stdexcept>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace visavis::scenarios {

Wire::Wire(std::string const& url) { port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))); }

void Wire::connect() {
    hangUp();
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) hangUp();
}

void Wire::hangUp() {
    if (socket_ >= 0) close(socket_);
    socket_ = -1;
    in_.clear();
}

bool Wire::write(std::string const& bytes) const {
    for (std::size_t sent = 0; sent < bytes.size();) {
        auto const count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) return false;
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

bool Wire::more() {
    pollfd wanted{socket_, POLLIN, 0};
    if (poll(&wanted, 1, 60'000) <= 0) return false;
    char buffer[16 * 1024];
    auto const count = recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    in_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

Reply Wire::readReply(bool isHead) {
    Reply reply;
    while (in_.find("\r\n\r\n") == in_.npos)
        if (!more()) return hangUp(), reply;
    auto const end = in_.find("\r\n\r\n");
    std::string_view head(in_.data(), end + 2);
    int status = 0;
    std::from_chars(head.data() + 9, head.data() + 12, status);
    for (auto rest = head.substr(head.find("\r\n") + 2); !rest.empty(); rest.remove_prefix(rest.find("\r\n") + 2)) {
        auto const line = rest.substr(0, rest.find("\r\n"));
        auto const colon = line.find(": ");
        if (colon != line.npos) reply.headers.push_back({std::string(line.substr(0, colon)), std::string(line.substr(colon + 2))});
    }
    auto const length = reply.header("content-length");
    std::size_t const size = isHead || length.empty() ? 0 : std::stoul(length);
    while (in_.size() < end + 4 + size)
        if (!more()) return hangUp(), Reply{};
    reply.text = in_.substr(end + 4, size);
    in_.erase(0, end + 4 + size);
    reply.status = status;
    boost::json::error_code ec;
    reply.body = boost::json::parse(reply.text, ec);
    bool const isStream = reply.header("content-type") == "text/event-stream"; // it has no end: the head is the answer
    if (isStream || equalIgnoringCase(reply.header("connection"), "close")) hangUp();
    return reply;
}

Reply Wire::sendBytes(std::string const& bytes, bool isHead) {
    if (socket_ < 0) connect();
    (void)write(bytes); // refused halfway: the answer tells why
    return readReply(isHead);
}

Reply Wire::send(std::string const& method, std::string const& target, Headers const& headers, std::string const& body) {
    return sendBytes(bytesOf(method, target, headers, body), method == "HEAD");
}

std::string Wire::bytesOf(std::string const& method, std::string const& target, Headers const& headers, std::string const& body) {
    auto bytes = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
    for (auto const& [name, value] : headers) bytes += name + ": " + value + "\r\n";
    if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return bytes + "\r\n" + body;
}

void expectProblem(Reply const& reply, int status, std::string const& code, std::string const& about) {
    EXPECT_EQ(reply.status, status) << about << ": " << reply.text;
    if (reply.status != status) return;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json") << about;
    EXPECT_EQ(reply.code(), code) << about << ": " << reply.text;
    EXPECT_EQ(reply.at("/status"), std::to_string(status)) << about;
    EXPECT_FALSE(reply.at("/type").empty() || reply.at("/title").empty() || reply.at("/detail").empty()) << about << ": " << reply.text;
    EXPECT_FALSE(reply.header("x-request-id").empty()) << about;
    EXPECT_EQ(reply.at("/requestId"), reply.header("x-request-id")) << about << ": " << reply.text;
}

std::string errorAt(Reply const& reply, std::string_view pointer) {
    auto const* errors = reply.body.is_object() ? reply.body.get_object().if_contains("errors") : nullptr;
    if (errors == nullptr || !errors->is_array()) return {};
    for (auto const& error : errors->get_array())
        if (std::string_view(error.at("path").as_string()) == pointer) return std::string(error.at("code").as_string());
    return {};
}

} // namespace visavis::scenarios
