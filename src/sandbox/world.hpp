// What every emulator of the sandbox shares: the journal, the faults, the log of what was seen, time and randomness.
#pragma once

#include "core/clock.hpp"
#include "core/rng.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/request_log.hpp"

namespace visavis::sandbox {

// All of it outlives the emulators.
struct World {
    Journal& journal;
    FaultRules& faults;
    RequestLog& requests;
    Clock const& clock;
    Rng& rng;
};

} // namespace visavis::sandbox
