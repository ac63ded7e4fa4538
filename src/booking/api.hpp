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

// The joined document of ?expand=customer (seed: customerDetails). What is behind the time zone is for staff and for the customer.
struct CustomerDetails {
    ObjectId id;
    Text<1, 100> name;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Zone> timezone;
    std::optional<Email> email;
    std::optional<Text<1, 40>> phone;
    std::optional<Text<1, 200>> company;
    std::optional<Text<1, 100>> role;
    std::optional<Text<2, 35>> language;
};
RECORD(CustomerDetails, id, name, profileImage, timezone, email, phone, company, role, language)

struct BookingView : Booking {
    std::optional<PartyView> specialist;
    std::optional<PartyView> customer;
    std::optional<std::vector<CustomerDetails>> customerDetails;
    std::optional<Ref<Payment>> paymentId;
};
RECORD_EXTENDS(BookingView, Booking, specialist, customer, customerDetails, paymentId)

struct BookingId {
    Ref<Booking> id;
};
RECORD(BookingId, id)

struct CancellationInput {
    Ref<Booking> id;
    Reason reason;
};
RECORD(CancellationInput, id, reason)

struct RescheduleInput {
    Ref<Booking> id;
    Ref<Slot> slotId;
    Reason reason;
};
RECORD(RescheduleInput, id, slotId, reason)

struct NoShowInput {
    Ref<Booking> id;
    Party party{}; // who was absent
};
RECORD(NoShowInput, id, party)

struct FeedbackInput {
    Ref<Booking> id;
    Bounded<1, 5> rating;
    std::optional<Lines<0, 5000>> review;
};
RECORD(FeedbackInput, id, rating, review)

// What each side may change: the customer customerNotes, the specialist specialistNotes.
struct BookingNotes {
    std::optional<Lines<0, 2000>> customerNotes;
    std::optional<Lines<0, 5000>> specialistNotes;
};
RECORD(BookingNotes, customerNotes, specialistNotes)
using BookingPatch = identity::Patch<BookingNotes, BookingView>;

struct NewMessage {
    Ref<Booking> id;
    Lines<1, 5000> text;
};
RECORD(NewMessage, id, text)

struct MessageQuestion {
    Ref<Booking> id;
    std::optional<Bounded<1, 100>> limit;
    std::optional<std::string> cursor;
};
RECORD(MessageQuestion, id, limit, cursor)

WORDS(Expansion, customer)

struct BookingLook {
    Ref<Booking> id;
    std::optional<Expansion> expand;
};
RECORD(BookingLook, id, expand)

struct BookingQuestion {
    std::optional<BookingStatus> status;
    std::optional<std::string> from; // on startsAt: instants [from, to), or days of the caller's zone, both included
    std::optional<std::string> to;
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
Result<BookingView> getBooking(Call& call, BookingLook const& input);
// As JSON, or with `Accept: text/csv` as a table.
Result<identity::RawPage<BookingView>> listBookings(Call& call, BookingQuestion const& input);
// The same, not yet written as text.
Result<Page<BookingView>> ownBookingsPage(Call& call, BookingQuestion const& input);
Result<identity::Created<PaymentAsked>> askPayment(Call& call, BookingId const& input);

// api_life.cpp
Result<CancellationPreview> showCancellation(Call& call, BookingId const& input);
Result<BookingView> cancelBooking(Call& call, CancellationInput const& input);
Result<BookingView> rescheduleBooking(Call& call, RescheduleInput const& input);
Result<BookingView> completeBooking(Call& call, BookingId const& input);
Result<BookingView> reportAbsence(Call& call, NoShowInput const& input);
Result<BookingView> giveFeedback(Call& call, FeedbackInput const& input);
Result<BookingView> patchBooking(Call& call, BookingPatch const& patch);
// The thread of a booking, oldest first; for its two sides alone.
Result<Page<Message>> listMessages(Call& call, MessageQuestion const& input);
// The last ones of the thread, in its order.
Result<std::vector<Message>> latestMessages(Call& call, Ref<Booking> id, std::size_t count);
Result<identity::Created<Message>> sendMessage(Call& call, NewMessage const& input);

// The view of a booking for this caller; the other side's private notes and the split are left out.
BookingView viewOf(Reader& reader, Call const& call, Booking booking);

} // namespace visavis::booking
