// Stripe's API as its clients see it: keys, versions, idempotency, expansion, errors; and the payer's side of a payment.
#pragma once

#include "http/message.hpp"
#include "http/router.hpp"
#include "sandbox/stripe/call.hpp"
#include "sandbox/stripe/courier.hpp"
#include "sandbox/world.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace visavis::sandbox::stripe {

class Emulator {
public:
    Emulator(World world, Endpoint endpoint);

    void start(std::string origin); // of the sandbox, for the links in its answers
    void stop();
    void wake() { courier_.wake(); }
    bool idle() { return courier_.idle(); }
    bool waitIdle(Millis deadline) { return courier_.waitIdle(deadline); }
    std::uint64_t carried() { return courier_.carried(); } // webhooks so far, every try counted

    http::Response handle(http::Request const& request); // /v1/…
    // What Stripe.js does with the number of a card: confirms the PaymentIntent. Answers as Stripe would.
    http::Response confirm(std::string const& intentId, std::string const& cardNumber);
    // The payer's answer to the bank; of a PaymentIntent or a SetupIntent. 200 with the intent as it is then, also after a decline.
    http::Response authenticate(std::string const& intentId, bool passed);
    http::Response completeOnboarding(std::string const& accountId);
    // An object as it is stored, our notes included.
    std::optional<json::object> peek(std::string_view id);

private:
    struct Exchange {
        std::string requestId;
        std::string key; // of idempotency; empty without
        std::string fingerprint;
        std::string version;
        bool publishable = false;
        json::object form;
        http::Match match;
    };

    Result<Exchange> read(http::Request const& request, std::string requestId);
    Result<void> authorise(http::Request const& request, Exchange& exchange) const;
    std::optional<http::Response> replayed(Exchange const& exchange);
    http::Response serve(http::Request const& request, Exchange const& exchange);
    http::Response execute(Exchange const& exchange);
    Result<json::object> perform(Route const& route, Call& call, json::object const& form) const;
    http::Response payerAnswer(Result<json::object> const& outcome);
    bool pause(Millis time); // false when stopping
    void runDue();
    void log(http::Request const& request, std::string const& requestId, int status);

    World world_;
    std::mutex mutex_;
    Book book_;
    Routes routes_;
    http::Router router_;
    std::string origin_;
    std::set<std::string> running_; // idempotency keys
    std::condition_variable stopped_;
    bool stopping_ = false;
    Courier courier_;
};

} // namespace visavis::sandbox::stripe
