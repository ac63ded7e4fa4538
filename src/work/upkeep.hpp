// Jobs that keep background work itself in order.
#pragma once

#include "identity/call.hpp"

namespace visavis::work {

constexpr Hours longestWait{1}; // between two tries of an entry of the outbox

// What waits longer than that was put off by a clock that has been set back since: it is due now.
Result<void> wakeOutbox(identity::Platform& platform, Instant now);

} // namespace visavis::work
