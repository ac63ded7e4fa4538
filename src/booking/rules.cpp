// The graph of a booking's states.
#include "booking/rules.hpp"

#include <algorithm>

namespace visavis::booking {

bool isLegalStep(BookingStatus from, BookingStatus to) {
    using S = BookingStatus;
    switch (from) {
        case S::pending:
            return to == S::confirmed || to == S::cancelled;
        case S::confirmed:
            return to == S::completed || to == S::noShow || to == S::cancelled;
        case S::completed:
            return to == S::noShow;
        case S::cancelled:
            return to == S::confirmed;
        case S::noShow:
            return false;
    }
    return false;
}

bool mayMove(Booking const& booking, BookingStatus to) {
    if (booking.status == BookingStatus::cancelled && booking.cancelReason != CancelReason::hold_expired) return false;
    return isLegalStep(booking.status, to);
}

void move(Booking& booking, BookingStatus to, Instant now, std::optional<Ref<User>> by, std::string reason) {
    booking.status = to;
    StatusChange change{to, now, by, {}};
    if (!reason.empty()) change.reason = Lines<0, 500>(std::move(reason));
    booking.statusHistory.push_back(std::move(change));
    booking.updatedAt = now;
}

bool isActive(BookingStatus status) { return status != BookingStatus::cancelled; }

Instant extendedHold(Booking const& booking, Millis extension, Instant now) {
    auto const current = booking.holdExpiresAt.value_or(now);
    if (booking.holdExtended) return current;
    return std::min(std::max(current, now + extension), booking.startsAt);
}

} // namespace visavis::booking
