// Where the collections of records.hpp and their indexes are made: once, not in every file that names them.
#include "availability/records.hpp"

namespace visavis::availability {

DEFINE_COLLECTION(Schedule, schedules) {
    auto const& it = paths<Schedule>();
    return collection<Schedule>("availabilitySchedules").index(it.specialistId, it.createdAt, it.id);
}

DEFINE_COLLECTION(Slot, slots) {
    auto const& it = paths<Slot>();
    return collection<Slot>("availabilitySlots")
        .index(it.specialistId, it.date, it.status)
        .index(it.customerId, it.status)
        .index(it.date)
        .index(it.specialistId, it.status, it.startsAt, it.id)
        .index(it.specialistId, it.startsAt, it.id)
        .index(it.status, it.startsAt, it.id)
        .index(it.specialistId, it.status, it.duration, it.startsAt, it.id)
        .index(it.scheduleId);
}

DEFINE_COLLECTION(Claim, claims) {
    auto const& it = paths<Claim>();
    return collection<Claim>("claims")
        .unique("slot_taken", it.specialistId, it.specialistCells)
        .where(it.active)
        .unique("customer_busy", it.customerId, it.customerCells)
        .where(it.active)
        .index(it.specialistId, it.startsAt, it.id)
        .index(it.customerId, it.startsAt, it.id);
}

DEFINE_COLLECTION(AvailabilityRequest, availabilityRequests) {
    auto const& it = paths<AvailabilityRequest>();
    return collection<AvailabilityRequest>("availabilityRequests")
        .index(it.specialistId, it.createdAt, it.id)
        .index(it.customerId, it.createdAt, it.id)
        .index(it.specialistId, it.customerId, it.answeredAt);
}

} // namespace visavis::availability
