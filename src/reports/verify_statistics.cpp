// I11: the counters on profiles against a recomputation from bookings, payments and refunds.
#include "booking/records.hpp"
#include "reports/verify_audit.hpp"

#include <algorithm>

namespace visavis::reports {
namespace {

using booking::Booking;
using booking::bookings;
using booking::BookingStatus;
using payments::Payment;
using payments::PaymentStatus;
using payments::Refund;
using payments::refunds;
using payments::RefundState;
using profiles::Customer;
using profiles::customers;
using profiles::Specialist;
using profiles::specialists;

bool wasConfirmed(Booking const& booking) {
    auto const& history = booking.statusHistory;
    return std::any_of(history.begin(), history.end(), [](auto const& change) { return change.status == BookingStatus::confirmed; });
}

template <class Party> std::int64_t everConfirmed(Audit& audit, Path<Booking, Ref<Party>> const& side, Ref<Party> id) {
    std::int64_t number = 0;
    audit.each(bookings, {bookings->createdAt, bookings->id}, side == id,
               [&](Booking const& booking) { number += wasConfirmed(booking) ? 1 : 0; });
    return number;
}

struct GivenBack {
    MinorUnits amount = 0;
    MinorUnits specialistShare = 0;
};

GivenBack givenBack(Audit& audit, Ref<Payment> id) {
    GivenBack sum;
    for (auto const& refund : audit.reader.find(refunds, refunds->paymentId == id).all()) {
        if (refund.status != RefundState::succeeded) continue;
        sum.amount += refund.amount;
        sum.specialistShare += refund.specialistShare;
    }
    return sum;
}

template <class T, class V> void compare(Audit& audit, Collection<T> const& in, T const& record, char const* member, V stored, V computed) {
    if (stored == computed) return;
    audit.fault(in.spec(), record.id.id,
                std::string("has ") + member + " " + std::to_string(stored) + ", recomputed " + std::to_string(computed));
}

// DESIGN §6: payouts of succeeded payments less the specialist's shares of their succeeded refunds. Of a refunded one nothing is left.
MinorUnits earnings(Audit& audit, Ref<Specialist> id) {
    MinorUnits sum = 0;
    auto const& all = payments::payments;
    audit.each(all, {all->createdAt, all->id}, all->specialistId == id, [&](Payment const& payment) {
        if (payment.status == PaymentStatus::succeeded || payment.status == PaymentStatus::refunded)
            sum += payment.specialistPayout - givenBack(audit, payment.id).specialistShare;
    });
    return sum;
}

struct Spending {
    MinorUnits total = 0;
    std::int64_t bookings = 0;
};

// Captured less refunded, and the bookings that it paid for.
Spending spending(Audit& audit, Ref<Customer> id) {
    Spending spent;
    auto const& all = payments::payments;
    audit.each(all, {all->createdAt, all->id}, all->customerId == id, [&](Payment const& payment) {
        if (payment.status == PaymentStatus::pending || payment.status == PaymentStatus::failed) return;
        spent.total += payment.amount - givenBack(audit, payment.id).amount;
        ++spent.bookings;
    });
    return spent;
}

// The mean time to an answer, from the requests themselves.
void judgeAnswers(Audit& audit, Specialist const& specialist) {
    auto const& all = availability::availabilityRequests;
    std::int64_t answered = 0, waited = 0;
    audit.each(all, {all->createdAt, all->id}, all->specialistId == specialist.id, [&](availability::AvailabilityRequest const& request) {
        if (!request.answeredAt) return;
        ++answered;
        waited += (*request.answeredAt - request.createdAt).count();
    });
    compare(audit, specialists, specialist, "answeredRequests", specialist.answeredRequests, answered);
    compare(audit, specialists, specialist, "answeredAfterMs", specialist.answeredAfterMs, waited);
    compare(audit, specialists, specialist, "responseTime", specialist.responseTime, profiles::meanHours(waited, answered));
}

void judgeSpecialist(Audit& audit, Specialist const& specialist) {
    compare(audit, specialists, specialist, "totalBookings", specialist.totalBookings,
            everConfirmed(audit, bookings->specialistId, specialist.id));
    compare(audit, specialists, specialist, "totalEarnings", specialist.totalEarnings, earnings(audit, specialist.id));
    judgeAnswers(audit, specialist);
}

void judgeCustomer(Audit& audit, Customer const& customer) {
    compare(audit, customers, customer, "totalBookings", customer.totalBookings, everConfirmed(audit, bookings->customerId, customer.id));
    auto const spent = spending(audit, customer.id);
    compare(audit, customers, customer, "totalSpent", customer.totalSpent, spent.total);
    compare(audit, customers, customer, "paidBookings", customer.paidBookings, spent.bookings);
    auto const mean = spent.bookings > 0 ? proportion(spent.total, 1, spent.bookings) : 0;
    compare(audit, customers, customer, "averageSpentPerSession", customer.averageSpentPerSession, mean);
}

} // namespace

void checkStatistics(Audit& audit) {
    audit.each(specialists, [&](Specialist const& specialist) {
        audit.count();
        judgeSpecialist(audit, specialist);
    });
    audit.each(customers, [&](Customer const& customer) {
        audit.count();
        judgeCustomer(audit, customer);
    });
}

} // namespace visavis::reports
