// Reminders: when they are due, who gets them, and that each comes once, whatever happens in between.
#include "availability/api.hpp"
#include "core/log.hpp"
#include "notifications/rules.hpp"
#include "notifications/testing.hpp"

#include <set>

namespace visavis::notifications {
namespace {

using booking::BookingStatus;
using booking::ReminderKind;

TEST(ReminderRules, OneIsDueUntilTheNextOneIs) {
    booking::Booking plain;
    plain.status = BookingStatus::confirmed;
    plain.startsAt = at("2026-03-09T13:00:00Z");
    plain.endsAt = at("2026-03-09T14:00:00Z");
    struct Row {
        char const* name;
        char const* now;
        BookingStatus status;
        booking::Reminders sent;
        std::optional<ReminderKind> due;
    };
    auto const day = ReminderKind::day_before;
    auto const hour = ReminderKind::hour_before;
    auto const post = ReminderKind::post_session;
    auto const confirmed = BookingStatus::confirmed;
    auto const completed = BookingStatus::completed;
    Row const rows[] = {
        {"long before", "2026-03-08T12:59:59.999Z", confirmed, {}, {}},
        {"a day before", "2026-03-08T13:00:00Z", confirmed, {}, day},
        {"overdue, but nothing else is due", "2026-03-09T11:59:59.999Z", confirmed, {}, day},
        {"that day is reminded of", "2026-03-09T11:00:00Z", confirmed, {true, false, false}, {}},
        {"an hour before", "2026-03-09T12:00:00Z", confirmed, {}, hour},
        {"after the day's", "2026-03-09T12:00:00Z", confirmed, {true, false, false}, hour},
        {"once", "2026-03-09T12:30:00Z", confirmed, {true, true, false}, {}},
        {"just before the start", "2026-03-09T12:59:59.999Z", confirmed, {}, hour},
        {"never after the start", "2026-03-09T13:00:00Z", confirmed, {}, {}},
        {"over, but not completed", "2026-03-09T15:00:00Z", confirmed, {true, true, false}, {}},
        {"completed before its end", "2026-03-09T13:59:59.999Z", completed, {true, true, false}, {}},
        {"completed", "2026-03-09T14:00:00Z", completed, {true, true, false}, post},
        {"completed without the others", "2026-03-09T14:15:00Z", completed, {}, post},
        {"asked already", "2026-03-09T14:15:00Z", completed, {true, true, true}, {}},
        {"a week after", "2026-03-16T14:00:00Z", completed, {true, true, false}, {}},
        {"held only", "2026-03-09T12:00:00Z", BookingStatus::pending, {}, {}},
        {"cancelled", "2026-03-09T12:00:00Z", BookingStatus::cancelled, {}, {}},
        {"nobody came", "2026-03-09T14:15:00Z", BookingStatus::noShow, {}, {}},
    };
    for (auto const& row : rows) {
        auto booking = plain;
        booking.status = row.status;
        booking.reminders = row.sent;
        EXPECT_EQ(dueReminder(booking, at(row.now)), row.due) << row.name;
    }
}

class Reminding : public World {
protected:
    // Runs the job twice: what is harmless twice must show it.
    void remindAt(char const* when) {
        now = at(when);
        for (int i = 0; i < 2; ++i) ASSERT_TRUE(sendReminders(platform, now));
    }
    booking::Booking stored() { return all(booking::bookings).at(0); }
    std::vector<MailKind> mails() {
        std::vector<MailKind> kinds;
        for (auto const& due : dueMails()) kinds.push_back(due.kind);
        return kinds;
    }
    void change(std::function<void(booking::Booking&)> const& how) {
        auto changed = stored();
        how(changed);
        replace(booking::bookings, changed);
    }
};

TEST_F(Reminding, BothSidesADayAndAnHourBefore) {
    remindAt("2026-03-08T12:59:00Z");
    EXPECT_TRUE(all(notifications).empty());
    remindAt("2026-03-08T13:00:00Z");
    ASSERT_EQ(notesOf(bob).size(), 1u);
    ASSERT_EQ(notesOf(ann).size(), 1u);
    auto const note = notesOf(bob)[0];
    EXPECT_EQ(note.type, NotificationType::booking_reminder);
    EXPECT_EQ(note.message.value, "Your session with Dr. Ann <Ng> & Co: Monday, 9 March 2026, 18:30–19:30 (Asia/Kolkata, UTC+05:30).");
    EXPECT_EQ(notesOf(ann)[0].message.value, "Your session with Bob Rao: Monday, 9 March 2026, 09:00–10:00 (America/New_York, UTC-04:00).");
    EXPECT_EQ(note.expiresAt, now + Days(30));
    EXPECT_EQ(note.channels, (std::vector{Channel::inApp, Channel::email}));
    EXPECT_EQ(mails(), (std::vector{MailKind::reminder_day, MailKind::reminder_day}));
    EXPECT_TRUE(stored().reminders.day_before_sent);
    EXPECT_FALSE(stored().reminders.hour_before_sent);
    remindAt("2026-03-09T12:05:00Z");
    EXPECT_EQ(notesOf(bob).size(), 2u);
    EXPECT_TRUE(stored().reminders.hour_before_sent);
    remindAt("2026-03-09T14:30:00Z");
    EXPECT_EQ(notesOf(bob).size(), 2u) << "it is not completed";
    EXPECT_EQ(all(outbox).size(), 4u);
}

TEST_F(Reminding, AnOverdueOneGivesWayToTheNext) {
    remindAt("2026-03-09T12:30:00Z");
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].title.value, "Session starts soon");
    EXPECT_EQ(mails(), (std::vector{MailKind::reminder_hour, MailKind::reminder_hour}));
}

TEST_F(Reminding, NeverOfACancelledBooking) {
    change([](auto& it) { it.status = BookingStatus::cancelled; });
    remindAt("2026-03-09T12:30:00Z");
    EXPECT_TRUE(all(notifications).empty());
    EXPECT_TRUE(all(outbox).empty());
}

TEST_F(Reminding, AMailIsNotSentOnceItIsOutdated) {
    struct Row {
        char const* name;
        char const* now;
        std::function<void(booking::Booking&)> change;
        std::size_t sent;
    };
    Row const rows[] = {
        {"in time", "2026-03-08T13:05:00Z", [](auto&) {}, 2},
        {"late, and the hour's is due", "2026-03-09T12:00:00Z", [](auto&) {}, 0},
        {"moved meanwhile", "2026-03-08T13:05:00Z", [](auto& it) { ++it.calendarSequence; }, 0},
        {"cancelled meanwhile", "2026-03-08T13:05:00Z", [](auto& it) { it.status = BookingStatus::cancelled; }, 0},
    };
    remindAt("2026-03-08T13:00:00Z");
    auto const due = dueMails();
    ASSERT_EQ(due.size(), 2u);
    for (auto const& row : rows) {
        auto const before = stored();
        change(row.change);
        mailer.sent.clear();
        for (auto mail : due) {
            mail.notificationId.reset(); // so that each row may send it
            EXPECT_TRUE(onMailDue(platform, mailer, mail, at(row.now)));
        }
        EXPECT_EQ(mailer.sent.size(), row.sent) << row.name;
        change([&](auto& it) { it.status = before.status, it.calendarSequence = before.calendarSequence; });
    }
}

TEST_F(Reminding, PreferencesAreRespected) {
    specialist.preferences.remindersEnabled = {false};
    replace(profiles::specialists, specialist);
    customer.preferences.emailNotifications = {false};
    replace(profiles::customers, customer);
    remindAt("2026-03-08T13:00:00Z");
    EXPECT_TRUE(notesOf(ann).empty()) << "wants no reminders";
    ASSERT_EQ(notesOf(bob).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].channels, std::vector{Channel::inApp}) << "wants no mails";
    EXPECT_TRUE(all(outbox).empty());
    EXPECT_TRUE(stored().reminders.day_before_sent) << "dealt with";
}

TEST_F(Reminding, WhoSwitchesThemOffMeanwhileGetsNoMail) {
    remindAt("2026-03-08T13:00:00Z");
    customer.preferences.remindersEnabled = {false};
    replace(profiles::customers, customer);
    for (auto const& due : dueMails()) EXPECT_TRUE(onMailDue(platform, mailer, due, now));
    ASSERT_EQ(mailer.sent.size(), 1u);
    EXPECT_EQ(mailer.sent[0].to, "ann@example.test");
}

TEST_F(Reminding, AMovedBookingIsRemindedOfItsNewTimeAndOfEachTimeOnce) {
    auto const first = booking.startsAt;
    auto const moveTo = [&](Instant start) {
        change([&](auto& it) {
            it.startsAt = start;
            it.endsAt = start + Hours(1);
            it.reminders = {};
            ++it.calendarSequence;
        });
    };
    remindAt("2026-03-08T13:00:00Z");
    moveTo(first + Days(1));
    remindAt("2026-03-08T13:01:00Z");
    EXPECT_EQ(notesOf(bob).size(), 1u) << "the new time is not due";
    moveTo(first);
    remindAt("2026-03-08T13:02:00Z");
    EXPECT_EQ(notesOf(bob).size(), 1u) << "back at a time that was reminded of";
    EXPECT_EQ(all(outbox).size(), 2u);
    moveTo(first + Days(1));
    remindAt("2026-03-09T13:00:00Z");
    EXPECT_EQ(notesOf(bob).size(), 2u);
    EXPECT_EQ(all(outbox).size(), 4u);
}

TEST_F(Reminding, ACompletedSessionIsAskedAboutOnce) {
    change([](auto& it) { it.status = BookingStatus::completed; });
    remindAt("2026-03-09T14:20:00Z");
    ASSERT_EQ(notesOf(bob).size(), 1u);
    ASSERT_EQ(notesOf(ann).size(), 1u);
    EXPECT_EQ(notesOf(bob)[0].type, NotificationType::session_completed);
    EXPECT_EQ(notesOf(bob)[0].action, "review_booking");
    EXPECT_EQ(notesOf(ann)[0].channels, std::vector{Channel::inApp});
    EXPECT_EQ(mails(), std::vector{MailKind::review_wanted});
    EXPECT_TRUE(mailTo(bob).text.find("Write a review") != std::string::npos);
    EXPECT_TRUE(stored().reminders.post_session_sent);
}

// However many are due, they are read in pages, and none is passed over.
TEST_F(Reminding, ManyAtOnce) {
    constexpr int more = 450;
    ASSERT_TRUE(transact(platform.store, [&](Tx& tx) -> Result<void> {
        for (int i = 0; i < more; ++i) {
            auto another = booking;
            another.id = {platform.ids.next(now)};
            another.startsAt = booking.startsAt + Millis(i % 7);
            CHECK(tx.insert(booking::bookings, another));
        }
        return ok;
    }));
    remindAt("2026-03-08T13:30:00Z");
    EXPECT_EQ(notesOf(bob).size(), more + 1u);
    EXPECT_EQ(notesOf(ann).size(), more + 1u);
    EXPECT_EQ(all(outbox).size(), 2 * (more + 1u));
}

// One whose customer is gone keeps nobody else waiting.
TEST_F(Reminding, ABrokenOneIsLeftOut) {
    log::setLevel(log::Level::off);
    ASSERT_TRUE(transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto lonely = booking;
        lonely.id = {platform.ids.next(now)};
        lonely.customerId = {ObjectId::derived("nobody")};
        lonely.startsAt = booking.startsAt - Millis(1);
        return tx.insert(booking::bookings, lonely);
    }));
    remindAt("2026-03-08T13:30:00Z");
    EXPECT_EQ(notesOf(bob).size(), 1u);
    log::setLevel(log::Level::info);
}

class Asking : public World {
protected:
    availability::AvailabilityRequest ask() {
        availability::AvailabilityRequest request;
        request.id = {platform.ids.next(now)};
        request.specialistId = specialist.id;
        request.customerId = customer.id;
        request.from = at("2026-03-20T18:00:00Z");
        request.to = at("2026-03-21T18:00:00Z");
        request.message = "In the evening,\nif you can.";
        request.createdAt = now;
        put(availability::availabilityRequests, request);
        for (int i = 0; i < 2; ++i) EXPECT_TRUE(onAvailabilityRequested(platform, {request.id}, now));
        return request;
    }
};

TEST_F(Asking, TheSpecialistIsTold) {
    ask();
    ASSERT_EQ(notesOf(ann).size(), 1u);
    EXPECT_TRUE(notesOf(bob).empty());
    auto const note = notesOf(ann)[0];
    EXPECT_EQ(note.type, NotificationType::availability_request);
    EXPECT_EQ(note.title.value, "Bob Rao asks for a time");
    EXPECT_EQ(note.message.value,
              "Bob Rao would like a session with you between Friday, 20 March 2026, 14:00 (America/New_York, UTC-04:00) and Saturday, 21 "
              "March 2026, 14:00 (America/New_York, UTC-04:00).");
    auto const mail = mailTo(ann);
    EXPECT_EQ(mailer.sent.size(), 1u);
    EXPECT_NE(mail.text.find("In the evening,\nif you can."), std::string::npos) << mail.text;
    EXPECT_EQ(mail.text.find("bob@example.test"), std::string::npos);
    EXPECT_EQ(all(notifications).at(0).emailSentAt, now);
}

TEST_F(Asking, WithoutAMailToWhomWantsNone) {
    specialist.preferences.emailNotifications = {false};
    replace(profiles::specialists, specialist);
    ask();
    EXPECT_EQ(notesOf(ann).size(), 1u);
    EXPECT_TRUE(all(outbox).empty());
}

TEST_F(Asking, AnswersAreCountedOnce) {
    auto const first = ask();
    now = now + Hours(3);
    auto const second = ask();
    now = now + Hours(1);
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(transact(platform.store, [&](Tx& tx) { return availability::answerRequests(tx, specialist.id, customer.id, now); }));
    auto const stored = all(profiles::specialists).at(0);
    EXPECT_EQ(stored.answeredRequests, 2);
    EXPECT_EQ(stored.responseTime, 2.5) << "four hours and one";
    for (auto const& request : all(availability::availabilityRequests)) EXPECT_EQ(request.answeredAt, now);
    EXPECT_NE(first.id, second.id);
}

} // namespace
} // namespace visavis::notifications
