// Payments, their refunds and their keys.
#include "app/adopt_image.hpp"

#include "payments/takeover.hpp"

#include <algorithm>

namespace visavis::app {
namespace {

payments::Given givenOf(Entry<Payment> const& entry) {
    return {entry.has("platformFee"), entry.has("platformFeePercentage"), entry.has("specialistPayout"),
            entry.has("refund"),      entry.has("refund.refundAmount"),   entry.has("refund.status")};
}

void dropEmpty(std::optional<std::string>& text) {
    if (text && text->empty()) text.reset();
}

void settlePayment(Adoptee& adoptee, Entry<Payment>& entry) {
    auto& payment = entry.record;
    auto& image = adoptee.image;
    auto const& in = payments::payments.spec();
    if (!entry.has("amount") || !entry.has("status") || !entry.has("currency")) return; // found already
    dropEmpty(payment.stripePaymentIntentId);
    if (payment.refund) {
        dropEmpty(payment.refund->stripeRefundId);
        if (payment.refund->requestedBy) payment.refund->requestedBy = userBehind(image, payment.refund->requestedBy->id);
    }
    auto const given = givenOf(entry);
    if (auto const settled = payments::settle(payment, given); !settled)
        return adoptee.findings.add(in, payment.id.id, settled.error().detail);
    auto const row = payments::refundTold(payment, given);
    if (!row) return adoptee.findings.add(in, payment.id.id, row.error().detail);
    if (*row) derive(image.refunds, **row);
}

// booking:{id}:charge:{n} in the order in which they were made; those that have theirs keep it.
void numberKeys(std::string const& prefix, std::vector<Entry<Payment>*>& ofBooking) {
    std::stable_sort(ofBooking.begin(), ofBooking.end(),
                     [](auto const* a, auto const* b) { return a->record.createdAt < b->record.createdAt; });
    std::set<std::string> used;
    for (auto const* entry : ofBooking)
        if (entry->isOurs) used.insert(entry->record.idempotencyKey);
    int number = 1;
    for (auto* entry : ofBooking) {
        if (entry->isOurs) continue;
        while (used.contains(prefix + std::to_string(number))) ++number;
        entry->record.idempotencyKey = prefix + std::to_string(number++);
    }
}

} // namespace

void settlePayments(Adoptee& adoptee) {
    std::map<Ref<Booking>, std::vector<Entry<Payment>*>> byBooking;
    for (auto& [id, entry] : adoptee.image.payments) {
        byBooking[entry.record.bookingId].push_back(&entry);
        if (!entry.isOurs) settlePayment(adoptee, entry);
    }
    for (auto& [id, ofBooking] : byBooking) numberKeys("booking:" + id.hex() + ":charge:", ofBooking);
}

} // namespace visavis::app
