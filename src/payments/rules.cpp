// Splits, shares and legal moves.
#include "payments/rules.hpp"

namespace visavis::payments {

Split splitOf(MinorUnits amount, std::int64_t feePercentage) {
    auto const fee = proportion(amount, feePercentage, 100);
    return {fee, amount - fee};
}

MinorUnits refundedTotal(std::vector<Refund> const& all) {
    MinorUnits total = 0;
    for (auto const& refund : all)
        if (refund.status != RefundState::failed) total += refund.amount;
    return total;
}

Shares sharesOf(Payment const& payment, std::vector<Refund> const& earlier, MinorUnits amount) {
    if (refundedTotal(earlier) + amount < payment.amount) {
        auto const platform = proportion(amount, payment.platformFee, payment.amount);
        return {platform, amount - platform};
    }
    Shares left{payment.platformFee, payment.specialistPayout};
    for (auto const& refund : earlier) {
        if (refund.status == RefundState::failed) continue;
        left.platform -= refund.platformShare;
        left.specialist -= refund.specialistShare;
    }
    return left;
}

bool mayMove(PaymentStatus from, PaymentStatus to) {
    using S = PaymentStatus;
    switch (from) {
        case S::pending:
            return to == S::succeeded || to == S::failed;
        case S::failed:
            return to == S::succeeded;
        case S::succeeded:
            return to == S::refunded || to == S::chargeback;
        case S::refunded:
            return to == S::succeeded || to == S::chargeback;
        case S::chargeback:
            return to == S::succeeded || to == S::refunded;
    }
    return false;
}

bool isOurs(Payment const& payment, Intent const& intent, bool livemode) {
    return payment.stripePaymentIntentId == intent.id && payment.amount == intent.amount && intent.currency == payment.currency &&
           intent.livemode == livemode;
}

bool isCaptured(PaymentStatus status) {
    return status == PaymentStatus::succeeded || status == PaymentStatus::refunded || status == PaymentStatus::chargeback;
}

} // namespace visavis::payments
