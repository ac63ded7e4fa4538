// The handlers of bookings.
#pragma once

#include "booking/service.hpp"

namespace visavis::booking {

// What one side of a booking sees of the other.
struct PartyView {
    ObjectId id;
    Text<1, 100> name;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Zone> timezone;
};
RECORD(PartyView, id, name, profileImage, timezone)

struct BookingView : Booking {
    std::optional<PartyView> specialist;
    std::optional<PartyView> customer;
    std::optional<Ref<Payment>> paymentId;
};
RECORD_EXTENDS(BookingView, Booking, specialist, customer, paymentId)

struct BookingId {
    Ref<Booking> id;
};
RECORD(BookingId, id)

WORDS(Expansion, customer)

struct BookingQuestion {
    std::optional<BookingStatus> status;
    std::optional<Instant> from; // on startsAt
    std::optional<Instant> to;
    std::optional<Expansion> expand;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(BookingQuestion, status, from, to, expand, limit, cursor)

// What the payer's browser needs to pay.
struct PaymentAsked {
    Ref<Payment> paymentId;
    payments::PaymentStatus status{};
    MinorUnits amount = 0;
    Currency currency;
    std::string clientSecret;
    std::string publishableKey;
    Instant expiresAt;
};
RECORD(PaymentAsked, paymentId, status, amount, currency, clientSecret, publishableKey, expiresAt)

Result<identity::Created<BookingView>> createBooking(Call& call, NewBooking const& input);
Result<BookingView> getBooking(Call& call, BookingId const& input);
Result<Page<BookingView>> listBookings(Call& call, BookingQuestion const& input);
Result<identity::Created<PaymentAsked>> askPayment(Call& call, BookingId const& input);

// The view of a booking for this caller; the other side's private notes and the split are left out.
BookingView viewOf(Reader& reader, Call const& call, Booking booking);

} // namespace visavis::booking
