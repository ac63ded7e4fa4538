// Whole days from the rollup, the edges from payments; one snapshot.
#include "reports/earnings.hpp"

#include "core/csv.hpp"

#include <map>

namespace visavis::reports {
namespace {

using payments::earningsDays;
using payments::Payment;
using payments::refunds;
using profiles::Specialist;

struct Sum {
    MinorUnits totalEarnings = 0;
    std::int64_t transactionCount = 0;
};
using Sums = std::map<std::pair<std::string, std::string>, Sum>; // by currency and month

LocalDate dayOf(Instant instant) { return Zone{}.dateAt(instant); }

void addDays(Reader& reader, Ref<Specialist> specialistId, LocalDate from, LocalDate to, Sums& sums) {
    auto const& it = earningsDays;
    auto const where = it->specialistId == specialistId && it->day >= from && it->day < to;
    for (auto const& row :
         reader.find(it, where).group({it->currency.name, it->month.name}, {it->totalEarnings.name, it->transactionCount.name})) {
        auto& sum = sums[{std::get<std::string>(row.key[0]), std::get<std::string>(row.key[1])}];
        sum.totalEarnings += row.sums[0];
        sum.transactionCount += row.sums[1];
    }
}

MinorUnits earnedBy(Reader& reader, Payment const& payment) {
    auto earned = payment.specialistPayout;
    if (!payment.refund) return earned;
    for (auto const& refund : reader.find(refunds, refunds->paymentId == payment.id).all())
        if (refund.status == payments::RefundState::succeeded) earned -= refund.specialistShare;
    return earned;
}

// Part of a day. What is refunded as a whole has earned nothing.
void addPayments(Reader& reader, Ref<Specialist> specialistId, Instant from, Instant to, Sums& sums) {
    if (to <= from) return;
    auto const& it = payments::payments;
    auto const where = it->specialistId == specialistId && it->status == payments::PaymentStatus::succeeded && it->succeededAt >= from &&
                       it->succeededAt < to;
    for (auto const& payment : reader.find(it, where).all()) {
        auto& sum = sums[{payment.currency.code(), toText(dayOf(*payment.succeededAt)).substr(0, 7)}];
        sum.totalEarnings += earnedBy(reader, payment);
        ++sum.transactionCount;
    }
}

// Without edges whole days, which cost no look at payments.
Result<Span> spanOf(EarningsQuestion const& question) {
    return identity::spanOf(question.from, question.to, Zone{}, {firstInstant, dayOf(lastInstant).midnightUtc()});
}

std::string keyOf(Call const& call, EarningsQuestion const& question) { return call.specialist().hex() + toJson(question); }

std::size_t bytesOf(Earnings const& earnings) {
    std::size_t bytes = sizeof earnings;
    for (auto const& item : earnings.items) bytes += sizeof item + item.byMonth.size() * sizeof(MonthEarnings);
    return bytes;
}

identity::OrCsv<Earnings> answerOf(Call const& call, Earnings const& earnings) {
    identity::OrCsv<Earnings> answer{earnings, {}};
    if (identity::prefersCsv(call.accept))
        answer.csv =
            identity::Raw{"text/csv; charset=utf-8", std::make_shared<std::string const>(earningsCsv(earnings)), {{"Vary", "Accept"}}};
    return answer;
}

} // namespace

Earnings earningsOf(Reader& reader, Ref<Specialist> specialistId, Span const& span) {
    auto const from = span.from == dayOf(span.from).midnightUtc() ? dayOf(span.from) : dayOf(span.from) + 1; // the first whole day
    auto const to = dayOf(span.to);
    Sums sums;
    if (to < from) { // within a day
        addPayments(reader, specialistId, span.from, span.to, sums);
    } else {
        addPayments(reader, specialistId, span.from, from.midnightUtc(), sums);
        addDays(reader, specialistId, from, to, sums);
        addPayments(reader, specialistId, to.midnightUtc(), span.to, sums);
    }
    Earnings earnings;
    for (auto const& [key, sum] : sums) {
        auto const& [currency, month] = key;
        if (sum.totalEarnings == 0 && sum.transactionCount == 0) continue; // all of it went back
        if (earnings.items.empty() || earnings.items.back().currency.code() != currency) {
            earnings.items.emplace_back();
            earnings.items.back().currency = *Currency::parse(currency);
        }
        auto& item = earnings.items.back();
        item.totalEarnings += sum.totalEarnings;
        item.transactionCount += sum.transactionCount;
        item.byMonth.push_back({month, sum.totalEarnings, sum.transactionCount});
        item.pendingPayout = item.totalEarnings; // this release makes no transfers yet
    }
    return earnings;
}

std::string earningsCsv(Earnings const& earnings) {
    Csv csv({"currency", "month", "totalEarnings", "transactionCount"});
    for (auto const& item : earnings.items)
        for (auto const& month : item.byMonth)
            csv.cell(item.currency.code()).cell(month.month).cell(month.totalEarnings).cell(month.transactionCount).endRow();
    return csv.take();
}

std::optional<identity::OrCsv<Earnings>> recallEarnings(Call& call, EarningsQuestion const& question) {
    auto const known = recalled(call.store, call.platform.memory.earnings, keyOf(call, question), call.now);
    return known ? std::optional(answerOf(call, **known)) : std::nullopt;
}

Result<identity::OrCsv<Earnings>> myEarnings(Call& call, EarningsQuestion const& question) {
    TRY(auto const span, spanOf(question));
    auto const specialist = call.specialist();
    auto const hold = holdOn(call.store, specialist.id);
    auto const earnings =
        std::make_shared<Earnings const>(visavis::read(call.store, [&](Reader& reader) { return earningsOf(reader, specialist, span); }));
    if (hold) {
        auto key = keyOf(call, question);
        auto const bytes = key.size() + bytesOf(*earnings);
        call.platform.memory.earnings.keep(std::move(key), *hold, earnings, bytes);
    }
    return answerOf(call, *earnings);
}

} // namespace visavis::reports
