// For tests: a specialist whose days are open, two customers, and a till; what they do they do through the verbs.
#pragma once

#include "availability/service.hpp"
#include "booking/api.hpp"
#include "support/people.hpp"
#include "support/till.hpp"

namespace visavis::booking {

using support::must;

class Desk : public testing::Test {
protected:
    Desk() {
        opening = now() + Hours(25);
        sara = specialist("sara");
        saraUser = host.get(profiles::specialists, sara)->userId;
        kiran = customer("kiran");
        olga = customer("olga");
        adminUser = user("root", {}).id;
    }

    template <class F> auto transact(F const& work) { return visavis::transact(*host.store, work); }

    Instant now() { return host.clock.now(); }
    Booking booking(Ref<Booking> id) { return *host.get(bookings, id); }
    Payment paymentOf(Ref<Booking> id) {
        return *visavis::read(*host.store, [&](Reader& reader) { return payments::paymentOf(reader, id); });
    }
    std::vector<payments::Refund> refundsOf(Ref<Booking> id) {
        return visavis::read(*host.store,
                             [&](Reader& reader) { return reader.find(payments::refunds, payments::refunds->bookingId == id).all(); });
    }
    MinorUnits refunded(Ref<Booking> id) {
        MinorUnits sum = 0;
        for (auto const& refund : refundsOf(id)) sum += refund.amount;
        return sum;
    }
    availability::SlotStatus slotStatus(Ref<Slot> id) { return host.get(availability::slots, id)->status; }

    // Each side, and staff, as they call.
    identity::Caller asSara() {
        identity::Caller who;
        who.userId = saraUser;
        who.userType = identity::UserType::specialist;
        who.specialistId = sara;
        return who;
    }
    identity::Caller asKiran() { return callerOf(kiran); }
    identity::Caller asOlga() { return callerOf(olga); }
    identity::Caller asAdmin() {
        identity::Caller who;
        who.userId = adminUser;
        who.roles = {identity::Role::admin};
        return who;
    }

    // The n-th slot of sara's from tomorrow's on, booked or not, without one-off ones.
    Slot slot(std::size_t number) {
        auto const& slots = availability::slots;
        auto all = visavis::read(*host.store, [&](Reader& reader) {
            return reader.find(slots, slots->specialistId == sara && slots->startsAt >= opening).sort(slots->startsAt, slots->id).all();
        });
        std::erase_if(all, [](Slot const& slot) { return !slot.isRecurring; });
        return all.at(number);
    }
    Ref<Booking> hold(identity::Caller const& who, std::size_t number) {
        auto call = host.call(who);
        return must(createBooking(call, {slot(number).id, {}, {}, {}, {}})).value.id;
    }
    Ref<Booking> paid(identity::Caller const& who, std::size_t number) {
        auto const id = hold(who, number);
        ask(who, id);
        succeed(id);
        settle();
        return id;
    }
    void ask(identity::Caller const& who, Ref<Booking> id) {
        auto call = host.call(who);
        must(askPayment(call, {id}));
    }
    // The payer's bank says yes and our row knows it; what follows from that waits in the outbox.
    void succeed(Ref<Booking> id) {
        auto const payment = paymentOf(id);
        auto& intent = till.intents.at(*payment.stripePaymentIntentId);
        intent.status = payments::IntentStatus::succeeded;
        intent.latestChargeId = "ch_" + payment.id.hex();
        must(payments::applyIntent(host.platform, payment.id, intent, now()));
    }
    // Carries out what booking and payments have queued, as often as it is there.
    void settle() {
        for (auto const& event : host.emitted<HoldReleased>()) must(onHoldReleased(host.platform, event, now()));
        for (auto const& event : host.emitted<payments::PaymentSucceeded>()) must(onPaymentSucceeded(host.platform, event, now()));
        for (auto const& event : host.emitted<payments::RefundRequested>()) must(payments::onRefundRequested(host.platform, event, now()));
    }
    Result<BookingView> cancelAs(identity::Caller const& who, Ref<Booking> id) {
        auto call = host.call(who);
        return cancelBooking(call, {id, Lines<0, 500>("Something came up.")});
    }
    CancellationPreview previewAs(identity::Caller const& who, Ref<Booking> id) {
        auto call = host.call(who);
        return must(showCancellation(call, {id}));
    }
    Result<BookingView> moveAs(identity::Caller const& who, Ref<Booking> id, Ref<Slot> slotId) {
        auto call = host.call(who);
        return rescheduleBooking(call, {id, slotId, {}});
    }
    Result<BookingView> completeAs(identity::Caller const& who, Ref<Booking> id) {
        auto call = host.call(who);
        return completeBooking(call, {id});
    }
    Result<BookingView> missAs(identity::Caller const& who, Ref<Booking> id, Party absent) {
        auto call = host.call(who);
        return reportAbsence(call, {id, absent});
    }
    Result<BookingView> rateAs(identity::Caller const& who, Ref<Booking> id) {
        auto call = host.call(who);
        return giveFeedback(call, {id, {4}, Lines<0, 5000>("Came prepared.")});
    }
    void setPolicy(profiles::CancellationPolicy const& policy) {
        must(transact([&](Tx& tx) -> Result<void> {
            auto specialist = *tx.get(profiles::specialists, sara);
            specialist.consulting.cancellationPolicy = policy;
            return tx.replace(profiles::specialists, specialist);
        }));
    }
    // A one-off slot of an hour.
    Slot oneOff(Instant startsAt, std::int64_t price = 10'000, std::int64_t minutes = 60) {
        Slot made = slot(0);
        made.id = host.ids.make<Slot>(now());
        made.isRecurring = false;
        made.status = availability::SlotStatus::available;
        made.startsAt = startsAt;
        made.endsAt = startsAt + Minutes(minutes);
        made.duration = minutes;
        made.price = price;
        must(transact([&](Tx& tx) -> Result<void> { return tx.insert(availability::slots, made); }));
        return made;
    }

    void moveTo(Instant to) { host.clock.advance(to - now()); }

    support::Till till;
    support::TestPlatform host{&till};
    Ref<Specialist> sara;
    Ref<User> saraUser, adminUser;
    Ref<Customer> kiran, olga;
    Instant opening;

    identity::Caller callerOf(Ref<Customer> id) {
        identity::Caller who;
        who.userId = host.get(profiles::customers, id)->userId;
        who.userType = identity::UserType::customer;
        who.customerId = id;
        return who;
    }
    User user(std::string const& name, std::optional<identity::UserType> type) { return support::newUser(host, name, type); }
    Ref<Specialist> specialist(std::string const& name) {
        auto const owner = user(name, identity::UserType::specialist);
        auto call = host.call({.userId = owner.id});
        return must(transact([&](Tx& tx) -> Result<Ref<Specialist>> {
            TRY(auto made, profiles::createSpecialist(call, tx, owner, Zone{}));
            auto wanted = project<profiles::WritableSpecialist>(made);
            support::openOfficeHours(wanted.availability.workingHours);
            wanted.availability.isAvailable = true;
            wanted.availability.maxAdvanceBooking = {21};
            wanted.consulting.basePrice = profiles::Price{10'000};
            TRY(made, profiles::updateSpecialist(call, tx, made, wanted));
            CHECK(availability::regenerate(host.platform, tx, made.id, call.now));
            return made.id;
        }));
    }
    Ref<Customer> customer(std::string const& name) {
        auto const owner = user(name, identity::UserType::customer);
        auto call = host.call({.userId = owner.id});
        return must(transact([&](Tx& tx) { return profiles::createCustomer(call, tx, owner, Zone{}); })).id;
    }
};

} // namespace visavis::booking
