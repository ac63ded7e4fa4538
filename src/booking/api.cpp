// Bookings over HTTP.
#include "booking/api.hpp"

#include "booking/rules.hpp"
#include "core/csv.hpp"
#include "identity/span.hpp"

namespace visavis::booking {
namespace {

// Why this booking cannot be paid now, if so.
Result<void> checkPayable(Booking const& booking, std::optional<Payment> const& payment, Instant now) {
    auto const current = wordOf(booking.status);
    if (booking.sessionPrice == 0) return conflict("nothing_to_pay", "This session is free.");
    bool const isOpen = booking.status == BookingStatus::pending, isCancelled = booking.status == BookingStatus::cancelled;
    if ((isOpen && payment && payments::isCaptured(payment->status)) || (!isOpen && !isCancelled))
        return conflictWith(current, "already_paid", "This booking is paid.");
    bool const expired = isOpen ? *booking.holdExpiresAt <= now : booking.cancelReason == CancelReason::hold_expired;
    if (expired)
        return conflictWith(current, "hold_expired",
                            "The time was held until " + toRfc3339(booking.holdExpiresAt.value_or(booking.updatedAt)) + ".");
    if (booking.status != BookingStatus::pending) return wrongState(current);
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
        CHECK(publishChange(tx, *booking, call.now));
    }
    return Payable{std::move(*booking), std::move(payment)};
}

// It is private; that there is some is as well.
void hideFeedbackOfSpecialist(Booking& booking) {
    if (!booking.feedback) return;
    booking.feedback->specialistRating.reset();
    booking.feedback->specialistReview.reset();
    if (!booking.feedback->customerRating) booking.feedback.reset();
}

Where<Booking> ownBookings(Call const& call) {
    if (call.who.specialistId) return bookings->specialistId == *call.who.specialistId;
    if (call.who.customerId) return bookings->customerId == *call.who.customerId;
    return {};
}

// A day of a question is the caller's own; of staff, a day of UTC.
Zone ownZone(Reader& reader, Call const& call) {
    if (call.who.specialistId) {
        auto const specialist = reader.get(profiles::specialists, *call.who.specialistId);
        return specialist ? specialist->availability.timezone.value_or(Zone{}) : Zone{};
    }
    auto const customer = call.who.customerId ? reader.get(profiles::customers, *call.who.customerId) : std::nullopt;
    return customer ? customer->timezone.value_or(Zone{}) : Zone{};
}

CustomerDetails detailsOf(Call const& call, Customer const& customer) {
    auto details = project<CustomerDetails>(customer);
    details.id = customer.id.id;
    bool const seesAll = call.who.isStaff() || customer.id == call.who.customerId;
    details.email = seesAll ? std::optional(customer.email) : std::nullopt;
    if (!seesAll) details.phone.reset(), details.company.reset(), details.role.reset(), details.language.reset();
    return details;
}

BookingView expanded(Reader& reader, Call const& call, Booking booking, std::optional<Expansion> expand) {
    auto view = viewOf(reader, call, std::move(booking));
    auto const customer = expand ? reader.get(profiles::customers, view.customerId) : std::nullopt;
    if (customer) view.customerDetails = {detailsOf(call, *customer)};
    return view;
}

Result<Page<BookingView>> viewsOf(Reader& reader, Call const& call, BookingQuestion const& input, std::size_t limit,
                                  std::string const& cursor) {
    auto where = ownBookings(call);
    if (input.status) where = std::move(where) && bookings->status == *input.status;
    if (input.from || input.to) {
        TRY(auto const span, identity::spanOf(input.from, input.to, ownZone(reader, call)));
        if (input.from) where = std::move(where) && bookings->startsAt >= span.from;
        if (input.to) where = std::move(where) && bookings->startsAt < span.to;
    }
    TRY(auto const page,
        reader.find(bookings, std::move(where)).sort(desc(bookings->createdAt), desc(bookings->id)).limit(limit).page(cursor));
    Page<BookingView> shown{{}, page.nextCursor};
    for (auto const& booking : page.items) shown.items.push_back(expanded(reader, call, booking, input.expand));
    return shown;
}

void writeRow(Csv& csv, BookingView const& booking) {
    csv.cell(booking.id.hex()).cell(wordOf(booking.status)).cell(toRfc3339(booking.startsAt)).cell(toRfc3339(booking.endsAt));
    csv.cell(booking.sessionDuration).cell(booking.sessionPrice).cell(booking.currency.code());
    csv.cell(booking.consultationType ? booking.consultationType->value : "");
    csv.cell(booking.specialist ? booking.specialist->name.value : "").cell(booking.customer ? booking.customer->name.value : "");
    csv.cell(booking.paymentId ? booking.paymentId->hex() : "");
    csv.cell(booking.cancelReason ? wordOf(*booking.cancelReason) : "").cell(booking.noShowParty ? wordOf(*booking.noShowParty) : "");
    csv.cell(booking.customerNotes ? booking.customerNotes->value : "");
    csv.cell(booking.specialistNotes ? booking.specialistNotes->value : "").cell(toRfc3339(booking.createdAt)).endRow();
}

// Without a limit all there is, up to so many rows; X-Next-Cursor leads on to the rest.
constexpr std::size_t mostRows = 10'000;
constexpr std::size_t rowsAtOnce = 200;

Result<identity::RawPage<BookingView>> listAsCsv(Reader& reader, Call const& call, BookingQuestion const& input) {
    Csv csv({"id", "status", "startsAt", "endsAt", "sessionDuration", "sessionPrice", "currency", "consultationType", "specialist",
             "customer", "paymentId", "cancelReason", "noShowParty", "customerNotes", "specialistNotes", "createdAt"});
    auto wanted = input.limit ? static_cast<std::size_t>(*input.limit) : mostRows;
    std::optional<std::string> cursor = input.cursor.value_or("");
    while (cursor && wanted > 0) {
        TRY(auto const page, viewsOf(reader, call, input, std::min(wanted, rowsAtOnce), *cursor));
        for (auto const& booking : page.items) writeRow(csv, booking);
        wanted -= page.items.size();
        cursor = page.nextCursor;
    }
    identity::RawPage<BookingView> answer{identity::csvAnswer(csv.take(), "bookings.csv")};
    if (cursor) answer.headers.push_back({"X-Next-Cursor", *cursor});
    return answer;
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
        hideFeedbackOfSpecialist(booking);
    }
    static_cast<Booking&>(view) = std::move(booking);
    return view;
}

Result<identity::Created<BookingView>> createBooking(Call& call, NewBooking const& input) {
    auto made = call.transact([&](Tx& tx) -> Result<identity::Created<BookingView>> {
        TRY(auto booking, request(call, tx, input));
        return identity::Created<BookingView>{viewOf(tx, call, std::move(booking))};
    });
    if (!made) return afterTheWinner(call, made.error(), input.slotId);
    return made;
}

Result<BookingView> getBooking(Call& call, BookingLook const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<BookingView> {
        TRY(auto booking, visible(reader, call, input.id));
        return expanded(reader, call, std::move(booking), input.expand);
    });
}

Result<identity::RawPage<BookingView>> listBookings(Call& call, BookingQuestion const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<identity::RawPage<BookingView>> {
        if (identity::prefersCsv(call.accept)) return listAsCsv(reader, call, input);
        TRY(auto const page, viewsOf(reader, call, input, identity::pageSize(input.limit), input.cursor.value_or("")));
        return identity::RawPage<BookingView>{{"application/json", std::make_shared<std::string const>(identity::render(page).body), {}}};
    });
}

Result<Page<BookingView>> ownBookingsPage(Call& call, BookingQuestion const& input) {
    return visavis::read(call.store, [&](Reader& reader) {
        return viewsOf(reader, call, input, identity::pageSize(input.limit), input.cursor.value_or(""));
    });
}

namespace {

// What has been paid is counted, unless it is not what this booking costs.
Error takeNews(Call& call, Ref<Booking> id, Ref<Payment> paymentId, payments::Intent const& intent) {
    auto const applied = payments::applyIntent(call.platform, paymentId, intent, call.now);
    if (!applied) return applied.error();
    return visavis::read(call.store, [&](Reader& reader) -> Error {
        auto const booking = reader.get(bookings, id);
        auto const payment = reader.get(payments::payments, paymentId);
        if (!booking || !payment) return notFound();
        auto const current = wordOf(booking->status);
        if (payments::isCaptured(payment->status)) return conflictWith(current, "already_paid", "This booking is paid.");
        return conflictWith(current, "payment_differs", "What was paid is not what this booking costs. Our staff have been told.");
    });
}

} // namespace

Result<identity::Created<PaymentAsked>> askPayment(Call& call, BookingId const& input) {
    TRY(auto const payable, visavis::transact(call.store, [&](Tx& tx) { return preparePayment(call, tx, input.id); }));
    TRY(auto const intent, payments::intentOf(call.platform, payable.payment));
    auto const noted = visavis::transact(call.store, [&](Tx& tx) { return keepIntent(tx, payable.payment, intent, call.now); });
    if (!noted) return noted.error();
    // The payer may have paid while our news of it was lost.
    if (intent.status == payments::IntentStatus::succeeded) return takeNews(call, input.id, noted->id, intent);
    return call.transact([&](Tx& tx) -> Result<identity::Created<PaymentAsked>> {
        // Whoever cancelled meanwhile gets nothing to pay with.
        auto const booking = tx.get(bookings, input.id);
        if (!booking) return notFound();
        CHECK(checkPayable(*booking, payments::paymentOf(tx, input.id), call.now));
        return identity::Created<PaymentAsked>{{noted->id, noted->status, noted->amount, noted->currency, intent.clientSecret,
                                                call.platform.gateway.publishableKey(), *payable.booking.holdExpiresAt}};
    });
}

} // namespace visavis::booking
