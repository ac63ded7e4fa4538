// One HTTP exchange with somebody else's server. The port is `Client`; `CurlClient` is libcurl, with everything bounded.
#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::outbound {

struct Header {
    std::string name;
    std::string value;
};

// providers.md §0: connect 5 s, all of the exchange 30 s.
struct Timeouts {
    Millis connect{5'000};
    Millis total{30'000};
};

struct OutRequest {
    std::string method = "GET";
    std::string url; // http or https, nothing else
    std::vector<Header> headers;
    std::string body;
    Timeouts timeouts;
    // A request without an idempotency key must not be sent twice, not even by libcurl when a kept connection turns out to be dead.
    bool once = false;
};

struct OutAnswer {
    int status = 0;
    std::vector<Header> headers;
    std::string body;

    // The value of the last header of that name in any case, or empty.
    std::string_view header(std::string_view name) const;
};

// Keys of what `send` may fail with; all are Code::unavailable.
namespace trouble {
inline constexpr char const* notConnected = "not_connected"; // nothing was sent: DNS, refused connection, TLS
inline constexpr char const* noAnswer = "no_answer";         // it may have been acted on: reset, closed, timed out
inline constexpr char const* tooLarge = "answer_too_large";  // it was acted on, but the answer is beyond the bound
inline constexpr char const* circuitOpen = "circuit_open";   // not tried: see breaker.hpp
} // namespace trouble

class Client {
public:
    Client() = default;
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;
    virtual ~Client() = default;
    // Any status is an answer. Safe to call from any thread; blocks until the answer or the end of the time.
    virtual Result<OutAnswer> send(OutRequest const& request) = 0;
};

struct ClientSettings {
    std::size_t maxBody = 2 * 1024 * 1024;
    std::size_t maxHeaders = 64 * 1024;
    std::string proxy;  // empty: none, whatever the environment says; loopback never goes through it
    std::string caFile; // empty: the system's certificates
    std::string userAgent = "Visavis/1";
};

class CurlPool;

// Keeps connections open for the next request. Redirects are not followed; certificates and host names are checked.
class CurlClient final : public Client {
public:
    explicit CurlClient(ClientSettings settings = {});
    ~CurlClient() override;
    Result<OutAnswer> send(OutRequest const& request) override;

private:
    ClientSettings settings_;
    std::unique_ptr<CurlPool> pool_;
};

} // namespace visavis::outbound
