// Servers of a few lines on a port of their own on 127.0.0.1, for what no well-behaved server does: hang up, babble, say nothing.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace visavis::support {

// One connection, seen from the server.
class Peer {
public:
    explicit Peer(int socket) : socket_(socket) {}

    // Without its line end; empty also when the other side is gone.
    std::string line() {
        for (std::size_t end = 0;;) {
            end = buffer_.find("\r\n");
            if (end != buffer_.npos) return takeOff(end, 2);
            if (!more()) return takeOff(buffer_.size(), 0);
        }
    }
    std::string bytes(std::size_t count) {
        while (buffer_.size() < count && more()) continue;
        return takeOff(std::min(count, buffer_.size()), 0);
    }
    void write(std::string_view text) {
        while (!text.empty()) {
            auto const sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    // Says nothing until the other side gives up.
    void waitForClose() {
        while (more()) buffer_.clear();
    }
    bool gone() { return buffer_.empty() && !more(); }

private:
    bool more() {
        char chunk[4096];
        auto const got = ::recv(socket_, chunk, sizeof chunk, 0);
        if (got <= 0) return false;
        buffer_.append(chunk, static_cast<std::size_t>(got));
        return true;
    }
    std::string takeOff(std::size_t count, std::size_t skipped) {
        auto text = buffer_.substr(0, count);
        buffer_.erase(0, count + skipped);
        return text;
    }

    int socket_;
    std::string buffer_;
};

// Runs `session` for each connection, on a thread of its own; the connection is closed when it returns.
class LoopbackServer {
public:
    explicit LoopbackServer(std::function<void(Peer&)> session) : session_(std::move(session)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        [[maybe_unused]] bool const listening =
            ::bind(listener_, generic, size) == 0 && ::listen(listener_, 64) == 0 && ::getsockname(listener_, generic, &size) == 0;
        assert(listening);
        port_ = ntohs(address.sin_port);
        acceptor_ = std::thread([this] { acceptAll(); });
    }
    LoopbackServer(LoopbackServer const&) = delete;
    LoopbackServer& operator=(LoopbackServer const&) = delete;
    ~LoopbackServer() {
        ::shutdown(listener_, SHUT_RDWR);
        acceptor_.join();
        {
            std::lock_guard const lock(mutex_);
            for (int const socket : open_) ::shutdown(socket, SHUT_RDWR);
        }
        for (auto& worker : workers_) worker.join();
        ::close(listener_);
    }

    std::string hostAndPort() const { return "127.0.0.1:" + std::to_string(port_); }
    std::string http() const { return "http://" + hostAndPort(); }
    int connections() const {
        std::lock_guard const lock(mutex_);
        return static_cast<int>(workers_.size());
    }

private:
    void acceptAll() {
        for (;;) {
            int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            std::lock_guard const lock(mutex_);
            open_.push_back(socket);
            workers_.emplace_back([this, socket] { serve(socket); });
        }
    }
    void serve(int socket) {
        Peer peer(socket);
        session_(peer);
        std::lock_guard const lock(mutex_);
        std::erase(open_, socket);
        ::close(socket);
    }

    std::function<void(Peer&)> session_;
    int listener_ = -1;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<int> open_;
    std::vector<std::thread> workers_;
    std::thread acceptor_;
};

struct SeenRequest {
    std::string line;                 // "POST /v1/refunds HTTP/1.1"
    std::vector<std::string> headers; // "Name: value"
    std::string body;

    std::string header(std::string_view name) const {
        for (auto const& header : headers) {
            if (header.starts_with(std::string(name) + ": ")) return header.substr(name.size() + 2);
        }
        return {};
    }
};

// What an HTTP script does with the next request.
struct Reply {
    std::string bytes;    // of the whole answer, written as they are
    bool hangs = false;   // then says nothing until the client gives up
    bool hangsUp = false; // then closes the connection
};

inline Reply answer(int status, std::string_view body, std::string_view headers = {}) {
    return {"HTTP/1.1 " + std::to_string(status) + " Word\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
            std::string(headers) + "\r\n" + std::string(body)};
}

// Answers the first request with the first reply, and so on; the last one is repeated. Keeps what it was asked.
class HttpScript {
public:
    explicit HttpScript(std::vector<Reply> replies) : replies_(std::move(replies)), server_([this](Peer& peer) { session(peer); }) {}

    std::string url() const { return server_.http(); }
    int connections() const { return server_.connections(); }
    std::vector<SeenRequest> seen() const {
        std::lock_guard const lock(mutex_);
        return seen_;
    }

private:
    static SeenRequest read(Peer& peer) {
        SeenRequest request;
        request.line = peer.line();
        for (auto header = peer.line(); !header.empty(); header = peer.line()) request.headers.push_back(header);
        auto const length = request.header("Content-Length");
        if (!length.empty()) request.body = peer.bytes(std::stoul(length));
        return request;
    }
    void session(Peer& peer) {
        while (!peer.gone()) {
            auto request = read(peer);
            Reply reply;
            {
                std::lock_guard const lock(mutex_);
                reply = replies_[std::min(seen_.size(), replies_.size() - 1)];
                seen_.push_back(std::move(request));
            }
            peer.write(reply.bytes);
            if (reply.hangs) peer.waitForClose();
            if (reply.hangs || reply.hangsUp) return;
        }
    }

    std::vector<Reply> replies_;
    mutable std::mutex mutex_;
    std::vector<SeenRequest> seen_;
    LoopbackServer server_;
};

// An SMTP server that takes one message per connection, or refuses at one command.
struct SmtpScript {
    // `refused` is the command that gets `refusal`: "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "." or none.
    explicit SmtpScript(std::string refused = {}, std::string refusal = {})
        : refused_(std::move(refused)), refusal_(std::move(refusal)), server_([this](Peer& peer) { session(peer); }) {}

    std::string url() const { return "smtp://" + server_.hostAndPort() + "/visavis.test"; }
    std::vector<std::string> commands() const {
        std::lock_guard const lock(mutex_);
        return commands_;
    }
    // As it came over the wire, dots still doubled.
    std::string message() const {
        std::lock_guard const lock(mutex_);
        return message_;
    }

private:
    std::string replyTo(std::string const& verb, std::string const& usual) const { return (verb == refused_ ? refusal_ : usual) + "\r\n"; }
    void session(Peer& peer) {
        peer.write("220 loopback ESMTP\r\n");
        for (auto line = peer.line(); !line.empty(); line = peer.line()) {
            {
                std::lock_guard const lock(mutex_);
                commands_.push_back(line);
            }
            auto const verb = line.substr(0, 4);
            if (verb == refused_ && refusal_.empty()) return; // hangs up
            if (verb == "AUTH") login(peer);
            peer.write(replyTo(verb, usualReply(verb)));
            if (verb == "DATA" && refused_ != "DATA") {
                if (!takeMessage(peer)) return;
            }
        }
    }
    static std::string usualReply(std::string const& verb) {
        if (verb == "EHLO") return "250-loopback\r\n250 AUTH PLAIN";
        if (verb == "AUTH") return "235 in";
        if (verb == "DATA") return "354 go on";
        if (verb == "QUIT") return "221 bye";
        return "250 ok";
    }
    void login(Peer& peer) {
        peer.write("334 \r\n");
        auto const answered = peer.line();
        std::lock_guard const lock(mutex_);
        commands_.push_back(answered);
    }
    bool takeMessage(Peer& peer) {
        std::string text;
        for (auto line = peer.line(); line != "."; line = peer.line()) {
            text += line + "\r\n";
            if (text.size() > 1'000'000) return false;
        }
        {
            std::lock_guard const lock(mutex_);
            message_ = text;
        }
        if (refused_ == "." && refusal_.empty()) return false;
        peer.write(replyTo(".", "250 taken"));
        return true;
    }

    std::string refused_;
    std::string refusal_;
    mutable std::mutex mutex_;
    std::vector<std::string> commands_;
    std::string message_;
    LoopbackServer server_;
};

} // namespace visavis::support
