// The handlers of availability: schedules, the public listing, the own calendar, previews.
#pragma once

#include "availability/service.hpp"

namespace visavis::availability {

struct ScheduleInput {
    ScheduleType type{};
    std::optional<WeeklyPattern> weeklyPattern;
    std::vector<MonthlyRow> monthlyPattern;
    std::vector<DateException> dateExceptions;
    Flag<true> isActive;
    std::optional<LocalDate> appliedFrom;
    std::optional<LocalDate> appliedTo;
};
RECORD(ScheduleInput, type, weeklyPattern, monthlyPattern, dateExceptions, isActive, appliedFrom, appliedTo)

struct ScheduleChange {
    Ref<Schedule> id;
    ScheduleType type{};
    std::optional<WeeklyPattern> weeklyPattern;
    std::vector<MonthlyRow> monthlyPattern;
    std::vector<DateException> dateExceptions;
    Flag<true> isActive;
    std::optional<LocalDate> appliedFrom;
    std::optional<LocalDate> appliedTo;
};
RECORD(ScheduleChange, id, type, weeklyPattern, monthlyPattern, dateExceptions, isActive, appliedFrom, appliedTo)

struct ScheduleId {
    Ref<Schedule> id;
};
RECORD(ScheduleId, id)

struct SlotQuestion {
    std::string id;                  // or slug
    std::optional<std::string> from; // an instant, or a local day in `timezone` else the specialist's zone
    std::optional<std::string> to;   // an instant (not included), or a local day (included)
    std::optional<SessionMinutes> duration;
    std::optional<Zone> timezone;
    std::optional<Bounded<1, 2000>> limit;
    std::optional<std::string> cursor;
};
RECORD(SlotQuestion, id, from, to, duration, timezone, limit, cursor)

struct LocalView {
    LocalDate date;
    LocalTime startTime;
    LocalTime endTime;
    std::string utcOffset;
};
RECORD(LocalView, date, startTime, endTime, utcOffset)

// A slot as everybody sees it.
struct SlotView {
    Ref<Slot> id;
    Ref<Specialist> specialistId;
    Instant startsAt;
    Instant endsAt;
    LocalDate date;
    LocalTime startTime;
    LocalTime endTime;
    Zone timezone;
    std::string utcOffset; // at the start, "-05:00"
    std::int64_t duration = 0;
    MinorUnits price = 0;
    Currency currency;
    std::optional<Text<1, 60>> consultationType;
    std::vector<Text<1, 40>> tags;
    std::optional<Lines<0, 2000>> description;
    SlotStatus status{};
    std::optional<LocalView> local; // in the zone that was asked for
};
RECORD(SlotView, id, specialistId, startsAt, endsAt, date, startTime, endTime, timezone, utcOffset, duration, price, currency,
       consultationType, tags, description, status, local)

struct OwnSlotQuestion {
    std::optional<std::string> from, to;
    std::optional<SlotStatus> status;
    std::optional<Bounded<1, 2000>> limit;
    std::optional<std::string> cursor;
};
RECORD(OwnSlotQuestion, from, to, status, limit, cursor)

struct SlotId {
    Ref<Slot> id;
};
RECORD(SlotId, id)

struct SlotBlock {
    Ref<Slot> id;
    std::optional<Text<1, 200>> reason;
};
RECORD(SlotBlock, id, reason)

using SlotPatch = identity::Patch<WritableSlot, Slot>;

// What the hours editor asks: the rules as typed, which need not be stored, and a span of days.
struct PreviewRules {
    Zone timezone;
    std::optional<profiles::WorkingHours> workingHours;
    std::vector<profiles::BreakTime> breakTimes;
    std::vector<LocalDate> unavailableDates;
    std::optional<Bounded<0, 8760>> minBookingNotice;
    std::optional<Bounded<0, 365>> maxAdvanceBooking;
    std::optional<Bounded<0, 1440>> bufferTime;
};
RECORD(PreviewRules, timezone, workingHours, breakTimes, unavailableDates, minBookingNotice, maxAdvanceBooking, bufferTime)

struct PreviewSchedule {
    std::optional<WeeklyPattern> weeklyPattern;
    std::vector<DateException> dateExceptions;
};
RECORD(PreviewSchedule, weeklyPattern, dateExceptions)

struct BusyInput {
    Instant startsAt;
    Instant endsAt;
};
RECORD(BusyInput, startsAt, endsAt)

struct PreviewInput {
    PreviewRules availability;
    std::optional<PreviewSchedule> schedule;
    Bounded<1, 1440> duration;
    std::optional<Instant> now;
    LocalDate from;
    LocalDate to;
    std::vector<BusyInput> busy;
};
RECORD(PreviewInput, availability, schedule, duration, now, from, to, busy)

struct PreviewSlot {
    Instant startsAt;
    Instant endsAt;
    LocalDate date;
    LocalTime startTime;
    LocalTime endTime;
    std::string utcOffset;
    std::int64_t duration = 0;
};
RECORD(PreviewSlot, startsAt, endsAt, date, startTime, endTime, utcOffset, duration)

struct Preview {
    std::vector<PreviewSlot> slots;
};
RECORD(Preview, slots)

// A customer's wish for a time, as a way in and as both sides see it.
struct RequestInput {
    std::string id; // of the specialist, or slug
    Instant from;
    Instant to;
    std::optional<Lines<0, 2000>> message;
};
RECORD(RequestInput, id, from, to, message)

struct RequestParty {
    ObjectId id;
    Text<1, 100> name;
    std::optional<Text<1, 2048>> profileImage;
    std::optional<Zone> timezone;
};
RECORD(RequestParty, id, name, profileImage, timezone)

struct RequestView {
    Ref<AvailabilityRequest> id;
    Ref<Specialist> specialistId;
    Ref<Customer> customerId;
    Instant from;
    Instant to;
    std::optional<Lines<0, 2000>> message;
    Instant createdAt;
    std::optional<Instant> answeredAt;
    std::optional<RequestParty> specialist;
    std::optional<RequestParty> customer;
};
RECORD(RequestView, id, specialistId, customerId, from, to, message, createdAt, answeredAt, specialist, customer)

// POST /specialists/{id}/availability-requests, GET /availability-requests: newest first.
Result<identity::Created<RequestView>> createRequest(Call& call, RequestInput const& input);
Result<Page<RequestView>> listRequests(Call& call, identity::PageQuery const& input);

Result<Page<Schedule>> listSchedules(Call& call, identity::PageQuery const& input);
Result<identity::Created<Schedule>> createSchedule(Call& call, ScheduleInput const& input);
Result<Schedule> getSchedule(Call& call, ScheduleId const& input);
Result<Schedule> replaceSchedule(Call& call, ScheduleChange const& input);
Result<identity::NoContent> deleteSchedule(Call& call, ScheduleId const& input);

Result<identity::RawPage<SlotView>> listSlots(Call& call, SlotQuestion const& input);
// The same from memory, if this process remembers it.
std::optional<identity::RawPage<SlotView>> recallSlots(Call& call, SlotQuestion const& input);
// What listSlots answers, not yet written as JSON, for whoever has read the specialist already: the id in `input` is not looked at.
Result<Page<SlotView>> bookableSlots(Reader& reader, Specialist const& specialist, SlotQuestion const& input, Instant now);
// The last instant at which a listing made now is still true, should nobody write.
Instant holdsUntil(Specialist const& specialist, std::vector<SlotView> const& listed, Instant now);
Result<Page<Slot>> listOwnSlots(Call& call, OwnSlotQuestion const& input);
Result<identity::Created<Slot>> createSlot(Call& call, NewSlot const& input);
Result<Slot> patchSlot(Call& call, SlotPatch const& patch);
Result<Slot> block(Call& call, SlotBlock const& input);
Result<Slot> unblock(Call& call, SlotId const& input);
Result<Preview> previewSlots(Call& call, PreviewInput const& input);
Result<Generated> generate(Call& call);

} // namespace visavis::availability
