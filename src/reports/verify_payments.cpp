// I3 to I6: payments against their bookings, their refunds and themselves.
#include "booking/records.hpp"
#include "identity/service.hpp"
#include "reports/verify_audit.hpp"

#include <algorithm>

namespace visavis::reports {
namespace {

using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using booking::CancelReason;
using booking::Party;
using payments::Payment;
using payments::PaymentStatus;
using payments::Refund;
using payments::refunds;
using payments::RefundState;

bool isCaptured(Payment const& payment) { return payment.status != PaymentStatus::pending && payment.status != PaymentStatus::failed; }

std::vector<Payment> paymentsOf(Audit& audit, Ref<Booking> id) {
    return audit.reader.find(payments::payments, payments::payments->bookingId == id).all();
}

std::vector<Refund> refundsOf(Audit& audit, Ref<Payment> id) { return audit.reader.find(refunds, refunds->paymentId == id).all(); }

// What was given back, and what is on its way.
MinorUnits goingBack(std::vector<Refund> const& all) {
    MinorUnits sum = 0;
    for (auto const& refund : all)
        if (refund.status != RefundState::failed) sum += refund.amount;
    return sum;
}

MinorUnits givenBack(std::vector<Refund> const& all) {
    MinorUnits sum = 0;
    for (auto const& refund : all)
        if (refund.status == RefundState::succeeded) sum += refund.amount;
    return sum;
}

// What the gateway could not give back although it was asked to, and staff were told: what is left to do is theirs, and no fault of the store.
MinorUnits handedToStaff(Audit& audit, std::vector<Refund> const& all) {
    MinorUnits sum = 0;
    for (auto const& refund : all)
        if (refund.status == RefundState::failed && identity::isAudited(audit.reader, "refund.failed", refund.id.hex()))
            sum += refund.amount;
    return sum;
}

// The percentage that a customer who cancels gets back: tiers, when given, say it all.
std::int64_t refundedByPolicy(Booking const& booking, Instant cancelledAt) {
    auto const& policy = booking.policy;
    auto const inTime = [&](std::int64_t hours) { return cancelledAt <= booking.startsAt - Hours(hours); };
    if (policy.tiers.empty()) return inTime(policy.refundableBefore) ? static_cast<std::int64_t>(policy.refundPercentage) : 0;
    std::int64_t best = 0;
    for (auto const& tier : policy.tiers)
        if (inTime(tier.hoursBefore)) best = std::max<std::int64_t>(best, tier.refundPercentage);
    return best;
}

// The least that must go back of a payment whose booking was cancelled, or whose specialist did not come.
MinorUnits owed(Booking const& booking, Payment const& payment) {
    if (booking.paidWith && *booking.paidWith != payment.id) return payment.amount; // a double charge
    if (booking.status == BookingStatus::noShow) return booking.noShowParty == Party::specialist ? payment.amount : 0;
    if (booking.status != BookingStatus::cancelled) return 0;
    auto const& moves = booking.rescheduleHistory;
    if (!moves.empty() && moves.back().party != Party::customer) return payment.amount; // whoever was moved may leave
    auto const& history = booking.statusHistory;
    bool const wasConfirmed =
        std::any_of(history.begin(), history.end(), [](auto const& change) { return change.status == BookingStatus::confirmed; });
    if (!wasConfirmed || booking.cancelReason != CancelReason::by_customer || history.empty()) return payment.amount;
    return proportion(payment.amount, refundedByPolicy(booking, history.back().changedAt), 100);
}

// The keys that rows were made with are numbered from 1 on, so that one that is gone leaves a gap behind.
template <class T> bool areNumbered(std::vector<T> const& rows, std::string const& prefix) {
    for (std::size_t number = 1; number <= rows.size(); ++number) {
        auto const key = prefix + std::to_string(number);
        if (std::none_of(rows.begin(), rows.end(), [&](T const& row) { return row.idempotencyKey == key; })) return false;
    }
    return true;
}

void judgeInstants(Audit& audit, Payment const& payment, bool succeeded, bool failed, bool refunded) {
    auto const expect = [&](bool is, bool should, char const* member) {
        audit.expect(is == should, payments::payments, payment, "is " + wordOf(payment.status) + (is ? " but has " : " without ") + member);
    };
    expect(payment.succeededAt.has_value(), succeeded, "succeededAt");
    expect(payment.failedAt.has_value(), failed, "failedAt");
    if (payment.status != PaymentStatus::chargeback) expect(payment.refundedAt.has_value(), refunded, "refundedAt");
}

void judgeRefund(Audit& audit, Payment const& payment, Refund const& refund) {
    audit.expect(refund.amount > 0, refunds, refund, "gives back nothing");
    audit.expect(refund.currency == payment.currency, refunds, refund, "has another currency than its payment");
    audit.expect(refund.bookingId == payment.bookingId, refunds, refund, "names another booking than its payment");
    audit.expect(refund.refundedAt.has_value() || refund.status != RefundState::succeeded, refunds, refund,
                 "is succeeded without refundedAt");
    audit.expect(refund.failedAt.has_value() == (refund.status == RefundState::failed), refunds, refund,
                 "has a failedAt that its status does not explain");
}

} // namespace

void checkPaidBookings(Audit& audit) {
    audit.each(bookings, [&](Booking const& booking) {
        if (booking.status == BookingStatus::pending || booking.status == BookingStatus::cancelled) return;
        audit.count();
        auto captured = paymentsOf(audit, booking.id);
        std::erase_if(captured, [&](Payment const& payment) {
            bool const isDouble = booking.paidWith && *booking.paidWith != payment.id;
            return !isCaptured(payment) || (isDouble && goingBack(refundsOf(audit, payment.id)) == payment.amount);
        });
        if (booking.sessionPrice == 0) return audit.expect(captured.empty(), bookings, booking, "is free but was paid");
        auto const number = std::to_string(captured.size());
        if (captured.size() != 1) return audit.fault(bookings.spec(), booking.id.id, "has " + number + " captured payments, not one");
        bool const same = captured.front().amount == booking.sessionPrice && captured.front().currency == booking.currency;
        audit.expect(same, bookings, booking, "was paid with another amount or currency than its price");
    });
}

void checkCapturedMoney(Audit& audit) {
    audit.each(payments::payments, [&](Payment const& payment) {
        if (!isCaptured(payment)) return;
        audit.count();
        if (payment.status == PaymentStatus::chargeback || audit.isWaiting("PaymentSucceeded:" + payment.id.hex())) return;
        auto const booking = audit.reader.get(bookings, payment.bookingId);
        if (!booking) return; // I14
        audit.expect(booking->status != BookingStatus::pending, payments::payments, payment, "is captured, but its booking stays pending");
        auto const all = refundsOf(audit, payment.id);
        auto const missing = owed(*booking, payment) - goingBack(all) - handedToStaff(audit, all);
        audit.expect(
            missing <= 0, payments::payments, payment,
            "is captured for a " + wordOf(booking->status) + " booking and lacks a refund of " + moneyText(missing, payment.currency));
        bool const isContested = booking->noShowContest && !booking->noShowContest->decidedAt;
        audit.expect(!isContested || payment.payoutFrozenAt, payments::payments, payment,
                     "can be paid out while the sides disagree about its booking");
    });
}

void checkRefunds(Audit& audit) {
    audit.each(payments::payments, [&](Payment const& payment) {
        auto const all = refundsOf(audit, payment.id);
        for (auto const& refund : all) audit.count(), judgeRefund(audit, payment, refund);
        auto const sum = goingBack(all);
        audit.expect(sum <= (isCaptured(payment) ? payment.amount : 0), payments::payments, payment,
                     "is refunded by more than was captured");
        audit.expect((payment.refund ? payment.refund->refundAmount : 0) == sum, payments::payments, payment,
                     "does not mirror the total of its refunds");
    });
}

// A refund whose call to the gateway was neither made nor is waiting would wait for ever.
void checkRefundCalls(Audit& audit) {
    audit.each(refunds, [&](Refund const& refund) {
        if (refund.status != RefundState::pending) return;
        audit.count();
        audit.expect(refund.stripeRefundId || audit.isWaiting("RefundRequested:" + refund.id.hex()), refunds, refund,
                     "is pending, but nobody asks the gateway for it");
    });
}

void checkPaymentStates(Audit& audit) {
    audit.each(payments::payments, [&](Payment const& payment) {
        audit.count();
        using S = PaymentStatus;
        auto const state = payment.status;
        judgeInstants(audit, payment, isCaptured(payment), state == S::failed, state == S::refunded);
        audit.expect(!isCaptured(payment) || payment.stripePaymentIntentId, payments::payments, payment,
                     "is captured without a payment intent");
        auto const all = refundsOf(audit, payment.id);
        bool const emptied = isCaptured(payment) && payment.amount > 0 && givenBack(all) >= payment.amount;
        audit.expect(state == S::chargeback || emptied == (state == S::refunded), payments::payments, payment,
                     emptied ? "is given back but not refunded" : "is refunded but not given back");
        audit.expect(areNumbered(all, "payment:" + payment.id.hex() + ":refund:"), payments::payments, payment,
                     "lacks a refund row that was there");
        auto const ofBooking = paymentsOf(audit, payment.bookingId);
        if (ofBooking.front().id != payment.id) return; // once per booking
        audit.expect(areNumbered(ofBooking, "booking:" + payment.bookingId.hex() + ":charge:"), payments::payments, payment,
                     "has a booking that lacks a payment row that was there");
    });
}

} // namespace visavis::reports
