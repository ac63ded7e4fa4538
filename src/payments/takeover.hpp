// What payments says about rows that other software has stored: their split, their refund, and what they are in the books. Pure.
#pragma once

#include "core/result.hpp"
#include "payments/records.hpp"

#include <map>

namespace visavis::payments {

// Which members the document had: the others are the record's defaults, which say nothing.
struct Given {
    bool platformFee = false, platformFeePercentage = false, specialistPayout = false;
    bool refund = false, refundAmount = false, refundStatus = false;
};

// Fee and payout by the rule (half-even, the rest to the specialist); what was stored may differ from it by the rounding of other software,
// one unit, but no more. Then the instants that its status has. Error{invalid} says what nobody could know.
Result<void> settle(Payment& payment, Given const& given);

// The row of `refunds` that the payment's member `refund` tells of, and that member made to mirror it.
Result<std::optional<Refund>> refundTold(Payment& payment, Given const& given);

// What a captured payment and its refunds are in the ledger; ids are derived, so that the same entry is made once.
std::vector<LedgerEntry> entriesOf(Payment const& payment, std::vector<Refund> const& refundsOfIt);

// Adds what it earned to its specialist's day.
void earn(std::map<Ref<EarningsDay>, EarningsDay>& days, Payment const& payment, std::vector<Refund> const& refundsOfIt);

} // namespace visavis::payments
