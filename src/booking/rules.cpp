// The graph of a booking's states.
#include "booking/rules.hpp"

#include <algorithm>

namespace visavis::booking {
namespace {

constexpr int mostReschedules = 2; // by the customer
constexpr Hours contestWindow{48}; // after the end

std::vector<profiles::PolicyTier> tiersOf(profiles::CancellationPolicy const& policy) {
    if (!policy.tiers.empty()) return policy.tiers;
    return {{policy.refundableBefore, policy.refundPercentage}};
}

// Tiers include their edge.
std::int64_t percentageAt(std::vector<profiles::PolicyTier> const& tiers, Instant startsAt, Instant now) {
    std::int64_t best = 0;
    for (auto const& tier : tiers)
        if (now <= startsAt - Hours(tier.hoursBefore)) best = std::max<std::int64_t>(best, tier.refundPercentage);
    return best;
}

// The last instant at which the policy gives what it gives now.
Instant lastInstantOfTier(std::vector<profiles::PolicyTier> const& tiers, Instant startsAt, Instant now) {
    auto last = startsAt; // after that nobody cancels
    for (auto const& tier : tiers) {
        auto const edge = startsAt - Hours(tier.hoursBefore);
        if (now <= edge && edge < last && percentageAt(tiers, startsAt, edge + Millis(1)) != percentageAt(tiers, startsAt, now))
            last = edge;
    }
    return last;
}

} // namespace

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
    // Of two who act at once, the later to commit may have read the clock earlier: its change comes after the one that it found.
    if (!booking.statusHistory.empty()) now = std::max(now, booking.statusHistory.back().changedAt);
    now = std::max(now, booking.updatedAt); // a reminder that went out was not yet of something cancelled
    booking.status = to;
    StatusChange change{to, now, by, {}};
    if (!reason.empty()) change.reason = Lines<0, 500>(std::move(reason));
    booking.statusHistory.push_back(std::move(change));
    booking.updatedAt = now;
}

CancellationTerms cancellationTerms(Booking const& booking, std::optional<Party> by, MinorUnits left, Instant now) {
    CancellationTerms terms;
    terms.allowed = mayMove(booking, BookingStatus::cancelled) && now <= booking.startsAt;
    if (!terms.allowed) return terms;
    auto const tiers = tiersOf(booking.policy);
    bool const isHold = booking.status == BookingStatus::pending;
    bool const byPolicy = by == Party::customer && !isHold && !wasMovedByOthers(booking);
    terms.refundPercentage = byPolicy ? percentageAt(tiers, booking.startsAt, now) : 100;
    terms.refundAmount = proportion(left, terms.refundPercentage, 100);
    terms.changesAt = byPolicy ? lastInstantOfTier(tiers, booking.startsAt, now) : booking.startsAt;
    if (isHold && booking.holdExpiresAt && *booking.holdExpiresAt > now) terms.changesAt = booking.holdExpiresAt;
    return terms;
}

Result<void> checkReschedulable(Booking const& booking, std::optional<Party> by, Instant now) {
    bool const isCustomer = by == Party::customer;
    auto const until = isCustomer ? booking.startsAt - Hours(booking.policy.refundableBefore) : booking.startsAt;
    if (now > until) return conflict("too_late", "This session could be moved until " + toRfc3339(until) + ".");
    auto const& history = booking.rescheduleHistory;
    auto const own = std::count_if(history.begin(), history.end(), [](auto const& entry) { return entry.party == Party::customer; });
    if (isCustomer && own >= mostReschedules) return conflict("too_many_reschedules", "A session can be moved twice.");
    return ok;
}

Result<void> checkSameTerms(Booking const& booking, Slot const& slot) {
    if (slot.duration != booking.sessionDuration) return conflict("duration_differs", "The other time has another length.");
    if (slot.price == booking.sessionPrice && slot.currency == booking.currency) return ok;
    auto error = conflict("price_differs", "The other time has another price.");
    error.extra["price"] = slot.price;
    error.extra["currency"] = slot.currency.code();
    return error;
}

bool wasMovedByOthers(Booking const& booking) {
    return !booking.rescheduleHistory.empty() && booking.rescheduleHistory.back().party != Party::customer;
}

Result<void> checkNoShowWindow(Booking const& booking, Instant now) {
    auto const from = booking.startsAt + Minutes(booking.sessionDuration <= 30 ? 10 : 15);
    auto const to = booking.endsAt + contestWindow;
    if (now < from) return conflict("too_early", "An absence can be reported from " + toRfc3339(from) + " on.");
    if (now > to) return conflict("too_late", "An absence could be reported until " + toRfc3339(to) + ".");
    return ok;
}

bool isActive(BookingStatus status) { return status != BookingStatus::cancelled; }

Instant extendedHold(Booking const& booking, Millis extension, Instant now) {
    auto const current = booking.holdExpiresAt.value_or(now);
    if (booking.holdExtended) return current;
    return std::min(std::max(current, now + extension), booking.startsAt);
}

} // namespace visavis::booking
