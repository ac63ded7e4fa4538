// A small world for the tests of this slice: a real store with a specialist in New York, a customer in Kolkata and a booking of theirs.
#pragma once

#include "notifications/service.hpp"
#include "support/platform.hpp"

#include <gtest/gtest.h>

namespace visavis::notifications {

inline Instant at(char const* text) { return *parseRfc3339(text); }

// Keeps what it is given; fails once for each error queued.
class RecordingMailer final : public Mailer {
public:
    Result<void> send(Mail const& mail) override {
        if (!errors.empty()) {
            auto const error = errors.front();
            errors.erase(errors.begin());
            return error;
        }
        sent.push_back(mail);
        return ok;
    }
    Sender sender() const override { return {"mail@visavis.test", "Visavis"}; }

    std::vector<Mail> sent;
    std::vector<Error> errors;
};

class World : public ::testing::Test {
protected:
    World() {
        parts.publicUrl = "https://visavis.test:8443";
        ann.email = {"ann@example.test"};
        ann.name = "Ann Ng";
        ann.userType = identity::UserType::specialist;
        bob.email = {"bob@example.test"};
        bob.name = "Bob Rao";
        bob.userType = identity::UserType::customer;
        for (auto* user : {&ann, &bob}) user->id = {platform.ids.next(now)};
        fillProfiles();
        fillBooking();
        put(identity::users, ann);
        put(identity::users, bob);
        put(profiles::specialists, specialist);
        put(profiles::customers, customer);
        put(booking::bookings, booking);
        put(payments::payments, payment);
    }

    template <class T> void put(Collection<T> const& into, T const& record) {
        ASSERT_TRUE(transact(platform.store, [&](Tx& tx) { return tx.insert(into, record); }));
    }
    template <class T> void replace(Collection<T> const& in, T& record) {
        ASSERT_TRUE(transact(platform.store, [&](Tx& tx) { return tx.replace(in, record); }));
    }
    // By the lowest id up, for the platform of tests takes a query without conditions for a fault.
    template <class T> std::vector<T> all(Collection<T> const& from) { return all(from, from->id >= Ref<T>{}); }
    template <class T> std::vector<T> all(Collection<T> const& from, Where<T> where) {
        return read(platform.store, [&](Reader& reader) { return reader.find(from, where).all(); });
    }
    std::vector<Notification> notesOf(identity::User const& user) { return all(notifications, notifications->recipientId == user.id); }

    // The queued mails, as the outbox runner would hand them over.
    std::vector<MailDue> dueMails() { return parts.emitted<MailDue>(); }
    // Hands over every queued mail and returns the one to `user`.
    Mail mailTo(identity::User const& user) {
        for (auto const& due : dueMails()) EXPECT_TRUE(onMailDue(platform, mailer, due, now));
        auto const found =
            std::find_if(mailer.sent.begin(), mailer.sent.end(), [&](Mail const& mail) { return mail.to == user.email.value; });
        if (found == mailer.sent.end()) throw std::logic_error("no mail to " + user.email.value);
        return *found;
    }

    Instant now = at("2026-03-01T12:00:00Z");

private:
    void fillProfiles() {
        specialist.id = {platform.ids.next(now)};
        specialist.userId = ann.id;
        specialist.email = ann.email;
        specialist.creatorName = "Dr. Ann <Ng> & Co";
        specialist.slug = "ann-ng";
        specialist.availability.timezone = Zone::load("America/New_York");
        customer.id = {platform.ids.next(now)};
        customer.userId = bob.id;
        customer.email = bob.email;
        customer.name = "Bob Rao";
        customer.timezone = Zone::load("Europe/Berlin");
    }
    void fillBooking() {
        booking.id = {platform.ids.next(now)};
        booking.slotId = {platform.ids.next(now)};
        booking.specialistId = specialist.id;
        booking.customerId = customer.id;
        booking.status = booking::BookingStatus::confirmed;
        booking.sessionDuration = 60;
        booking.sessionPrice = 5000;
        booking.startsAt = at("2026-03-09T13:00:00Z"); // the day after New York's clocks went forward
        booking.endsAt = at("2026-03-09T14:00:00Z");
        booking.timezone = Zone::load("Asia/Kolkata");
        booking.calendarSequence = 0;
        payment.id = {platform.ids.next(now)};
        payment.bookingId = booking.id;
        payment.specialistId = specialist.id;
        payment.customerId = customer.id;
        payment.amount = 5000;
        payment.platformFee = 1000;
        payment.platformFeePercentage = 20;
        payment.specialistPayout = 4000;
        payment.status = payments::PaymentStatus::succeeded;
        payment.idempotencyKey = "booking:" + booking.id.hex() + ":charge:1";
    }

protected:
    support::TestPlatform parts;
    identity::Platform& platform = parts.platform;
    RecordingMailer mailer;
    identity::User ann;
    identity::User bob;
    profiles::Specialist specialist;
    profiles::Customer customer;
    booking::Booking booking;
    payments::Payment payment;
};

} // namespace visavis::notifications
