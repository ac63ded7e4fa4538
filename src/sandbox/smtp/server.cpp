// Sockets of the SMTP sink.
#include "sandbox/smtp/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace visavis::sandbox::smtp {

namespace {

constexpr timeval idleTime{300, 0}; // RFC 5321 §4.5.3.2.7

bool send(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

Error cannotListen(std::uint16_t port) {
    return failure(Code::unavailable, "cannot_listen",
                   "The SMTP sink cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + std::system_category().message(errno));
}

} // namespace

Server::~Server() { stop(); }

Result<std::uint16_t> Server::listen(std::uint16_t port) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const yes = 1;
    ::setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    bool const done = listening_ >= 0 && ::bind(listening_, generic, size) == 0 && ::listen(listening_, 128) == 0 &&
                      ::getsockname(listening_, generic, &size) == 0;
    if (!done) return cannotListen(port);
    return ntohs(address.sin_port);
}

void Server::start() {
    if (listening_ >= 0) acceptor_ = std::thread([this] { accept(); });
}

void Server::stop() {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    if (listening_ >= 0) ::shutdown(listening_, SHUT_RDWR);
    for (auto const socket : connections_) ::shutdown(socket, SHUT_RDWR);
    changed_.wait(lock, [this] { return connections_.empty(); });
    lock.unlock();
    if (acceptor_.joinable()) acceptor_.join();
    if (listening_ >= 0) ::close(std::exchange(listening_, -1));
}

void Server::accept() {
    for (;;) {
        auto const socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        std::unique_lock lock(mutex_);
        if (stopping_) {
            if (socket >= 0) ::close(socket);
            return;
        }
        if (socket >= 0) {
            admit(socket);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            changed_.wait_for(lock, Millis(50)); // most likely no file descriptors are left
        }
    }
}

// Under the lock.
void Server::admit(int socket) {
    if (connections_.size() >= mostConnections) {
        send(socket, "421 4.3.2 Too many connections.\r\n");
        ::close(socket);
        return;
    }
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &idleTime, sizeof idleTime);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &idleTime, sizeof idleTime);
    connections_.insert(socket);
    std::thread([this, socket] { converse(socket); }).detach(); // stop() waits until leave()
}

void Server::converse(int socket) {
    Session session(host());
    std::array<char, 16 * 1024> bytes;
    bool open = send(socket, session.greeting());
    while (open && !session.ended()) {
        auto const got = ::recv(socket, bytes.data(), bytes.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        open = send(socket, session.feed({bytes.data(), static_cast<std::size_t>(got)}));
    }
    leave(socket);
}

void Server::leave(int socket) {
    std::lock_guard const lock(mutex_);
    connections_.erase(socket);
    ::close(socket);
    changed_.notify_all();
}

Session::Host Server::host() {
    Session::Host host;
    host.deliver = [this](Envelope const& envelope) {
        auto const mail = parseMail(envelope.content);
        for (auto const& to : envelope.to) inbox_.add(to, mail);
    };
    host.faults = [this](std::string_view subject) { return world_.faults.take("smtp", subject); };
    host.pause = [this](Millis time) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, time, [this] { return stopping_; });
    };
    host.seen = [this](Envelope const& envelope, int status) {
        json::array to;
        for (auto const& one : envelope.to) to.push_back(text(one));
        world_.requests.add({{"provider", "smtp"},
                             {"at", toRfc3339(world_.clock.now())},
                             {"from", envelope.from},
                             {"to", std::move(to)},
                             {"status", status}});
    };
    return host;
}

} // namespace visavis::sandbox::smtp
