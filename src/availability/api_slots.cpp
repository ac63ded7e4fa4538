// The public slot listing, the own calendar, and previews of rules that are not stored.
#include "availability/api.hpp"
#include "availability/rules.hpp"
#include "identity/span.hpp"

namespace visavis::availability {
namespace {

constexpr std::size_t defaultLimit = 1000;

// Wall clocks of the specialist's zone and of the one that was asked for; slots come in order of time, so both remember well.
struct Views {
    WallClock own;
    std::optional<WallClock> asked;

    SlotView of(Slot const& slot) {
        auto view = project<SlotView>(slot);
        view.utcOffset = offsetText(own.at(slot.startsAt).offset);
        if (asked) {
            auto const wall = asked->fields(slot.startsAt, slot.endsAt);
            view.local = LocalView{wall.date, wall.startTime, wall.endTime, offsetText(wall.utcOffset)};
        }
        return view;
    }
};

// What goes up with every change of the specialist or of a slot: in memory where nobody else writes, else the stored version.
std::uint64_t generationOf(Engine& store, Ref<Specialist> specialistId) {
    if (store.alone()) return store.generations.of(specialistId.id);
    auto const specialist = visavis::read(store, [&](Reader& reader) { return reader.get(profiles::specialists, specialistId); });
    return specialist ? static_cast<std::uint64_t>(specialist->version) + 1 : 0;
}

using Listed = identity::RawPage<SlotView>;

std::optional<Listed> recalled(Call& call, std::string const& question, std::uint64_t generation) {
    auto const stillHolds = [&](Hold const& hold) { return hold.generation == generation && call.now <= hold.validUntil; };
    auto bytes = call.platform.memory.listings.find(question, stillHolds);
    if (!bytes) return std::nullopt;
    return Listed{{"application/json", std::move(*bytes), {}}};
}

struct Listing {
    std::shared_ptr<std::string const> bytes;
    Instant validUntil;
};

Result<Listing> readListing(Reader& reader, Specialist const& specialist, SlotQuestion const& input, Instant now) {
    TRY(auto const shown, bookableSlots(reader, specialist, input, now));
    return Listing{std::make_shared<std::string const>(identity::render(shown).body), holdsUntil(specialist, shown.items, now)};
}

// What the types do not say. Times that are not in order give nothing and may be looked at; a break on no day is a mistake.
Result<void> checkPreview(PreviewInput const& input) {
    std::vector<FieldError> wrong;
    if (input.to < input.from) wrong.push_back({"/to", "order", "Must not be before from."});
    if (input.to - input.from > maxDays - 1) wrong.push_back({"/to", "out_of_range", "Must be within 400 days of from."});
    auto const& breaks = input.availability.breakTimes;
    for (std::size_t i = 0; i < breaks.size(); ++i) {
        bool const known = breaks[i].recurring ? weekdayOf(breaks[i].day.value).has_value() : parseDate(breaks[i].day.value).has_value();
        if (!known)
            wrong.push_back({"/availability/breakTimes/" + std::to_string(i) + "/day", "format",
                             "Must be a weekday, or YYYY-MM-DD when it does not recur."});
    }
    for (std::size_t i = 0; i < input.busy.size(); ++i)
        if (input.busy[i].endsAt < input.busy[i].startsAt)
            wrong.push_back({"/busy/" + std::to_string(i) + "/endsAt", "order", "Must not be before startsAt."});
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    return ok;
}

} // namespace

Instant holdsUntil(Specialist const& specialist, std::vector<SlotView> const& listed, Instant now) {
    auto const& rules = specialist.availability;
    auto const zone = rules.timezone.value_or(Zone{});
    auto const midnight = zone.startOf(zone.dateAt(now) + 1) - Millis(1); // the horizon moves
    if (listed.empty()) return midnight;
    auto const start = listed.front().startsAt; // the first that the notice passes, or that begins
    return std::min({midnight, start - Hours(static_cast<std::int64_t>(rules.minBookingNotice)), start - Millis(1)});
}

Result<Page<SlotView>> bookableSlots(Reader& reader, Specialist const& specialist, SlotQuestion const& input, Instant now) {
    auto const& rules = specialist.availability;
    auto const zone = rules.timezone.value_or(Zone{});
    auto const earliest = earliestStart(rules, now);
    auto const end = horizonEnd(rules, now);
    TRY(auto bounds, identity::spanOf(input.from, input.to, input.timezone.value_or(zone), {earliest, end}));
    bounds.from = std::max({bounds.from, earliest, now + Millis(1)});
    bounds.to = std::min(bounds.to, end);
    auto where = slots->specialistId == specialist.id && slots->status == SlotStatus::available && slots->startsAt >= bounds.from &&
                 slots->startsAt < bounds.to;
    if (input.duration) where = std::move(where) && slots->duration == static_cast<std::int64_t>(*input.duration);
    auto const limit = input.limit ? static_cast<std::size_t>(*input.limit) : defaultLimit;
    TRY(auto const page,
        reader.find(slots, std::move(where)).sort(slots->startsAt, slots->id).limit(limit).page(input.cursor.value_or("")));
    Views views{WallClock(zone), input.timezone ? std::optional(WallClock(*input.timezone)) : std::nullopt};
    Page<SlotView> shown;
    for (auto const& slot : page.items) shown.items.push_back(views.of(slot));
    shown.nextCursor = page.nextCursor;
    return shown;
}

std::optional<Listed> recallSlots(Call& call, SlotQuestion const& input) {
    auto const id = ObjectId::parse(input.id);
    if (!id || !call.store.alone()) return std::nullopt;
    return recalled(call, toJson(input), generationOf(call.store, {*id}));
}

Result<Listed> listSlots(Call& call, SlotQuestion const& input) {
    auto const id = ObjectId::parse(input.id);
    auto const question = toJson(input);
    // Read before the snapshot: should a commit come between, the entry is stored under a generation that is over.
    auto const generation = id ? generationOf(call.store, {*id}) : 0;
    if (id)
        if (auto known = recalled(call, question, generation)) return std::move(*known);
    return visavis::read(call.store, [&](Reader& reader) -> Result<Listed> {
        auto const specialist = profiles::publishedSpecialist(reader, input.id);
        if (!specialist) return notFound();
        TRY(auto const listing, readListing(reader, *specialist, input, call.now));
        if (id)
            call.platform.memory.listings.keep(question, {*id, generation, listing.validUntil}, listing.bytes,
                                               question.size() + listing.bytes->size());
        return Listed{{"application/json", listing.bytes, {}}};
    });
}

Result<Page<Slot>> listOwnSlots(Call& call, OwnSlotQuestion const& input) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<Slot>> {
        auto const specialist = reader.get(profiles::specialists, call.specialist());
        if (!specialist) return notFound();
        auto const zone = specialist->availability.timezone.value_or(Zone{});
        auto const today = zone.dateAt(call.now);
        TRY(auto const bounds, identity::spanOf(input.from, input.to, zone, {zone.startOf(today), zone.startOf(today + 400)}));
        auto where = slots->specialistId == call.specialist() && slots->startsAt >= bounds.from && slots->startsAt < bounds.to;
        if (input.status) where = std::move(where) && slots->status == *input.status;
        return reader.find(slots, std::move(where))
            .sort(slots->startsAt, slots->id)
            .limit(input.limit ? static_cast<std::size_t>(*input.limit) : defaultLimit)
            .page(input.cursor.value_or(""));
    });
}

Result<identity::Created<Slot>> createSlot(Call& call, NewSlot const& input) {
    return call.transact([&](Tx& tx) -> Result<identity::Created<Slot>> {
        TRY(auto slot, addSlot(call, tx, input));
        return identity::Created<Slot>{std::move(slot)};
    });
}

Result<Slot> patchSlot(Call& call, SlotPatch const& patch) {
    return call.transact([&](Tx& tx) -> Result<Slot> {
        WritableSlot none; // what is wrong about the body goes before what is there
        CHECK(patch.onto(none));
        TRY(auto current, ownSlot(tx, call, {patch.id}));
        auto writable = project<WritableSlot>(current);
        writable.price = Price{current.price};
        TRY(auto const wanted, patch.onto(writable));
        SlotChanges const changes{!patch.body.empty(), patch.body.contains("price"), patch.body.contains("consultationType")};
        return updateSlot(call, tx, std::move(current), wanted, changes);
    });
}

Result<Slot> block(Call& call, SlotBlock const& input) {
    return call.transact([&](Tx& tx) { return blockSlot(call, tx, input.id, input.reason); });
}

Result<Slot> unblock(Call& call, SlotId const& input) {
    return call.transact([&](Tx& tx) { return unblockSlot(call, tx, input.id); });
}

Result<Preview> previewSlots(Call& call, PreviewInput const& input) {
    CHECK(checkPreview(input));
    profiles::Availability availability;
    availability.timezone = input.availability.timezone;
    availability.workingHours = input.availability.workingHours.value_or(profiles::WorkingHours{});
    availability.breakTimes = input.availability.breakTimes;
    availability.unavailableDates = input.availability.unavailableDates;
    auto rules = rulesOf(availability, {}, {});
    rules.minBookingNoticeHours = static_cast<int>(input.availability.minBookingNotice.value_or(Bounded<0, 8760>{0}));
    rules.maxAdvanceBookingDays =
        input.availability.maxAdvanceBooking ? std::optional<int>(static_cast<int>(*input.availability.maxAdvanceBooking)) : std::nullopt;
    rules.bufferMinutes = static_cast<int>(input.availability.bufferTime.value_or(Bounded<0, 1440>{0}));
    rules.defaultDuration = static_cast<int>(input.duration);
    if (input.schedule) {
        Schedule schedule;
        schedule.type = input.schedule->weeklyPattern ? ScheduleType::weekly : ScheduleType::custom;
        schedule.weeklyPattern = input.schedule->weeklyPattern.value_or(WeeklyPattern{});
        schedule.dateExceptions = input.schedule->dateExceptions;
        rules.schedules.push_back(planOf(schedule));
    }
    std::vector<Busy> busy;
    for (auto const& block : input.busy) busy.push_back({block.startsAt, block.endsAt});
    constexpr std::size_t most = 20'000;
    auto const made = preview(rules, {{input.from, input.to}, static_cast<int>(input.duration), input.now.value_or(call.now), busy, most});
    if (made.size() > most) return invalid("/to", "too_many", "These rules make too many slots. Ask for fewer days.");
    Preview answer;
    WallClock clock(rules.zone);
    for (auto const& slot : made) {
        auto const wall = clock.fields(slot.startsAt, slot.endsAt);
        answer.slots.push_back(
            {slot.startsAt, slot.endsAt, wall.date, wall.startTime, wall.endTime, offsetText(wall.utcOffset), slot.duration});
    }
    return answer;
}

} // namespace visavis::availability
