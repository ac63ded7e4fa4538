// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "booking/records.hpp"

namespace visavis::booking {

DEFINE_COLLECTION(Booking, bookings) {
    auto const& it = paths<Booking>();
    return collection<Booking>("bookings")
        .index(it.slotId)
        .index(it.specialistId, it.status)
        .index(it.customerId, it.status)
        .index(it.meeting.zoomMeetingId)
        .index(it.specialistId, it.createdAt, it.id)
        .index(it.customerId, it.createdAt, it.id)
        .index(it.specialistId, it.status, it.createdAt, it.id)
        .index(it.customerId, it.status, it.createdAt, it.id)
        .index(it.specialistId, it.startsAt, it.id)
        .index(it.customerId, it.startsAt, it.id)
        .index(it.createdAt, it.id)
        .index(it.status, it.holdExpiresAt, it.id)
        .index(it.status, it.endsAt, it.id)
        .index(it.status, it.startsAt, it.id)
        .index(it.status, it.reminders.day_before_sent, it.reminders.hour_before_sent, it.reminders.post_session_sent, it.startsAt, it.id);
}

DEFINE_COLLECTION(Message, messages) {
    auto const& it = paths<Message>();
    return collection<Message>("messages").index(it.bookingId, it.createdAt, it.id);
}

} // namespace visavis::booking
