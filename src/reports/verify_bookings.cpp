// I1, I2 and I7: bookings among themselves, bookings and their claims, and the history of each.
#include "booking/records.hpp"
#include "reports/verify_audit.hpp"

#include <algorithm>

namespace visavis::reports {
namespace {

using availability::Claim;
using availability::claims;
using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using booking::CancellationStatus;
using booking::CancelReason;
using booking::Party;

bool isActive(Booking const& booking) { return booking.status != BookingStatus::cancelled; }

Instant endWithBuffer(Booking const& booking) { return booking.endsAt + Minutes(booking.bufferMinutes); }

// Bookings come by one party, then by start: two overlap exactly if one starts before the farthest end so far.
struct Timeline {
    std::optional<ObjectId> party;
    Instant farthest;
    ObjectId by;

    void add(Audit& audit, ObjectId const& whose, Booking const& booking, Instant end) {
        if (!isActive(booking)) return;
        if (party != whose) {
            party = whose;
        } else if (booking.startsAt < farthest) {
            audit.fault(bookings.spec(), booking.id.id, "overlaps bookings " + by.hex());
            if (end <= farthest) return;
        }
        farthest = end;
        by = booking.id.id;
    }
};

std::vector<std::int64_t> cellsOf(Instant from, Instant to) {
    constexpr std::int64_t cell = 5 * 60 * 1000;
    auto const floor = [](std::int64_t ms) { return ms / cell - (ms % cell < 0 ? 1 : 0); };
    std::vector<std::int64_t> list;
    for (auto at = floor(from.ms); at * cell < to.ms; ++at) list.push_back(at);
    return list;
}

void judgeClaim(Audit& audit, Booking const& booking, Claim const& claim) {
    bool const names = claim.bookingId == booking.id && claim.slotId == booking.slotId && claim.specialistId == booking.specialistId &&
                       claim.customerId == booking.customerId;
    audit.expect(names, claims, claim, "names another booking, slot or party than its booking");
    bool const times = claim.startsAt == booking.startsAt && claim.endsAt == booking.endsAt && claim.claimEndsAt == endWithBuffer(booking);
    audit.expect(times, claims, claim, "has other times than its booking");
    bool const cells = claim.specialistCells == cellsOf(booking.startsAt, endWithBuffer(booking)) &&
                       claim.customerCells == cellsOf(booking.startsAt, booking.endsAt);
    audit.expect(cells, claims, claim, "has cells that are not its booking's time");
}

bool mayFollow(BookingStatus from, BookingStatus to) {
    using S = BookingStatus;
    if (from == S::pending) return to == S::confirmed || to == S::cancelled;
    if (from == S::confirmed) return to == S::completed || to == S::noShow || to == S::cancelled;
    if (from == S::completed) return to == S::noShow;
    return from == S::cancelled && to == S::confirmed;
}

void judgeSteps(Audit& audit, Booking const& booking) {
    auto const& history = booking.statusHistory;
    if (history.empty()) return audit.fault(bookings.spec(), booking.id.id, "has no statusHistory");
    audit.expect(history.front().status == BookingStatus::pending, bookings, booking,
                 "has a statusHistory that does not begin with pending");
    audit.expect(history.back().status == booking.status, bookings, booking, "has a statusHistory that does not end in its status");
    for (std::size_t i = 1; i < history.size(); ++i) {
        auto const& from = history[i - 1];
        bool const legal = mayFollow(from.status, history[i].status);
        bool const again = from.status == BookingStatus::cancelled && from.reason.value_or(Lines<0, 500>()).value != "hold_expired";
        auto const step = wordOf(from.status) + " to " + wordOf(history[i].status);
        audit.expect(legal && !again, bookings, booking, "went from " + step);
        audit.expect(from.changedAt <= history[i].changedAt, bookings, booking, "has a statusHistory that runs backwards");
    }
}

// Where it has been before leads to where it is now, each change counted in its invitation.
void judgeMoves(Audit& audit, Booking const& booking) {
    auto const& moves = booking.rescheduleHistory;
    for (std::size_t i = 1; i < moves.size(); ++i) {
        audit.expect(moves[i - 1].toSlotId == moves[i].fromSlotId, bookings, booking, "has a rescheduleHistory with a gap");
        audit.expect(moves[i - 1].rescheduledAt <= moves[i].rescheduledAt, bookings, booking,
                     "has a rescheduleHistory that runs backwards");
    }
    audit.expect(moves.empty() || moves.back().toSlotId == booking.slotId, bookings, booking,
                 "has a rescheduleHistory that does not end at its slot");
    auto const byCustomer = std::count_if(moves.begin(), moves.end(), [](auto const& move) { return move.party == Party::customer; });
    audit.expect(byCustomer <= 2, bookings, booking, "was moved by its customer more than twice");
    auto const& history = booking.statusHistory;
    bool const wasConfirmed =
        std::any_of(history.begin(), history.end(), [](auto const& change) { return change.status == BookingStatus::confirmed; });
    auto const changes = std::ssize(moves) + (booking.status == BookingStatus::cancelled && wasConfirmed ? 1 : 0);
    audit.expect(booking.calendarSequence == changes, bookings, booking, "has a calendarSequence that its changes do not explain");
}

// Nobody cancels what has begun, and nothing ends before it.
void judgeInstants(Audit& audit, Booking const& booking) {
    if (booking.statusHistory.empty()) return;
    auto const at = booking.statusHistory.back().changedAt;
    bool const cancelledBySomebody = booking.cancelReason.value_or(CancelReason::hold_expired) != CancelReason::hold_expired;
    audit.expect(!cancelledBySomebody || at <= booking.startsAt, bookings, booking, "was cancelled after its start");
    audit.expect(booking.status != BookingStatus::completed || at > booking.startsAt, bookings, booking, "was completed before its start");
    audit.expect(booking.status != BookingStatus::noShow || at > booking.startsAt, bookings, booking, "was missed before its start");
}

// What else says the same as the status.
void judgeStatus(Audit& audit, Booking const& booking) {
    bool const isCancelled = booking.status == BookingStatus::cancelled;
    audit.expect(booking.cancelReason.has_value() == isCancelled, bookings, booking,
                 booking.cancelReason ? "has a cancelReason but is not cancelled" : "is cancelled without a cancelReason");
    audit.expect(booking.noShowParty.has_value() == (booking.status == BookingStatus::noShow), bookings, booking,
                 booking.noShowParty ? "has a noShowParty but is no no-show" : "is a no-show without noShowParty");
    audit.expect(!booking.noShowContest || booking.noShowParty, bookings, booking, "has a noShowContest but is no no-show");
    audit.expect(booking.status != BookingStatus::pending || booking.holdExpiresAt, bookings, booking, "is pending without holdExpiresAt");
    auto expected = CancellationStatus::notCancelled;
    if (booking.cancelReason == CancelReason::by_customer) expected = CancellationStatus::cancelledByCustomer;
    if (booking.cancelReason == CancelReason::by_specialist) expected = CancellationStatus::cancelledBySpecialist;
    audit.expect(booking.cancellation.status == expected, bookings, booking,
                 "has a cancellation.status that its cancelReason does not explain");
}

} // namespace

void checkOverlaps(Audit& audit) {
    Timeline specialist;
    audit.each(bookings, {bookings->specialistId, bookings->startsAt, bookings->id}, {}, [&](Booking const& booking) {
        audit.count();
        specialist.add(audit, booking.specialistId.id, booking, endWithBuffer(booking));
    });
    Timeline customer;
    audit.each(bookings, {bookings->customerId, bookings->startsAt, bookings->id}, {},
               [&](Booking const& booking) { customer.add(audit, booking.customerId.id, booking, booking.endsAt); });
}

void checkClaims(Audit& audit) {
    audit.each(bookings, [&](Booking const& booking) {
        audit.count();
        bool const fits = booking.endsAt - booking.startsAt == Minutes(booking.sessionDuration);
        audit.expect(fits, bookings, booking, "does not last as long as its sessionDuration");
        auto const claim = audit.reader.get(claims, Ref<Claim>{booking.id.id});
        bool const claimed = claim && claim->active;
        audit.expect(claimed || !isActive(booking), bookings, booking, "is active without an active claim");
        audit.expect(!claimed || isActive(booking), bookings, booking, "is cancelled but its claim is active");
        if (claimed && isActive(booking)) judgeClaim(audit, booking, *claim);
    });
    audit.each(claims, [&](Claim const& claim) {
        audit.count();
        if (claim.active)
            audit.expect(audit.reader.get(bookings, Ref<Booking>{claim.id.id}).has_value(), claims, claim, "is active without a booking");
    });
}

void checkStatusHistories(Audit& audit) {
    audit.each(bookings, [&](Booking const& booking) {
        audit.count();
        judgeSteps(audit, booking);
        judgeStatus(audit, booking);
        judgeMoves(audit, booking);
        judgeInstants(audit, booking);
    });
}

} // namespace visavis::reports
