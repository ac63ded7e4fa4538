// Bookings: their times, the history of their status, and what else must say the same as it.
#include "app/adopt_image.hpp"

#include <algorithm>

namespace visavis::app {
namespace {

using booking::BookingStatus;
using booking::CancellationStatus;
using booking::CancelReason;
using booking::Party;
using booking::StatusChange;
using payments::PaymentStatus;
using payments::RefundState;

bool isCaptured(Payment const& payment) { return payment.status != PaymentStatus::pending && payment.status != PaymentStatus::failed; }

// What belongs to bookings, by booking.
struct Money {
    std::vector<Payment const*> captured;
    MinorUnits goesBack = 0; // of the first
};

class BookingSettler {
public:
    explicit BookingSettler(Adoptee& adoptee) : adoptee_(adoptee), image_(adoptee.image) {
        std::map<Ref<Payment>, MinorUnits> goesBack;
        for (auto const& [id, entry] : image_.refunds)
            if (entry.record.status != RefundState::failed) goesBack[entry.record.paymentId] += entry.record.amount;
        for (auto const& [id, entry] : image_.payments) {
            auto const& payment = entry.record;
            if (!isCaptured(payment) || !payment.succeededAt) continue;
            auto& money = money_[payment.bookingId];
            auto const back = goesBack[payment.id];
            bool const isWhollyBack = back == payment.amount && payment.amount > 0;
            if (isWhollyBack && !money.captured.empty()) continue; // a double charge that was given back
            if (!money.captured.empty() && money.goesBack == money.captured.front()->amount) money.captured.clear();
            money.captured.push_back(&payment);
            money.goesBack = back;
        }
    }

    void settle(Entry<Booking>& entry) {
        entry_ = &entry;
        booking_ = &entry.record;
        if (!entry.has("status")) return; // found already
        if (!takeTimes()) return;
        takeProfile();
        settleParty();
        settleReason();
        settleHistory();
        settleMoves();
        settleMoney();
        if (booking_->status == BookingStatus::pending)
            booking_->holdExpiresAt = booking_->startsAt; // nobody who waits for it loses it today
    }

private:
    void fault(std::string const& what) { adoptee_.findings.add(booking::bookings.spec(), booking_->id.id, what); }

    bool takeTimes() {
        auto const* slot = recordOf(image_.slots, booking_->slotId);
        if (slot == nullptr) {
            if (entry_->has("slotId")) fault("slotId names availabilitySlots " + booking_->slotId.hex() + ", which is not there");
            return false;
        }
        if (slot->specialistId != booking_->specialistId) fault("is with another specialist than its slot " + slot->id.hex());
        if (!entry_->has("sessionDuration")) booking_->sessionDuration = slot->duration;
        booking_->startsAt = slot->startsAt;
        booking_->endsAt = slot->endsAt;
        auto const elapsed = (slot->endsAt - slot->startsAt).count() / 60'000;
        bool const slotWasMended = slotWrote(*slot) == booking_->sessionDuration; // a duration that did not count a change of the clocks
        if (booking_->sessionDuration != elapsed && !slotWasMended)
            fault("lasts " + std::to_string(booking_->sessionDuration) + " minutes, its slot " + std::to_string(elapsed));
        booking_->sessionDuration = elapsed;
        return true;
    }

    // The duration that the slot had before it was converted.
    std::optional<std::int64_t> slotWrote(Slot const& slot) {
        auto const& before = image_.slots.at(slot.id).before;
        auto const found = before ? bsonAt(before->bytes, "duration") : std::vector<Scalar>{};
        if (found.size() != 1) return std::nullopt;
        if (auto const* number = std::get_if<std::int64_t>(&found.front())) return *number;
        auto const* number = std::get_if<double>(&found.front());
        return number == nullptr ? std::nullopt : std::optional(static_cast<std::int64_t>(*number));
    }

    // The data model has no snapshots: what was agreed is what the profile says.
    void takeProfile() {
        auto const* specialist = recordOf(image_.specialists, booking_->specialistId);
        if (specialist == nullptr) return; // a reference: found later
        booking_->policy = specialist->consulting.cancellationPolicy;
        booking_->bufferMinutes = specialist->availability.bufferTime;
    }

    void settleParty() {
        if (booking_->status != BookingStatus::noShow) return;
        auto const specialistCame = booking_->attendance.specialistJoined, customerCame = booking_->attendance.customerJoined;
        if (customerCame == false && specialistCame != false)
            booking_->noShowParty = Party::customer;
        else if (specialistCame == false && customerCame != false)
            booking_->noShowParty = Party::specialist;
        else
            fault("is a no-show, but its attendance does not say of whom (customerJoined or specialistJoined: false)");
    }

    void settleReason() {
        auto const said = booking_->cancellation.status;
        if (booking_->status != BookingStatus::cancelled) {
            if (said != CancellationStatus::notCancelled)
                fault("is " + wordOf(booking_->status) + ", but its cancellation is " + wordOf(said));
            return;
        }
        booking_->cancelReason = said == CancellationStatus::cancelledByCustomer     ? CancelReason::by_customer
                                 : said == CancellationStatus::cancelledBySpecialist ? CancelReason::by_specialist
                                                                                     : CancelReason::platform;
    }

    StatusChange const* told(BookingStatus status) const {
        auto const& history = booking_->statusHistory;
        auto const found = std::find_if(history.begin(), history.end(), [&](auto const& change) { return change.status == status; });
        return found == history.end() ? nullptr : &*found;
    }

    bool wasConfirmed() const { return told(BookingStatus::confirmed) != nullptr || !money_of().captured.empty(); }

    Money const& money_of() const {
        static Money const none;
        auto const found = money_.find(booking_->id);
        return found == money_.end() ? none : found->second;
    }

    // The instants that a step without an entry of its own took place at.
    Instant instantOf(BookingStatus status) const {
        auto const& money = money_of().captured;
        if (status == BookingStatus::confirmed) return money.empty() ? booking_->createdAt : *money.front()->succeededAt;
        if (status == BookingStatus::cancelled) return booking_->cancellation.cancelledAt.value_or(booking_->updatedAt);
        if (status == BookingStatus::pending) return booking_->createdAt;
        return booking_->endsAt;
    }

    // Every booking began pending, and was confirmed before it took place; steps that nobody wrote down are put in.
    void settleHistory() {
        std::vector<BookingStatus> path{BookingStatus::pending};
        bool const over = booking_->status == BookingStatus::completed || booking_->status == BookingStatus::noShow;
        bool const confirmed = booking_->status == BookingStatus::confirmed || over;
        if (confirmed || (booking_->status == BookingStatus::cancelled && wasConfirmed())) path.push_back(BookingStatus::confirmed);
        if (booking_->status == BookingStatus::noShow && told(BookingStatus::completed) != nullptr)
            path.push_back(BookingStatus::completed);
        if (path.back() != booking_->status) path.push_back(booking_->status);
        std::vector<StatusChange> history;
        for (auto const status : path) {
            auto const* known = told(status);
            StatusChange change = known != nullptr ? *known : StatusChange{status, instantOf(status), {}, {}};
            if (known != nullptr && change.changedBy) change.changedBy = userBehind(image_, change.changedBy->id);
            if (known == nullptr && !history.empty()) change.changedAt = std::max(change.changedAt, history.back().changedAt);
            if (known != nullptr && status == BookingStatus::confirmed && !history.empty() && history.back().changedAt > change.changedAt)
                history.back().changedAt = change.changedAt; // it was pending before, whatever createdAt says
            history.push_back(std::move(change));
        }
        for (std::size_t i = 1; i < history.size(); ++i)
            if (history[i].changedAt < history[i - 1].changedAt) fault("has a statusHistory that runs backwards");
        checkInstants(history.back().changedAt, over);
        booking_->statusHistory = std::move(history);
    }

    void checkInstants(Instant last, bool over) {
        if (over && last > adoptee_.how.now) fault("is " + wordOf(booking_->status) + ", but lies ahead");
        if (over && last <= booking_->startsAt) fault("became " + wordOf(booking_->status) + " before its start");
        if (booking_->status == BookingStatus::cancelled && last > booking_->startsAt)
            fault("was cancelled after its start: it is a no-show or completed");
    }

    void settleMoves() {
        auto& moves = booking_->rescheduleHistory;
        auto const* specialist = recordOf(image_.specialists, booking_->specialistId);
        auto const* customer = recordOf(image_.customers, booking_->customerId);
        std::ptrdiff_t byCustomer = 0;
        for (auto& move : moves) {
            auto const user = userBehind(image_, move.rescheduledBy.id);
            if (!user) {
                fault("rescheduleHistory.rescheduledBy names nobody: " + move.rescheduledBy.hex());
                continue;
            }
            move.rescheduledBy = *user;
            if (customer != nullptr && customer->userId == *user) move.party = Party::customer, ++byCustomer;
            if (specialist != nullptr && specialist->userId == *user) move.party = Party::specialist;
        }
        for (std::size_t i = 1; i < moves.size(); ++i)
            if (moves[i - 1].toSlotId != moves[i].fromSlotId || moves[i - 1].rescheduledAt > moves[i].rescheduledAt)
                fault("has a rescheduleHistory with a gap");
        if (!moves.empty() && moves.back().toSlotId != booking_->slotId) fault("has a rescheduleHistory that does not end at its slot");
        if (byCustomer > 2) fault("was moved by its customer more than twice");
        bool const counts = booking_->status == BookingStatus::cancelled && wasConfirmed();
        booking_->calendarSequence = std::ssize(moves) + (counts ? 1 : 0);
    }

    void settleMoney() {
        auto const& money = money_of();
        bool const stands = booking_->status != BookingStatus::pending && booking_->status != BookingStatus::cancelled;
        auto const price = moneyText(booking_->sessionPrice, booking_->currency);
        if (money.captured.size() > 1) return fault("has more than one captured payment that was not given back");
        if (money.captured.empty()) {
            if (stands && booking_->sessionPrice > 0)
                fault("is " + wordOf(booking_->status) + " and costs " + price + ", but no payment of it succeeded");
            return;
        }
        auto const& payment = *money.captured.front();
        booking_->platformFeePercentage = payment.platformFeePercentage;
        if (booking_->status == BookingStatus::pending) return fault("is pending, but payment " + payment.id.hex() + " has succeeded");
        if (stands && (payment.amount != booking_->sessionPrice || payment.currency != booking_->currency))
            return fault("costs " + price + ", but its payment is of " + moneyText(payment.amount, payment.currency));
        booking_->paidWith = payment.id;
        checkOwed(payment, money.goesBack);
    }

    // What a cancelled or missed session must give back. A customer's own cancelling was settled by the policy of that day, which is what went back.
    void checkOwed(Payment const& payment, MinorUnits goesBack) {
        if (payment.status == PaymentStatus::chargeback || payment.amount == 0) return;
        MinorUnits owed = 0;
        if (booking_->status == BookingStatus::noShow && booking_->noShowParty == Party::specialist) owed = payment.amount;
        if (booking_->status == BookingStatus::cancelled) owed = payment.amount;
        auto const& moves = booking_->rescheduleHistory;
        bool const wasMoved = !moves.empty() && moves.back().party != Party::customer;
        if (booking_->cancelReason == CancelReason::by_customer && !wasMoved) {
            auto const percentage = goesBack * 100 / payment.amount;
            if (percentage < booking_->policy.refundPercentage) booking_->policy.refundPercentage = {percentage};
            return;
        }
        if (goesBack < owed)
            fault("is " + wordOf(booking_->status) + ", but payment " + payment.id.hex() + " lacks a refund of " +
                  moneyText(owed - goesBack, payment.currency));
    }

    Adoptee& adoptee_;
    Image& image_;
    std::map<Ref<Booking>, Money> money_;
    Entry<Booking>* entry_ = nullptr;
    Booking* booking_ = nullptr;
};

} // namespace

void settleBookings(Adoptee& adoptee) {
    BookingSettler settler(adoptee);
    for (auto& [id, entry] : adoptee.image.bookings)
        if (!entry.isOurs) settler.settle(entry);
}

} // namespace visavis::app
