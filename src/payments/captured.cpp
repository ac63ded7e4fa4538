// What bookings ask of their captured money.
#include "payments/rules.hpp"
#include "payments/service.hpp"

namespace visavis::payments {
namespace {

std::vector<Payment> capturedPayments(Reader& reader, Ref<Booking> bookingId) {
    auto all = reader.find(payments, payments->bookingId == bookingId).all();
    std::erase_if(all, [](Payment const& payment) { return !isCaptured(payment.status); });
    return all;
}

MinorUnits leftOf(Reader& reader, Payment const& payment) {
    if (payment.status != PaymentStatus::succeeded) return 0;
    return payment.amount - refundedTotal(reader.find(refunds, refunds->paymentId == payment.id).all());
}

} // namespace

// Of a double charge one goes back: the other one counts.
std::optional<Captured> capturedOf(Reader& reader, Ref<Booking> bookingId) {
    std::optional<Captured> most;
    for (auto const& payment : capturedPayments(reader, bookingId)) {
        Captured const captured{payment.id, leftOf(reader, payment)};
        if (!most || captured.left > most->left) most = captured;
    }
    return most;
}

Result<void> freezePayout(Tx& tx, Ref<Booking> bookingId, bool frozen, Instant now) {
    for (auto& payment : capturedPayments(tx, bookingId)) {
        payment.payoutFrozenAt = frozen ? std::optional(now) : std::nullopt;
        payment.updatedAt = now;
        CHECK(tx.replace(payments, payment));
        CHECK(publishChange(tx, payment, now));
    }
    return ok;
}

} // namespace visavis::payments
