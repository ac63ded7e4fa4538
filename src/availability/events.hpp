// News of availability.
#pragma once

#include "availability/records.hpp"

namespace visavis::availability {

// A customer asks for a time that is not offered; the specialist is told.
struct AvailabilityRequested {
    Ref<AvailabilityRequest> requestId;
};
RECORD(AvailabilityRequested, requestId)

} // namespace visavis::availability
