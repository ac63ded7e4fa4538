// availabilitySchedules and availabilitySlots: the rules of a specialist and the slots that they make.
#pragma once

#include "profiles/records.hpp"

namespace visavis::booking {
struct Booking;
}

namespace visavis::availability {

using profiles::Customer;
using profiles::Price;
using profiles::SessionMinutes;
using profiles::Specialist;

WORDS(ScheduleType, weekly, monthly, custom)

struct ScheduleWindow {
    LocalTime startTime;
    LocalTime endTime;
    std::optional<SessionMinutes> slotDuration; // minutes; without it the profile's defaultDuration
    std::optional<bool> isAvailable;            // false gives nothing
    std::optional<Price> price;
    std::optional<Text<1, 60>> consultationType;
};
RECORD(ScheduleWindow, startTime, endTime, slotDuration, isAvailable, price, consultationType)

struct ScheduleDay {
    Flag<true> enabled;
    std::vector<ScheduleWindow> slots;
};
RECORD(ScheduleDay, enabled, slots)

struct WeeklyPattern {
    std::optional<ScheduleDay> monday, tuesday, wednesday, thursday, friday, saturday, sunday;
};
RECORD(WeeklyPattern, monday, tuesday, wednesday, thursday, friday, saturday, sunday)

// Either `week` (1 … 5, -1 the last) and `day` (a weekday's name), or `dayOfMonth` (1 … 31, -1 the last).
struct MonthlyRow {
    std::optional<Bounded<-1, 5>> week;
    std::optional<Text<1, 10>> day;
    std::optional<Bounded<-1, 31>> dayOfMonth;
    std::vector<ScheduleWindow> slots;
};
RECORD(MonthlyRow, week, day, dayOfMonth, slots)

struct DateException {
    LocalDate date;
    Flag<true> isAvailable;
    std::vector<ScheduleWindow> slots;
};
RECORD(DateException, date, isAvailable, slots)

struct Schedule {
    Ref<Schedule> id;
    Ref<Specialist> specialistId;
    ScheduleType type{};
    WeeklyPattern weeklyPattern;
    std::vector<MonthlyRow> monthlyPattern;
    std::vector<DateException> dateExceptions;
    bool isActive = true;
    std::optional<LocalDate> appliedFrom;
    std::optional<LocalDate> appliedTo;
    Instant createdAt;
    Instant updatedAt;
    std::int64_t version = 0;
};
RECORD(Schedule, id, specialistId, type, weeklyPattern, monthlyPattern, dateExceptions, isActive, appliedFrom, appliedTo, createdAt,
       updatedAt, version)

COLLECTION(Schedule, schedules)

WORDS(SlotStatus, available, booked, blocked, expired)

struct Slot {
    Ref<Slot> id; // of generated slots: derived from (specialist, start, duration)
    Ref<Specialist> specialistId;
    std::optional<Ref<Schedule>> scheduleId;

    LocalDate date;      // the specialist's calendar day
    LocalTime startTime; // wall times of the specialist, kept for display; startsAt and endsAt are the truth
    LocalTime endTime;
    std::int64_t duration = 0; // minutes
    Zone timezone;
    Instant startsAt;
    Instant endsAt;

    MinorUnits price = 0;
    Currency currency;
    std::optional<Text<1, 60>> consultationType;

    SlotStatus status{};

    std::optional<Ref<booking::Booking>> bookingId;
    std::optional<Ref<Customer>> customerId;
    std::optional<Instant> bookedAt;

    std::vector<Text<1, 40>> tags;
    std::optional<Lines<0, 2000>> description;

    bool isRecurring = false;                      // made by generation, which owns it
    std::optional<Ref<Schedule>> recurrenceRuleId; // the schedule that made it; absent: the working hours
    std::optional<Ref<Slot>> parentSlotId;         // the first slot of its series: same rule, weekday, wall time and length

    bool isManuallyBlocked = false;
    std::optional<Text<1, 200>> blockReason;
    bool isEdited = false;           // changed by hand: stays even while the rules do not make it
    bool wasBooked = false;          // a booking or its history names it: never deleted
    Flag<false> ownPrice;            // was PATCHed, and sticks through regeneration
    Flag<false> ownConsultationType; // the same

    std::string tzVersion;
    Instant createdAt;
    Instant updatedAt;
    std::optional<Instant> expiredAt;
    std::int64_t version = 0;
};
RECORD(Slot, id, specialistId, scheduleId, date, startTime, endTime, duration, timezone, startsAt, endsAt, price, currency,
       consultationType, status, bookingId, customerId, bookedAt, tags, description, isRecurring, recurrenceRuleId, parentSlotId,
       isManuallyBlocked, blockReason, isEdited, wasBooked, ownPrice, ownConsultationType, tzVersion, createdAt, updatedAt, expiredAt,
       version)

COLLECTION(Slot, slots)

// The time that an active booking occupies, in cells of five minutes since 1970: of the specialist with the buffer behind it, of the
// customer without. One per booking, with its id. Uniqueness of the cells among active claims is what makes overlap impossible (DESIGN §6).
struct Claim {
    Ref<Claim> id; // the booking's
    Ref<booking::Booking> bookingId;
    Ref<Slot> slotId;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
    Instant startsAt;
    Instant endsAt;      // of the session
    Instant claimEndsAt; // with the buffer
    std::vector<std::int64_t> specialistCells;
    std::vector<std::int64_t> customerCells;
    bool active = true;
    std::int64_t version = 0;
};
RECORD(Claim, id, bookingId, slotId, specialistId, customerId, startsAt, endsAt, claimEndsAt, specialistCells, customerCells, active,
       version)

COLLECTION(Claim, claims)

// A customer asks for times that are not offered.
struct AvailabilityRequest {
    Ref<AvailabilityRequest> id;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
    Instant from;
    Instant to;
    std::optional<Lines<0, 2000>> message;
    Instant createdAt;
    std::optional<Instant> answeredAt;
    std::int64_t version = 0;
};
RECORD(AvailabilityRequest, id, specialistId, customerId, from, to, message, createdAt, answeredAt, version)

COLLECTION(AvailabilityRequest, availabilityRequests)

} // namespace visavis::availability
