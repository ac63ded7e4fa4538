// The machine's clock.
#include "core/clock.hpp"

namespace visavis {
inline namespace core {

namespace {

std::int64_t steadyMillis() { return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

} // namespace

Instant SystemClock::now() const {
    auto const machine = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    return Instant{machine.time_since_epoch().count()} + offset();
}

Stopwatch::Stopwatch() : start_(steadyMillis()) {}

Millis Stopwatch::elapsed() const { return Millis(steadyMillis() - start_); }

} // namespace core
} // namespace visavis
