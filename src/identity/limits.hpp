// Rate limits in memory: fixed windows per (rule, key), bounded in number. Times come from the caller's clock.
#pragma once

#include "identity/call.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

namespace visavis::identity {

class RateLimiter {
public:
    // Counts one use of `key` under `rule`; Error{rateLimited} with Retry-After once there were `most` in the window.
    Result<void> use(std::string_view rule, std::string_view key, std::int64_t most, Millis window, Instant now) {
        std::lock_guard const lock(mutex_);
        if (uses_.size() > 100'000) forgetBefore(now);
        auto& use = uses_[std::string(rule) + '\n' + std::string(key)];
        if (now >= use.ends || use.ends - now > window) use = {0, now + window};
        if (++use.count <= most) return ok;
        auto error = failure(Code::rateLimited, "rate_limited", "Too many requests. Try again later.");
        error.retryAfterSeconds = static_cast<int>((use.ends - now).count() / 1000 + 1);
        return error;
    }

private:
    struct Use {
        std::int64_t count = 0;
        Instant ends;
    };
    void forgetBefore(Instant now) {
        std::erase_if(uses_, [&](auto const& entry) { return entry.second.ends <= now; });
    }

    std::mutex mutex_;
    std::unordered_map<std::string, Use> uses_;
};

// Counts one use against a limit of so many per `window`, unless limits are off.
inline Result<void> limited(Call& call, std::string_view rule, std::string_view who, std::int64_t most, Millis window) {
    if (!call.platform.limits.enabled) return ok;
    return call.platform.limiter.use(rule, who, most, window, call.now);
}

} // namespace visavis::identity
