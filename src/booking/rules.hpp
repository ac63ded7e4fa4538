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

// What cancelling now gives back: the preview's answer and the rule that the act follows. `by` absent: staff. `left` is what was captured
// and has not gone back. The answer holds up to and with `changesAt`.
struct CancellationTerms {
    bool allowed = false;
    std::int64_t refundPercentage = 0;
    MinorUnits refundAmount = 0;
    std::optional<Instant> changesAt;
};
CancellationTerms cancellationTerms(Booking const& booking, std::optional<Party> by, MinorUnits left, Instant now);

// The customer moves it until refundableBefore and at most twice, the specialist and staff until the start: too_late, too_many_reschedules.
Result<void> checkReschedulable(Booking const& booking, std::optional<Party> by, Instant now);
// The same price, currency and duration: price_differs, duration_differs.
Result<void> checkSameTerms(Booking const& booking, Slot const& slot);
// The time was last moved by somebody else than the customer, who may leave it at no cost.
bool wasMovedByOthers(Booking const& booking);

// From start + 15 min (10 for sessions of at most 30 min) to end + 48 h, both included: too_early, too_late.
Result<void> checkNoShowWindow(Booking const& booking, Instant now);

// Sessions end by themselves so long after their end.
inline constexpr Minutes completionDelay{15};

// Holding its time: pending or confirmed (completed and no-show keep theirs, it lies behind).
bool isActive(BookingStatus status);

// Asking for the payment extends the hold once to max(current, now + extension), never past the start.
Instant extendedHold(Booking const& booking, Millis extension, Instant now);

} // namespace visavis::booking
