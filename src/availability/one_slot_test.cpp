// Single slots as their specialist handles them: added, changed, closed and opened, or refused.
#include "availability/testing.hpp"

#include <atomic>
#include <thread>

namespace visavis::availability {
namespace {

using support::faultAt;
using support::keyOf;

using OneSlot = testing::WithHours;

TEST_F(OneSlot, ANewOneIsWhatWasAskedFor) {
    auto const made = add(R"({"startsAt":"2026-03-07T20:05:00+01:00","duration":45,"price":2500,"currency":"USD","consultationType":"intro",
        "tags":["evening"],"description":"One\ntwo"})");
    ASSERT_TRUE(made) << made.error().key;
    auto const stored = slot(made->value.id);
    EXPECT_EQ(toJson(stored), toJson(made->value));
    EXPECT_EQ(toRfc3339(stored.startsAt), "2026-03-07T19:05:00.000Z");
    EXPECT_EQ(toRfc3339(stored.endsAt), "2026-03-07T19:50:00.000Z");
    EXPECT_EQ(toText(stored.date) + " " + toText(stored.startTime) + "-" + toText(stored.endTime), "2026-03-07 19:05-19:50");
    EXPECT_EQ(stored.price, 2500);
    EXPECT_EQ(stored.consultationType->value, "intro");
    EXPECT_EQ(stored.tags.at(0).value, "evening");
    EXPECT_EQ(stored.description->value, "One\ntwo");
    EXPECT_EQ(status(stored.id), "available");
    EXPECT_FALSE(stored.isRecurring);
    EXPECT_FALSE(stored.scheduleId);
}

TEST_F(OneSlot, WithoutAPriceItCostsProRata) {
    EXPECT_EQ(add(R"({"startsAt":"2026-03-07T10:00:00Z","duration":45})")->value.price, 4500);
    change(R"({"consulting":{"basePrice":6001}})");
    EXPECT_EQ(add(R"({"startsAt":"2026-03-07T12:00:00Z","duration":30})")->value.price, 3000) << "3000.5 goes to the even one";
}

struct Refusal {
    char const* body;
    char const* path;
    char const* code;
};

TEST_F(OneSlot, WhatIsWrongIsNamed) {
    for (
        auto const& [body, path, code] : {
            Refusal{R"({"startsAt":"2026-03-07T10:01:00Z","duration":60})", "/startsAt", "five_minutes"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00.001Z","duration":60})", "/startsAt", "five_minutes"},
            Refusal{R"({"startsAt":"2026-03-02T09:00:00Z","duration":60})", "/startsAt", "past"},
            Refusal{R"({"startsAt":"2029-03-02T09:00:00Z","duration":60})", "/startsAt", "out_of_range"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":61})", "/duration", "five_minutes"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":725})", "/duration", "out_of_range"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":0})", "/duration", "out_of_range"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":60,"price":49})", "/price", "out_of_range"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":60,"price":100000000})", "/price", "out_of_range"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":60,"price":-1})", "/price", "out_of_range"},
            Refusal{R"({"startsAt":"2026-03-07T10:00:00Z","duration":60,"currency":"EUR"})", "/currency", "other_currency"},
            Refusal{
                R"({"startsAt":"2026-03-07T10:00:00Z","duration":60,"tags":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17",
                "18","19","20","21"]})",
                "/tags", "too_long"},
        }) {
        auto const refused = add(body);
        ASSERT_FALSE(refused) << body;
        EXPECT_EQ(keyOf(refused), "invalid");
        EXPECT_EQ(faultAt(refused.error(), path), code) << body;
    }
    change(R"({"consulting":{"basePrice":60}})");
    EXPECT_EQ(faultAt(add(R"({"startsAt":"2026-03-07T10:00:00Z","duration":45})").error(), "/duration"), "price_out_of_range");
    change(R"({"availability":{"isAvailable":false},"consulting":{"basePrice":null}})");
    EXPECT_EQ(faultAt(add(R"({"startsAt":"2026-03-07T10:00:00Z","duration":45})").error(), "/price"), "required");
    EXPECT_EQ(keyOf(add(R"({"startsAt":"2026-03-07T10:00:00Z","duration":45,"price":0})")), "ok");
}

TEST_F(OneSlot, NothingOverlaps) {
    struct Row {
        char const* startsAt;
        int duration;
        char const* outcome;
    };
    ASSERT_TRUE(close(at("2026-03-04T11:00:00.000Z").id));
    ASSERT_TRUE(take(at("2026-03-05T11:00:00.000Z").id));
    change(R"({"availability":{"unavailableDates":["2026-03-06"]}})");
    for (auto const& row : {
             Row{"2026-03-03T12:00:00Z", 60, "ok"}, // touches
             Row{"2026-03-03T08:00:00Z", 60, "ok"}, Row{"2026-03-03T11:55:00Z", 60, "slot_overlaps"},
             Row{"2026-03-03T07:00:00Z", 65, "slot_overlaps"}, Row{"2026-03-03T10:20:00Z", 5, "slot_overlaps"}, // inside
             Row{"2026-03-03T06:00:00Z", 600, "slot_overlaps"},                                                 // around
             Row{"2026-03-03T10:00:00Z", 60, "slot_overlaps"},                                                  // the same
             Row{"2026-03-03T12:30:00Z", 60, "slot_overlaps"},                                                  // another one-off
             Row{"2026-03-04T11:30:00Z", 60, "slot_overlaps"},                                                  // blocked
             Row{"2026-03-05T11:30:00Z", 60, "slot_overlaps"},                                                  // booked
             Row{"2026-03-06T10:00:00Z", 60, "ok"},                                                             // nothing is offered there
         })
        EXPECT_EQ(keyOf(add(R"({"startsAt":")" + std::string(row.startsAt) + R"(","duration":)" + std::to_string(row.duration) + "}")),
                  row.outcome)
            << row.startsAt << " " << row.duration;
}

TEST_F(OneSlot, BesideABookingItsBufferCloses) {
    ASSERT_TRUE(take(at("2026-03-03T11:00:00.000Z").id, 15));
    auto const made = add(R"({"startsAt":"2026-03-03T12:00:00Z","duration":30})");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->value.status, SlotStatus::blocked);
    EXPECT_FALSE(made->value.isManuallyBlocked);
}

// Many at once want the same hour: one gets it.
TEST_F(OneSlot, AddedAtOnceOnlyOneIsThere) {
    std::atomic<int> made{0}, overlapping{0};
    std::vector<std::thread> hands;
    for (int i = 0; i < 8; ++i)
        hands.emplace_back([&, i] {
            auto const outcome = add(R"({"startsAt":"2026-03-07T10:)" + std::to_string(10 + 5 * (i % 2)) + R"(:00Z","duration":60})");
            if (outcome)
                ++made;
            else if (outcome.error().key == "slot_overlaps")
                ++overlapping;
        });
    for (auto& hand : hands) hand.join();
    EXPECT_EQ(made, 1);
    EXPECT_EQ(overlapping, 7);
}

TEST_F(OneSlot, OnlyFourMembersCanBeWritten) {
    auto const which = at("2026-03-03T09:00:00.000Z").id;
    auto const before = toJson(slot(which));
    int tried = 0;
    for (auto const& field : shapeOf<Slot>().fields) {
        if (shapeOf<WritableSlot>().find(field.name) != nullptr) continue;
        auto const outcome = patch(which, "{\"" + field.name + "\":1,\"price\":100}");
        EXPECT_EQ(keyOf(outcome), "read_only") << field.name;
        EXPECT_EQ(faultAt(outcome.error(), "/" + field.name), "read_only");
        ++tried;
    }
    EXPECT_GE(tried, 25);
    EXPECT_EQ(faultAt(patch(which, R"({"roles":1})").error(), "/roles"), "unknown");
    EXPECT_EQ(faultAt(patch(which, R"({"price":49})").error(), "/price"), "out_of_range");
    EXPECT_EQ(keyOf(patch(which, R"({"price":null})")), "invalid");
    EXPECT_EQ(toJson(slot(which)), before);
    EXPECT_EQ(patch(which, "{}")->version, slot(which).version);
    EXPECT_FALSE(slot(which).isEdited);
}

TEST_F(OneSlot, ABookedOneCanBeDescribedButNotClosed) {
    auto const which = at("2026-03-03T09:00:00.000Z").id;
    ASSERT_TRUE(take(which));
    EXPECT_EQ(keyOf(patch(which, R"({"description":"Room 5","price":100})")), "ok");
    EXPECT_EQ(status(which), "booked");
    EXPECT_EQ(keyOf(close(which)), "slot_booked");
    EXPECT_EQ(keyOf(reopen(which)), "slot_booked");
}

TEST_F(OneSlot, ClosingAndOpening) {
    auto const which = at("2026-03-03T09:00:00.000Z").id;
    EXPECT_EQ(reopen(which)->version, slot(which).version) << "it was open";
    ASSERT_TRUE(close(which, Text<1, 200>("Dentist")));
    EXPECT_EQ(status(which), "blocked");
    EXPECT_EQ(slot(which).blockReason->value, "Dentist");
    ASSERT_TRUE(close(which));
    EXPECT_FALSE(slot(which).blockReason) << "the newer word counts";
    auto const opened = reopen(which);
    EXPECT_EQ(toJson(*opened), toJson(slot(which)));
    EXPECT_EQ(status(which), "available");
    EXPECT_FALSE(slot(which).isManuallyBlocked);
    parts.clock.set(slot(which).startsAt);
    auto const late = close(which);
    EXPECT_EQ(keyOf(late), "wrong_state");
    EXPECT_EQ(late.error().extra.at("current"), "expired");
}

TEST_F(OneSlot, EveryChangeReachesTheCaches) {
    auto const which = at("2026-03-03T09:00:00.000Z").id;
    auto const version = [&] { return parts.get(profiles::specialists, id)->availabilityVersion; };
    auto const generation = [&] { return parts.store->generations.of(id.id); };
    auto const steps = {
        +[](OneSlot& test, Ref<Slot>) { return keyOf(test.add(R"({"startsAt":"2026-03-07T10:00:00Z","duration":60})")); },
        +[](OneSlot& test, Ref<Slot> slot) { return keyOf(test.patch(slot, R"({"price":100})")); },
        +[](OneSlot& test, Ref<Slot> slot) { return keyOf(test.close(slot)); },
        +[](OneSlot& test, Ref<Slot> slot) { return keyOf(test.reopen(slot)); },
    };
    for (auto const step : steps) {
        auto const versionBefore = version();
        auto const generationBefore = generation();
        EXPECT_EQ(step(*this, which), "ok");
        EXPECT_GT(version(), versionBefore);
        EXPECT_GT(generation(), generationBefore);
    }
}

TEST_F(OneSlot, OthersSlotsAreNotThere) {
    auto const which = at("2026-03-03T09:00:00.000Z").id;
    who.specialistId = parts.ids.make<Specialist>(parts.clock.now());
    EXPECT_EQ(keyOf(patch(which, R"({"price":100})")), "not_found");
    EXPECT_EQ(keyOf(close(which)), "not_found");
    EXPECT_EQ(keyOf(reopen(which)), "not_found");
}

TEST_F(OneSlot, ACurrencyThatCouldNotBePaidIsRefused) {
    parts.payments.min["JPY"] = 500;
    ASSERT_TRUE(patch(at("2026-03-03T09:00:00.000Z").id, R"({"price":100})"));
    auto const check = [&] {
        auto specialist = *parts.get(profiles::specialists, id);
        specialist.consulting.currency = *Currency::parse("JPY");
        return visavis::read(*parts.store,
                             [&](Reader& reader) { return checkOwnPrices(parts.platform, reader, specialist, parts.clock.now()); });
    };
    auto const refused = check();
    ASSERT_FALSE(refused);
    EXPECT_EQ(faultAt(refused.error(), "/consulting/currency"), "price_out_of_range");
    ASSERT_TRUE(patch(at("2026-03-03T09:00:00.000Z").id, R"({"price":500})"));
    EXPECT_TRUE(check());
}

} // namespace
} // namespace visavis::availability
