// A specialist with hours on a real store, for tests of this slice: Monday to Friday 09:00 to 12:00 UTC in hours, two weeks ahead, 60.00 USD.
#pragma once

#include "availability/api.hpp"
#include "profiles/service.hpp"
#include "record/json.hpp"
#include "support/platform.hpp"

namespace visavis::availability::testing {

class WithHours : public ::testing::Test {
public:
    void SetUp() override { enter("s@example.org"); }

    // One more specialist, who is the one that all is about from now on.
    void enter(char const* email) {
        who = {};
        auto call = parts.call();
        auto const made = visavis::transact(*parts.store, [&](Tx& tx) -> Result<Ref<Specialist>> {
            TRY(auto const user, identity::createUser(call, tx, {Email{email}, "x", "Ada", identity::UserType::specialist, {}, true}));
            TRY(auto const specialist, profiles::createSpecialist(call, tx, user, Zone{}));
            who.userId = user.id;
            return specialist.id;
        });
        ASSERT_TRUE(made);
        id = *made;
        who.specialistId = id;
        change(R"({"availability":{"isAvailable":true,"minBookingNotice":0,"maxAdvanceBooking":14,"workingHours":{)" +
               days(R"({"startTime":"09:00","endTime":"12:00"})") + R"(}},"consulting":{"basePrice":6000}})");
    }

    static std::string days(std::string const& value) {
        std::string list;
        for (auto const* day : {"monday", "tuesday", "wednesday", "thursday", "friday"})
            list += std::string(list.empty() ? "\"" : ",\"") + day + "\":" + value;
        return list;
    }

    Call call() { return parts.call(who); }

    // PATCH /specialists/me with what follows from it.
    Result<void> tryChange(std::string const& body) {
        auto asked = call();
        return visavis::transact(*parts.store, [&](Tx& tx) -> Result<void> {
            auto const current = *tx.get(profiles::specialists, id);
            auto const writable = project<profiles::WritableSpecialist>(current);
            TRY(auto const wanted, (patched<profiles::WritableSpecialist, Specialist>(writable, *parseJson(body))));
            CHECK(profiles::updateSpecialist(asked, tx, current, wanted));
            CHECK(regenerate(parts.platform, tx, id, parts.clock.now()));
            return ok;
        });
    }
    void change(std::string const& body) {
        auto const done = tryChange(body);
        ASSERT_TRUE(done) << body << ": " << done.error().key << " " << (done.error().fields.empty() ? "" : done.error().fields[0].path);
    }
    Result<identity::Created<Schedule>> schedule(std::string const& body) {
        auto asked = call();
        TRY(auto const input, fromJson<ScheduleInput>(*parseJson(body)));
        return createSchedule(asked, input);
    }
    Result<Slot> patch(Ref<Slot> slot, std::string const& body) {
        SlotPatch patch;
        patch.id = slot.id;
        patch.body = parseJson(body)->as_object();
        auto asked = call();
        return patchSlot(asked, patch);
    }
    Result<identity::Created<Slot>> add(std::string const& body) {
        auto asked = call();
        TRY(auto const input, fromJson<NewSlot>(*parseJson(body)));
        return createSlot(asked, input);
    }
    Result<Slot> close(Ref<Slot> slot, std::optional<Text<1, 200>> reason = {}) {
        auto asked = call();
        return block(asked, {slot, std::move(reason)});
    }
    Result<Slot> reopen(Ref<Slot> slot) {
        auto asked = call();
        return unblock(asked, {slot});
    }
    // As a booking of somebody new does.
    Result<Ref<booking::Booking>> take(Ref<Slot> slot, std::int64_t buffer = 0) {
        auto const booking = parts.ids.make<booking::Booking>(parts.clock.now());
        auto const customer = parts.ids.make<Customer>(parts.clock.now());
        CHECK(visavis::transact(*parts.store, [&](Tx& tx) {
            return claim(tx, *tx.get(slots, slot), {booking, customer, buffer}, parts.clock.now());
        }));
        return booking;
    }
    void giveBack(Ref<booking::Booking> booking) {
        ASSERT_TRUE(visavis::transact(*parts.store, [&](Tx& tx) { return release(tx, booking, parts.clock.now()); }));
    }

    Slot slot(Ref<Slot> which) { return *parts.get(slots, which); }
    std::vector<Slot> all() {
        return visavis::read(*parts.store, [&](Reader& reader) {
            return reader.find(slots, slots->specialistId == id && slots->startsAt >= Instant{}).sort(slots->startsAt, slots->id).all();
        });
    }
    // The slot of this start ("2026-03-03T09:00:00.000Z") and length.
    Slot at(std::string const& start, std::int64_t duration = 60) {
        for (auto const& slot : all())
            if (toRfc3339(slot.startsAt) == start && slot.duration == duration) return slot;
        ADD_FAILURE() << "no slot at " << start;
        return {};
    }
    // What a day offers, by length: "09:00 10:00/30".
    std::string offered(std::string const& date) {
        std::string list;
        auto sorted = all();
        std::stable_sort(sorted.begin(), sorted.end(), [](Slot const& a, Slot const& b) { return a.duration < b.duration; });
        for (auto const& slot : sorted)
            if (toText(slot.date) == date && slot.status == SlotStatus::available)
                list +=
                    (list.empty() ? "" : " ") + toText(slot.startTime) + (slot.duration == 60 ? "" : "/" + std::to_string(slot.duration));
        return list;
    }
    std::string status(Ref<Slot> which) { return wordOf(slot(which).status); }

    support::TestPlatform parts; // it is Monday, 2026-03-02, nine o'clock
    identity::Caller who;
    Ref<Specialist> id;
};

} // namespace visavis::availability::testing
