// What becomes of a booking: cancelled, moved, completed, or missed by one side.
#include "booking/rules.hpp"
#include "booking/service.hpp"
#include "core/log.hpp"
#include "store/outbox.hpp"

#include <algorithm>

namespace visavis::booking {
namespace {

CancelReason cancelReasonOf(std::optional<Party> side) {
    if (!side) return CancelReason::platform;
    return *side == Party::customer ? CancelReason::by_customer : CancelReason::by_specialist;
}

// The platform's own cancellations keep `not-cancelled` (DESIGN §6).
CancellationStatus cancellationStatusOf(std::optional<Party> side) {
    if (!side) return CancellationStatus::notCancelled;
    return *side == Party::customer ? CancellationStatus::cancelledByCustomer : CancellationStatus::cancelledBySpecialist;
}

Result<void> giveBack(Platform& platform, Tx& tx, std::optional<payments::Captured> const& captured, MinorUnits amount, Actor const& by,
                      std::string reason, Instant now) {
    if (!captured || amount == 0) return ok;
    CHECK(payments::requestRefund(tx, platform, captured->paymentId, amount, std::move(reason), by.user, now));
    return ok;
}

void writeCancellation(Booking& booking, Actor const& by, Reason const& reason, Instant now) {
    if (booking.status == BookingStatus::confirmed) ++booking.calendarSequence;
    move(booking, BookingStatus::cancelled, now, by.user, reason ? reason->value : "");
    booking.cancelReason = cancelReasonOf(by.side);
    booking.cancellation = {cancellationStatusOf(by.side), now, reason, now, now};
    booking.holdExpiresAt.reset();
}

// Whoever was not there, the specialist's absence costs the customer nothing.
Result<void> settleAbsence(Platform& platform, Tx& tx, Booking const& booking, Actor const& by, Instant now) {
    if (booking.noShowParty != Party::specialist) return ok;
    auto const captured = payments::capturedOf(tx, booking.id);
    return giveBack(platform, tx, captured, captured ? captured->left : 0, by, "The specialist was absent.", now);
}

// Who was said to have been absent says it of the other one. Once, and within the window.
Result<void> contest(Tx& tx, Booking& booking, Actor const& by, Party absent, Instant now) {
    if (by.side != booking.noShowParty || booking.noShowContest) return wrongState(wordOf(booking.status));
    CHECK(checkNoShowWindow(booking, now));
    booking.noShowContest = NoShowContest{absent, now, *by.user, {}, {}};
    return payments::freezePayout(tx, booking.id, true, now);
}

// Staff decide between the two; what has gone back to the customer stays there.
Result<void> decide(Platform& platform, Tx& tx, Booking& booking, Actor const& by, Party absent, Instant now) {
    if (!booking.noShowContest || booking.noShowContest->decidedAt) return wrongState(wordOf(booking.status));
    booking.noShowContest->decidedAt = now;
    booking.noShowContest->decidedBy = by.user;
    booking.noShowParty = absent;
    CHECK(payments::freezePayout(tx, booking.id, false, now));
    return settleAbsence(platform, tx, booking, by, now);
}

Result<Booking> answerNoShow(Platform& platform, Tx& tx, Booking booking, Actor const& by, Party absent, Instant now) {
    CHECK(by.side ? contest(tx, booking, by, absent, now) : decide(platform, tx, booking, by, absent, now));
    booking.updatedAt = now;
    CHECK(tx.replace(bookings, booking));
    CHECK(publishChange(tx, booking, now));
    return booking;
}

} // namespace

Actor actorOf(Call const& call, Booking const& booking) {
    if (booking.customerId == call.who.customerId) return {Party::customer, call.who.userId};
    if (booking.specialistId == call.who.specialistId) return {Party::specialist, call.who.userId};
    return {{}, call.who.userId};
}

CancellationPreview previewCancellation(Reader& reader, Booking const& booking, std::optional<Party> by, Instant now) {
    auto const captured = payments::capturedOf(reader, booking.id);
    auto const terms = cancellationTerms(booking, by, captured ? captured->left : 0, now);
    return {terms.allowed, terms.refundAmount, terms.refundPercentage, booking.currency, booking.policy, terms.changesAt};
}

Result<Booking> cancel(Platform& platform, Tx& tx, Booking booking, Actor const& by, Reason const& reason, Instant now) {
    bool const isOpen = booking.status == BookingStatus::pending || booking.status == BookingStatus::confirmed;
    if (!isOpen) return wrongState(wordOf(booking.status));
    auto const captured = payments::capturedOf(tx, booking.id);
    auto const terms = cancellationTerms(booking, by.side, captured ? captured->left : 0, now);
    if (!terms.allowed) return conflict("too_late", "A session cannot be cancelled once it has begun.");
    CHECK(giveBack(platform, tx, captured, terms.refundAmount, by, reason ? reason->value : "", now));
    CHECK(closePayment(tx, booking.id, "cancelled", now));
    writeCancellation(booking, by, reason, now);
    CHECK(tx.replace(bookings, booking));
    CHECK(availability::release(tx, booking.id, now));
    CHECK(publishChange(tx, booking, now));
    CHECK(visavis::emit(tx, BookingCancelled{booking.id}, booking.id.hex(), now));
    return booking;
}

bool isReschedulable(Booking const& booking, std::optional<Party> by, Instant now) {
    return booking.status == BookingStatus::confirmed && checkReschedulable(booking, by, now);
}

Result<Booking> reschedule(Tx& tx, Booking booking, Actor const& by, Ref<Slot> slotId, Reason const& reason, Instant now) {
    auto const slot = availability::slot(tx, slotId);
    if (!slot || slot->specialistId != booking.specialistId) return notFound("This specialist has no such slot.");
    if (booking.status != BookingStatus::confirmed) return wrongState(wordOf(booking.status));
    CHECK(checkReschedulable(booking, by.side, now));
    if (slotId == booking.slotId) {
        auto own = conflictWith(wordOf(slot->status), "slot_taken", "The session takes place at this time already.");
        own.extra["bookingId"] = booking.id.hex();
        return own;
    }
    CHECK(checkSameTerms(booking, *slot));
    CHECK(availability::moveClaim(tx, slotId, {booking.id, booking.customerId, booking.bufferMinutes}, now));
    if (!booking.rescheduleHistory.empty()) now = std::max(now, booking.rescheduleHistory.back().rescheduledAt); // as in move()
    booking.rescheduleHistory.push_back({booking.slotId, slotId, now, *by.user, reason, by.side});
    booking.slotId = slotId;
    booking.startsAt = slot->startsAt;
    booking.endsAt = slot->endsAt;
    booking.reminders = {}; // of the new time
    ++booking.calendarSequence;
    booking.updatedAt = now;
    CHECK(tx.replace(bookings, booking));
    auto const sequence = booking.calendarSequence;
    CHECK(publishChange(tx, booking, now));
    CHECK(visavis::emit(tx, BookingRescheduled{booking.id, sequence}, booking.id.hex() + ":" + std::to_string(sequence), now));
    return booking;
}

Result<Booking> complete(Tx& tx, Booking booking, Actor const& by, Instant now) {
    if (booking.status != BookingStatus::confirmed) return wrongState(wordOf(booking.status));
    if (now <= booking.startsAt) return conflict("too_early", "The session has not begun.");
    move(booking, BookingStatus::completed, now, by.user);
    CHECK(tx.replace(bookings, booking));
    CHECK(publishChange(tx, booking, now));
    CHECK(visavis::emit(tx, BookingCompleted{booking.id}, booking.id.hex(), now));
    return booking;
}

Result<Booking> reportNoShow(Platform& platform, Tx& tx, Booking booking, Actor const& by, Party absent, Instant now) {
    if (by.side == absent) return invalid("/party", "own_side", "Must be the other side.");
    if (booking.status == BookingStatus::noShow) return answerNoShow(platform, tx, std::move(booking), by, absent, now);
    if (!mayMove(booking, BookingStatus::noShow)) return wrongState(wordOf(booking.status));
    CHECK(checkNoShowWindow(booking, now));
    move(booking, BookingStatus::noShow, now, by.user);
    booking.noShowParty = absent;
    CHECK(tx.replace(bookings, booking));
    CHECK(settleAbsence(platform, tx, booking, by, now));
    CHECK(publishChange(tx, booking, now));
    CHECK(visavis::emit(tx, NoShowReported{booking.id}, booking.id.hex(), now));
    return booking;
}

bool isAbsenceReportable(Booking const& booking, Party by, Instant now) {
    bool const isContestable = booking.status == BookingStatus::noShow && booking.noShowParty == by && !booking.noShowContest;
    return (mayMove(booking, BookingStatus::noShow) || isContestable) && checkNoShowWindow(booking, now);
}

Result<void> completeDue(Platform& platform, Ref<Booking> id, Instant now) {
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto booking = tx.get(bookings, id);
        bool const isDue = booking && booking->status == BookingStatus::confirmed && booking->endsAt + completionDelay <= now;
        if (!isDue) return ok; // somebody was faster, or has moved it
        CHECK(complete(tx, std::move(*booking), {}, now));
        return ok;
    });
}

Result<void> completeBookings(Platform& platform, Instant now) {
    std::string cursor;
    do {
        auto const due = visavis::read(platform.store, [&](Reader& reader) {
            return reader.find(bookings, bookings->status == BookingStatus::confirmed && bookings->endsAt <= now - completionDelay)
                .sort(bookings->endsAt, bookings->id)
                .limit(200)
                .page(cursor);
        });
        if (!due) return due.error();
        for (auto const& booking : due->items) {
            auto const completed = completeDue(platform, booking.id, now);
            if (!completed) log::warning("booking_not_completed", {{"booking", booking.id.hex()}, {"what", completed.error().key}});
        }
        cursor = due->nextCursor.value_or("");
    } while (!cursor.empty());
    return ok;
}

Result<void> closePayment(Tx& tx, Ref<Booking> id, std::string reason, Instant now) {
    auto const payment = payments::paymentOf(tx, id);
    if (!payment || payment->status != payments::PaymentStatus::pending) return ok;
    CHECK(payments::markFailed(tx, payment->id, std::move(reason), now));
    return visavis::emit(tx, HoldReleased{id}, id.hex(), now);
}

Result<Payment> keepIntent(Tx& tx, Payment const& payment, payments::Intent const& intent, Instant now) {
    TRY(auto noted, payments::noteIntent(tx, payment, intent, now));
    if (noted.status == payments::PaymentStatus::failed)
        CHECK(visavis::emit(tx, HoldReleased{noted.bookingId}, noted.bookingId.hex() + ":" + intent.id, now));
    return noted;
}

Result<void> onHoldReleased(Platform& platform, HoldReleased const& event, Instant now) {
    auto const payment = visavis::read(platform.store, [&](Reader& reader) { return payments::paymentOf(reader, event.bookingId); });
    if (!payment || payment->status != payments::PaymentStatus::failed || !payment->stripePaymentIntentId) return ok;
    auto const closed = payments::closeIntent(platform, *payment);
    if (closed) return payments::applyIntent(platform, payment->id, *closed, now);
    if (closed.error().code == Code::unavailable) return closed.error();
    log::warning("intent_not_closed", {{"payment", payment->id.hex()}, {"what", closed.error().key}});
    return ok;
}

} // namespace visavis::booking
