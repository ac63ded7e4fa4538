// The HTTP/1.1 server: sockets and timeouts in here, plain blocking functions as handlers. Boost.Asio and Beast stay behind it.
#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"
#include "http/message.hpp"
#include "http/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace visavis::http {

struct Limits {
    std::size_t header = 16 * 1024;        // bytes of request line and header fields; more → 431
    std::size_t body = 1024 * 1024;        // bytes, unless Plan says otherwise; more → 413
    Millis readTimeout{30'000};            // from a request's first byte to its last; longer → 408 and close
    Millis idleTimeout{75'000};            // between requests; longer → close
    Millis writeTimeout{30'000};           // without the peer taking a single byte; longer → close
    std::size_t maxConnections = 16'384;   // further ones get 503 and are closed
    std::size_t queue = 1024;              // requests waiting for a worker; more → 503 with Retry-After
    std::size_t streamBuffer = 256 * 1024; // bytes a stream's peer may lag behind
};

struct Settings {
    Limits limits;
    unsigned ioThreads = 1;
    unsigned workers = 64; // at most; started when there is work for them
};

// The start of a request, before its body is read. Views live only for the call.
struct Head {
    Method method;
    std::string_view target;
    Headers const& headers;
};

// What to do with a request, decided cheaply on the I/O thread from its head.
struct Plan {
    bool inlineAnswer = false;            // `handle` runs on the I/O thread: only for answers ready in microseconds
    std::optional<std::size_t> bodyLimit; // instead of Limits::body
    bool maybeKnown = false;              // `recall` is asked on the I/O thread before a worker is
    std::uint32_t route = 0;              // handed on as Request::route
    bool ignoreBody = false; // `handle` answers from the head alone (404, 405): the body is not awaited and the connection closes after
};

struct Handler {
    std::function<Plan(Head const&)> plan;                         // unset: every request goes to the workers
    std::function<Response(Request&&)> handle;                     // blocking; what it throws becomes a 500
    std::function<std::optional<Response>(Request const&)> recall; // the answer if it is in memory: takes microseconds, waits for nothing
    std::function<Response(Refusal const&)> refuse;                // unset: problem(); on an I/O thread. 503 gets Retry-After: 1
    std::function<void(std::string_view)> onError;                 // what a handler threw, for the log; any thread
};

struct Stats {
    std::size_t connections = 0; // open now
    std::size_t inFlight = 0;    // requests handed to a handler and not yet answered
    std::size_t queued = 0;      // of these, waiting for a worker
    std::size_t workers = 0;     // threads started
    std::uint64_t accepted = 0;  // connections since the start
    std::uint64_t requests = 0;  // answered since the start, refused ones included
    std::uint64_t refused = 0;   // of these, refused by the server itself
};

class Server {
public:
    // The clock dates the answers (Date); timeouts run on the machine's steady time. It must outlive the server.
    Server(Settings settings, Handler handler, Clock const& clock);
    ~Server(); // stop()
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    // Binds and listens, before start(); may be called for several addresses. Port 0 takes a free one; the bound port is returned.
    // The host is a numeric address or "localhost".
    Result<std::uint16_t> listen(std::string const& host, std::uint16_t port);
    void start(); // starts the I/O threads and returns
    // Stops accepting, closes idle connections, ends streams, and waits until requests in flight are answered (with Connection:
    // close) or the time is over. True when nothing was cut off. Follow with stop().
    bool drain(Millis deadline);
    void stop(); // closes every connection and ends all threads; may be called again
    Stats stats() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace visavis::http
