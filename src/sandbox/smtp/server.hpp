// The SMTP sink's sockets: one thread accepts, one thread per connection, both bounded. Loopback only.
#pragma once

#include "core/result.hpp"
#include "sandbox/inbox.hpp"
#include "sandbox/smtp/session.hpp"
#include "sandbox/world.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>

namespace visavis::sandbox::smtp {

class Server {
public:
    Server(World world, Inbox& inbox) : world_(world), inbox_(inbox) {}
    ~Server(); // stop()
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    // 127.0.0.1; port 0 takes a free one, which is returned. Error: unavailable "cannot_listen".
    Result<std::uint16_t> listen(std::uint16_t port);
    void start();
    void stop(); // ends all conversations

private:
    static constexpr std::size_t mostConnections = 64; // further ones are told to come back

    void accept();
    void admit(int socket);
    void converse(int socket);
    void leave(int socket);
    Session::Host host();

    World world_;
    Inbox& inbox_;
    int listening_ = -1;
    std::thread acceptor_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<int> connections_;
    bool stopping_ = false;
};

} // namespace visavis::sandbox::smtp
