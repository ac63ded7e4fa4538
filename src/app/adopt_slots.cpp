// Schedules, and when slots are.
#include "app/adopt_image.hpp"

#include "availability/takeover.hpp"
#include "availability/wall_clock.hpp"

namespace visavis::app {
namespace {

void settleTimes(Adoptee& adoptee, Entry<Slot>& entry) {
    auto& slot = entry.record;
    auto const& in = availability::slots.spec();
    auto const* specialist = recordOf(adoptee.image.specialists, slot.specialistId);
    if (!entry.has("timezone")) { // the seed: it is the specialist's
        if (specialist == nullptr || !specialist->availability.timezone)
            return adoptee.findings.add(in, slot.id.id, "timezone is missing, and its specialist has none");
        slot.timezone = *specialist->availability.timezone;
    }
    if (!entry.has("date") || !entry.has("startTime") || !entry.has("endTime")) return; // found already
    auto const duration = entry.has("duration") ? std::optional(slot.duration) : std::nullopt;
    auto const times = availability::timesOf(slot.date, slot.startTime, slot.endTime, slot.timezone, duration);
    if (!times) return adoptee.findings.add(in, slot.id.id, times.error().detail);
    slot.startsAt = times->startsAt;
    slot.endsAt = times->endsAt;
    slot.duration = (slot.endsAt - slot.startsAt).count() / 60'000;
    auto const wall = availability::WallClock(slot.timezone).fields(slot.startsAt, slot.endsAt);
    slot.date = wall.date;
    slot.startTime = wall.startTime;
    slot.endTime = wall.endTime;
    slot.tzVersion = tzdataVersion();
}

// A link to what is gone says nothing any more.
template <class T> void dropDangling(std::optional<Ref<T>>& link, Table<T> const& table) {
    if (link && !table.contains(*link)) link.reset();
}

// A slot that is still to be sold is in its specialist's currency (DESIGN §5): another one would be sold for the wrong money.
void checkCurrency(Adoptee& adoptee, Slot const& slot) {
    auto const* specialist = recordOf(adoptee.image.specialists, slot.specialistId);
    if (specialist == nullptr || slot.price == 0 || slot.startsAt <= adoptee.how.now || slot.currency == specialist->consulting.currency)
        return;
    if (slot.status == availability::SlotStatus::booked || slot.status == availability::SlotStatus::expired) return;
    adoptee.findings.add(availability::slots.spec(), slot.id.id,
                         "is still to be sold in " + slot.currency.code() + ", while its specialist's currency is " +
                             specialist->consulting.currency.code());
}

} // namespace

void settleSlotTimes(Adoptee& adoptee) {
    auto& image = adoptee.image;
    for (auto& [id, entry] : image.slots) {
        if (entry.isOurs) continue;
        auto& slot = entry.record;
        settleTimes(adoptee, entry);
        checkCurrency(adoptee, slot);
        dropDangling(slot.scheduleId, image.schedules);
        dropDangling(slot.recurrenceRuleId, image.schedules);
        dropDangling(slot.parentSlotId, image.slots);
        slot.isRecurring = false; // generation takes away what its rules do not make, and knows its own by their ids
    }
}

} // namespace visavis::app
