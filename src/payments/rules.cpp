// Splits, shares and legal moves.
#include "payments/rules.hpp"

#include <algorithm>

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
    Shares left{payment.platformFee, payment.specialistPayout};
    for (auto const& refund : earlier) {
        if (refund.status == RefundState::failed) continue;
        left.platform -= refund.platformShare;
        left.specialist -= refund.specialistShare;
    }
    auto const platform = std::clamp(proportion(amount, payment.platformFee, payment.amount),
                                     std::max<MinorUnits>(0, amount - left.specialist), left.platform);
    return {platform, amount - platform};
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

bool lagsBehind(Payment const& payment, Intent const& intent) {
    if (!payment.stripePaymentIntentId) return true;
    if (intent.status == IntentStatus::succeeded) return !isCaptured(payment.status);
    if (payment.status != PaymentStatus::pending) return false;
    return intent.status == IntentStatus::cancelled || (!intent.failureCode.empty() && !payment.failureCode);
}

bool lagsBehind(Refund const& refund, GatewayRefund const& seen) {
    if (seen.status == RefundStatus::succeeded) return refund.status == RefundState::pending;
    bool const failed = seen.status == RefundStatus::failed || seen.status == RefundStatus::cancelled;
    return failed && refund.status != RefundState::failed;
}

bool isOurs(Payment const& payment, Refund const& refund, GatewayRefund const& seen) {
    return seen.amount == refund.amount && seen.currency == refund.currency && payment.stripePaymentIntentId == seen.paymentIntentId;
}

} // namespace visavis::payments
