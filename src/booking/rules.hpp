// The rules of a booking's life; pure.
#pragma once

#include "booking/records.hpp"
#include "core/result.hpp"

namespace visavis::booking {

// pending → confirmed | cancelled; confirmed → completed | no-show | cancelled; completed → no-show; cancelled → confirmed for an
// expired hold only.
bool mayMove(Booking const& booking, BookingStatus to);
// The same graph without the condition on the reason: what a statusHistory may show.
bool isLegalStep(BookingStatus from, BookingStatus to);

// Moves the status and writes the history; the caller has checked mayMove.
void move(Booking& booking, BookingStatus to, Instant now, std::optional<Ref<User>> by, std::string reason = {});

// Holding its time: pending or confirmed (completed and no-show keep theirs, it lies behind).
bool isActive(BookingStatus status);

// Asking for the payment extends the hold once to max(current, now + extension), never past the start.
Instant extendedHold(Booking const& booking, Millis extension, Instant now);

} // namespace visavis::booking
