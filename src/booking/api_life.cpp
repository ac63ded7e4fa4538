// What people do with a booking that is made: cancel, move, end and annotate it, and write to each other.
#include "booking/api.hpp"
#include "identity/limits.hpp"
#include "store/outbox.hpp"

namespace visavis::booking {
namespace {

// Where only a side may act: staff who are none see no such booking.
Result<Booking> ownBooking(Reader& reader, Call const& call, Ref<Booking> id) {
    TRY(auto booking, visible(reader, call, id));
    if (!actorOf(call, booking).side) return notFound();
    return booking;
}

// `change` gets the booking as `find` sees it, and who acts on it; what it returns is shown.
template <class F> Result<BookingView> act(Call& call, Ref<Booking> id, F const& change, decltype(&visible) find = visible) {
    return call.transact([&](Tx& tx) -> Result<BookingView> {
        TRY(auto booking, find(tx, call, id));
        auto const by = actorOf(call, booking);
        TRY(auto changed, change(tx, std::move(booking), by));
        return viewOf(tx, call, std::move(changed));
    });
}

Result<Booking> rate(Tx& tx, Booking booking, FeedbackInput const& input, Instant now) {
    if (booking.status != BookingStatus::completed) return wrongState(wordOf(booking.status));
    auto feedback = booking.feedback.value_or(Feedback{});
    feedback.specialistRating = input.rating;
    feedback.specialistReview = input.review;
    feedback.ratedAt = now;
    booking.feedback = feedback;
    booking.updatedAt = now;
    CHECK(tx.replace(bookings, booking));
    return booking;
}

// Each side has notes of its own; the other's cannot be written.
Result<void> checkOwnNotes(Party side, BookingPatch const& patch) {
    auto const* const others = side == Party::customer ? "specialistNotes" : "customerNotes";
    if (!patch.body.contains(others)) return ok;
    return invalidMembers({{std::string("/") + others, "read_only", "Cannot be changed here."}});
}

} // namespace

Result<CancellationPreview> showCancellation(Call& call, BookingId const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<CancellationPreview> {
        TRY(auto const booking, visible(reader, call, input.id));
        return previewCancellation(reader, booking, actorOf(call, booking).side, call.now);
    });
}

Result<BookingView> cancelBooking(Call& call, CancellationInput const& input) {
    return act(call, input.id, [&](Tx& tx, Booking booking, Actor const& by) {
        return cancel(call.platform, tx, std::move(booking), by, input.reason, call.now);
    });
}

Result<BookingView> rescheduleBooking(Call& call, RescheduleInput const& input) {
    auto moved = act(call, input.id, [&](Tx& tx, Booking booking, Actor const& by) {
        return reschedule(tx, std::move(booking), by, input.slotId, input.reason, call.now);
    });
    if (!moved) return afterTheWinner(call, moved.error(), input.slotId);
    return moved;
}

Result<BookingView> completeBooking(Call& call, BookingId const& input) {
    return act(call, input.id, [&](Tx& tx, Booking booking, Actor const& by) { return complete(tx, std::move(booking), by, call.now); });
}

Result<BookingView> reportAbsence(Call& call, NoShowInput const& input) {
    return act(call, input.id, [&](Tx& tx, Booking booking, Actor const& by) {
        return reportNoShow(call.platform, tx, std::move(booking), by, input.party, call.now);
    });
}

Result<BookingView> giveFeedback(Call& call, FeedbackInput const& input) {
    return act(
        call, input.id, [&](Tx& tx, Booking booking, Actor const&) { return rate(tx, std::move(booking), input, call.now); }, ownBooking);
}

Result<BookingView> patchBooking(Call& call, BookingPatch const& patch) {
    CHECK(patch.onto({})); // what is wrong about the body goes before what is there
    return act(
        call, {patch.id},
        [&](Tx& tx, Booking booking, Actor const& by) -> Result<Booking> {
            CHECK(checkOwnNotes(*by.side, patch));
            CHECK(call.checkVersion(booking.version));
            TRY(auto const notes, patch.onto(project<BookingNotes>(booking)));
            booking.customerNotes = notes.customerNotes;
            booking.specialistNotes = notes.specialistNotes;
            booking.updatedAt = call.now;
            CHECK(tx.replace(bookings, booking));
            CHECK(publishChange(tx, booking, call.now));
            return booking;
        },
        ownBooking);
}

Result<Page<Message>> listMessages(Call& call, MessageQuestion const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<Message>> {
        CHECK(ownBooking(reader, call, input.id));
        return reader.find(messages, messages->bookingId == input.id)
            .sort(messages->createdAt, messages->id)
            .limit(identity::pageSize(input.limit))
            .page(input.cursor.value_or(""));
    });
}

Result<std::vector<Message>> latestMessages(Call& call, Ref<Booking> id, std::size_t count) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<std::vector<Message>> {
        CHECK(ownBooking(reader, call, id));
        auto latest =
            reader.find(messages, messages->bookingId == id).sort(desc(messages->createdAt), desc(messages->id)).limit(count).all();
        std::reverse(latest.begin(), latest.end());
        return latest;
    });
}

Result<identity::Created<Message>> sendMessage(Call& call, NewMessage const& input) {
    auto const key = call.user().hex() + input.id.hex();
    CHECK(identity::limited(call, "message", key, call.platform.limits.messages_per_hour, Hours(1)));
    return call.transact([&](Tx& tx) -> Result<identity::Created<Message>> {
        TRY(auto const booking, ownBooking(tx, call, input.id));
        Message message;
        message.id = call.newId<Message>();
        message.bookingId = booking.id;
        message.senderId = call.user();
        message.from = *actorOf(call, booking).side;
        message.text = input.text;
        message.createdAt = call.now;
        CHECK(tx.insert(messages, message));
        if (message.from == Party::specialist) CHECK(availability::answerRequests(tx, booking.specialistId, booking.customerId, call.now));
        CHECK(visavis::emit(tx, MessageSent{message.id}, message.id.hex(), call.now));
        return identity::Created<Message>{std::move(message)};
    });
}

} // namespace visavis::booking
