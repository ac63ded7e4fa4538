// From an event to rows and mails, on a real store: once each, however often the event comes.
#include "core/log.hpp"
#include "notifications/compose.hpp"
#include "notifications/testing.hpp"

#include <libical/ical.h>

#include <set>

namespace visavis::notifications {
namespace {

bool has(std::string const& text, std::string_view part) { return text.find(part) != text.npos; }

class Notifying : public World {
protected:
    void confirmTwice() {
        for (int i = 0; i < 2; ++i) ASSERT_TRUE(onBookingConfirmed(platform, {booking.id}, now));
    }
    payments::Refund refundOf(MinorUnits amount) {
        payments::Refund refund;
        refund.id = platform.ids.make<payments::Refund>(now);
        refund.paymentId = payment.id;
        refund.bookingId = booking.id;
        refund.amount = amount;
        refund.status = payments::RefundState::succeeded;
        refund.idempotencyKey = "payment:" + payment.id.hex() + ":refund:" + std::to_string(amount);
        put(payments::refunds, refund);
        return refund;
    }
    identity::User reread(identity::User const& user) { return all(identity::users, identity::users->id == user.id).at(0); }
};

TEST_F(Notifying, BothSidesOfAConfirmedBookingOnce) {
    confirmTwice();
    auto const bobs = notesOf(bob);
    ASSERT_EQ(bobs.size(), 1u);
    EXPECT_EQ(bobs[0].type, NotificationType::booking_confirmation);
    EXPECT_EQ(bobs[0].message.value,
              "Your session with Dr. Ann <Ng> & Co is confirmed: Monday, 9 March 2026, 18:30–19:30 (Asia/Kolkata, UTC+05:30).");
    EXPECT_EQ(bobs[0].actionUrl, "https://visavis.test:8443/bookings/" + booking.id.hex());
    EXPECT_EQ(bobs[0].bookingId, booking.id);
    EXPECT_EQ(bobs[0].paymentId, payment.id);
    EXPECT_EQ(bobs[0].channels, (std::vector{Channel::inApp, Channel::email}));
    EXPECT_EQ(bobs[0].metadata.specialistName, specialist.creatorName);
    EXPECT_EQ(bobs[0].metadata.customerName, customer.name);
    EXPECT_EQ(bobs[0].metadata.sessionTime, booking.startsAt);
    EXPECT_EQ(bobs[0].createdAt, now);
    EXPECT_EQ(bobs[0].expiresAt, now + Days(30));
    EXPECT_FALSE(bobs[0].isRead);

    std::map<NotificationType, Notification> anns;
    for (auto const& note : notesOf(ann)) anns[note.type] = note;
    ASSERT_EQ(anns.size(), 2u);
    EXPECT_EQ(anns.at(NotificationType::booking_confirmation).message.value,
              "Bob Rao has booked a session with you: Monday, 9 March 2026, 09:00–10:00 (America/New_York, UTC-04:00).");
    EXPECT_TRUE(has(anns.at(NotificationType::payment_received).message, "has paid 50.00 USD"));
    EXPECT_TRUE(has(anns.at(NotificationType::payment_received).message, "Your payout is 40.00 USD."));
    EXPECT_EQ(anns.at(NotificationType::payment_received).channels, std::vector{Channel::inApp});

    auto const queued = all(outbox);
    EXPECT_EQ(queued.size(), 2u);
    for (auto const& entry : queued) {
        EXPECT_EQ(entry.topic, "MailDue");
        for (auto const* secret : {"Bob", "Ann", "example.test", "USD"}) EXPECT_FALSE(has(entry.payload, secret)) << entry.payload;
    }
}

TEST_F(Notifying, AFreeBookingMentionsNoMoney) {
    booking.sessionPrice = 0;
    replace(booking::bookings, booking);
    payment.status = payments::PaymentStatus::pending;
    replace(payments::payments, payment);
    confirmTwice();
    ASSERT_EQ(notesOf(ann).size(), 1u);
    auto const mail = mailTo(bob);
    EXPECT_TRUE(has(mail.text, "Price: free"));
    EXPECT_FALSE(has(mail.text, "Refund")) << "no policy where nothing is paid";
}

TEST_F(Notifying, ABookingCancelledMeanwhileIsNotConfirmedToAnybody) {
    confirmTwice();
    booking.status = booking::BookingStatus::cancelled;
    replace(booking::bookings, booking);
    for (auto const& due : dueMails()) EXPECT_TRUE(onMailDue(platform, mailer, due, now));
    EXPECT_TRUE(mailer.sent.empty());
    for (auto const& note : all(notifications))
        ASSERT_TRUE(transact(platform.store, [&](Tx& tx) { return tx.erase(notifications, notifications->id == note.id); }));
    confirmTwice();
    EXPECT_TRUE(all(notifications).empty());
}

TEST_F(Notifying, TheCustomersMail) {
    customer.preferences.emailNotifications = {false}; // a confirmation goes all the same
    replace(profiles::customers, customer);
    confirmTwice();
    auto const mail = mailTo(bob);
    EXPECT_EQ(mailer.sent.size(), 2u);
    EXPECT_EQ(mail.toName, "Bob Rao");
    EXPECT_EQ(mail.subject, "Confirmed: your session with Dr. Ann <Ng> & Co");
    for (auto const* part :
         {"When: Monday, 9 March 2026, 18:30–19:30 (Asia/Kolkata, UTC+05:30)\n",
          "For Dr. Ann <Ng> & Co: Monday, 9 March 2026, 09:00–10:00 (America/New_York, UTC-04:00)\n", "Duration: 60 minutes\n",
          "Price: 50.00 USD\n", "Refund if you cancel: 100% until 24 hours before the start, nothing after that."})
        EXPECT_TRUE(has(mail.text, part)) << part << "\n" << mail.text;
    EXPECT_TRUE(has(mail.text, "https://visavis.test:8443/bookings/" + booking.id.hex() + "\n"));
    for (auto const* part : {"40.00", "10.00", "fee", "payout"}) {
        EXPECT_FALSE(has(mail.text, part)) << "the split is none of the customer's business: " << part;
        EXPECT_FALSE(has(mail.html, part + std::string(" USD"))) << part;
    }
    EXPECT_TRUE(has(mail.html, "Dr. Ann &lt;Ng&gt; &amp; Co"));
    EXPECT_FALSE(has(mail.html, "<Ng>"));
    EXPECT_TRUE(has(mail.html, "href=\"https://visavis.test:8443/bookings/" + booking.id.hex() + "\""));
    EXPECT_TRUE(has(mail.messageId, "@visavis.test"));
}

TEST_F(Notifying, TheSplitIsNotEvenAtHandInACustomersTexts) {
    Parties const parties{booking, specialist, customer, payment};
    for (auto const* secret : {"fee", "payout"}) {
        EXPECT_FALSE(bookingValues(parties, Party::customer, platform.publicUrl).contains(secret)) << secret;
        EXPECT_TRUE(bookingValues(parties, Party::specialist, platform.publicUrl).contains(secret)) << secret;
    }
}

TEST_F(Notifying, TheSpecialistsMail) {
    confirmTwice();
    auto const mail = mailTo(ann);
    EXPECT_EQ(mail.subject, "Bob Rao has booked a session with you");
    for (auto const* part : {"When: Monday, 9 March 2026, 09:00–10:00 (America/New_York, UTC-04:00)\n",
                             "For Bob Rao: Monday, 9 March 2026, 18:30–19:30 (Asia/Kolkata, UTC+05:30)\n", "Price: 50.00 USD\n",
                             "Platform fee: 10.00 USD\n", "Your payout: 40.00 USD\n"})
        EXPECT_TRUE(has(mail.text, part)) << part << "\n" << mail.text;
    EXPECT_FALSE(has(mail.text, "Refund if"));
    EXPECT_FALSE(has(mail.text + mail.html, "bob@example.test")) << "the other side's address stays private";
    EXPECT_FALSE(has(mail.calendar->ics, "bob@example.test"));
}

TEST_F(Notifying, ASpecialistLearnsOfAReviewOnce) {
    reviews::Review review;
    review.id = platform.ids.make<reviews::Review>(now);
    review.bookingId = booking.id;
    review.specialistId = specialist.id;
    review.customerId = customer.id;
    review.rating = {4};
    put(reviews::reviews, review);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(onReviewReceived(platform, {review.id, booking.id}, now));
    auto const notes = notesOf(ann);
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].type, NotificationType::review_received);
    EXPECT_EQ(notes[0].title.value, "Bob Rao has reviewed your session");
    EXPECT_EQ(
        notes[0].message.value,
        "Bob Rao rates the session of Monday, 9 March 2026, 09:00–10:00 (America/New_York, UTC-04:00) with 4 of 5. You can answer the "
        "review once.");
    EXPECT_EQ(notes[0].bookingId, booking.id);
    EXPECT_EQ(notes[0].channels, std::vector{Channel::inApp});
    EXPECT_TRUE(notesOf(bob).empty());
    EXPECT_TRUE(onReviewReceived(platform, {{ObjectId::derived("gone")}, booking.id}, now)) << "a review that is gone";
    EXPECT_EQ(notesOf(ann).size(), 1u);
}

TEST_F(Notifying, ACustomerIsWrittenToInTheirLanguage) {
    customer.language = "de-AT";
    replace(profiles::customers, customer);
    confirmTwice();
    EXPECT_EQ(notesOf(bob).at(0).title.value, "Termin bestätigt");
    EXPECT_TRUE(has(mailTo(bob).text, "Wann: Montag, 9. März 2026, 18:30–19:30 Uhr (Asia/Kolkata, UTC+05:30)"));
    EXPECT_EQ(mailTo(ann).subject, "Bob Rao has booked a session with you");
}

TEST_F(Notifying, TheInvitationIsReadByLibical) {
    booking.calendarSequence = 2;
    replace(booking::bookings, booking);
    confirmTwice();
    auto const mail = mailTo(bob);
    ASSERT_TRUE(mail.calendar);
    EXPECT_EQ(mail.calendar->method, "REQUEST");
    auto* const calendar = icalparser_parse_string(mail.calendar->ics.c_str());
    ASSERT_NE(calendar, nullptr);
    EXPECT_TRUE(icalrestriction_check(calendar));
    auto* const event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(icalcomponent_get_method(calendar), ICAL_METHOD_REQUEST);
    EXPECT_EQ(icalcomponent_get_uid(event), booking.id.hex() + "@visavis.test");
    EXPECT_EQ(icalcomponent_get_sequence(event), 2);
    EXPECT_EQ(icaltime_as_timet(icalcomponent_get_dtstart(event)) * 1000, booking.startsAt.ms);
    EXPECT_EQ(icaltime_as_timet(icalcomponent_get_dtend(event)) * 1000, booking.endsAt.ms);
    EXPECT_STREQ(icalcomponent_get_summary(event), "Session with Dr. Ann <Ng> & Co");
    auto* const organizer = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY);
    auto* const attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    ASSERT_TRUE(organizer != nullptr && attendee != nullptr);
    EXPECT_STREQ(icalproperty_get_organizer(organizer), "mailto:mail@visavis.test");
    EXPECT_STREQ(icalproperty_get_attendee(attendee), "mailto:bob@example.test");
    EXPECT_EQ(icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY), nullptr);
    icalcomponent_free(calendar);
}

TEST_F(Notifying, AMailGoesOnceAndIsNoted) {
    confirmTwice();
    auto const due = dueMails().at(0);
    now = now + Minutes(1);
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(onMailDue(platform, mailer, due, now));
    EXPECT_EQ(mailer.sent.size(), 1u);
    EXPECT_EQ(all(notifications, notifications->id == *due.notificationId).at(0).emailSentAt, now);
}

TEST_F(Notifying, AMailThatMustWaitIsTriedAgainUnderTheSameId) {
    confirmTwice();
    auto const due = dueMails().at(0);
    mailer.errors = {failure(Code::unavailable, "mail_unavailable", "later")};
    auto const first = onMailDue(platform, mailer, due, now);
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code, Code::unavailable);
    EXPECT_FALSE(all(notifications, notifications->id == *due.notificationId).at(0).emailSentAt);
    EXPECT_TRUE(onMailDue(platform, mailer, due, now));
    EXPECT_EQ(mailer.sent.at(0).messageId, messageId(effectKey(due), platform.publicUrl));
}

TEST_F(Notifying, AMailRefusedForGoodIsDone) {
    log::setLevel(log::Level::off);
    confirmTwice();
    auto const due = dueMails().at(0);
    mailer.errors = {conflict("mail_rejected", "no such user")};
    EXPECT_TRUE(onMailDue(platform, mailer, due, now));
    EXPECT_TRUE(mailer.sent.empty());
    EXPECT_FALSE(all(notifications, notifications->id == *due.notificationId).at(0).emailSentAt);
    log::setLevel(log::Level::info);
}

TEST_F(Notifying, AnExpiredHoldToItsCustomerAlone) {
    booking.status = booking::BookingStatus::cancelled;
    replace(booking::bookings, booking);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(onHoldExpired(platform, {booking.id}, now));
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].type, NotificationType::booking_cancelled);
    EXPECT_TRUE(notesOf(ann).empty());
    EXPECT_TRUE(all(outbox).empty());
}

TEST_F(Notifying, ADeclineOncePerReasonWhileItMatters) {
    booking.status = booking::BookingStatus::pending;
    replace(booking::bookings, booking);
    for (auto const* code : {"insufficient_funds", "insufficient_funds", "a_code_of_next_year"})
        ASSERT_TRUE(onPaymentDeclined(platform, {payment.id, booking.id, code}, now));
    ASSERT_EQ(notesOf(bob).size(), 2u);
    for (auto const& note : notesOf(bob)) {
        EXPECT_EQ(note.type, NotificationType::payment_failed);
        EXPECT_EQ(note.action, "pay_booking");
        EXPECT_FALSE(has(note.message, "a_code_of_next_year")) << "codes are not for people";
    }
    EXPECT_TRUE(notesOf(ann).empty());
    booking.status = booking::BookingStatus::confirmed;
    replace(booking::bookings, booking);
    ASSERT_TRUE(onPaymentDeclined(platform, {payment.id, booking.id, "expired_card"}, now));
    EXPECT_EQ(notesOf(bob).size(), 2u) << "news of a decline after the success would only worry";
}

TEST_F(Notifying, EachRefundWithItsAmount) {
    auto const part = refundOf(1250);
    auto const rest = refundOf(3750);
    for (auto const& refund : {part, part, rest}) ASSERT_TRUE(onRefundSucceeded(platform, {refund.id, booking.id}, now));
    ASSERT_EQ(notesOf(bob).size(), 2u);
    EXPECT_TRUE(notesOf(ann).empty());
    ASSERT_EQ(dueMails().size(), 2u);
    for (auto const& due : dueMails()) EXPECT_TRUE(onMailDue(platform, mailer, due, now));
    std::set<std::string> subjects;
    for (auto const& mail : mailer.sent) {
        EXPECT_EQ(mail.to, "bob@example.test");
        EXPECT_FALSE(mail.calendar);
        subjects.insert(mail.subject);
    }
    EXPECT_EQ(subjects, (std::set<std::string>{"Your refund of 12.50 USD", "Your refund of 37.50 USD"}));
}

TEST_F(Notifying, LateMoneyIsExplained) {
    booking.status = booking::BookingStatus::cancelled;
    replace(booking::bookings, booking);
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(onLateMoneyRefunded(platform, {booking.id, payment.id}, now));
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_TRUE(has(notesOf(bob)[0].message, "arrived after your reservation had ended. Everything is refunded."));
    ASSERT_EQ(dueMails().size(), 1u);
    auto const mail = mailTo(bob);
    EXPECT_TRUE(has(mail.text, "Refund: 50.00 USD\n"));
    EXPECT_EQ(mailer.sent.size(), 1u);
}

TEST_F(Notifying, EventsOfBookingsThatAreNotThereAreDone) {
    log::setLevel(log::Level::off);
    Ref<booking::Booking> const none{ObjectId::derived("none")};
    EXPECT_TRUE(onBookingConfirmed(platform, {none}, now));
    EXPECT_TRUE(onMailDue(platform, mailer, {MailKind::booking_confirmation, bob.id, {}, none, {}, {}, 0}, now));
    EXPECT_TRUE(
        onMailDue(platform, mailer, {MailKind::refund_processed, bob.id, {}, booking.id, {}, Ref<payments::Refund>{none.id}, 0}, now));
    EXPECT_TRUE(onVerificationRequested(platform, mailer, {Ref<identity::User>{none.id}}, now));
    EXPECT_TRUE(onPasswordResetRequested(platform, mailer, {Ref<identity::User>{none.id}}, now));
    EXPECT_TRUE(mailer.sent.empty());
    EXPECT_TRUE(all(notifications).empty());
    log::setLevel(log::Level::info);
}

std::string tokenIn(Mail const& mail, std::string const& before) {
    auto const found = mail.text.find(before);
    if (found == mail.text.npos) throw std::logic_error("no link in " + mail.text);
    return mail.text.substr(found + before.size(), 43);
}

TEST_F(Notifying, TheLinkOfAVerificationWorks) {
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(onVerificationRequested(platform, mailer, {bob.id}, now));
    ASSERT_EQ(mailer.sent.size(), 2u);
    EXPECT_NE(mailer.sent[0].messageId, mailer.sent[1].messageId) << "the second link works, so it must not be dropped as a copy";
    auto const verify = [&](Mail const& mail) {
        auto const token = tokenIn(mail, "https://visavis.test:8443/verify-email?token=");
        return transact(platform.store, [&](Tx& tx) { return identity::verifyEmail(tx, token, now); });
    };
    EXPECT_FALSE(verify(mailer.sent[0])) << "newest only";
    EXPECT_TRUE(verify(mailer.sent[1]));
    EXPECT_TRUE(reread(bob).isVerified);
    EXPECT_FALSE(has(mailer.sent[1].messageId, reread(bob).id.hex()));
    ASSERT_TRUE(onVerificationRequested(platform, mailer, {bob.id}, now));
    EXPECT_EQ(mailer.sent.size(), 2u) << "nothing is left to be verified";
    EXPECT_TRUE(all(outbox).empty());
}

TEST_F(Notifying, TheLinkOfAResetWorks) {
    mailer.errors = {failure(Code::unavailable, "mail_unavailable", "later")};
    EXPECT_FALSE(onPasswordResetRequested(platform, mailer, {ann.id}, now));
    ASSERT_TRUE(onPasswordResetRequested(platform, mailer, {ann.id}, now));
    auto const token = tokenIn(mailer.sent.at(0), "https://visavis.test:8443/reset-password?token=");
    EXPECT_EQ(all(identity::oneTimeTokens).at(0).tokenHash.value, sha256Hex(token));
    EXPECT_TRUE(has(mailer.sent[0].text, "within 60 minutes"));
    EXPECT_FALSE(mailer.sent[0].calendar);
}

TEST_F(Notifying, ASuspendedUserGetsNoLinks) {
    bob.isActive = false;
    replace(identity::users, bob);
    EXPECT_TRUE(onVerificationRequested(platform, mailer, {bob.id}, now));
    EXPECT_TRUE(onPasswordResetRequested(platform, mailer, {bob.id}, now));
    EXPECT_TRUE(mailer.sent.empty());
}

TEST_F(Notifying, WhatIsPastItsTimeGoes) {
    ASSERT_TRUE(transact(platform.store, [&](Tx& tx) -> Result<void> {
        for (int i = 0; i < 1'101; ++i) {
            Notification note;
            note.id = platform.ids.make<Notification>(now);
            note.recipientId = bob.id;
            note.title = "x";
            note.message = "x";
            note.createdAt = now - Days(30) + Millis(i - 1'000);
            note.expiresAt = note.createdAt + lifetime;
            CHECK(tx.insert(notifications, note));
        }
        return ok;
    }));
    ASSERT_TRUE(expireNotifications(platform, now));
    auto const left = all(notifications);
    EXPECT_EQ(left.size(), 100u) << "three batches, up to and with this instant";
    for (auto const& note : left) EXPECT_GT(note.expiresAt, now);
    ASSERT_TRUE(expireNotifications(platform, now + Days(1)));
    EXPECT_TRUE(all(notifications).empty());
    ASSERT_TRUE(expireNotifications(platform, now + Days(1)));
}

} // namespace
} // namespace visavis::notifications
