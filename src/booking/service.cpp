// Requesting a booking, confirming it with its money, and letting it go when its hold runs out.
#include "booking/service.hpp"

#include "booking/rules.hpp"
#include "core/log.hpp"
#include "store/outbox.hpp"

namespace visavis::booking {
namespace {

// What was paid before the start may be heard of this much later.
constexpr Minutes newsDelay{10};

Error tooManyHolds(std::string detail, int retryAfterSeconds) {
    auto error = failure(Code::rateLimited, "too_many_holds", std::move(detail));
    error.retryAfterSeconds = retryAfterSeconds;
    return error;
}

// The log-in may have been recognised before its account was suspended, and what is booked after that the sweep of onUserSuspended does not see. The
// suspension writes the sequence that publishChange counts up, so that one of the two sees the other on MongoDB as well.
Result<void> checkAccount(Call const& call, Tx& tx) {
    auto const customer = tx.get(profiles::customers, call.customer());
    auto const user = customer ? tx.get(identity::users, customer->userId) : std::nullopt;
    if (user && user->isActive && customer->status == profiles::CustomerStatus::active) return ok;
    return identity::accountSuspended();
}

// DESIGN §10: two open holds and thirty holds a day for a customer, three upcoming free bookings for a pair.
Result<void> checkQuotas(Call const& call, Tx& tx, Slot const& slot) {
    auto const& limits = call.platform.limits;
    if (!limits.enabled) return ok;
    auto const customer = call.customer();
    if (slot.price > 0) {
        if (tx.find(bookings, bookings->customerId == customer && bookings->status == BookingStatus::pending).count() >= limits.open_holds)
            return tooManyHolds("Pay for or cancel what you hold first.", 60);
        if (tx.find(bookings, bookings->customerId == customer && bookings->createdAt > call.now - Hours(24)).count() >=
            limits.holds_per_day)
            return tooManyHolds("You have held too many times today.", 3600);
        return ok;
    }
    auto const upcoming =
        tx.find(bookings, bookings->customerId == customer && bookings->startsAt > call.now).sort(bookings->startsAt, bookings->id).all();
    auto const free = std::count_if(upcoming.begin(), upcoming.end(), [&](Booking const& booking) {
        return booking.specialistId == slot.specialistId && booking.sessionPrice == 0 && isActive(booking.status);
    });
    if (free >= limits.free_bookings_per_pair) return tooManyHolds("You have enough free sessions with this specialist ahead.", 3600);
    return ok;
}

Result<void> checkPrice(Slot const& slot, NewBooking const& input) {
    bool const same = (!input.price || *input.price == slot.price) && (!input.currency || *input.currency == slot.currency);
    if (same) return ok;
    auto error = conflict("price_changed", "The price has changed since it was shown.");
    error.extra["price"] = slot.price;
    error.extra["currency"] = slot.currency.code();
    boost::json::object shown;
    if (input.price) shown["price"] = static_cast<std::int64_t>(*input.price);
    if (input.currency) shown["currency"] = input.currency->code();
    error.extra["shown"] = std::move(shown);
    return error;
}

// A slot that is gone says so; to whoever holds it already, with the id of what they hold.
Result<void> checkFree(Call const& call, Reader& reader, Specialist const& specialist, Slot const& slot) {
    auto checked = availability::checkBookable(specialist, slot, call.now);
    if (checked || checked.error().key != "slot_taken") return checked;
    auto error = checked.error();
    auto const own = call.who.customerId ? availability::ownClaim(reader, slot, *call.who.customerId) : std::nullopt;
    if (own) error.extra["bookingId"] = own->bookingId.hex();
    return error;
}

Booking bookingOf(Call& call, Slot const& slot, Specialist const& specialist, NewBooking const& input) {
    auto const& rules = call.platform.payments;
    Booking booking;
    booking.id = call.newId<Booking>();
    booking.slotId = slot.id;
    booking.specialistId = slot.specialistId;
    booking.customerId = call.customer();
    booking.consultationType = slot.consultationType;
    booking.sessionDuration = slot.duration;
    booking.sessionPrice = slot.price;
    booking.currency = slot.currency;
    booking.platformFeePercentage = rules.platform_fee_percentage;
    booking.bufferMinutes = specialist.availability.bufferTime;
    booking.policy = specialist.consulting.cancellationPolicy;
    booking.startsAt = slot.startsAt;
    booking.endsAt = slot.endsAt;
    booking.customerNotes = input.customerNotes;
    booking.timezone = input.timezone;
    booking.createdAt = call.now;
    move(booking, BookingStatus::pending, call.now, call.user());
    if (slot.price > 0) {
        booking.holdExpiresAt = std::min(call.now + Minutes(rules.hold_minutes), slot.startsAt);
    } else {
        move(booking, BookingStatus::confirmed, call.now, call.user());
    }
    return booking;
}

Result<void> announceConfirmed(Tx& tx, Booking const& booking, Instant now) {
    CHECK(profiles::countConfirmed(tx, booking.specialistId, booking.customerId));
    CHECK(availability::answerRequests(tx, booking.specialistId, booking.customerId, now));
    CHECK(publishChange(tx, booking, now));
    return visavis::emit(tx, BookingConfirmed{booking.id}, booking.id.hex(), now);
}

Result<void> confirm(Tx& tx, Booking& booking, Ref<Payment> paidWith, Instant now) {
    move(booking, BookingStatus::confirmed, now, {});
    booking.paidWith = paidWith;
    booking.holdExpiresAt.reset();
    booking.cancelReason.reset();
    CHECK(tx.replace(bookings, booking));
    return announceConfirmed(tx, booking, now);
}

Result<void> expire(Tx& tx, Booking& booking, Instant now) {
    move(booking, BookingStatus::cancelled, now, {}, "hold_expired");
    booking.cancelReason = CancelReason::hold_expired;
    CHECK(tx.replace(bookings, booking));
    CHECK(availability::release(tx, booking.id, now));
    CHECK(publishChange(tx, booking, now));
    return visavis::emit(tx, HoldExpired{booking.id}, booking.id.hex() + ":" + std::to_string(booking.version), now);
}

// Late money takes its time again if it is still free, lies ahead, and both sides are active. Notice is not checked a second time.
bool canBeTakenAgain(Tx& tx, Booking const& booking, Slot const& slot, Instant now) {
    if (!mayMove(booking, BookingStatus::confirmed) || now >= booking.startsAt) return false;
    auto const specialist = tx.get(profiles::specialists, booking.specialistId);
    auto const customer = tx.get(profiles::customers, booking.customerId);
    if (!specialist || !customer || customer->status != profiles::CustomerStatus::active) return false;
    auto const host = tx.get(identity::users, specialist->userId);
    if (!host || !host->isActive) return false;
    auto const customerIsBusy = availability::customerIsBusy(tx, booking.customerId, slot.startsAt, slot.endsAt);
    return slot.status == availability::SlotStatus::available && !customerIsBusy;
}

Result<void> refundLate(Platform& platform, Tx& tx, Booking const& booking, Ref<Payment> paymentId, Instant now) {
    auto const refund =
        payments::requestRefund(tx, platform, paymentId, {}, "The time was no longer free when the payment arrived.", {}, now);
    if (!refund) return refund.error().key == "nothing_to_refund" ? ok : Result<void>(refund.error());
    return visavis::emit(tx, LateMoneyRefunded{booking.id, paymentId}, booking.id.hex() + ":" + paymentId.hex(), now);
}

// What is heard of long after the start was paid after it, while nothing could be heard from the gateway.
Result<void> settleHold(Platform& platform, Tx& tx, Booking& booking, Ref<Payment> paymentId, Instant now) {
    if (now < booking.startsAt + newsDelay) return confirm(tx, booking, paymentId, now);
    CHECK(expire(tx, booking, now));
    return refundLate(platform, tx, booking, paymentId, now);
}

Result<void> settle(Platform& platform, Tx& tx, payments::PaymentSucceeded const& event, bool tryAgain, Instant now) {
    auto booking = tx.get(bookings, event.bookingId);
    if (!booking) return notFound();
    if (booking->paidWith == event.paymentId) return ok; // the news has come before; what was cancelled since then keeps its refund
    if (booking->status == BookingStatus::pending) return settleHold(platform, tx, *booking, event.paymentId, now);
    if (booking->paidWith) return refundLate(platform, tx, *booking, event.paymentId, now); // a double charge
    if (booking->status != BookingStatus::cancelled) return ok;
    auto const slot = availability::slot(tx, booking->slotId);
    if (!tryAgain || !slot || !canBeTakenAgain(tx, *booking, *slot, now)) return refundLate(platform, tx, *booking, event.paymentId, now);
    CHECK(availability::claim(tx, *slot, {booking->id, booking->customerId, booking->bufferMinutes}, now));
    return confirm(tx, *booking, event.paymentId, now);
}

// What is still to be done about an expired hold, after a look at its payment.
enum class Verdict { letGo, wait, done };

Result<Verdict> lookAtPayment(Platform& platform, Booking const& booking, Instant now) {
    auto const payment = visavis::read(platform.store, [&](Reader& reader) { return payments::paymentOf(reader, booking.id); });
    if (!payment || payment->status == payments::PaymentStatus::failed) return Verdict::letGo;
    if (payment->status != payments::PaymentStatus::pending) return Verdict::done; // its event confirms the booking
    if (!payment->stripePaymentIntentId) return Verdict::letGo;
    bool const patient = now < *booking.holdExpiresAt + Minutes(platform.payments.processing_minutes);
    auto const intent = platform.gateway.getPaymentIntent(*payment->stripePaymentIntentId);
    if (!intent) return patient ? Verdict::wait : Verdict::letGo;
    auto seen = *intent;
    if (seen.status == payments::IntentStatus::processing && patient) return Verdict::wait;
    if (seen.status != payments::IntentStatus::succeeded && seen.status != payments::IntentStatus::cancelled) {
        auto const closed = payments::closeIntent(platform, *payment);
        if (!closed) return patient ? Verdict::wait : Verdict::letGo;
        seen = *closed;
    }
    CHECK(payments::applyIntent(platform, payment->id, seen, now));
    if (seen.status != payments::IntentStatus::succeeded) return Verdict::letGo;
    auto const after = visavis::read(platform.store, [&](Reader& reader) { return reader.get(payments::payments, payment->id); });
    return after && payments::isCaptured(after->status) ? Verdict::done : Verdict::letGo; // another amount than ours pays for nothing
}

Result<void> letGo(Platform& platform, Ref<Booking> id, Instant now) {
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto booking = tx.get(bookings, id);
        if (!booking || booking->status != BookingStatus::pending || *booking->holdExpiresAt > now) return ok;
        auto const payment = payments::paymentOf(tx, id);
        if (payment && payment->status == payments::PaymentStatus::succeeded) return ok; // confirmed by its event
        CHECK(closePayment(tx, id, "hold_expired", now));                                // unless the gateway has closed it already
        return expire(tx, *booking, now);
    });
}

Result<void> expireHold(Platform& platform, Booking const& booking, Instant now) {
    TRY(auto const verdict, lookAtPayment(platform, booking, now));
    if (verdict != Verdict::letGo) return ok;
    return letGo(platform, booking.id, now);
}

} // namespace

Result<Booking> request(Call& call, Tx& tx, NewBooking const& input) {
    CHECK(checkAccount(call, tx));
    auto const slot = availability::slot(tx, input.slotId);
    auto const specialist = slot ? tx.get(profiles::specialists, slot->specialistId) : std::nullopt;
    if (!specialist) return notFound("There is no such slot.");
    CHECK(checkFree(call, tx, *specialist, *slot));
    CHECK(checkPrice(*slot, input));
    CHECK(checkQuotas(call, tx, *slot));
    auto booking = bookingOf(call, *slot, *specialist, input);
    CHECK(availability::claim(tx, *slot, {booking.id, booking.customerId, booking.bufferMinutes}, call.now));
    CHECK(tx.insert(bookings, booking));
    CHECK(booking.status == BookingStatus::confirmed ? announceConfirmed(tx, booking, call.now) : publishChange(tx, booking, call.now));
    return booking;
}

Error afterTheWinner(Call const& call, Error lost, Ref<Slot> slotId) {
    bool const isRace = (lost.key == "slot_taken" || lost.key == "customer_busy") && lost.extra.empty();
    if (!isRace) return lost;
    auto const seen = visavis::read(call.store, [&](Reader& reader) -> Result<void> {
        auto const slot = availability::slot(reader, slotId);
        auto const specialist = slot ? reader.get(profiles::specialists, slot->specialistId) : std::nullopt;
        return specialist ? checkFree(call, reader, *specialist, *slot) : ok;
    });
    if (!seen && seen.error().key == "slot_taken") return seen.error();
    if (lost.key == "slot_taken") lost.extra["current"] = wordOf(availability::SlotStatus::booked); // and given back since
    return lost;
}

Result<void> publishChange(Tx& tx, Booking const& booking, Instant now) {
    return profiles::publishToBoth(tx, booking.specialistId, booking.customerId, identity::LiveKind::booking,
                                   project<BookingUpdate>(booking), now);
}

Result<Booking> visible(Reader& reader, Call const& call, Ref<Booking> id) {
    auto booking = reader.get(bookings, id);
    bool const isSide = booking && (booking->specialistId == call.who.specialistId || booking->customerId == call.who.customerId);
    if (!booking || (!isSide && !call.who.isStaff())) return notFound();
    return std::move(*booking);
}

Result<Booking> takeReview(Tx& tx, Ref<Booking> id, Ref<Customer> customer, CustomerFeedback const& feedback, Instant now) {
    auto booking = tx.get(bookings, id);
    if (!booking || booking->customerId != customer) return notFound();
    if (booking->feedback && booking->feedback->customerRating)
        return conflictWith(wordOf(booking->status), "already_reviewed", "This session has been reviewed.");
    if (booking->status != BookingStatus::completed)
        return conflictWith(wordOf(booking->status), "not_completed", "A session can be reviewed once it is completed.");
    if (!booking->feedback) booking->feedback.emplace();
    booking->feedback->customerRating = feedback.rating;
    booking->feedback->customerReview = feedback.review;
    booking->feedback->ratedAt = booking->updatedAt = now;
    CHECK(tx.replace(bookings, *booking));
    CHECK(publishChange(tx, *booking, now));
    return std::move(*booking);
}

Result<bool> noteReminder(Tx& tx, Booking const& booking, ReminderKind kind, Instant now) {
    auto const& sent = bookings->reminders;
    auto const& flag = kind == ReminderKind::day_before    ? sent.day_before_sent
                       : kind == ReminderKind::hour_before ? sent.hour_before_sent
                                                           : sent.post_session_sent;
    return tx.update(
        bookings,
        bookings->id == booking.id && bookings->status == booking.status && bookings->startsAt == booking.startsAt && flag == false,
        set(flag, true).set(bookings->updatedAt, std::max(now, booking.updatedAt)));
}

Result<void> onPaymentSucceeded(Platform& platform, payments::PaymentSucceeded const& event, Instant now) {
    auto const settleOnce = [&](bool tryAgain) {
        return visavis::transact(platform.store, [&](Tx& tx) { return settle(platform, tx, event, tryAgain, now); });
    };
    auto settled = settleOnce(true);
    // Somebody took the time between our look and our claim: then the money goes back.
    if (!settled && (settled.error().key == "slot_taken" || settled.error().key == "customer_busy")) settled = settleOnce(false);
    return settled;
}

Result<void> expireHolds(Platform& platform, Instant now) {
    std::string cursor;
    do {
        auto const due = visavis::read(platform.store, [&](Reader& reader) {
            return reader.find(bookings, bookings->status == BookingStatus::pending && bookings->holdExpiresAt <= now)
                .sort(bookings->holdExpiresAt, bookings->id)
                .limit(200)
                .page(cursor);
        });
        if (!due) return due.error();
        for (auto const& booking : due->items) { // one that cannot be settled now keeps nobody else waiting
            auto const settled = expireHold(platform, booking, now);
            if (!settled) log::warning("hold_not_settled", {{"booking", booking.id.hex()}, {"what", settled.error().key}});
        }
        cursor = due->nextCursor.value_or("");
    } while (!cursor.empty());
    return ok;
}

} // namespace visavis::booking
