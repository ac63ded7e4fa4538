// A circuit breaker: after some failures in a row a provider is left alone for a while, then tried with one request.
#pragma once

#include "core/clock.hpp"

#include <mutex>

namespace visavis::outbound {

struct BreakerRules {
    int failures = 10; // in a row
    Millis openFor{10'000};
};

class Breaker {
public:
    enum class State { closed, open, halfOpen };

    explicit Breaker(Clock const& clock, BreakerRules rules = {}) : clock_(clock), rules_(rules) {}

    // Whether a request may go out now. While half open only one may, and a probe that never reports is forgotten after `openFor`.
    bool admit();
    void report(bool succeeded);
    State state() const;

private:
    bool elapsed(Instant since) const;

    Clock const& clock_;
    BreakerRules const rules_;
    mutable std::mutex mutex_;
    State state_ = State::closed;
    int failures_ = 0;
    Instant since_; // when it opened, or when the probe went out
};

} // namespace visavis::outbound
