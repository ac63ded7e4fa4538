// Counters in memory that go up after a commit and before its acknowledgement: caches key on them and are never stale in one process.
#pragma once

#include "core/id.hpp"

#include <condition_variable>
#include <mutex>
#include <unordered_map>

namespace visavis {
inline namespace store {

class Generations {
public:
    std::uint64_t of(ObjectId const& id) const {
        std::lock_guard const lock(mutex_);
        auto const found = counters_.find(id);
        return found == counters_.end() ? 0 : found->second;
    }
    void bump(ObjectId const& id) {
        {
            std::lock_guard const lock(mutex_);
            ++counters_[id];
        }
        changed_.notify_all();
    }
    // Waits until the counter differs from `seen` or `deadline` passes; the outbox runner's nudge.
    std::uint64_t waitFor(ObjectId const& id, std::uint64_t seen, std::chrono::steady_clock::time_point deadline) const {
        std::unique_lock lock(mutex_);
        auto const now = [&] {
            auto const found = counters_.find(id);
            return found == counters_.end() ? 0 : found->second;
        };
        changed_.wait_until(lock, deadline, [&] { return now() != seen; });
        return now();
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::unordered_map<ObjectId, std::uint64_t> counters_;
};

// The counter that goes up whenever something was put into the outbox.
inline ObjectId outboxGeneration() {
    ObjectId id;
    id.bytes.back() = 1;
    return id;
}

} // namespace store
} // namespace visavis
