// The only reader of the time. Development moves it; production never does.
#pragma once

#include "core/time.hpp"

#include <atomic>

namespace visavis {
inline namespace core {

class Clock {
public:
    Clock() = default;
    Clock(Clock const&) = delete;
    Clock& operator=(Clock const&) = delete;
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

// The machine's clock plus an offset that only the sandbox moves (API: PUT /sandbox/clock); it ticks on from there.
class SystemClock final : public Clock {
public:
    Instant now() const override;
    Millis offset() const { return Millis(offset_.load()); }
    void setOffset(Millis offset) { offset_.store(offset.count()); }

private:
    std::atomic<std::int64_t> offset_{0};
};

// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant start) : now_(start.ms) {}
    Instant now() const override { return {now_.load()}; }
    void set(Instant now) { now_.store(now.ms); }
    void advance(Millis by) { now_.fetch_add(by.count()); }

private:
    std::atomic<std::int64_t> now_;
};

// How long something takes on the machine's steady time: for deadlines, which a moved clock must not touch.
class Stopwatch {
public:
    Stopwatch();
    Millis elapsed() const;

private:
    std::int64_t start_;
};

} // namespace core
} // namespace visavis
