// What a suspended account leaves behind: a specialist's sessions are called off by the platform, a customer's under their policy.
#include "booking/service.hpp"

namespace visavis::booking {
namespace {

// Whose bookings they are, and on whose behalf they are cancelled.
struct Suspended {
    Where<Booking> whose;
    Actor by;
};

std::optional<Suspended> suspended(Reader& reader, Ref<User> userId) {
    auto const user = reader.get(identity::users, userId);
    if (!user || user->isActive) return std::nullopt; // lifted before anything had happened
    if (auto const specialist = profiles::specialistOf(reader, userId)) return Suspended{bookings->specialistId == specialist->id, {}};
    if (auto const customer = profiles::customerOf(reader, userId))
        return Suspended{bookings->customerId == customer->id, {Party::customer, {}}};
    return std::nullopt; // staff
}

Result<void> cancelOne(Platform& platform, Ref<Booking> id, Actor const& by, Instant now) {
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto const booking = tx.get(bookings, id);
        bool const isOpen = booking && (booking->status == BookingStatus::pending || booking->status == BookingStatus::confirmed);
        if (!isOpen || booking->startsAt <= now) return ok; // what has begun takes its course
        CHECK(cancel(platform, tx, *booking, by, {}, now));
        return ok;
    });
}

} // namespace

Result<void> onUserSuspended(Platform& platform, identity::UserSuspended const& event, Instant now) {
    auto const found = visavis::read(platform.store, [&](Reader& reader) { return suspended(reader, event.userId); });
    if (!found) return ok;
    for (auto const status : {BookingStatus::pending, BookingStatus::confirmed}) {
        std::string cursor;
        do {
            auto const page = visavis::read(platform.store, [&](Reader& reader) {
                return reader.find(bookings, Where<Booking>(found->whose) && bookings->status == status)
                    .sort(bookings->createdAt, bookings->id)
                    .limit(100)
                    .page(cursor);
            });
            if (!page) return page.error();
            for (auto const& booking : page->items) CHECK(cancelOne(platform, booking.id, found->by, now));
            cursor = page->nextCursor.value_or("");
        } while (!cursor.empty());
    }
    return ok;
}

} // namespace visavis::booking
