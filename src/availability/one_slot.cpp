// What a specialist does with single slots: adds one outside of the rules, changes one by hand, closes one and opens it again.
#include "availability/service.hpp"
#include "availability/slot_state.hpp"

namespace visavis::availability {
namespace {

constexpr std::int64_t grid = 5; // minutes: booked cells never collide falsely
constexpr std::size_t mostTags = 20;
constexpr Days farthest{731};

bool isPayable(Platform const& platform, Specialist const& specialist, MinorUnits price) {
    constexpr MinorUnits highest = 99'999'999;
    return price == 0 || (price >= platform.payments.least(specialist.consulting.currency.code()) && price <= highest);
}

std::string priceRange(Platform const& platform, Specialist const& specialist) {
    return "Must be 0 or between " + std::to_string(platform.payments.least(specialist.consulting.currency.code())) +
           " and 99999999 (in minor units).";
}

void checkTags(std::vector<Text<1, 40>> const& tags, std::vector<FieldError>& wrong) {
    if (tags.size() > mostTags) wrong.push_back({"/tags", "too_long", "Must have at most 20 elements."});
}

// What the types do not say of a new slot.
void checkNew(NewSlot const& input, Instant now, std::vector<FieldError>& wrong) {
    if (input.startsAt.ms % (grid * 60'000) != 0)
        wrong.push_back({"/startsAt", "five_minutes", "Must be a multiple of five minutes."});
    else if (input.startsAt <= now)
        wrong.push_back({"/startsAt", "past", "Must lie ahead."});
    else if (input.startsAt > now + farthest)
        wrong.push_back({"/startsAt", "out_of_range", "Must be within two years."});
    if (input.duration % grid != 0) wrong.push_back({"/duration", "five_minutes", "Must be a multiple of five minutes."});
    checkTags(input.tags, wrong);
}

// What the specialist's own settings say of it: a slot is in their currency, and costs what can be paid.
void checkPrice(Platform const& platform, Specialist const& specialist, NewSlot const& input, std::vector<FieldError>& wrong) {
    auto const& consulting = specialist.consulting;
    if (input.currency && *input.currency != consulting.currency)
        wrong.push_back({"/currency", "other_currency", "Must be the profile's currency, " + consulting.currency.code() + "."});
    if (!input.price && !consulting.basePrice) {
        wrong.push_back({"/price", "required", "Must be given while the profile has no base price; 0 is free."});
    } else if (input.price) {
        if (!isPayable(platform, specialist, *input.price)) wrong.push_back({"/price", "out_of_range", priceRange(platform, specialist)});
    } else if (auto const price = profiles::priceFor(consulting, input.duration); !isPayable(platform, specialist, price)) {
        wrong.push_back({"/duration", "price_out_of_range",
                         "Pro rata it would cost " + std::to_string(price) + ". " + priceRange(platform, specialist)});
    }
}

Slot slotOf(Call& call, Specialist const& specialist, NewSlot const& input) {
    Slot slot;
    slot.id = call.newId<Slot>();
    slot.specialistId = specialist.id;
    slot.startsAt = input.startsAt;
    slot.endsAt = input.startsAt + Minutes(static_cast<std::int64_t>(input.duration));
    slot.duration = input.duration;
    slot.price = input.price ? static_cast<MinorUnits>(*input.price) : profiles::priceFor(specialist.consulting, input.duration);
    slot.consultationType = input.consultationType;
    slot.tags = input.tags;
    slot.description = input.description;
    slot.createdAt = slot.updatedAt = call.now;
    follow(slot, specialist);
    return slot;
}

// Slots that count for something: what the rules have given up may be built over.
bool overlapsAnother(Reader& reader, Slot const& slot) {
    auto const near = reader
                          .find(slots, slots->specialistId == slot.specialistId && slots->startsAt > slot.startsAt - longestReach &&
                                           slots->startsAt < slot.endsAt)
                          .sort(slots->startsAt, slots->id)
                          .all();
    return std::any_of(near.begin(), near.end(), [&](Slot const& other) {
        return other.id != slot.id && other.status != SlotStatus::expired && other.endsAt > slot.startsAt;
    });
}

Result<Specialist> specialistOf(Reader& reader, Call const& call) {
    auto specialist = reader.get(profiles::specialists, call.specialist());
    if (!specialist) return notFound();
    return std::move(*specialist);
}

Derivation derivationFor(Tx& tx, Specialist const& specialist, Slot const& slot, Instant now) {
    auto const buffer = Minutes(static_cast<std::int64_t>(specialist.availability.bufferTime));
    return {tx, specialist, activeClaims(tx, specialist.id, slot.startsAt, slot.endsAt + buffer), now};
}

Error slotBooked() {
    return conflictWith(wordOf(SlotStatus::booked), "slot_booked", "A booking has this time. Cancel or reschedule it first.");
}

Result<Slot> store(Tx& tx, Slot slot, Instant now) {
    slot.updatedAt = now;
    CHECK(tx.replace(slots, slot));
    CHECK(profiles::bumpAvailability(tx, slot.specialistId));
    return slot;
}

} // namespace

Result<Slot> ownSlot(Reader& reader, Call const& call, Ref<Slot> id) {
    auto slot = reader.get(slots, id);
    if (!slot || slot->specialistId != call.specialist()) return notFound();
    return std::move(*slot);
}

Result<Slot> addSlot(Call& call, Tx& tx, NewSlot const& input) {
    std::vector<FieldError> wrong;
    checkNew(input, call.now, wrong);
    TRY(auto const specialist, specialistOf(tx, call));
    checkPrice(call.platform, specialist, input, wrong);
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    auto slot = slotOf(call, specialist, input);
    if (overlapsAnother(tx, slot)) return conflict("slot_overlaps", "There is another slot at this time.");
    // Two that are added at once both write the profile, so that one of them sees the other.
    CHECK(profiles::bumpAvailability(tx, specialist.id));
    derivationFor(tx, specialist, slot, call.now).apply(slot);
    CHECK(tx.insert(slots, slot));
    return slot;
}

Result<Slot> updateSlot(Call& call, Tx& tx, Slot current, WritableSlot const& wanted, SlotChanges changes) {
    std::vector<FieldError> wrong;
    checkTags(wanted.tags, wrong);
    TRY(auto const specialist, specialistOf(tx, call));
    if (changes.price && !isPayable(call.platform, specialist, wanted.price))
        wrong.push_back({"/price", "out_of_range", priceRange(call.platform, specialist)});
    if (!wrong.empty()) return invalidMembers(std::move(wrong));
    CHECK(call.checkVersion(current.version));
    auto slot = current;
    slot.price = wanted.price;
    slot.consultationType = wanted.consultationType;
    slot.tags = wanted.tags;
    slot.description = wanted.description;
    slot.isEdited = slot.isEdited || changes.any;
    slot.ownPrice.value = slot.ownPrice || changes.price;
    slot.ownConsultationType.value = slot.ownConsultationType || changes.consultationType;
    if (toJson(slot) == toJson(current)) return current;
    return store(tx, std::move(slot), call.now);
}

Result<Slot> blockSlot(Call& call, Tx& tx, Ref<Slot> id, std::optional<Text<1, 200>> const& reason) {
    TRY(auto slot, ownSlot(tx, call, id));
    CHECK(call.checkVersion(slot.version));
    if (slot.status == SlotStatus::booked) return slotBooked();
    if (slot.status == SlotStatus::expired || slot.startsAt <= call.now) return wrongState(wordOf(SlotStatus::expired));
    TRY(auto const specialist, specialistOf(tx, call));
    slot.isManuallyBlocked = true;
    slot.blockReason = reason;
    derivationFor(tx, specialist, slot, call.now).apply(slot);
    return store(tx, std::move(slot), call.now);
}

Result<Slot> unblockSlot(Call& call, Tx& tx, Ref<Slot> id) {
    TRY(auto slot, ownSlot(tx, call, id));
    CHECK(call.checkVersion(slot.version));
    if (slot.status == SlotStatus::booked) return slotBooked();
    if (!slot.isManuallyBlocked) return slot;
    TRY(auto const specialist, specialistOf(tx, call));
    slot.isManuallyBlocked = false;
    slot.blockReason.reset();
    derivationFor(tx, specialist, slot, call.now).apply(slot);
    return store(tx, std::move(slot), call.now);
}

Result<void> checkOwnPrices(Platform& platform, Reader& reader, Specialist const& specialist, Instant now) {
    auto const ahead =
        reader.find(slots, slots->specialistId == specialist.id && slots->startsAt > now).sort(slots->startsAt, slots->id).all();
    for (auto const& slot : ahead)
        if ((!slot.isRecurring || slot.ownPrice) && !isPayable(platform, specialist, slot.price))
            return invalid("/consulting/currency", "price_out_of_range",
                           "The slot of " + toRfc3339(slot.startsAt) + " costs " + std::to_string(slot.price) + ". " +
                               priceRange(platform, specialist));
    return ok;
}

} // namespace visavis::availability
