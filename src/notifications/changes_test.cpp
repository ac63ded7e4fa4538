// What is told of a booking after its confirmation: its end, its new time, its messages.
#include "notifications/api.hpp"
#include "notifications/compose.hpp"
#include "notifications/testing.hpp"

#include <libical/ical.h>

namespace visavis::notifications {
namespace {

using booking::BookingStatus;

bool has(std::string const& text, std::string_view part) { return text.find(part) != text.npos; }

class Changes : public World {
protected:
    Changes() {
        booking.statusHistory = {{BookingStatus::pending, now, {}, {}}, {BookingStatus::confirmed, now, {}, {}}};
        replace(booking::bookings, booking);
    }
    void cancel(booking::CancelReason reason, bool wasConfirmed = true) {
        booking.status = BookingStatus::cancelled;
        booking.cancelReason = reason;
        booking.cancellation.reason = "Flu <b>";
        booking.calendarSequence = wasConfirmed ? 1 : 0;
        if (!wasConfirmed) booking.statusHistory.pop_back();
        replace(booking::bookings, booking);
        for (int i = 0; i < 2; ++i) ASSERT_TRUE(onBookingCancelled(platform, {booking.id}, now));
    }
    void move(Party by, std::string const& to) {
        availability::Slot from;
        from.id = {ObjectId::derived("slot" + std::to_string(booking.calendarSequence))};
        from.specialistId = specialist.id;
        from.startsAt = booking.startsAt;
        from.endsAt = booking.endsAt;
        put(availability::slots, from);
        booking.rescheduleHistory.push_back({from.id, booking.slotId, now, bob.id, Lines<0, 500>("A clash"), by});
        booking.startsAt = at(to.c_str());
        booking.endsAt = booking.startsAt + Hours(1);
        ++booking.calendarSequence;
        replace(booking::bookings, booking);
    }
    void say(Party from, std::string const& text) {
        booking::Message message;
        message.id = platform.ids.make<booking::Message>(now);
        message.bookingId = booking.id;
        message.from = from;
        message.senderId = from == Party::customer ? bob.id : ann.id;
        message.text = text;
        message.createdAt = now;
        put(booking::messages, message);
        for (int i = 0; i < 2; ++i) EXPECT_TRUE(onMessageSent(platform, {message.id}, now));
    }
    static icalcomponent* parsed(Mail const& mail) { return icalparser_parse_string(mail.calendar->ics.c_str()); }
};

TEST_F(Changes, BothSidesLearnOfTheEndOnce) {
    struct Row {
        booking::CancelReason reason;
        char const* toBob;
        char const* toAnn;
    };
    Row const row{booking::CancelReason::by_customer,
                  "You have cancelled your session with Dr. Ann <Ng> & Co:", "Bob Rao has cancelled the session with you:"};
    payment.refund = payments::RefundMirror{};
    payment.refund->refundAmount = 2'500;
    replace(payments::payments, payment);
    cancel(row.reason);
    ASSERT_EQ(notesOf(bob).size(), 1u);
    ASSERT_EQ(notesOf(ann).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].type, NotificationType::booking_cancelled);
    EXPECT_TRUE(has(notesOf(bob)[0].message, row.toBob)) << notesOf(bob)[0].message.value;
    EXPECT_TRUE(has(notesOf(ann)[0].message, row.toAnn)) << notesOf(ann)[0].message.value;
    ASSERT_EQ(dueMails().size(), 2u);
    auto const mail = mailTo(bob);
    EXPECT_EQ(mailer.sent.size(), 2u);
    EXPECT_TRUE(has(mail.text, "Refund: 25.00 USD\n")) << mail.text;
    EXPECT_TRUE(has(mail.text, "Your reason: Flu <b>\n"));
    EXPECT_FALSE(has(mail.html, "Flu <b>"));
    ASSERT_TRUE(mail.calendar);
    EXPECT_EQ(mail.calendar->method, "CANCEL");
    auto* const calendar = parsed(mail);
    ASSERT_NE(calendar, nullptr);
    EXPECT_TRUE(icalrestriction_check(calendar));
    auto* const event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    EXPECT_EQ(icalcomponent_get_method(calendar), ICAL_METHOD_CANCEL);
    EXPECT_EQ(icalcomponent_get_uid(event), booking.id.hex() + "@visavis.test");
    EXPECT_EQ(icalcomponent_get_sequence(event), 1);
    EXPECT_EQ(icalcomponent_get_status(event), ICAL_STATUS_CANCELLED);
    icalcomponent_free(calendar);
    auto const toAnn = std::find_if(mailer.sent.begin(), mailer.sent.end(), [&](auto const& one) { return one.to == ann.email.value; });
    EXPECT_FALSE(has(toAnn->text, "Refund")) << "the customer's money is not the specialist's";
}

TEST_F(Changes, OfTheSpecialistsAndOurOwnDoing) {
    cancel(booking::CancelReason::by_specialist);
    EXPECT_EQ(mailTo(bob).subject, "Dr. Ann <Ng> & Co has cancelled your session");
    EXPECT_TRUE(has(mailTo(bob).text, "Refund: 0.00 USD\n")) << "paid, and nothing is on its way yet";
}

TEST_F(Changes, ByThePlatform) {
    cancel(booking::CancelReason::platform);
    EXPECT_TRUE(has(mailTo(bob).text, "we had to cancel your session"));
    EXPECT_TRUE(has(mailTo(ann).text, "we had to cancel your session"));
}

TEST_F(Changes, AHoldThatTheCustomerGivesUpIsNoNews) {
    cancel(booking::CancelReason::by_customer, false);
    EXPECT_TRUE(all(notifications).empty());
    EXPECT_TRUE(dueMails().empty());
}

TEST_F(Changes, AHoldThatOthersEndIsNewsWithoutACalendar) {
    cancel(booking::CancelReason::platform, false);
    EXPECT_TRUE(notesOf(ann).empty());
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_FALSE(mailTo(bob).calendar);
}

TEST_F(Changes, ANewTimeWithTheOldOneBesideIt) {
    customer.preferences.emailNotifications = {false}; // a change is told all the same
    replace(profiles::customers, customer);
    move(Party::specialist, "2026-03-10T15:00:00Z");
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(onBookingRescheduled(platform, {booking.id, 1}, now));
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].type, NotificationType::booking_rescheduled);
    EXPECT_EQ(
        notesOf(bob)[0].message.value,
        "Your session with Dr. Ann <Ng> & Co now takes place Tuesday, 10 March 2026, 20:30–21:30 (Asia/Kolkata, UTC+05:30); before, it "
        "was Monday, 9 March 2026, 18:30–19:30 (Asia/Kolkata, UTC+05:30).");
    auto const mail = mailTo(bob);
    EXPECT_TRUE(has(mail.text, "Before: Monday, 9 March 2026, 18:30–19:30"));
    EXPECT_TRUE(has(mail.text, "Reason: A clash\n"));
    EXPECT_TRUE(has(mail.text, "you can cancel until the start and get back everything"));
    EXPECT_FALSE(has(mail.text, "Refund if you cancel")) << "the policy does not hold for this one";
    auto* const calendar = parsed(mail);
    ASSERT_NE(calendar, nullptr);
    auto* const event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    EXPECT_EQ(icalcomponent_get_method(calendar), ICAL_METHOD_REQUEST);
    EXPECT_EQ(icalcomponent_get_uid(event), booking.id.hex() + "@visavis.test");
    EXPECT_EQ(icalcomponent_get_sequence(event), 1);
    icalcomponent_free(calendar);
}

TEST_F(Changes, WhoeverMovedItThemselvesKeepsTheirPolicy) {
    move(Party::customer, "2026-03-10T15:00:00Z");
    ASSERT_TRUE(onBookingRescheduled(platform, {booking.id, 1}, now));
    EXPECT_TRUE(has(mailTo(bob).text, "Refund if you cancel: 100% until 24 hours"));
    EXPECT_FALSE(has(mailTo(bob).text, "everything"));
}

TEST_F(Changes, TheNewestTimeAloneIsTold) {
    move(Party::customer, "2026-03-10T15:00:00Z");
    ASSERT_TRUE(onBookingRescheduled(platform, {booking.id, 1}, now));
    move(Party::customer, "2026-03-11T15:00:00Z");
    ASSERT_TRUE(onBookingRescheduled(platform, {booking.id, 2}, now));
    for (auto const& due : dueMails()) ASSERT_TRUE(onMailDue(platform, mailer, due, now));
    ASSERT_EQ(mailer.sent.size(), 2u) << "one to each side";
    for (auto const& mail : mailer.sent) EXPECT_TRUE(has(mail.calendar->ics, "SEQUENCE:2"));
    booking.status = BookingStatus::cancelled;
    replace(booking::bookings, booking);
    ASSERT_TRUE(onBookingRescheduled(platform, {booking.id, 2}, now));
    EXPECT_EQ(notesOf(bob).size(), 2u);
}

TEST_F(Changes, ALivelyThreadIsNotAMailPerLine) {
    parts.limits.enabled = true;
    for (auto n = parts.limits.mail_per_address + 2; n > 0; --n) say(Party::customer, "And");
    EXPECT_EQ(notesOf(ann).size(), static_cast<std::size_t>(parts.limits.mail_per_address + 2)) << "each is news";
    EXPECT_EQ(dueMails().size(), static_cast<std::size_t>(parts.limits.mail_per_address));
}

TEST_F(Changes, AMessageToTheOtherSide) {
    say(Party::customer, "See {{you}} <soon>");
    ASSERT_EQ(notesOf(ann).size(), 1u);
    EXPECT_TRUE(notesOf(bob).empty());
    EXPECT_EQ(notesOf(ann)[0].type, NotificationType::message_received);
    EXPECT_EQ(notesOf(ann)[0].title.value, "Message from Bob Rao");
    EXPECT_EQ(notesOf(ann)[0].message.value, "See {{you}} <soon>");
    auto const mail = mailTo(ann);
    EXPECT_TRUE(has(mail.text, "See {{you}} <soon>"));
    EXPECT_FALSE(has(mail.html, "<soon>"));
    for (auto const& entry : all(outbox)) EXPECT_FALSE(has(entry.payload, "soon")) << "nothing private lies in the outbox";

    customer.preferences.emailNotifications = {false};
    replace(profiles::customers, customer);
    std::string umlauts;
    for (int i = 0; i < 2'000; ++i) umlauts += "ü";
    say(Party::specialist, "x" + umlauts);
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].message.value.size(), 499u + std::string("…").size()) << "cut between characters";
    EXPECT_EQ(dueMails().size(), 1u) << "no mail to whom does not want it";
}

TEST_F(Changes, TheCalendarOfWhatIsConfirmed) {
    auto const calendarAs = [&](Party side) {
        identity::Caller who;
        who.userId = side == Party::customer ? bob.id : ann.id;
        if (side == Party::customer) who.customerId = customer.id;
        if (side == Party::specialist) who.specialistId = specialist.id;
        identity::Call call(platform, who, now);
        return calendar(call, {booking.id});
    };
    for (auto const side : {Party::customer, Party::specialist}) {
        auto const raw = calendarAs(side);
        ASSERT_TRUE(raw);
        EXPECT_EQ(raw->contentType, "text/calendar; charset=utf-8");
        auto* const read = icalparser_parse_string(raw->content->c_str());
        ASSERT_NE(read, nullptr);
        EXPECT_EQ(icalcomponent_get_method(read), ICAL_METHOD_PUBLISH);
        EXPECT_EQ(icalcomponent_get_uid(icalcomponent_get_first_component(read, ICAL_VEVENT_COMPONENT)),
                  booking.id.hex() + "@visavis.test");
        icalcomponent_free(read);
        EXPECT_FALSE(has(*raw->content, "example.test")) << "no addresses";
    }
    booking.status = BookingStatus::cancelled;
    replace(booking::bookings, booking);
    EXPECT_EQ(support::keyOf(calendarAs(Party::customer)), "wrong_state") << "it was never more than held";
    booking.calendarSequence = 1;
    replace(booking::bookings, booking);
    EXPECT_TRUE(has(*calendarAs(Party::customer)->content, "STATUS:CANCELLED"));
    booking.status = BookingStatus::pending;
    replace(booking::bookings, booking);
    EXPECT_EQ(support::keyOf(calendarAs(Party::specialist)), "wrong_state");
}

} // namespace
} // namespace visavis::notifications
