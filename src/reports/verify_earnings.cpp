// I11: the rollup of days that earnings are read from, against the payments and refunds that it sums up.
#include "payments/records.hpp"
#include "reports/verify_audit.hpp"

#include <map>

namespace visavis::reports {
namespace {

using payments::EarningsDay;
using payments::earningsDays;
using payments::Payment;
using payments::PaymentStatus;
using payments::refunds;
using payments::RefundState;
using profiles::Specialist;
using profiles::specialists;

struct Sum {
    MinorUnits totalEarnings = 0;
    std::int64_t transactionCount = 0;

    bool operator==(Sum const&) const = default;
};
using DaySums = std::map<std::pair<std::string, LocalDate>, Sum>; // by currency and day of success

MinorUnits givenBackBy(Audit& audit, Ref<Payment> id) {
    MinorUnits sum = 0;
    for (auto const& refund : audit.reader.find(refunds, refunds->paymentId == id).all())
        if (refund.status == RefundState::succeeded) sum += refund.specialistShare;
    return sum;
}

DaySums recomputed(Audit& audit, Ref<Specialist> id) {
    DaySums days;
    auto const& all = payments::payments;
    audit.each(all, {all->createdAt, all->id}, all->specialistId == id, [&](Payment const& payment) {
        bool const stands = payment.status == PaymentStatus::succeeded;
        if ((!stands && payment.status != PaymentStatus::refunded) || !payment.succeededAt) return;
        auto& sum = days[{payment.currency.code(), LocalDate{static_cast<std::int32_t>(payment.succeededAt->ms / 86'400'000)}}];
        sum.totalEarnings += payment.specialistPayout - givenBackBy(audit, payment.id);
        sum.transactionCount += stands ? 1 : 0;
    });
    return days;
}

void judge(Audit& audit, EarningsDay const& row, DaySums& days) {
    audit.count();
    auto const found = days.find({row.currency.code(), row.day});
    auto const sum = found == days.end() ? Sum{} : found->second;
    if (found != days.end()) days.erase(found);
    audit.expect(row.totalEarnings == sum.totalEarnings, earningsDays, row,
                 "has totalEarnings " + std::to_string(row.totalEarnings) + ", recomputed " + std::to_string(sum.totalEarnings));
    audit.expect(row.transactionCount == sum.transactionCount, earningsDays, row,
                 "has transactionCount " + std::to_string(row.transactionCount) + ", recomputed " + std::to_string(sum.transactionCount));
    audit.expect(row.month == toText(row.day).substr(0, 7), earningsDays, row, "has a month that is not its day's");
}

} // namespace

void checkEarnings(Audit& audit) {
    audit.each(specialists, [&](Specialist const& specialist) {
        auto days = recomputed(audit, specialist.id);
        for (auto const& row : audit.reader.find(earningsDays, earningsDays->specialistId == specialist.id).sort(earningsDays->day).all())
            judge(audit, row, days);
        for (auto const& [key, sum] : days)
            audit.expect(sum == Sum{}, specialists, specialist, "has no earnings of " + toText(key.second) + " in " + key.first);
    });
}

} // namespace visavis::reports
