// Repeats an exchange that may be repeated, in line and only a few times; what takes longer belongs in the outbox.
#pragma once

#include "core/rng.hpp"
#include "core/time.hpp"
#include "outbound/client.hpp"

#include <condition_variable>
#include <mutex>

namespace visavis::outbound {

// How a retry waits. Tests count the waits instead of sitting through them.
class Waiter {
public:
    Waiter() = default;
    Waiter(Waiter const&) = delete;
    Waiter& operator=(Waiter const&) = delete;
    virtual ~Waiter() = default;
    // False: the process is shutting down, do not try again.
    virtual bool wait(Millis time) = 0;
};

class RealWaiter final : public Waiter {
public:
    bool wait(Millis time) override;
    // Wakes whoever waits; later waits do not begin.
    void stop();
    // Waits take no time from now on: the far end is the sandbox, whose time is set by hand. To be called before anybody waits.
    void hurry() { hurries_ = true; }

private:
    bool hurries_ = false;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool stopped_ = false;
};

// providers.md §1.9: 0.5 s doubling to 5 s, scaled by a random 50–100 %, never below 0.5 s; at most 3 tries.
struct RetryRules {
    int tries = 3;
    Millis base{500};
    Millis cap{5'000};
    // A Retry-After up to this is waited out; a longer one is not worth a person's time: the answer is handed back at once.
    Millis longestAsked{5'000};
};

// `Stripe-Should-Retry` decides if it is there; else no answer, 409, 424, 429 and 5xx may be repeated with the same idempotency key.
bool worthRepeating(Result<OutAnswer> const& outcome);

// The wait before try `next` (the second try is 2), stretched to Retry-After (in seconds; dates are not honoured).
Millis retryDelay(RetryRules const& rules, int next, Result<OutAnswer> const& outcome, Rng& rng);

// Retry-After in seconds, 0 if absent or not a number.
Seconds retryAfter(OutAnswer const& answer);

} // namespace visavis::outbound
