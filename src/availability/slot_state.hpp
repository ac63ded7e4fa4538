// A stored slot against the claims and rules of today: what it must look like, and bringing it there. Private to availability.
#pragma once

#include "availability/rules.hpp"
#include "store/tx.hpp"

#include <map>

namespace visavis::availability {

// Longer than any slot and buffer together: slots that start this long before an instant cannot reach it.
inline constexpr Hours longestReach{20};

std::vector<Schedule> activeSchedules(Reader& reader, Ref<Specialist> specialistId);
// Active claims that meet [from, to), with their buffers.
std::vector<Claim> activeClaims(Reader& reader, Ref<Specialist> specialistId, Instant from, Instant to);

// Two days more than may be booked: the daily job comes at UTC midnight, the horizon moves at the specialist's. Readers cut exactly.
int daysAhead(Specialist const& specialist);

// Sets expiredAt by the status.
void noteExpiry(Slot& slot, Instant now);

// Makes a stored generated slot look like what the rules make today, but for what its specialist has changed by hand. True if it looks
// other than before.
bool adopt(Slot& stored, Slot const& made);
// The same of a one-off slot: it is in the profile's currency, and its wall times are those of the profile's zone.
bool follow(Slot& slot, Specialist const& specialist);

// Brings single slots to the status, booking and looks that claims and rules give them. Rules are only asked when something may open.
class Derivation {
public:
    // `active` are the claims that can meet the slots.
    Derivation(Reader& reader, Specialist const& specialist, std::vector<Claim> active, Instant now)
        : reader_(reader), specialist_(specialist), active_(std::move(active)), now_(now) {}

    // True when the slot is other than before. `others` are slots stored beside it.
    bool apply(Slot& slot, std::vector<Slot> const& others = {});

private:
    bool open(Slot& slot, std::vector<Slot> const& others, SlotStatus& status);
    std::optional<Slot> madeToday(Slot const& slot);

    Reader& reader_;
    Specialist const& specialist_;
    std::vector<Claim> active_;
    Instant now_;
    std::vector<Schedule> schedules_; // these four: once the rules were asked
    std::optional<Rules> rules_;
    std::optional<WallClock> clock_;
    std::map<LocalDate, std::vector<ExpandedSlot>> days_;
};

// Brings every slot that a claim over [from, to) can touch to the status that claims and rules give it. `from` has the buffer before it.
Result<void> refresh(Tx& tx, Specialist const& specialist, Instant from, Instant to, Instant now);

} // namespace visavis::availability
