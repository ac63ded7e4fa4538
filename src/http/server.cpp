// Accepting connections, and the life of the whole: start, drain, stop.
#include "http/server.hpp"

#include "http/loop.hpp"
#include "http/serialise.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace visavis::http {

namespace {

using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

constexpr Millis acceptPause{50}; // after running out of file descriptors

Error cannotListen(std::string const& host, std::uint16_t port, std::string const& why) {
    return failure(Code::unavailable, "cannot_listen", "Cannot listen on " + host + ":" + std::to_string(port) + ": " + why);
}

constexpr Refusal crowded{503, "unavailable", "There are too many connections."};

// Told without waiting; whoever does not take it in one piece learns it from the closed connection.
void turnAway(Socket socket, Response const& response, std::string_view date) {
    std::string bytes;
    appendHead(bytes, response, {.keepAlive = false, .date = date});
    bytes += response.content();
    boost::system::error_code ec;
    socket.non_blocking(true, ec);
    socket.write_some(asio::buffer(bytes), ec);
    socket.shutdown(Socket::shutdown_send, ec);
}

} // namespace

class Server::Impl {
public:
    Impl(Settings settings, Handler handler, Clock const& clock) : shared_(std::move(settings), std::move(handler), clock) {
        auto const threads = std::max(1U, shared_.settings.ioThreads);
        for (unsigned i = 0; i < threads; ++i) loops_.push_back(std::make_unique<Loop>(shared_));
    }

    Result<std::uint16_t> listen(std::string const& host, std::uint16_t port) {
        boost::system::error_code ec;
        auto const address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
        if (ec) return cannotListen(host, port, "not a numeric address");
        Acceptor acceptor(loops_.front()->context);
        asio::ip::tcp::endpoint const endpoint(address, port);
        acceptor.open(endpoint.protocol(), ec);
        if (!ec) acceptor.set_option(Acceptor::reuse_address(true), ec);
        if (!ec) acceptor.bind(endpoint, ec);
        if (!ec) acceptor.listen(4096, ec);
        if (ec) return cannotListen(host, port, ec.message());
        acceptors_.push_back(std::make_unique<Door>(std::move(acceptor), asio::steady_timer(loops_.front()->context)));
        return acceptors_.back()->acceptor.local_endpoint().port();
    }

    void start() {
        for (auto& door : acceptors_) accept(*door);
        for (auto& loop : loops_) loop->start();
        started_ = true;
    }

    bool drain(Millis deadline) {
        shared_.draining = true;
        closeDoors();
        for (auto& loop : loops_) loop->drain();
        std::unique_lock lock(shared_.mutex);
        return shared_.empty.wait_for(lock, deadline, [this] { return shared_.connections.load() == 0; });
    }

    void stop() {
        if (!std::exchange(started_, false)) return;
        closeDoors();
        shared_.pool.stop();
        for (auto& loop : loops_) loop->stop();
    }

    Stats stats() const {
        return {shared_.connections, shared_.inFlight, shared_.pool.queued(), shared_.pool.threads(),
                shared_.accepted,    shared_.requests, shared_.refused};
    }

private:
    struct Door {
        Door(Acceptor given, asio::steady_timer timer) : acceptor(std::move(given)), pause(std::move(timer)) {}
        Acceptor acceptor;
        asio::steady_timer pause;
    };

    void accept(Door& door) {
        auto& loop = *loops_[next_++ % loops_.size()];
        door.acceptor.async_accept(loop.context, [this, &door, &loop](boost::system::error_code ec, Socket socket) {
            if (!ec) admit(loop, std::move(socket)); // also when the door was closed meanwhile
            if (!door.acceptor.is_open()) return;
            if (ec && ec != asio::error::connection_aborted) return acceptLater(door);
            accept(door);
        });
    }

    // Most likely there are no file descriptors left: trying at once would only burn the processor.
    void acceptLater(Door& door) {
        door.pause.expires_after(acceptPause);
        door.pause.async_wait([this, &door](boost::system::error_code ec) {
            if (!ec && door.acceptor.is_open()) accept(door);
        });
    }

    void admit(Loop& loop, Socket socket) {
        if (shared_.connections.load(std::memory_order_relaxed) >= shared_.settings.limits.maxConnections) {
            shared_.requests.fetch_add(1, std::memory_order_relaxed);
            return turnAway(std::move(socket), shared_.refusal(crowded), loops_.front()->date());
        }
        shared_.opened();
        asio::dispatch(loop.context, [&loop, moved = std::move(socket)]() mutable { loop.adopt(std::move(moved)); });
    }

    void closeDoors() {
        asio::post(loops_.front()->context, [this] {
            for (auto& door : acceptors_) {
                boost::system::error_code ec;
                if (shared_.draining.load()) admitWaiting(*door);
                door->acceptor.close(ec);
                door->pause.cancel();
            }
        });
    }

    // Whoever has connected before the decision to stop may have sent a request already.
    void admitWaiting(Door& door) {
        boost::system::error_code ec;
        door.acceptor.non_blocking(true, ec);
        while (door.acceptor.is_open() && !ec) {
            auto& loop = *loops_[next_++ % loops_.size()];
            auto socket = door.acceptor.accept(loop.context, ec);
            if (!ec) admit(loop, std::move(socket));
        }
    }

    Shared shared_;
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<std::unique_ptr<Door>> acceptors_;
    std::size_t next_ = 0;
    bool started_ = false;
};

Server::Server(Settings settings, Handler handler, Clock const& clock)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(handler), clock)) {}
Server::~Server() { stop(); }
Result<std::uint16_t> Server::listen(std::string const& host, std::uint16_t port) { return impl_->listen(host, port); }
void Server::start() { impl_->start(); }
bool Server::drain(Millis deadline) { return impl_->drain(deadline); }
void Server::stop() { impl_->stop(); }
Stats Server::stats() const { return impl_->stats(); }

} // namespace visavis::http
