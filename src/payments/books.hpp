// What a movement of money writes beside its row, in the same transaction: the posting of the ledger, the statistics of both sides, and
// the specialist's earnings of the day. Private to payments.
#pragma once

#include "payments/events.hpp"
#include "payments/rules.hpp"
#include "payments/service.hpp"

namespace visavis::payments {

// A payment was captured: it is `succeeded` now.
Result<void> bookCharge(Platform& platform, Tx& tx, Payment const& payment, Instant now);

enum class Way { back, forth }; // to the customer, or taken back because the refund failed after all
// `before` is the status that the payment had; it has its new one already.
Result<void> bookRefund(Platform& platform, Tx& tx, Payment const& payment, Refund const& refund, Way way, PaymentStatus before,
                        Instant now);

// Writes the audit entry of a matter that an administrator must look at, and queues the notice; once per matter.
Result<void> report(Tx& tx, MoneyAtOdds const& matter, Instant now);

Ref<EarningsDay> earningsDayId(Ref<Specialist> specialistId, Currency const& currency, LocalDate day);

} // namespace visavis::payments
