// When to repeat, and how long to wait before.
#include "outbound/retry.hpp"

#include <algorithm>
#include <charconv>

namespace visavis::outbound {

bool RealWaiter::wait(Millis time) {
    std::unique_lock lock(mutex_);
    return !woken_.wait_for(lock, hurries_ ? Millis(0) : time, [&] { return stopped_; });
}

void RealWaiter::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
    }
    woken_.notify_all();
}

bool worthRepeating(Result<OutAnswer> const& outcome) {
    if (!outcome) return outcome.error().code == Code::unavailable && outcome.error().key != trouble::circuitOpen;
    auto const told = outcome->header("Stripe-Should-Retry");
    if (told == "true") return true;
    if (told == "false") return false;
    auto const status = outcome->status;
    return status == 409 || status == 424 || status == 429 || status >= 500;
}

Seconds retryAfter(OutAnswer const& answer) {
    auto const text = answer.header("Retry-After");
    int seconds = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    bool const whole = error == std::errc() && end == text.data() + text.size() && seconds >= 0;
    return Seconds(whole ? seconds : 0);
}

Millis retryDelay(RetryRules const& rules, int next, Result<OutAnswer> const& outcome, Rng& rng) {
    Millis full = rules.base;
    for (int i = 2; i < next && full < rules.cap; ++i) full *= 2;
    full = std::min(full, rules.cap);
    auto const half = full.count() / 2;
    Millis const scaled(half + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(full.count() - half) + 1)));
    Millis const asked = outcome ? Millis(retryAfter(*outcome)) : Millis(0);
    return std::max({scaled, rules.base, asked});
}

} // namespace visavis::outbound
