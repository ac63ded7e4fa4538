// Bookings over HTTP.
#include "booking/api.hpp"

#include "booking/rules.hpp"

namespace visavis::booking {
namespace {

// Why this booking cannot be paid now, if so.
Result<void> checkPayable(Booking const& booking, std::optional<Payment> const& payment, Instant now) {
    if (booking.sessionPrice == 0) return conflict("nothing_to_pay", "This session is free.");
    bool const captured =
        payment && payment->status != payments::PaymentStatus::pending && payment->status != payments::PaymentStatus::failed;
    if (captured || booking.status == BookingStatus::confirmed || booking.status == BookingStatus::completed ||
        booking.status == BookingStatus::noShow)
        return conflict("already_paid", "This booking is paid.");
    bool const expired =
        booking.status == BookingStatus::pending ? *booking.holdExpiresAt <= now : booking.cancelReason == CancelReason::hold_expired;
    if (expired)
        return conflict("hold_expired", "The time was held until " + toRfc3339(booking.holdExpiresAt.value_or(booking.updatedAt)) + ".");
    if (booking.status != BookingStatus::pending) return wrongState(wordOf(booking.status));
    return ok;
}

payments::PaymentMetadata metadataOf(Reader& reader, Booking const& booking) {
    payments::PaymentMetadata metadata;
    if (auto const specialist = reader.get(profiles::specialists, booking.specialistId)) metadata.specialistName = specialist->creatorName;
    if (auto const customer = reader.get(profiles::customers, booking.customerId)) metadata.customerEmail = customer->email;
    metadata.consultationType = booking.consultationType;
    metadata.duration = booking.sessionDuration;
    return metadata;
}

struct Payable {
    Booking booking;
    Payment payment;
};

// First step: the hold is extended and the row is there before the gateway hears of it.
Result<Payable> preparePayment(Call& call, Tx& tx, Ref<Booking> id) {
    auto booking = tx.get(bookings, id);
    if (!booking || booking->customerId != call.customer()) return notFound();
    CHECK(checkPayable(*booking, payments::paymentOf(tx, id), call.now));
    auto const& rules = call.platform.payments;
    auto const fee = booking->platformFeePercentage.value_or(rules.platform_fee_percentage);
    TRY(auto payment, payments::openPayment(call.platform, tx,
                                            {id, booking->specialistId, booking->customerId, booking->sessionPrice, booking->currency, fee,
                                             metadataOf(tx, *booking)},
                                            call.now));
    if (!booking->holdExtended) {
        booking->holdExpiresAt = extendedHold(*booking, Minutes(rules.hold_extension_minutes), call.now);
        booking->holdExtended = true;
        booking->updatedAt = call.now;
        CHECK(tx.replace(bookings, *booking));
    }
    return Payable{std::move(*booking), std::move(payment)};
}

Where<Booking> ownBookings(Call const& call) {
    if (call.who.specialistId) return bookings->specialistId == *call.who.specialistId;
    if (call.who.customerId) return bookings->customerId == *call.who.customerId;
    return {};
}

} // namespace

BookingView viewOf(Reader& reader, Call const& call, Booking booking) {
    BookingView view;
    if (auto const specialist = reader.get(profiles::specialists, booking.specialistId))
        view.specialist =
            PartyView{specialist->id.id, specialist->creatorName, specialist->profileImage, specialist->availability.timezone};
    if (auto const customer = reader.get(profiles::customers, booking.customerId))
        view.customer = PartyView{customer->id.id, customer->name, customer->profileImage, customer->timezone};
    if (auto const payment = payments::paymentOf(reader, booking.id)) view.paymentId = payment->id;
    if (booking.customerId == call.who.customerId) {
        booking.specialistNotes.reset();
        booking.platformFeePercentage.reset();
        if (booking.feedback) booking.feedback->specialistRating.reset(), booking.feedback->specialistReview.reset();
    }
    static_cast<Booking&>(view) = std::move(booking);
    return view;
}

Result<identity::Created<BookingView>> createBooking(Call& call, NewBooking const& input) {
    return call.transact([&](Tx& tx) -> Result<identity::Created<BookingView>> {
        TRY(auto booking, request(call, tx, input));
        return identity::Created<BookingView>{viewOf(tx, call, std::move(booking))};
    });
}

Result<BookingView> getBooking(Call& call, BookingId const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<BookingView> {
        TRY(auto booking, visible(reader, call, input.id));
        return viewOf(reader, call, std::move(booking));
    });
}

Result<Page<BookingView>> listBookings(Call& call, BookingQuestion const& input) {
    if (input.from && input.to && *input.to < *input.from) return invalid("/to", "order", "Must not be before from.");
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<BookingView>> {
        auto where = ownBookings(call);
        if (input.status) where = std::move(where) && bookings->status == *input.status;
        if (input.from) where = std::move(where) && bookings->startsAt >= *input.from;
        if (input.to) where = std::move(where) && bookings->startsAt < *input.to;
        TRY(auto const page, reader.find(bookings, std::move(where))
                                 .sort(desc(bookings->createdAt), desc(bookings->id))
                                 .limit(identity::pageSize(input.limit))
                                 .page(input.cursor.value_or("")));
        Page<BookingView> shown;
        shown.nextCursor = page.nextCursor;
        for (auto const& booking : page.items) shown.items.push_back(viewOf(reader, call, booking));
        return shown;
    });
}

Result<identity::Created<PaymentAsked>> askPayment(Call& call, BookingId const& input) {
    TRY(auto const payable, visavis::transact(call.store, [&](Tx& tx) { return preparePayment(call, tx, input.id); }));
    TRY(auto const intent, payments::intentOf(call.platform, payable.payment));
    auto const noted = visavis::transact(call.store, [&](Tx& tx) { return payments::noteIntent(tx, payable.payment, intent, call.now); });
    if (!noted) return noted.error();
    // The payer may have paid while our news of it was lost.
    if (intent.status == payments::IntentStatus::succeeded) {
        CHECK(payments::applyIntent(call.platform, noted->id, intent, call.now));
        return conflict("already_paid", "This booking is paid.");
    }
    return call.transact([&](Tx&) -> Result<identity::Created<PaymentAsked>> {
        return identity::Created<PaymentAsked>{{noted->id, noted->status, noted->amount, noted->currency, intent.clientSecret,
                                                call.platform.gateway.publishableKey(), *payable.booking.holdExpiresAt}};
    });
}

} // namespace visavis::booking
