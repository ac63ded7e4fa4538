// What a specialist has earned: read from the rollup of days that payments keep, and at the edges of the range from the payments themselves.
#pragma once

#include "identity/call.hpp"
#include "identity/span.hpp"
#include "payments/records.hpp"

namespace visavis::reports {

using identity::Call;
using identity::Span;

// On succeededAt: [from, to) if instants; days (UTC, as months are) are both included.
struct EarningsQuestion {
    std::optional<std::string> from;
    std::optional<std::string> to;
};
RECORD(EarningsQuestion, from, to)

struct MonthEarnings {
    std::string month; // "2026-03", UTC
    MinorUnits totalEarnings = 0;
    std::int64_t transactionCount = 0;
};
RECORD(MonthEarnings, month, totalEarnings, transactionCount)

// totalEarnings: payouts of payments that succeeded, less the specialist's shares of their refunds. transactionCount: those that are not
// refunded as a whole (the seed counts status "succeeded").
struct CurrencyEarnings {
    Currency currency;
    MinorUnits totalEarnings = 0;
    std::int64_t transactionCount = 0;
    std::vector<MonthEarnings> byMonth;
    MinorUnits pendingPayout = 0; // of totalEarnings, what is still to be transferred
    MinorUnits paidOut = 0;
};
RECORD(CurrencyEarnings, currency, totalEarnings, transactionCount, byMonth, pendingPayout, paidOut)

struct Earnings {
    std::vector<CurrencyEarnings> items;
};
RECORD(Earnings, items)

Earnings earningsOf(Reader& reader, Ref<profiles::Specialist> specialistId, Span const& span);
// A row per currency and month.
std::string earningsCsv(Earnings const& earnings);

Result<identity::OrCsv<Earnings>> myEarnings(Call& call, EarningsQuestion const& question);
// The same from memory, if this process remembers it.
std::optional<identity::OrCsv<Earnings>> recallEarnings(Call& call, EarningsQuestion const& question);

} // namespace visavis::reports
