// A small world for the tests of this slice: a real store with a specialist in New York, a customer in Kolkata and a booking of theirs.
#pragma once

#include "availability/slot_cache.hpp"
#include "identity/limits.hpp"
#include "identity/passwords.hpp"
#include "notifications/service.hpp"
#include "payments/gateway.hpp"
#include "store/outbox.hpp"
#include "store/sqlite/test_store.hpp"

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

// Notifications move no money: any call is a fault.
class NoGateway final : public payments::Gateway {
public:
    Result<payments::Intent> createPaymentIntent(payments::NewIntent const&) override { return never(); }
    Result<payments::Intent> getPaymentIntent(std::string const&) override { return never(); }
    Result<payments::Intent> cancelPaymentIntent(std::string const&, std::string const&) override { return never(); }
    Result<payments::GatewayRefund> createRefund(payments::NewRefund const&) override { return never(); }
    Result<payments::GatewayRefund> getRefund(std::string const&) override { return never(); }
    Result<payments::Page<payments::GatewayRefund>> listRefunds(std::string const&, std::optional<std::string> const&) override {
        return never();
    }
    Result<payments::GatewayTransfer> createTransfer(payments::NewTransfer const&) override { return never(); }
    Result<payments::GatewayReversal> reverseTransfer(payments::NewReversal const&) override { return never(); }
    Result<payments::GatewayDispute> getDispute(std::string const&) override { return never(); }
    Result<payments::Page<payments::Intent>> listPaymentIntents(Instant, std::optional<std::string> const&) override { return never(); }
    Result<payments::Page<payments::WebhookEvent>> listEvents(Instant, std::optional<std::string> const&) override { return never(); }
    Result<payments::WebhookEvent> verifyWebhook(std::string_view, std::string_view, Instant) const override { return never(); }
    std::string const& publishableKey() const override { return key_; }
    bool livemode() const override { return false; }

private:
    static Error never() { throw std::logic_error("notifications must not reach the gateway"); }
    std::string key_;
};

class World : public ::testing::Test {
protected:
    World() {
        engine_->migrate(collections(), false);
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

    static std::vector<CollectionSpec const*> collections() {
        return {&identity::users.spec(),     &identity::oneTimeTokens.spec(), &profiles::specialists.spec(),
                &profiles::customers.spec(), &booking::bookings.spec(),       &payments::payments.spec(),
                &payments::refunds.spec(),   &notifications.spec(),           &outbox.spec(),
                &keptAnswers.spec()};
    }

    template <class T> void put(Collection<T> const& into, T const& record) {
        ASSERT_TRUE(transact(*engine_, [&](Tx& tx) { return tx.insert(into, record); }));
    }
    template <class T> void replace(Collection<T> const& in, T& record) {
        ASSERT_TRUE(transact(*engine_, [&](Tx& tx) { return tx.replace(in, record); }));
    }
    template <class T> std::vector<T> all(Collection<T> const& from, Where<T> where = {}) {
        return read(*engine_, [&](Reader& reader) { return reader.find(from, where).all(); });
    }
    std::vector<Notification> notesOf(identity::User const& user) { return all(notifications, notifications->recipientId == user.id); }

    // The queued mails, as the outbox runner would hand them over.
    std::vector<MailDue> dueMails() {
        std::vector<MailDue> list;
        for (auto const& entry : all(outbox)) list.push_back(*fromJson<MailDue>(*parseJson(entry.payload)));
        return list;
    }
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

    sqlite::TestPlace place_;
    std::unique_ptr<SqliteEngine> engine_ = openSqlite(place_.settings(), collections());
    ManualClock clock_{now};
    SeededRng rng_{7};
    IdSource ids_{rng_};
    std::string publicUrl_ = "https://visavis.test:8443";
    identity::LimitSettings limits_;
    identity::AuthSettings auth_;
    identity::PaymentRules rules_;
    identity::Passwords passwords_{rng_, 4, 1, 1};
    identity::RateLimiter limiter_;
    NoGateway gateway_;
    availability::SlotCache slots_;

protected:
    identity::Platform platform{*engine_, clock_, rng_, ids_, publicUrl_, limits_, auth_, rules_, passwords_, limiter_, gateway_, slots_};
    RecordingMailer mailer;
    identity::User ann;
    identity::User bob;
    profiles::Specialist specialist;
    profiles::Customer customer;
    booking::Booking booking;
    payments::Payment payment;
};

} // namespace visavis::notifications
