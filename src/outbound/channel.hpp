// The way out to one provider: its client, its retry rules and its breaker, as one call.
#pragma once

#include "outbound/breaker.hpp"
#include "outbound/client.hpp"
#include "outbound/retry.hpp"

namespace visavis::outbound {

// What every channel of a process shares. All of it outlives the channels.
struct Means {
    Client& client;
    Waiter& waiter;
    Clock const& clock;
    Rng& rng;
};

class Channel {
public:
    explicit Channel(Means means, RetryRules retry = {}, BreakerRules breaker = {})
        : means_(means), retry_(retry), breaker_(means.clock, breaker) {}

    // For requests that may be repeated: GETs, and POSTs with an idempotency key. The last outcome, whatever it is.
    Result<OutAnswer> call(OutRequest const& request);
    // For requests that may not: one try.
    Result<OutAnswer> callOnce(OutRequest request);
    Breaker const& breaker() const { return breaker_; }

private:
    Result<OutAnswer> attempt(OutRequest const& request);

    Means means_;
    RetryRules retry_;
    Breaker breaker_;
};

} // namespace visavis::outbound
