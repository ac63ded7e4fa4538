// Counters in memory that go up after a commit and before its acknowledgement: caches key on them and are never stale in one process.
#pragma once

#include "core/id.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>

namespace visavis {
inline namespace store {

// Ids share a fixed number of counters, so that memory is bounded: a counter may go up for another id's sake, and never stays when its own changed.
class Generations {
public:
    std::uint64_t of(ObjectId const& id) const { return counters_[place(id)].load(); }
    void bump(ObjectId const& id) {
        {
            std::lock_guard const lock(mutex_); // or a waiter that has looked and does not sleep yet would miss it
            ++counters_[place(id)];
        }
        changed_.notify_all();
    }
    // Waits until the counter differs from `seen` or `deadline` passes; the outbox runner's nudge.
    std::uint64_t waitFor(ObjectId const& id, std::uint64_t seen, std::chrono::steady_clock::time_point deadline) const {
        std::unique_lock lock(mutex_);
        changed_.wait_until(lock, deadline, [&] { return of(id) != seen; });
        return of(id);
    }

private:
    static constexpr std::size_t places = 16'384;
    static std::size_t place(ObjectId const& id) { return std::hash<ObjectId>{}(id) % places; }

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::array<std::atomic<std::uint64_t>, places> counters_{};
};

// Ids of counters that belong to no document.
inline ObjectId counterId(unsigned char number) {
    ObjectId id;
    id.bytes.back() = number;
    return id;
}
// Goes up whenever something was put into the outbox …
inline ObjectId outboxGeneration() { return counterId(1); }
// … and when documents went of which it is not known whose they were (CollectionSpec::owners).
inline ObjectId everyOwner() { return counterId(3); }

} // namespace store
} // namespace visavis
