// News of profiles.
#pragma once

#include "profiles/records.hpp"

namespace visavis::profiles {

// Working hours, prices, durations or publication are other than before: slots follow (availability regenerates them).
struct AvailabilityRulesChanged {
    Ref<Specialist> specialistId;
};
RECORD(AvailabilityRulesChanged, specialistId)

} // namespace visavis::profiles
