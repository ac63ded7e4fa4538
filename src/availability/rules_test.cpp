// The rules over stored records: what a schedule may say, and what the status of a slot is.
#include "availability/rules.hpp"

#include "availability/api.hpp"
#include "record/json.hpp"

#include <gtest/gtest.h>

namespace visavis::availability {
namespace {

Schedule scheduleOf(std::string const& body) {
    auto const input = fromJson<ScheduleInput>(*parseJson(body));
    if (!input) throw std::logic_error(body);
    Schedule schedule;
    schedule.type = input->type;
    schedule.weeklyPattern = input->weeklyPattern.value_or(WeeklyPattern{});
    schedule.monthlyPattern = input->monthlyPattern;
    schedule.dateExceptions = input->dateExceptions;
    schedule.appliedFrom = input->appliedFrom;
    schedule.appliedTo = input->appliedTo;
    return schedule;
}

std::string firstFault(std::vector<FieldError> const& wrong) { return wrong.empty() ? "" : wrong.front().path + " " + wrong.front().code; }

std::string weekly(std::string const& window) { return R"({"type":"weekly","weeklyPattern":{"friday":{"slots":[)" + window + "]}}}"; }
std::string monthly(std::string const& row) { return R"({"type":"monthly","monthlyPattern":[)" + row + "]}"; }

struct Row {
    std::string schedule;
    std::string fault;
};

TEST(ScheduleRules, WhatAScheduleMayNotSay) {
    std::string many;
    for (int i = 0; i < 51; ++i) many += std::string(i == 0 ? "" : ",") + R"({"startTime":"09:00","endTime":"10:00"})";
    for (auto const& [body, fault] : {
             Row{weekly(R"({"startTime":"09:00","endTime":"24:00"})"), ""},
             Row{weekly(R"({"startTime":"09:01","endTime":"10:00"})"), "/weeklyPattern/friday/slots/0/startTime five_minutes"},
             Row{weekly(R"({"startTime":"09:00","endTime":"10:59"})"), "/weeklyPattern/friday/slots/0/endTime five_minutes"},
             Row{weekly(R"({"startTime":"09:00","endTime":"09:00"})"), "/weeklyPattern/friday/slots/0/endTime order"},
             Row{weekly(R"({"startTime":"22:00","endTime":"06:00"})"), "/weeklyPattern/friday/slots/0/endTime order"},
             Row{weekly(R"({"startTime":"09:00","endTime":"10:00","slotDuration":7})"),
                 "/weeklyPattern/friday/slots/0/slotDuration five_minutes"},
             Row{weekly(many), "/weeklyPattern/friday/slots too_long"},
             Row{monthly(R"({"week":1,"day":"Monday","slots":[]})"), ""},
             Row{monthly(R"({"week":-1,"day":"sunday"})"), ""},
             Row{monthly(R"({"dayOfMonth":-1})"), ""},
             Row{monthly(R"({"week":1})"), "/monthlyPattern/0 pattern"},
             Row{monthly(R"({"day":"monday"})"), "/monthlyPattern/0 pattern"},
             Row{monthly("{}"), "/monthlyPattern/0 pattern"},
             Row{monthly(R"({"week":1,"day":"monday","dayOfMonth":1})"), "/monthlyPattern/0 pattern"},
             Row{monthly(R"({"week":0,"day":"monday"})"), "/monthlyPattern/0/week out_of_range"},
             Row{monthly(R"({"dayOfMonth":0})"), "/monthlyPattern/0/dayOfMonth out_of_range"},
             Row{monthly(R"({"week":1,"day":"mon"})"), "/monthlyPattern/0/day not_one_of"},
             Row{monthly(R"({"dayOfMonth":3,"slots":[{"startTime":"09:03","endTime":"10:00"}]})"),
                 "/monthlyPattern/0/slots/0/startTime five_minutes"},
             Row{R"({"type":"custom","dateExceptions":[{"date":"2026-03-03","slots":[{"startTime":"09:00","endTime":"08:00"}]}]})",
                 "/dateExceptions/0/slots/0/endTime order"},
             Row{R"({"type":"weekly","appliedFrom":"2026-03-03","appliedTo":"2026-03-03"})", ""},
             Row{R"({"type":"weekly","appliedFrom":"2026-03-03","appliedTo":"2026-03-02"})", "/appliedTo order"},
         }) {
        std::vector<FieldError> wrong;
        checkSchedule(scheduleOf(body), "", wrong);
        EXPECT_EQ(firstFault(wrong), fault) << body;
    }
}

TEST(ScheduleRules, EveryPriceCanBePaid) {
    profiles::Consulting consulting;
    consulting.basePrice = profiles::Price{100}; // an hour
    for (
        auto const& [body, fault] : {
            Row{weekly(R"({"startTime":"09:00","endTime":"10:00","price":0})"), ""},
            Row{weekly(R"({"startTime":"09:00","endTime":"10:00","price":50})"), ""},
            Row{weekly(R"({"startTime":"09:00","endTime":"10:00","price":49})"), "/weeklyPattern/friday/slots/0/price out_of_range"},
            Row{weekly(R"({"startTime":"09:00","endTime":"10:00","slotDuration":30})"), ""},
            Row{weekly(R"({"startTime":"09:00","endTime":"10:00","slotDuration":25})"),
                "/weeklyPattern/friday/slots/0/slotDuration price_out_of_range"},
            Row{weekly(R"({"startTime":"09:00","endTime":"10:00","slotDuration":25,"price":50})"), ""},
            Row{monthly(R"({"dayOfMonth":3,"slots":[{"startTime":"09:00","endTime":"10:00","price":1}]})"),
                "/monthlyPattern/0/slots/0/price out_of_range"},
            Row{R"({"type":"custom","dateExceptions":[{"date":"2026-03-03","slots":[{"startTime":"09:00","endTime":"10:00","price":1}]}]})",
                "/dateExceptions/0/slots/0/price out_of_range"},
        }) {
        std::vector<FieldError> wrong;
        checkSchedulePrices(scheduleOf(body), consulting, 50, wrong);
        EXPECT_EQ(firstFault(wrong), fault) << body;
    }
}

// DESIGN §6, the derived status: minutes from now on.
TEST(SlotRules, TheStatusIsDerived) {
    constexpr Instant now{1'772'442'000'000};
    auto const in = [&](int minutes) { return now + Minutes(minutes); };
    Slot mine;
    mine.id = {ObjectId::derived("mine")};
    mine.startsAt = in(60);
    mine.endsAt = in(120);
    auto const claimOf = [&](char const* slot, int from, int to) {
        Claim claim;
        claim.slotId = {ObjectId::derived(slot)};
        claim.startsAt = in(from);
        claim.claimEndsAt = in(to);
        return claim;
    };
    struct Case {
        char const* name;
        std::vector<Claim> claims;
        std::int64_t buffer;
        bool byHand, rulesMakeIt;
        int elapsed;
        SlotStatus want;
    };
    for (auto const& row : {
             Case{"nothing against it", {}, 0, false, true, 0, SlotStatus::available},
             Case{"the rules do not make it", {}, 0, false, false, 0, SlotStatus::expired},
             Case{"blocked by hand", {}, 0, true, true, 0, SlotStatus::blocked},
             Case{"blocked by hand, and the rules do not make it", {}, 0, true, false, 0, SlotStatus::blocked},
             Case{"its own booking", {claimOf("mine", 60, 120)}, 0, false, true, 0, SlotStatus::booked},
             Case{"its own booking, whatever else",
                  {claimOf("other", 60, 90), claimOf("mine", 60, 120)},
                  0,
                  true,
                  false,
                  500,
                  SlotStatus::booked},
             Case{"a claim that overlaps", {claimOf("other", 90, 150)}, 0, false, true, 0, SlotStatus::blocked},
             Case{"a claim that touches before", {claimOf("other", 0, 60)}, 0, false, true, 0, SlotStatus::available},
             Case{"a claim that touches behind", {claimOf("other", 120, 150)}, 0, false, true, 0, SlotStatus::available},
             Case{"exactly the buffer behind", {claimOf("other", 135, 150)}, 15, false, true, 0, SlotStatus::available},
             Case{"less than the buffer behind", {claimOf("other", 134, 150)}, 15, false, true, 0, SlotStatus::blocked},
             Case{"two claims", {claimOf("other", 0, 30), claimOf("third", 100, 150)}, 0, false, true, 0, SlotStatus::blocked},
             Case{"it has begun", {}, 0, false, true, 60, SlotStatus::expired},
             Case{"it has begun, blocked", {claimOf("other", 90, 150)}, 0, true, true, 60, SlotStatus::expired},
             Case{"just before it begins", {}, 0, false, true, 59, SlotStatus::available},
         }) {
        mine.isManuallyBlocked = row.byHand;
        EXPECT_EQ(wordOf(statusOf(mine, row.claims, row.buffer, row.rulesMakeIt, in(row.elapsed))), wordOf(row.want)) << row.name;
    }
}

} // namespace
} // namespace visavis::availability
