// What profiles, the ledger and the rollups say, made of bookings, payments, refunds and reviews.
#include "app/adopt_image.hpp"

#include "payments/takeover.hpp"
#include "reviews/takeover.hpp"

#include <algorithm>

namespace visavis::app {
namespace {

using booking::BookingStatus;
using payments::PaymentStatus;
using payments::RefundState;

bool isCaptured(Payment const& payment) { return payment.status != PaymentStatus::pending && payment.status != PaymentStatus::failed; }

bool wasConfirmed(Booking const& booking) {
    return std::any_of(booking.statusHistory.begin(), booking.statusHistory.end(),
                       [](auto const& change) { return change.status == BookingStatus::confirmed; });
}

std::map<Ref<Payment>, std::vector<Refund>> refundsByPayment(Image const& image) {
    std::map<Ref<Payment>, std::vector<Refund>> all;
    for (auto const& [id, entry] : image.refunds) all[entry.record.paymentId].push_back(entry.record);
    return all;
}

struct Sums {
    std::int64_t bookings = 0, paid = 0;
    MinorUnits money = 0;
};

void addBookings(Image const& image, std::map<Ref<Specialist>, Sums>& specialists, std::map<Ref<Customer>, Sums>& customers) {
    for (auto const& [id, entry] : image.bookings) {
        if (!wasConfirmed(entry.record)) continue;
        ++specialists[entry.record.specialistId].bookings;
        ++customers[entry.record.customerId].bookings;
    }
}

void addPayments(Image const& image, std::map<Ref<Specialist>, Sums>& specialists, std::map<Ref<Customer>, Sums>& customers) {
    auto const refunds = refundsByPayment(image);
    for (auto const& [id, entry] : image.payments) {
        auto const& payment = entry.record;
        if (!isCaptured(payment)) continue;
        MinorUnits back = 0, shareBack = 0;
        if (auto const found = refunds.find(id); found != refunds.end())
            for (auto const& refund : found->second)
                if (refund.status == RefundState::succeeded) back += refund.amount, shareBack += refund.specialistShare;
        auto& spent = customers[payment.customerId];
        spent.money += payment.amount - back;
        ++spent.paid;
        if (payment.status != PaymentStatus::chargeback) specialists[payment.specialistId].money += payment.specialistPayout - shareBack;
    }
}

// A record of ours changes only when its numbers do.
template <class T> void note(Entry<T>& entry, T changed) {
    if (toBson(changed) == toBson(entry.record)) return;
    entry.record = std::move(changed);
    entry.isAltered = entry.isOurs;
}

void settleRatings(Image& image) {
    std::map<Ref<Specialist>, std::vector<Review>> reviews;
    for (auto const& [id, entry] : image.reviews) reviews[entry.record.specialistId].push_back(entry.record);
    for (auto& [id, entry] : image.specialists) {
        auto rated = reviews::ratedBy(id, reviews[id]);
        auto changed = entry.record;
        changed.averageRating = rated.averageRating;
        changed.reviewCount = rated.reviewCount;
        note(entry, std::move(changed));
        rated.summary.version = 1;
        if (rated.reviewCount > 0) derive(image.reviewSummaries, std::move(rated.summary));
    }
}

} // namespace

void settleStatistics(Adoptee& adoptee) {
    auto& image = adoptee.image;
    std::map<Ref<Specialist>, Sums> specialists;
    std::map<Ref<Customer>, Sums> customers;
    addBookings(image, specialists, customers);
    addPayments(image, specialists, customers);
    for (auto& [id, entry] : image.specialists) {
        auto changed = entry.record;
        changed.totalBookings = specialists[id].bookings;
        changed.totalEarnings = specialists[id].money;
        note(entry, std::move(changed));
    }
    for (auto& [id, entry] : image.customers) {
        auto const& sums = customers[id];
        auto changed = entry.record;
        changed.totalBookings = sums.bookings;
        changed.totalSpent = sums.money;
        changed.paidBookings = sums.paid;
        changed.averageSpentPerSession = sums.paid > 0 ? proportion(sums.money, 1, sums.paid) : 0;
        note(entry, std::move(changed));
    }
    settleRatings(image);
}

// Postings of ours have ids of their own: what is posted already is told by its posting.
void settleBooks(Adoptee& adoptee) {
    auto& image = adoptee.image;
    std::set<std::pair<std::string, payments::Account>> posted;
    for (auto const& [id, entry] : image.ledgerEntries) posted.insert({entry.record.posting, entry.record.account});
    auto const refunds = refundsByPayment(image);
    std::map<Ref<EarningsDay>, EarningsDay> days;
    for (auto const& [id, entry] : image.payments) {
        auto const& payment = entry.record;
        if (isCaptured(payment) && !payment.succeededAt) continue; // found already
        auto const found = refunds.find(id);
        auto const& ofIt = found == refunds.end() ? std::vector<Refund>{} : found->second;
        payments::earn(days, payment, ofIt);
        for (auto& line : payments::entriesOf(payment, ofIt)) {
            if (posted.contains({line.posting, line.account})) continue;
            auto& fresh = image.ledgerEntries[line.id];
            fresh.record = std::move(line);
            fresh.isOurs = fresh.isAltered = true;
        }
    }
    for (auto& [id, day] : days) {
        day.version = 1;
        derive(image.earningsDays, std::move(day));
    }
}

} // namespace visavis::app
