// For tests of bookings: specialists with hours, customers, and bookings made through the verbs, on a gateway in memory.
#pragma once

#include "booking/service.hpp"
#include "payments/testing.hpp"

namespace visavis::booking {

using support::must;

class Office : public payments::Till {
protected:
    Office() { publish(specialistId, 10'000); }

    // Monday to Friday nine to five (UTC), bookable at once.
    void publish(Ref<Specialist> id, std::int64_t price, std::int64_t buffer = 0, std::vector<std::int64_t> lengths = {60}) {
        auto const stored = *host.get(profiles::specialists, id);
        auto call = host.call({.userId = stored.userId});
        transact([&](Tx& tx) -> Result<bool> {
            auto wanted = project<profiles::WritableSpecialist>(stored);
            support::openOfficeHours(wanted.availability.workingHours);
            wanted.availability.isAvailable = true;
            wanted.availability.minBookingNotice = {0};
            wanted.availability.maxAdvanceBooking = {7};
            wanted.availability.bufferTime = {buffer};
            wanted.consulting.sessionDurations.clear();
            for (auto const length : lengths) wanted.consulting.sessionDurations.push_back({length});
            wanted.consulting.defaultDuration = {lengths.front()};
            wanted.consulting.basePrice = profiles::Price{price};
            CHECK(profiles::updateSpecialist(call, tx, stored, wanted));
            CHECK(availability::regenerate(host.platform, tx, id, now()));
            return true;
        });
    }

    std::vector<Slot> slotsOf(Ref<Specialist> id) {
        auto const& slots = availability::slots;
        return visavis::read(*host.store, [&](Reader& reader) {
            return reader.find(slots, slots->specialistId == id && slots->startsAt > now()).sort(slots->startsAt, slots->id).all();
        });
    }
    Slot slot(std::size_t index) { return slotsOf(specialistId).at(index); }
    Slot slotNow(Slot const& slot) { return *host.get(availability::slots, slot.id); }
    bool isOpen(Slot const& slot) { return slotNow(slot).status == availability::SlotStatus::available; }

    Call callOf(Ref<Customer> id) { return host.call({.userId = host.get(profiles::customers, id)->userId, .customerId = id}); }
    Result<Booking> ask(Slot const& slot, Ref<Customer> customer, NewBooking input = {}) {
        input.slotId = slot.id;
        auto call = callOf(customer);
        return visavis::transact(*host.store, [&](Tx& tx) { return booking::request(call, tx, input); });
    }
    Result<Booking> ask(Slot const& slot) { return ask(slot, customerId); }
    Booking book(Slot const& slot) { return must(ask(slot)); }
    Booking booked(Booking const& booking) { return *host.get(bookings, booking.id); }

    // The payment that its customer has asked for.
    Payment paymentFor(Booking const& booking) { return openAgain(booking.id, booking.sessionPrice); }
    void arrives(Payment const& payment) { // the money, with its news
        payAtGateway(payment);
        must(payments::applyIntent(host.platform, payment.id, intent(payment), now()));
        must(onPaymentSucceeded(host.platform, {payment.id, payment.bookingId}, now()));
    }
    std::size_t refundsOf(Payment const& payment) {
        return visavis::read(*host.store, [&](Reader& reader) { return payments::refundsOf(reader, payment.id).size(); });
    }
    void expire() { must(expireHolds(host.platform, now())); }
};

} // namespace visavis::booking
