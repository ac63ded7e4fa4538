// The machine's clock.
#include "core/clock.hpp"

namespace visavis {
inline namespace core {

Instant SystemClock::now() const {
    auto const machine = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
    return Instant{machine.time_since_epoch().count()} + offset();
}

}  // namespace core
}  // namespace visavis
