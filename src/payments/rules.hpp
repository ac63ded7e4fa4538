// The arithmetic of a payment; pure, in minor units.
#pragma once

#include "payments/gateway.hpp"
#include "payments/records.hpp"

namespace visavis::payments {

struct Split {
    MinorUnits platformFee = 0;
    MinorUnits specialistPayout = 0;
};
// The fee is rounded half-even, the rest is the specialist's: the two always sum to `amount`.
Split splitOf(MinorUnits amount, std::int64_t feePercentage);

struct Shares {
    MinorUnits platform = 0;
    MinorUnits specialist = 0;
};
// What of a refund each side bears: pro rata, half-even, and never more than is left of a side, whatever the rounding of many small refunds
// has added up to. So the refund that empties the payment takes the rest of each.
Shares sharesOf(Payment const& payment, std::vector<Refund> const& earlier, MinorUnits amount);

// Money of refunds that did not fail.
MinorUnits refundedTotal(std::vector<Refund> const& all);

// pending → succeeded | failed; failed → succeeded (late money); succeeded ⇄ refunded; succeeded | refunded ⇄ chargeback.
bool mayMove(PaymentStatus from, PaymentStatus to);

// The intent is really ours: same id, amount, currency and kind of money.
bool isOurs(Payment const& payment, Intent const& intent, bool livemode);

// The intent has moved on and our row has not: news of it was lost.
bool lagsBehind(Payment const& payment, Intent const& intent);
bool lagsBehind(Refund const& refund, GatewayRefund const& seen);
// The refund is really ours: same payment, amount and currency.
bool isOurs(Payment const& payment, Refund const& refund, GatewayRefund const& seen);

} // namespace visavis::payments
