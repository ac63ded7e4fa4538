// The straight line of a request: row, media type, log-in, role, decoding, idempotency, handler, answer.
#pragma once

#include "api/route.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

#include <atomic>
#include <mutex>
#include <set>

namespace visavis::api {

struct DispatchSettings {
    std::vector<std::string> trustedProxies; // addresses whose X-Forwarded-For is believed
    bool secureCookies = false;              // public_url is https
};

class Dispatch {
public:
    Dispatch(identity::Platform& platform, DispatchSettings settings);

    http::Plan plan(http::Head const& head) const;
    http::Response handle(http::Request const& request);
    // The answer if this process remembers it (Route::recall): on the I/O thread, without the store.
    std::optional<http::Response> recall(http::Request const& request);
    http::Response refuse(http::Refusal const& refusal);

private:
    // `caller` is who asks, as far as that is known, whatever else becomes of the request.
    Result<http::Response> run(Route const& route, http::Match const& match, http::Request const& request, std::string const& requestId,
                               identity::Caller& caller);
    using Recognise = bool (*)(identity::Platform& platform, std::string_view token, Instant now, identity::Caller& caller);
    Result<void> authenticate(Route const& route, http::Request const& request, Recognise recognise, identity::Caller& caller);
    Result<boost::json::object> inputOf(Route const& route, http::Match const& match, http::Request const& request) const;
    Result<http::Response> withKey(Route const& route, Call& call, boost::json::object const& input, http::Request const& request,
                                   std::string const& requestId);
    // Keeps an error that is an answer; false if it is none, or if another process has answered under this key.
    bool keepProblem(Call& call, Error const& error, std::string const& requestId);
    // What was answered under this key with such a status or a higher one.
    Result<std::optional<http::Response>> replay(Call& call, std::string const& bodyHash, int atLeast);
    std::string newRequestId();

    identity::Platform& platform_;
    DispatchSettings settings_;
    http::Router router_;
    std::string requestPrefix_;
    std::atomic<std::uint64_t> requestCount_{0};
    std::mutex running_mutex_;
    std::set<ObjectId> running_; // idempotency keys being worked on in this process
};

} // namespace visavis::api
