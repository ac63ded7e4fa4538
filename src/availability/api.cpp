// Schedules and the slots they make, over HTTP.
#include "availability/api.hpp"

#include "availability/rules.hpp"
#include "identity/limits.hpp"

namespace visavis::availability {
namespace {

constexpr std::int64_t mostSchedules = 50;

Result<Schedule> ownSchedule(Reader& reader, Call const& call, Ref<Schedule> id) {
    auto schedule = reader.get(schedules, id);
    if (!schedule || schedule->specialistId != call.specialist()) return notFound();
    return std::move(*schedule);
}

template <class Input> Result<void> fill(Schedule& schedule, Input const& input, Instant now) {
    schedule.type = input.type;
    schedule.weeklyPattern = input.weeklyPattern.value_or(WeeklyPattern{});
    schedule.monthlyPattern = input.monthlyPattern;
    schedule.dateExceptions = input.dateExceptions;
    schedule.isActive = input.isActive;
    schedule.appliedFrom = input.appliedFrom;
    schedule.appliedTo = input.appliedTo;
    schedule.updatedAt = now;
    std::vector<FieldError> wrong;
    checkSchedule(schedule, "", wrong);
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    return ok;
}

Result<void> checkPayable(Call& call, Reader& reader, Schedule const& schedule) {
    auto const specialist = reader.get(profiles::specialists, call.specialist());
    if (!specialist) return notFound();
    std::vector<FieldError> wrong;
    checkSchedulePrices(schedule, specialist->consulting, call.platform.payments.least(specialist->consulting.currency.code()), wrong);
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    return ok;
}

} // namespace

Result<Page<Schedule>> listSchedules(Call& call, identity::PageQuery const& input) {
    return visavis::read(call.store, [&](Reader& reader) {
        return reader.find(schedules, schedules->specialistId == call.specialist())
            .sort(schedules->createdAt, schedules->id)
            .limit(identity::pageSize(input.limit))
            .page(input.cursor.value_or(""));
    });
}

Result<identity::Created<Schedule>> createSchedule(Call& call, ScheduleInput const& input) {
    Schedule schedule;
    schedule.id = call.newId<Schedule>();
    schedule.specialistId = call.specialist();
    schedule.createdAt = call.now;
    CHECK(fill(schedule, input, call.now));
    return call.transact([&](Tx& tx) -> Result<identity::Created<Schedule>> {
        CHECK(checkPayable(call, tx, schedule));
        if (tx.find(schedules, schedules->specialistId == call.specialist()).count() >= mostSchedules)
            return conflict("too_many_schedules", "A specialist can have at most " + std::to_string(mostSchedules) + " schedules.");
        CHECK(tx.insert(schedules, schedule));
        CHECK(regenerate(call.platform, tx, call.specialist(), call.now));
        return identity::Created<Schedule>{schedule};
    });
}

Result<Schedule> getSchedule(Call& call, ScheduleId const& input) {
    return visavis::read(call.store, [&](Reader& reader) { return ownSchedule(reader, call, input.id); });
}

Result<Schedule> replaceSchedule(Call& call, ScheduleChange const& input) {
    Schedule wanted;
    CHECK(fill(wanted, input, call.now)); // what is wrong about the body goes before what is there
    return call.transact([&](Tx& tx) -> Result<Schedule> {
        TRY(auto schedule, ownSchedule(tx, call, input.id));
        CHECK(call.checkVersion(schedule.version));
        CHECK(fill(schedule, input, call.now));
        CHECK(checkPayable(call, tx, schedule));
        CHECK(tx.replace(schedules, schedule));
        CHECK(regenerate(call.platform, tx, call.specialist(), call.now));
        return schedule;
    });
}

Result<identity::NoContent> deleteSchedule(Call& call, ScheduleId const& input) {
    return call.transact([&](Tx& tx) -> Result<identity::NoContent> {
        TRY(auto const schedule, ownSchedule(tx, call, input.id));
        CHECK(call.checkVersion(schedule.version));
        CHECK(tx.erase(schedules, schedules->id == schedule.id));
        CHECK(regenerate(call.platform, tx, call.specialist(), call.now));
        for (auto& slot : tx.find(slots, slots->scheduleId == schedule.id).all()) { // bookings stand, and so do their slots
            slot.scheduleId.reset();
            slot.recurrenceRuleId.reset();
            CHECK(tx.replace(slots, slot));
        }
        return identity::NoContent{};
    });
}

Result<Generated> generate(Call& call) {
    CHECK(identity::limited(call, "generation", call.specialist().hex(), call.platform.limits.generations_per_minute, Minutes(1)));
    return call.transact([&](Tx& tx) { return regenerate(call.platform, tx, call.specialist(), call.now); });
}

} // namespace visavis::availability
