// News of bookings.
#pragma once

#include "booking/records.hpp"

namespace visavis::booking {

// Both sides are told, with an invitation.
struct BookingConfirmed {
    Ref<Booking> bookingId;
};
RECORD(BookingConfirmed, bookingId)

// A booking that was never confirmed is gone: its hold ran out. Its customer is told in the application.
struct HoldExpired {
    Ref<Booking> bookingId;
};
RECORD(HoldExpired, bookingId)

// Money came for a booking that can no longer be had; all of it goes back (DESIGN §6: late money).
struct LateMoneyRefunded {
    Ref<Booking> bookingId;
    Ref<Payment> paymentId;
};
RECORD(LateMoneyRefunded, bookingId, paymentId)

// A side or the platform has cancelled it. Both sides are told; what was only held, its customer alone and not of their own doing.
struct BookingCancelled {
    Ref<Booking> bookingId;
};
RECORD(BookingCancelled, bookingId)

// Held time was given up before it was paid: nobody shall be able to pay for it any more.
struct HoldReleased {
    Ref<Booking> bookingId;
};
RECORD(HoldReleased, bookingId)

// It takes place at another time. `sequence` is the booking's calendarSequence since then.
struct BookingRescheduled {
    Ref<Booking> bookingId;
    std::int64_t sequence = 0;
};
RECORD(BookingRescheduled, bookingId, sequence)

struct BookingCompleted {
    Ref<Booking> bookingId;
};
RECORD(BookingCompleted, bookingId)

// One side is said to have been absent.
struct NoShowReported {
    Ref<Booking> bookingId;
};
RECORD(NoShowReported, bookingId)

struct MessageSent {
    Ref<Message> messageId;
};
RECORD(MessageSent, messageId)

} // namespace visavis::booking
