// The rest of a booking's life on a real store: its end, who missed it, and what both sides write about it.
#include "booking/testing.hpp"

#include <boost/json/value_to.hpp>

#include <set>

namespace visavis::booking {
namespace {

using support::keyOf;
using S = BookingStatus;
using availability::SlotStatus;
using identity::Caller;

using Life = Desk;

TEST_F(Life, EveryTransitionThatIsNotLegalIsRefusedWithTheCurrentState) {
    auto const pending = hold(asKiran(), 4);
    auto const completed = paid(asKiran(), 0);
    auto const missed = paid(asKiran(), 2);
    auto const cancelled = paid(asKiran(), 6);
    must(cancelAs(asKiran(), cancelled));
    settle();
    moveTo(slot(2).endsAt);
    must(completeAs(asSara(), completed));
    must(missAs(asSara(), missed, Party::customer));
    auto const confirmed = paid(asOlga(), 20);

    struct Act {
        char const* name;
        std::set<S> from; // where it is legal
        std::function<Result<BookingView>(Ref<Booking>)> perform;
    };
    Act const acts[] = {
        {"cancel as customer", {S::pending, S::confirmed}, [&](auto id) { return cancelAs(id == confirmed ? asOlga() : asKiran(), id); }},
        {"cancel as specialist", {S::pending, S::confirmed}, [&](auto id) { return cancelAs(asSara(), id); }},
        {"cancel as admin", {S::pending, S::confirmed}, [&](auto id) { return cancelAs(asAdmin(), id); }},
        {"move", {S::confirmed}, [&](auto id) { return moveAs(asSara(), id, slot(30).id); }},
        {"complete", {S::confirmed}, [&](auto id) { return completeAs(asSara(), id); }},
        {"complete as admin", {S::confirmed}, [&](auto id) { return completeAs(asAdmin(), id); }},
        {"miss", {S::confirmed, S::completed}, [&](auto id) { return missAs(asSara(), id, Party::customer); }},
        {"miss as admin", {S::confirmed, S::completed}, [&](auto id) { return missAs(asAdmin(), id, Party::customer); }},
        {"rate", {S::completed}, [&](auto id) { return rateAs(asSara(), id); }},
    };
    int walked = 0;
    for (auto const id : {pending, confirmed, cancelled, completed, missed}) {
        auto const before = booking(id);
        for (auto const& act : acts) {
            if (act.from.contains(before.status)) continue;
            auto const about = std::string(act.name) + " a booking that is " + wordOf(before.status);
            auto const outcome = act.perform(id);
            ASSERT_FALSE(outcome) << about;
            EXPECT_EQ(outcome.error().code, Code::conflict) << about;
            EXPECT_EQ(outcome.error().key, "wrong_state") << about;
            EXPECT_EQ(boost::json::value_to<std::string>(outcome.error().extra.at("current")), wordOf(before.status)) << about;
            EXPECT_EQ(toJson(booking(id)), toJson(before)) << about;
            ++walked;
        }
    }
    EXPECT_EQ(walked, 45 - 3 * 2 - 3 - 4 - 1);
    for (auto const id : {completed, missed, confirmed}) {
        auto call = host.call(id == confirmed ? asOlga() : asKiran());
        EXPECT_EQ(keyOf(askPayment(call, {id})), "already_paid");
    }
}

TEST_F(Life, CompletionByHandAndByJob) {
    auto const byHand = paid(asKiran(), 0);
    auto const byJob = paid(asKiran(), 2);
    moveTo(slot(0).startsAt);
    EXPECT_EQ(keyOf(completeAs(asSara(), byHand)), "too_early");
    moveTo(slot(0).startsAt + Millis(1));
    EXPECT_EQ(must(completeAs(asSara(), byHand)).statusHistory.back().changedBy, asSara().userId);
    moveTo(slot(2).endsAt + Minutes(15) - Millis(1));
    must(completeBookings(host.platform, now()));
    EXPECT_EQ(booking(byJob).status, S::confirmed);
    host.clock.advance(Millis(1));
    for (int i = 0; i < 2; ++i) must(completeBookings(host.platform, now()));
    EXPECT_EQ(booking(byJob).status, S::completed);
    EXPECT_EQ(booking(byJob).statusHistory.size(), 3U);
    EXPECT_FALSE(booking(byJob).statusHistory.back().changedBy);
    EXPECT_EQ(host.emitted<BookingCompleted>().size(), 2U);
    EXPECT_EQ(slotStatus(slot(0).id), SlotStatus::booked) << "it keeps its time";
}

// Between the job's look and its act the session may have been moved, or cancelled.
TEST_F(Life, WhatIsNotDueAnyMoreIsNotCompleted) {
    auto const moved = paid(asKiran(), 0);
    auto const cancelled = paid(asOlga(), 1);
    auto const end = slot(1).endsAt + Minutes(15);
    must(moveAs(asSara(), moved, slot(20).id));
    must(cancelAs(asSara(), cancelled));
    moveTo(end);
    for (auto const id : {moved, cancelled, host.ids.make<Booking>(now())}) must(completeDue(host.platform, id, now()));
    EXPECT_EQ(booking(moved).status, S::confirmed);
    EXPECT_EQ(booking(cancelled).status, S::cancelled);
    moveTo(slot(20).endsAt + Minutes(15));
    must(completeDue(host.platform, moved, now()));
    EXPECT_EQ(booking(moved).status, S::completed);
}

TEST_F(Life, WhoMissedItPays) {
    struct Row {
        char const* name;
        Caller by;
        Party absent;
        bool completedBefore;
        MinorUnits back;
    };
    Row const rows[] = {{"the customer, says the specialist", asSara(), Party::customer, false, 0},
                        {"the specialist, says the customer", asKiran(), Party::specialist, false, 10'000},
                        {"the customer, say staff", asAdmin(), Party::customer, false, 0},
                        {"the specialist, say staff", asAdmin(), Party::specialist, false, 10'000},
                        {"the specialist, after the job", asKiran(), Party::specialist, true, 10'000},
                        {"the customer, after the job", asSara(), Party::customer, true, 0}};
    std::size_t number = 20;
    for (auto const& row : rows) {
        auto const id = paid(asKiran(), number);
        moveTo(slot(number).startsAt + Minutes(15));
        if (row.completedBefore) {
            moveTo(slot(number).endsAt + Minutes(15));
            must(completeBookings(host.platform, now()));
        }
        auto const view = must(missAs(row.by, id, row.absent));
        EXPECT_EQ(view.status, S::noShow) << row.name;
        EXPECT_EQ(view.noShowParty, row.absent) << row.name;
        must(completeBookings(host.platform, now() + Days(1)));
        EXPECT_EQ(booking(id).status, S::noShow) << row.name;
        EXPECT_EQ(refunded(id), row.back) << row.name;
        settle();
        number += 10;
    }
}

TEST_F(Life, AbsencesAreReportedOfTheOtherSideAndInTime) {
    auto const id = paid(asKiran(), 0);
    moveTo(slot(0).startsAt + Minutes(14));
    EXPECT_EQ(keyOf(missAs(asSara(), id, Party::customer)), "too_early");
    moveTo(slot(0).startsAt + Minutes(15));
    EXPECT_EQ(keyOf(missAs(asSara(), id, Party::specialist)), "invalid");
    EXPECT_EQ(keyOf(missAs(asKiran(), id, Party::customer)), "invalid");
    EXPECT_EQ(keyOf(missAs(asOlga(), id, Party::specialist)), "not_found");
    moveTo(slot(0).endsAt + Hours(48) + Millis(1));
    for (auto const& who : {asSara(), asAdmin()}) EXPECT_EQ(keyOf(missAs(who, id, Party::customer)), "too_late");
    EXPECT_EQ(booking(id).status, S::confirmed);
}

TEST_F(Life, AContestFreezesThePayoutUntilStaffDecide) {
    for (auto const verdict : {Party::customer, Party::specialist}) {
        auto const id = paid(asKiran(), verdict == Party::customer ? 20 : 30);
        moveTo(booking(id).startsAt + Minutes(20));
        must(missAs(asSara(), id, Party::customer));
        EXPECT_EQ(keyOf(missAs(asSara(), id, Party::customer)), "wrong_state") << "said already";
        EXPECT_EQ(keyOf(missAs(asAdmin(), id, Party::specialist)), "wrong_state") << "nobody disagrees";
        EXPECT_FALSE(paymentOf(id).payoutFrozenAt);
        auto const view = must(missAs(asKiran(), id, Party::specialist));
        EXPECT_EQ(view.status, S::noShow);
        EXPECT_EQ(view.noShowParty, Party::customer) << "not decided yet";
        ASSERT_TRUE(view.noShowContest);
        EXPECT_EQ(view.noShowContest->party, Party::specialist);
        EXPECT_EQ(paymentOf(id).payoutFrozenAt, now());
        EXPECT_EQ(refunded(id), 0);
        EXPECT_EQ(keyOf(missAs(asKiran(), id, Party::specialist)), "wrong_state");
        auto const decided = must(missAs(asAdmin(), id, verdict));
        EXPECT_EQ(decided.noShowParty, verdict);
        EXPECT_EQ(decided.noShowContest->decidedBy, adminUser);
        EXPECT_FALSE(paymentOf(id).payoutFrozenAt);
        EXPECT_EQ(refunded(id), verdict == Party::specialist ? 10'000 : 0);
        EXPECT_EQ(keyOf(missAs(asAdmin(), id, Party::specialist)), "wrong_state") << "decided";
        settle();
    }
}

TEST_F(Life, AContestHasTheSameWindow) {
    auto const id = paid(asKiran(), 0);
    moveTo(slot(0).startsAt + Minutes(20));
    must(missAs(asSara(), id, Party::customer));
    moveTo(slot(0).endsAt + Hours(48) + Millis(1));
    EXPECT_EQ(keyOf(missAs(asKiran(), id, Party::specialist)), "too_late");
    EXPECT_FALSE(paymentOf(id).payoutFrozenAt);
}

TEST_F(Life, FeedbackIsTheSpecialistsOwn) {
    auto const id = paid(asKiran(), 0);
    moveTo(slot(0).startsAt + Minutes(30));
    must(completeAs(asSara(), id));
    auto const view = must(rateAs(asSara(), id));
    EXPECT_EQ(view.feedback->specialistRating->value, 4);
    EXPECT_EQ(view.feedback->specialistReview->value, "Came prepared.");
    EXPECT_EQ(view.feedback->ratedAt, now());
    auto call = host.call(asKiran());
    EXPECT_FALSE(must(getBooking(call, {id, {}})).feedback) << "that there is any is private as well";
}

// Who cancels may have read the clock before the reminder went out, and commit after it.
TEST_F(Life, WhatComesAfterAReminderIsNotDatedBeforeIt) {
    auto const id = paid(asKiran(), 20);
    auto const remindedAt = now() + Minutes(1);
    for (bool const first : {true, false})
        EXPECT_EQ(must(transact([&](Tx& tx) { return noteReminder(tx, *tx.get(bookings, id), ReminderKind::day_before, remindedAt); })),
                  first);
    must(cancelAs(asKiran(), id));
    EXPECT_EQ(booking(id).statusHistory.back().changedAt, remindedAt);
    EXPECT_TRUE(booking(id).reminders.day_before_sent);
}

TEST_F(Life, NotesAreEachSidesOwn) {
    auto const id = paid(asKiran(), 20);
    auto const patchAs = [&](Caller const& who, char const* body, std::optional<std::int64_t> version = {}) {
        auto call = host.call(who);
        call.ifMatch = version;
        BookingPatch patch;
        patch.id = id.id;
        patch.body = parseJson(body)->get_object();
        return patchBooking(call, patch);
    };
    auto const version = booking(id).version;
    EXPECT_EQ(keyOf(patchAs(asKiran(), R"({"specialistNotes":"x"})")), "read_only");
    EXPECT_EQ(keyOf(patchAs(asSara(), R"({"customerNotes":"x"})")), "read_only");
    EXPECT_EQ(keyOf(patchAs(asAdmin(), R"({"customerNotes":"x"})")), "not_found");
    EXPECT_EQ(keyOf(patchAs(asOlga(), R"({"customerNotes":"x"})")), "not_found");
    EXPECT_EQ(keyOf(patchAs(asKiran(), R"({"status":"completed"})")), "read_only");
    EXPECT_EQ(keyOf(patchAs(asSara(), R"({"specialistNotes":"x"})", version + 1)), "version_mismatch");
    EXPECT_EQ(must(patchAs(asSara(), R"({"specialistNotes":"tall"})", version)).specialistNotes->value, "tall");
    auto const view = must(patchAs(asKiran(), R"({"customerNotes":"My deck"})"));
    EXPECT_EQ(view.customerNotes->value, "My deck");
    EXPECT_FALSE(view.specialistNotes);
    EXPECT_FALSE(must(patchAs(asKiran(), R"({"customerNotes":null})")).customerNotes);
    EXPECT_EQ(booking(id).specialistNotes->value, "tall");
}

TEST_F(Life, MessagesAreOfTheTwoSides) {
    auto const id = paid(asKiran(), 20);
    auto const sendAs = [&](Caller const& who, char const* text) {
        auto call = host.call(who);
        return sendMessage(call, {id, text});
    };
    EXPECT_EQ(must(sendAs(asKiran(), "Hello")).value.from, Party::customer);
    host.clock.advance(Seconds(1));
    EXPECT_EQ(must(sendAs(asSara(), "Welcome")).value.from, Party::specialist);
    EXPECT_EQ(keyOf(sendAs(asOlga(), "?")), "not_found");
    EXPECT_EQ(keyOf(sendAs(asAdmin(), "?")), "not_found");
    auto call = host.call(asSara());
    auto const first = must(listMessages(call, {id, Bounded<1, 100>{1}, {}}));
    ASSERT_EQ(first.items.size(), 1U);
    EXPECT_EQ(first.items[0].text.value, "Hello");
    auto const rest = must(listMessages(call, {id, {}, first.nextCursor}));
    ASSERT_EQ(rest.items.size(), 1U);
    EXPECT_EQ(rest.items[0].text.value, "Welcome");
    auto stranger = host.call(asOlga());
    EXPECT_EQ(keyOf(listMessages(stranger, {id, {}, {}})), "not_found");
    EXPECT_EQ(host.emitted<MessageSent>().size(), 2U);
    EXPECT_EQ(must(latestMessages(call, id, 1)).front().text.value, "Welcome");
    EXPECT_EQ(must(latestMessages(call, id, 9)).front().text.value, "Hello") << "in the order of the thread";
    EXPECT_EQ(keyOf(latestMessages(stranger, id, 9)), "not_found");
    host.limits.enabled = true;
    for (auto left = host.limits.messages_per_hour; left > 0; --left) must(sendAs(asKiran(), "And"));
    EXPECT_EQ(keyOf(sendAs(asKiran(), "And")), "rate_limited");
    EXPECT_EQ(keyOf(sendAs(asSara(), "Please")), "ok") << "each side has its own limit";
    host.clock.advance(Hours(1));
    EXPECT_EQ(keyOf(sendAs(asKiran(), "Sorry")), "ok");
}

} // namespace
} // namespace visavis::booking
