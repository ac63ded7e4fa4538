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

// The booking as this caller may see it: a side of it, or staff. 404 for everybody else.
Result<Booking> visible(Reader& reader, Call const& call, Ref<Booking> id);

// Outbox: the money is there.
Result<void> onPaymentSucceeded(Platform& platform, payments::PaymentSucceeded const& event, Instant now);

// Job: pending bookings whose hold has run out (DESIGN §6: the intent is read first).
Result<void> expireHolds(Platform& platform, Instant now);

} // namespace visavis::booking
