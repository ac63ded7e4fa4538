// Slots follow rules and claims, and what people have laid hands on is left alone: each row on a real store.
#include "availability/service.hpp"

#include "availability/testing.hpp"

#include <set>

namespace visavis::availability {
namespace {

using support::keyOf;

constexpr auto tuesday = "2026-03-03";
constexpr auto tuesdayAtTen = "2026-03-03T10:00:00.000Z";

struct Regenerating : testing::WithHours {
    // Whatever is pointed at is there, and a series hangs on its first slot.
    void expectSound() {
        std::map<Ref<Slot>, Slot> known;
        for (auto& slot : all()) known.emplace(slot.id, slot);
        for (auto const& [unused, slot] : known) {
            if (!slot.parentSlotId) continue;
            ASSERT_TRUE(known.contains(*slot.parentSlotId)) << toRfc3339(slot.startsAt);
            auto const& parent = known.at(*slot.parentSlotId);
            EXPECT_LT(parent.startsAt, slot.startsAt);
            EXPECT_EQ(parent.duration, slot.duration);
        }
    }
};

struct RuleRow {
    char const* name;
    char const* patch; // of the profile, or
    char const* schedule;
    char const* wantTuesday;
    char const* wantWednesday;
};

// clang-format off
RuleRow const ruleRows[] = {
    {"the base", "{}", "", "09:00 10:00 11:00", "09:00 10:00 11:00"},
    {"shorter hours of one weekday", R"({"availability":{"workingHours":{"tuesday":{"endTime":"11:00"}}}})", "", "09:00 10:00", "09:00 10:00 11:00"},
    {"a weekday that is not enabled", R"({"availability":{"workingHours":{"tuesday":{"enabled":false}}}})", "", "", "09:00 10:00 11:00"},
    {"an unavailable date", R"({"availability":{"unavailableDates":["2026-03-03"]}})", "", "", "09:00 10:00 11:00"},
    {"a weekly break", R"({"availability":{"breakTimes":[{"day":"tuesday","startTime":"10:30","endTime":"10:35"}]}})", "", "09:00 11:00", "09:00 10:00 11:00"},
    {"a break of one date", R"({"availability":{"breakTimes":[{"day":"2026-03-04","startTime":"09:00","endTime":"10:00","recurring":false}]}})", "",
        "09:00 10:00 11:00", "10:00 11:00"},
    {"another length", R"({"consulting":{"sessionDurations":[90],"defaultDuration":90}})", "", "09:00/90 10:30/90", "09:00/90 10:30/90"},
    {"two lengths", R"({"consulting":{"sessionDurations":[60,90]}})", "", "09:00 10:00 11:00 09:00/90 10:30/90", "09:00 10:00 11:00 09:00/90 10:30/90"},
    {"a nearer horizon", R"({"availability":{"maxAdvanceBooking":0}})", "", "09:00 10:00 11:00", "09:00 10:00 11:00"}, // two days are kept ready beyond it
    {"another zone", R"({"availability":{"timezone":"America/New_York"}})", "", "09:00 10:00 11:00", "09:00 10:00 11:00"},
    {"a weekly schedule", "", R"({"type":"weekly","weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"20:00"}]}}})", "18:00 19:00", ""},
    {"its own length", "", R"({"type":"weekly","weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"19:00","slotDuration":30}]}}})", "18:00/30 18:30/30", ""},
    {"a window that is not available", "", R"({"type":"weekly","weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"20:00","isAvailable":false}]}}})", "", ""},
    {"a day of a schedule that is not enabled", "", R"({"type":"weekly","weeklyPattern":{"tuesday":{"enabled":false,"slots":[{"startTime":"18:00","endTime":"20:00"}]}}})", "", ""},
    {"a schedule that is not active", "", R"({"type":"weekly","isActive":false,"weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"20:00"}]}}})",
        "09:00 10:00 11:00", "09:00 10:00 11:00"},
    {"a schedule until Tuesday", "", R"({"type":"weekly","appliedTo":"2026-03-03","weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"19:00"}]}}})",
        "18:00", "09:00 10:00 11:00"},
    {"a schedule from Wednesday", "", R"({"type":"weekly","appliedFrom":"2026-03-04","weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"19:00"}]}}})",
        "09:00 10:00 11:00", ""},
    {"the first Tuesday of a month", "", R"({"type":"monthly","monthlyPattern":[{"week":1,"day":"tuesday","slots":[{"startTime":"14:00","endTime":"15:00"}]}]})", "14:00", ""},
    {"the second one", "", R"({"type":"monthly","monthlyPattern":[{"week":2,"day":"Tuesday","slots":[{"startTime":"14:00","endTime":"15:00"}]}]})", "", ""},
    {"the fourth of a month", "", R"({"type":"monthly","monthlyPattern":[{"dayOfMonth":4,"slots":[{"startTime":"14:00","endTime":"15:00"}]}]})", "", "14:00"},
    {"a custom schedule's date", "", R"({"type":"custom","dateExceptions":[{"date":"2026-03-03","slots":[{"startTime":"20:00","endTime":"21:00"}]}]})", "20:00", "09:00 10:00 11:00"},
    {"a custom schedule's closed date", "", R"({"type":"custom","dateExceptions":[{"date":"2026-03-03","isAvailable":false}]})", "", "09:00 10:00 11:00"},
    {"an exception of a weekly schedule", "", R"({"type":"weekly","weeklyPattern":{"tuesday":{"slots":[{"startTime":"18:00","endTime":"20:00"}]}},
        "dateExceptions":[{"date":"2026-03-03","slots":[{"startTime":"07:00","endTime":"08:00"}]}]})", "07:00", ""},
};
// clang-format on

TEST_F(Regenerating, EachRuleMakesWhatItSaysAndTakesItBack) {
    for (auto const& row : ruleRows) {
        SCOPED_TRACE(row.name);
        auto const before = parts.get(profiles::specialists, id)->availabilityVersion;
        if (*row.patch != 0) change(row.patch);
        std::optional<Ref<Schedule>> made;
        if (*row.schedule != 0) made = schedule(row.schedule)->value.id;
        EXPECT_EQ(offered(tuesday), row.wantTuesday);
        EXPECT_EQ(offered("2026-03-04"), row.wantWednesday);
        EXPECT_GT(parts.get(profiles::specialists, id)->availabilityVersion, before) << "caches must learn of it";
        expectSound();
        if (made) {
            auto asked = call();
            EXPECT_TRUE(deleteSchedule(asked, {*made}));
        }
        change(R"({"availability":{"timezone":"UTC","breakTimes":[],"unavailableDates":[],"maxAdvanceBooking":14,"workingHours":{)" +
               days(R"({"enabled":true,"startTime":"09:00","endTime":"12:00"})") +
               R"(}},"consulting":{"sessionDurations":[60],"defaultDuration":60}})");
        EXPECT_EQ(offered(tuesday), "09:00 10:00 11:00");
        expectSound();
    }
}

// Laid hands on, then each kind of change: the slot is what it was.
TEST_F(Regenerating, WhatIsBookedBlockedEditedOrOneOffStays) {
    auto const booked = at("2026-03-03T09:00:00.000Z").id;
    auto const booking = *take(booked);
    auto const blocked = close(at(tuesdayAtTen).id, "Dentist")->id;
    auto const edited = patch(at("2026-03-03T11:00:00.000Z").id, R"({"price":9900,"tags":["vip"],"description":"By hand"})")->id;
    auto const oneOff = add(R"({"startsAt":"2026-03-03T19:00:00Z","duration":45,"price":100})")->value.id;
    struct Row {
        char const* change;
        bool rulesMakeIt; // the edited slot
    };
    for (auto const& [body, rulesMakeIt] : {
             Row{R"({"consulting":{"basePrice":7000}})", true},
             Row{R"({"availability":{"unavailableDates":["2026-03-03"]}})", false},
             Row{R"({"availability":{"unavailableDates":[]}})", true},
             Row{R"({"consulting":{"sessionDurations":[30],"defaultDuration":30}})", false},
             Row{R"({"consulting":{"sessionDurations":[60],"defaultDuration":60}})", true},
             Row{R"({"availability":{"timezone":"Asia/Tokyo"}})", false},
             Row{R"({"availability":{"timezone":"UTC"}})", true},
             Row{R"({"availability":{"isAvailable":false}})", true},
             Row{R"({"availability":{"isAvailable":true,"bufferTime":5}})", true},
         }) {
        SCOPED_TRACE(body);
        auto const bookedBefore = slot(booked), blockedBefore = slot(blocked);
        change(body);
        EXPECT_EQ(toJson(slot(booked)), toJson(bookedBefore)) << "nothing of it, not even its version";
        EXPECT_EQ(toJson(slot(blocked)), toJson(blockedBefore));
        EXPECT_EQ(slot(booked).bookingId, booking);
        EXPECT_EQ(slot(blocked).blockReason->value, "Dentist");
        EXPECT_EQ(slot(edited).price, 9900);
        EXPECT_EQ(slot(edited).tags.at(0).value, "vip");
        EXPECT_EQ(slot(edited).description->value, "By hand");
        EXPECT_EQ(status(edited), rulesMakeIt ? "available" : "expired");
        EXPECT_EQ(slot(oneOff).price, 100);
        EXPECT_EQ(status(oneOff), "available");
        EXPECT_EQ(slot(oneOff).timezone, parts.get(profiles::specialists, id)->availability.timezone) << "its wall times are the profile's";
        expectSound();
    }
}

TEST_F(Regenerating, OnlyPatchedMembersStick) {
    ASSERT_TRUE(schedule(R"({"type":"weekly","weeklyPattern":{)" +
                         days(R"({"slots":[{"startTime":"09:00","endTime":"12:00","price":5000,"consultationType":"intro"}]})") + "}}"));
    auto const priced = patch(at("2026-03-03T09:00:00.000Z").id, R"({"price":5000})")->id;
    auto const typed = patch(at(tuesdayAtTen).id, R"({"consultationType":"deep"})")->id;
    auto const untyped = patch(at("2026-03-03T11:00:00.000Z").id, R"({"consultationType":null})")->id;
    auto const described = patch(at("2026-03-04T09:00:00.000Z").id, R"({"description":"Only words"})")->id;
    auto const theirs = parts.all(schedules).at(0).id;
    auto asked = call();
    auto const wanted = *fromJson<ScheduleChange>(
        *parseJson(R"({"id":")" + theirs.hex() + R"(","type":"weekly","weeklyPattern":{)" +
                   days(R"({"slots":[{"startTime":"09:00","endTime":"12:00","price":8000,"consultationType":"other"}]})") + "}}"));
    ASSERT_TRUE(replaceSchedule(asked, wanted));
    auto const type = [&](Ref<Slot> which) {
        auto const found = slot(which).consultationType;
        return found ? found->value : "-";
    };
    EXPECT_EQ(slot(priced).price, 5000) << "named in the PATCH, though it was that already";
    EXPECT_EQ(type(priced), "other");
    EXPECT_EQ(slot(typed).price, 8000);
    EXPECT_EQ(type(typed), "deep");
    EXPECT_EQ(type(untyped), "-");
    EXPECT_EQ(slot(described).price, 8000);
    EXPECT_EQ(type(described), "other");
    EXPECT_EQ(slot(described).description->value, "Only words");
}

TEST_F(Regenerating, WhatOpensAgainLooksAsTheRulesMakeItToday) {
    auto const held = at(tuesdayAtTen).id;
    auto const booking = *take(held);
    auto const blocked = close(at("2026-03-03T11:00:00.000Z").id)->id;
    change(R"({"consulting":{"basePrice":7700,"currency":"EUR"}})");
    EXPECT_EQ(slot(held).price, 6000) << "the booking's";
    giveBack(booking);
    ASSERT_TRUE(reopen(blocked));
    for (auto const which : {held, blocked}) {
        EXPECT_EQ(status(which), "available");
        EXPECT_EQ(slot(which).price, 7700);
        EXPECT_EQ(slot(which).currency.code(), "EUR");
    }
    auto const again = *take(held);
    ASSERT_TRUE(close(blocked));
    change(R"({"availability":{"unavailableDates":["2026-03-03"]}})");
    giveBack(again);
    ASSERT_TRUE(reopen(blocked));
    EXPECT_EQ(status(held), "expired") << "the rules do not make it any more, and a booking named it";
    EXPECT_EQ(status(blocked), "expired");
    change(R"({"availability":{"unavailableDates":[]}})");
    EXPECT_EQ(status(held), "available");
}

// DESIGN §6: two claims over one slot are two reasons.
TEST_F(Regenerating, ReleasingOneOfTwoClaimsDoesNotOpenASlot) {
    change(R"({"consulting":{"sessionDurations":[30,90],"defaultDuration":30}})");
    auto const wide = at("2026-03-03T09:00:00.000Z", 90).id;
    auto const first = *take(at("2026-03-03T09:00:00.000Z", 30).id);
    auto const second = *take(at("2026-03-03T10:00:00.000Z", 30).id);
    EXPECT_EQ(status(wide), "blocked");
    EXPECT_FALSE(slot(wide).isManuallyBlocked);
    giveBack(first);
    EXPECT_EQ(status(wide), "blocked") << "the other claim is still there";
    giveBack(second);
    EXPECT_EQ(status(wide), "available");
}

TEST_F(Regenerating, AHandAndAClaimAreTwoReasons) {
    change(R"({"consulting":{"sessionDurations":[30,90],"defaultDuration":30}})");
    auto const wide = at("2026-03-03T09:00:00.000Z", 90).id;
    ASSERT_TRUE(close(wide));
    auto const booking = *take(at("2026-03-03T09:00:00.000Z", 30).id);
    giveBack(booking);
    EXPECT_EQ(status(wide), "blocked") << "by hand still";
    auto const again = *take(at("2026-03-03T09:00:00.000Z", 30).id);
    ASSERT_TRUE(reopen(wide));
    EXPECT_EQ(status(wide), "blocked") << "by the claim still";
    EXPECT_FALSE(slot(wide).isManuallyBlocked);
    giveBack(again);
    EXPECT_EQ(status(wide), "available");
}

TEST_F(Regenerating, TheBufferOfEitherSideBlocks) {
    auto const nine = at("2026-03-03T09:00:00.000Z").id, eleven = at("2026-03-03T11:00:00.000Z").id;
    auto const booking = *take(at(tuesdayAtTen).id, 15); // its own buffer reaches behind it
    EXPECT_EQ(status(nine), "available");
    EXPECT_EQ(status(eleven), "blocked");
    change(R"({"availability":{"bufferTime":5}})"); // the slot's own would reach into the claim
    EXPECT_EQ(status(nine), "blocked");
    change(R"({"availability":{"bufferTime":0}})");
    EXPECT_EQ(status(nine), "available");
    giveBack(booking);
    EXPECT_EQ(status(eleven), "available");
}

TEST_F(Regenerating, SlotsOfASeriesKnowTheirRuleAndTheirFirst) {
    auto const tuesdays = [&](std::string const& time) {
        std::vector<Slot> list;
        for (auto const& slot : all())
            if (slot.date.weekday() == 1 && toText(slot.startTime) == time) list.push_back(slot);
        return list;
    };
    auto list = tuesdays("09:00");
    ASSERT_EQ(list.size(), 3u);
    EXPECT_TRUE(list[0].isRecurring);
    EXPECT_FALSE(list[0].recurrenceRuleId) << "of the working hours";
    EXPECT_FALSE(list[0].parentSlotId);
    EXPECT_EQ(list[1].parentSlotId, list[0].id);
    EXPECT_EQ(list[2].parentSlotId, list[0].id);
    EXPECT_NE(tuesdays("10:00")[1].parentSlotId, list[0].id) << "a series has one wall time";

    parts.clock.advance(Days(7)); // the first lies behind us, and stays the parent of what is new
    ASSERT_TRUE(extendHorizons(parts.platform, parts.clock.now()));
    list = tuesdays("09:00");
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(list[3].parentSlotId, list[0].id);

    change(R"({"availability":{"unavailableDates":["2026-03-17"]}})");
    list = tuesdays("09:00");
    ASSERT_EQ(list.size(), 3u);
    EXPECT_EQ(list[2].parentSlotId, list[0].id);

    auto const rule =
        schedule(R"({"type":"weekly","weeklyPattern":{"tuesday":{"slots":[{"startTime":"09:00","endTime":"10:00"}]}}})")->value.id;
    list = tuesdays("09:00");
    EXPECT_EQ(list[1].recurrenceRuleId, rule);
    EXPECT_EQ(list[1].scheduleId, rule);
    EXPECT_FALSE(list[1].parentSlotId) << "another rule, another series";
    auto const oneOff = add(R"({"startsAt":"2026-03-14T09:00:00Z","duration":60})")->value;
    EXPECT_FALSE(oneOff.isRecurring);
    EXPECT_FALSE(oneOff.recurrenceRuleId);
    auto asked = call();
    ASSERT_TRUE(deleteSchedule(asked, {rule}));
    for (auto const& slot : all()) EXPECT_NE(slot.recurrenceRuleId, rule);
    expectSound();
}

// A parent that goes takes no child's reference with it, not even a booked child's.
TEST_F(Regenerating, NoSlotNamesAParentThatIsGone) {
    auto const second = at("2026-03-10T09:00:00.000Z").id;
    auto const booked = at("2026-03-11T09:00:00.000Z").id;
    ASSERT_TRUE(take(booked));
    EXPECT_TRUE(slot(second).parentSlotId);
    EXPECT_TRUE(slot(booked).parentSlotId);
    change(R"({"availability":{"unavailableDates":["2026-03-03","2026-03-04","2026-03-11"]}})");
    EXPECT_FALSE(slot(second).parentSlotId);
    EXPECT_FALSE(slot(booked).parentSlotId);
    expectSound();
}

TEST_F(Regenerating, MoreSlotsThanAnybodyNeedsAreRefused) {
    auto const before = all().size();
    auto const hours = R"({"availability":{"maxAdvanceBooking":365,"workingHours":{)" + days(R"({"startTime":"00:00","endTime":"23:55"})");
    EXPECT_EQ(keyOf(tryChange(hours + R"(}},"consulting":{"sessionDurations":[5],"defaultDuration":5}})")), "too_many_slots");
    EXPECT_EQ(all().size(), before) << "and nothing is lost";
    EXPECT_EQ(keyOf(tryChange(hours + R"(}},"consulting":{"sessionDurations":[15],"defaultDuration":15}})")), "ok");
}

TEST_F(Regenerating, AskingForThemHasALimit) {
    auto asked = call();
    parts.limits.enabled = true;
    for (auto left = parts.limits.generations_per_minute; left > 0; --left) ASSERT_TRUE(generate(asked));
    EXPECT_EQ(keyOf(generate(asked)), "rate_limited");
}

TEST_F(Regenerating, TheJobExpiresWhatHasBegun) {
    auto const blocked = close(at("2026-03-03T09:00:00.000Z").id)->id;
    auto const open = at(tuesdayAtTen).id;
    auto const booked = at("2026-03-03T11:00:00.000Z").id;
    ASSERT_TRUE(take(booked));
    parts.clock.set(at("2026-03-03T10:00:00.000Z").startsAt - Millis(1));
    ASSERT_TRUE(expireSlots(parts.platform, parts.clock.now()));
    EXPECT_EQ(status(blocked), "expired");
    EXPECT_EQ(status(open), "available");
    parts.clock.advance(Days(1));
    ASSERT_TRUE(expireSlots(parts.platform, parts.clock.now()));
    EXPECT_EQ(status(open), "expired");
    EXPECT_EQ(slot(open).expiredAt, parts.clock.now());
    EXPECT_EQ(status(booked), "booked") << "it was";
    auto const before = slot(open).version;
    ASSERT_TRUE(expireSlots(parts.platform, parts.clock.now()));
    EXPECT_EQ(slot(open).version, before);
}

TEST_F(Regenerating, AOneOffSlotTakesTheSamePlaceOfTheRulesLater) {
    change(R"({"availability":{"unavailableDates":["2026-03-03"]}})");
    auto const oneOff = add(R"({"startsAt":"2026-03-03T10:00:00Z","duration":60,"price":100})")->value.id;
    change(R"({"availability":{"unavailableDates":[]}})");
    EXPECT_EQ(offered(tuesday), "09:00 10:00 11:00") << "equal (start, duration) once";
    EXPECT_EQ(at(tuesdayAtTen).id, oneOff);
}

// A slot of the first one's lies with somebody else, so that it cannot be made again: the job goes on behind her.
TEST_F(Regenerating, OneWhoseSlotsCannotBeMadeKeepsNobodyElseWaiting) {
    auto const other = id;
    enter("t@example.org");
    auto const [broken, sound] = std::pair(std::min(id, other), std::max(id, other));
    auto lost = *visavis::read(*parts.store, [&, whose = broken](Reader& reader) {
        return reader.find(slots, slots->specialistId == whose && slots->startsAt > parts.clock.now() + Days(7))
            .sort(slots->startsAt, slots->id)
            .first();
    });
    lost.specialistId = parts.ids.make<Specialist>(parts.clock.now());
    ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) { return tx.replace(slots, lost); }));
    auto const horizonOf = [&](Ref<Specialist> whose) { return *parts.get(profiles::specialists, whose)->horizon; };
    auto const before = std::pair(horizonOf(broken), horizonOf(sound));
    parts.clock.advance(Days(1));
    ASSERT_TRUE(extendHorizons(parts.platform, parts.clock.now()));
    EXPECT_EQ(horizonOf(broken), before.first);
    EXPECT_EQ(horizonOf(sound), before.second + 1);
}

} // namespace
} // namespace visavis::availability
