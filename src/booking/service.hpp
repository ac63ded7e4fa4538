// The verbs of bookings: held, paid and confirmed, or let go.
#pragma once

#include "availability/service.hpp"
#include "booking/events.hpp"
#include "payments/service.hpp"

namespace visavis::booking {

using identity::Call;
using identity::Platform;

struct NewBooking {
    Ref<Slot> slotId;
    std::optional<Lines<0, 2000>> customerNotes;
    std::optional<Zone> timezone;
    std::optional<profiles::Price> price; // as it was shown; another one now is refused
    std::optional<Currency> currency;
};
RECORD(NewBooking, slotId, customerNotes, timezone, price, currency)

// pending with a hold, or confirmed when free. Errors as API.md's row has them.
Result<Booking> request(Call& call, Tx& tx, NewBooking const& input);
// The time went to somebody who committed at the same moment, which only a unique index noticed: the answer is what it is to whoever comes
// after them (slot_taken with `current`, to its holder with `bookingId`). Other errors stay as they are.
Error afterTheWinner(Call const& call, Error lost, Ref<Slot> slotId);

// The booking as this caller may see it: a side of it, or staff. 404 for everybody else.
Result<Booking> visible(Reader& reader, Call const& call, Ref<Booking> id);

// What a customer says of a completed session: kept with the review (reviews), mirrored in the booking's feedback.
struct CustomerFeedback {
    Bounded<1, 5> rating;
    std::optional<Lines<0, 5000>> review;
};
// The booking as it is then. not_found for whoever is not its customer; conflict not_completed, already_reviewed.
Result<Booking> takeReview(Tx& tx, Ref<Booking> id, Ref<Customer> customer, CustomerFeedback const& feedback, Instant now);
// Who acts: a side of the booking, or staff. `user` is absent when the platform acts by itself.
struct Actor {
    std::optional<Party> side;
    std::optional<Ref<User>> user;
};
Actor actorOf(Call const& call, Booking const& booking);

using Reason = std::optional<Lines<0, 500>>;

// What cancelling would do now (API.md: GET /bookings/{id}/cancellation). `changesAt` is the last instant of this answer.
struct CancellationPreview {
    bool allowed = false;
    MinorUnits refundAmount = 0;
    std::int64_t refundPercentage = 0;
    Currency currency;
    profiles::CancellationPolicy policy;
    std::optional<Instant> changesAt;
};
RECORD(CancellationPreview, allowed, refundAmount, refundPercentage, currency, policy, changesAt)
CancellationPreview previewCancellation(Reader& reader, Booking const& booking, std::optional<Party> by, Instant now);

// Each moves a booking that was read in this transaction, and returns it as it is then.
//
// Pending or confirmed → cancelled, with exactly the preview's refund. wrong_state; too_late after the start.
Result<Booking> cancel(Platform& platform, Tx& tx, Booking booking, Actor const& by, Reason const& reason, Instant now);
// Whether it may still be moved by this side, to whatever time.
bool isReschedulable(Booking const& booking, std::optional<Party> by, Instant now);
// To another slot of the specialist. notFound, wrong_state, and the conflicts of API.md's row.
Result<Booking> reschedule(Tx& tx, Booking booking, Actor const& by, Ref<Slot> slotId, Reason const& reason, Instant now);
// Confirmed → completed. wrong_state; too_early before the start.
Result<Booking> complete(Tx& tx, Booking booking, Actor const& by, Instant now);
// Confirmed or completed → no-show: `absent` was not there. A side reports the other one; who was reported may say it of the other, once, which
// freezes the payout until staff decide by the same call. wrong_state, too_early, too_late.
Result<Booking> reportNoShow(Platform& platform, Tx& tx, Booking booking, Actor const& by, Party absent, Instant now);

// Whether this side may now say that the other one was absent.
bool isAbsenceReportable(Booking const& booking, Party by, Instant now);

// Completes a session that ended a while ago, and passes over one that has been moved or ended otherwise.
Result<void> completeDue(Platform& platform, Ref<Booking> id, Instant now);
// Job: all of them.
Result<void> completeBookings(Platform& platform, Instant now);

// What is not paid yet can no longer be; the gateway hears of it from the outbox.
Result<void> closePayment(Tx& tx, Ref<Booking> id, std::string reason, Instant now);
// Keeps the intent of a payment. One of a hold that was given up while the gateway was asked is closed as well.
Result<Payment> keepIntent(Tx& tx, Payment const& payment, payments::Intent const& intent, Instant now);
// Outbox: the payment intent of a hold that was given up is closed. Money that was faster goes back.
Result<void> onHoldReleased(Platform& platform, HoldReleased const& event, Instant now);
// What the open pages of both sides are told after every change of a booking (GET /events: `booking`).
struct BookingUpdate {
    Ref<Booking> id;
    BookingStatus status{};
    Instant startsAt;
    Instant endsAt;
    std::optional<Instant> holdExpiresAt;
    std::int64_t version = 0;
};
RECORD(BookingUpdate, id, status, startsAt, endsAt, holdExpiresAt, version)

// The last step of every verb that changes a booking.
Result<void> publishChange(Tx& tx, Booking const& booking, Instant now);

// Named after the members of `reminders` that they set.
WORDS(ReminderKind, day_before, hour_before, post_session)

// Notes that a reminder was dealt with: once per booking, kind and start. False when it had been, or the booking is another by now.
Result<bool> noteReminder(Tx& tx, Booking const& booking, ReminderKind kind, Instant now);

// Outbox: the money is there.
Result<void> onPaymentSucceeded(Platform& platform, payments::PaymentSucceeded const& event, Instant now);

// Outbox: an account was suspended; what it holds is let go.
Result<void> onUserSuspended(Platform& platform, identity::UserSuspended const& event, Instant now);

// Job: pending bookings whose hold has run out (DESIGN §6: the intent is read first).
Result<void> expireHolds(Platform& platform, Instant now);

} // namespace visavis::booking
