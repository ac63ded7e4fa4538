// For the tests of this folder: a client that speaks raw bytes, and a server with one route per behaviour.
#pragma once

#include "http/router.hpp"
#include "http/server.hpp"

#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <poll.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace visavis::http {

using namespace std::chrono_literals;

// What a client got. Header names are lower-cased; the last of a name wins.
struct Reply {
    int status = 0; // 0: the connection ended instead
    std::map<std::string, std::string> headers;
    std::string body;

    std::string const& header(std::string const& name) { return headers[name]; }
};

// Every wait ends after ten seconds, as if the peer had closed; a test then fails on what is missing.
class RawClient {
public:
    explicit RawClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
            close();
            throw std::runtime_error("nobody listens");
        }
        int const atOnce = 1; // every send() is a segment of its own
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &atOnce, sizeof atOnce);
    }
    RawClient(RawClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)), in_(std::move(other.in_)) {}
    RawClient& operator=(RawClient&&) = delete;
    ~RawClient() { close(); }

    // A server that refuses may close before it has read everything; what it answered is what counts.
    RawClient& send(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) break;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return *this;
    }
    void finishSending() { shutdown(socket_, SHUT_WR); }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }
    void reset() { // closes with RST
        linger const now{1, 0};
        setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void shrinkReceiveBuffer() {
        int const bytes = 4096;
        setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    }

    // The next answer, its body whole.
    Reply reply(bool toHead = false) {
        auto reply = head();
        if (toHead || reply.status == 0 || reply.status == 204 || reply.status == 304 || reply.status == 100) return reply;
        if (reply.header("transfer-encoding") == "chunked") {
            for (auto chunk = this->chunk(); !chunk.empty(); chunk = this->chunk()) reply.body += chunk;
        } else if (auto const length = reply.header("content-length"); !length.empty()) {
            while (in_.size() < std::stoul(length) && fill()) continue;
            reply.body = take(std::stoul(length));
        } else {
            reply.body = rest();
        }
        return reply;
    }
    Reply head() { // an answer's head alone; its body follows by chunk()
        Reply reply;
        if (!fillUntil("\r\n\r\n")) return reply;
        auto head = take(in_.find("\r\n\r\n") + 4);
        reply.status = std::stoi(head.substr(9, 3));
        readHeaders(head, reply);
        return reply;
    }
    std::string chunk() {
        if (!fillUntil("\r\n")) return {};
        auto const size = std::stoul(take(in_.find("\r\n") + 2), nullptr, 16);
        while (in_.size() < size + 2 && fill()) continue;
        auto chunk = take(size);
        take(2);
        return chunk;
    }
    std::string rest() { // until the server closes
        while (fill()) continue;
        return take(in_.size());
    }
    bool ended() { return rest().empty(); } // closed, and nothing came before that

private:
    static void readHeaders(std::string const& head, Reply& reply) {
        for (auto at = head.find("\r\n") + 2; at + 2 < head.size();) {
            auto const end = head.find("\r\n", at);
            auto const line = head.substr(at, end - at);
            auto const colon = line.find(':');
            reply.headers[lowered(line.substr(0, colon))] = line.substr(colon + 2);
            at = end + 2;
        }
    }
    bool fillUntil(std::string_view mark) {
        while (in_.find(mark) == std::string::npos) {
            if (!fill()) return false;
        }
        return true;
    }
    bool fill() {
        pollfd waiting{socket_, POLLIN, 0};
        if (poll(&waiting, 1, 10'000) != 1) {
            ADD_FAILURE() << "the server neither answered nor closed";
            return false;
        }
        std::array<char, 16384> bytes;
        auto const got = recv(socket_, bytes.data(), bytes.size(), 0);
        if (got > 0) in_.append(bytes.data(), static_cast<std::size_t>(got));
        return got > 0;
    }
    std::string take(std::size_t size) {
        auto taken = in_.substr(0, size);
        in_.erase(0, size);
        return taken;
    }

    int socket_;
    std::string in_;
};

// Lets a handler wait until the test says so.
class Gate {
public:
    void pass() { // for the handler
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    bool awaitWaiting(int count) { // for the test: that many have come
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 10s, [&] { return waiting_ >= count; });
    }
    void open() {
        std::lock_guard const lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int waiting_ = 0;
    bool open_ = false;
};

class TestServer {
public:
    explicit TestServer(Settings settings = {}) : server_(settings, handler(), clock) {
        port = server_.listen("127.0.0.1", 0).value();
        server_.start();
    }
    ~TestServer() {
        gate.open();
        server_.stop();
    }

    Server& server() { return server_; }
    RawClient connect() const { return RawClient(port); }
    std::vector<std::string> errors() {
        std::lock_guard const lock(mutex_);
        return errors_;
    }
    // The stream of the last GET /stream.
    std::shared_ptr<Stream> stream() {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, 10s, [this] { return stream_ != nullptr; });
        return std::exchange(stream_, nullptr);
    }
    // Polls a state of the server that has no event of its own.
    bool eventually(std::function<bool(Stats const&)> const& wanted) const {
        auto const until = std::chrono::steady_clock::now() + 10s;
        while (std::chrono::steady_clock::now() < until) {
            if (wanted(server_.stats())) return true;
            std::this_thread::yield();
        }
        return false;
    }

    ManualClock clock{Instant{784'111'777'000}};
    Gate gate;
    std::shared_ptr<std::string const> big = std::make_shared<std::string const>(8 * 1024 * 1024, 'b');
    std::uint16_t port = 0;

private:
    using Handle = std::function<Response(Request&&)>;
    struct Row {
        Plan plan;
        Handle handle;
    };

    void add(Method method, char const* pattern, Plan plan, Handle handle) {
        plan.route = router_.add(method, pattern);
        rows_.push_back({plan, std::move(handle)});
    }

    void addRoutes() {
        Plan const atOnce{.inlineAnswer = true};
        auto const text = [](std::string body) { return [body](Request&&) { return answer(200, "text/plain", body); }; };
        auto const echo = [](Request&& request) { return answer(200, "text/plain", std::move(request.body)); };
        add(Method::get, "/hello", atOnce, text("hello"));
        add(Method::get, "/work", {}, text("work"));
        add(Method::get, "/say/{word}", {},
            [](Request&& request) { return answer(200, "text/plain", std::string(request.path().substr(5))); });
        add(Method::post, "/echo", {}, echo);
        add(Method::post, "/echo-inline", atOnce, echo);
        add(Method::post, "/small", {.bodyLimit = 10}, echo);
        add(Method::post, "/closing", atOnce, [](Request&&) {
            auto response = answer(200, "text/plain", "bye");
            response.close = true;
            return response;
        });
        add(Method::get, "/peer", {}, [](Request&& request) { return answer(200, "text/plain", request.peer); });
        add(Method::get, "/empty", atOnce, [](Request&&) { return Response{.status = 204, .headers = {}, .body = "never sent"}; });
        add(Method::get, "/block", {}, [this](Request&&) {
            gate.pass();
            return answer(200, "text/plain", "at last");
        });
        add(Method::get, "/known/{word}", {.maybeKnown = true}, text("from a worker"));
        add(Method::get, "/throw", {}, [](Request&&) -> Response { throw std::runtime_error("secret of the house"); });
        add(Method::get, "/throw-odd", atOnce, [](Request&&) -> Response { throw 42; });
        add(Method::get, "/hang-up", {}, [](Request&&) {
            Response response;
            response.hangUp = true;
            return response;
        });
        add(Method::get, "/split", atOnce, [](Request&&) { return answer(200, "text/plain", "x").with("Location", "/\r\nX-Evil: 1"); });
        add(Method::get, "/shared", atOnce, [this](Request&&) {
            auto response = answer(200, "text/plain", "not this");
            response.shared = big;
            return response;
        });
        add(Method::get, "/stream", {}, [this](Request&&) {
            Response response = answer(200, "text/event-stream", "");
            response.stream = [this](std::shared_ptr<Stream> stream) {
                std::lock_guard const lock(mutex_);
                stream_ = std::move(stream);
                changed_.notify_all();
            };
            return response;
        });
    }

    Handler handler() {
        addRoutes();
        Handler handler;
        handler.plan = [this](Head const& head) {
            auto const match = router_.match(head.method, head.target.substr(0, head.target.find('?')));
            return match ? rows_[match.route].plan : Plan{.inlineAnswer = true, .ignoreBody = true};
        };
        handler.handle = [this](Request&& request) {
            auto const match = router_.match(request.method, request.path());
            if (match) return rows_[match.route].handle(std::move(request));
            if (match.kind == Match::Kind::notFound) return problem(404, "not_found", "There is no such resource.");
            return problem(405, "method_not_allowed", "Not with this method.").with("Allow", std::string(match.allow));
        };
        handler.recall = [](Request const& request) -> std::optional<Response> {
            auto const path = request.path();
            if (path == "/known/yes") return answer(200, "text/plain", "from memory");
            if (path == "/known/broken") throw std::runtime_error("memory is gone");
            return std::nullopt;
        };
        handler.onError = [this](std::string_view what) {
            std::lock_guard const lock(mutex_);
            errors_.emplace_back(what);
        };
        return handler;
    }

    Router router_;
    std::vector<Row> rows_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> errors_;
    std::shared_ptr<Stream> stream_;
    Server server_;
};

inline std::string get(std::string const& target, std::string const& headers = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

inline std::string post(std::string const& target, std::string const& body, std::string const& headers = {}) {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

} // namespace visavis::http
