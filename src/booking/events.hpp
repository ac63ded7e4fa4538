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

} // namespace visavis::booking
