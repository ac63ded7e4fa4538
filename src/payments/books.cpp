// Postings, statistics, earnings by day, and matters to report.
#include "payments/books.hpp"

#include "store/outbox.hpp"

namespace visavis::payments {
namespace {

// One posting of the ledger: what the customer pays is the platform's and the specialist's, to the last unit.
Result<void> post(Platform& platform, Tx& tx, std::string const& posting, Payment const& payment, Shares const& shares, int sign,
                  Instant now) {
    auto const amounts = {std::pair(Account::customer, -(shares.platform + shares.specialist)),
                          std::pair(Account::platform, shares.platform), std::pair(Account::specialist, shares.specialist)};
    for (auto const& [account, amount] : amounts) {
        LedgerEntry entry;
        entry.id = platform.ids.make<LedgerEntry>(now);
        entry.posting = posting;
        entry.account = account;
        entry.paymentId = payment.id;
        entry.specialistId = payment.specialistId;
        entry.customerId = payment.customerId;
        entry.amount = sign * amount;
        entry.currency = payment.currency;
        entry.at = now;
        CHECK(tx.insert(ledgerEntries, entry));
    }
    return ok;
}

// The day of the payment's success, in UTC as all of the API's instants.
LocalDate dayOf(Payment const& payment) { return Zone{}.dateAt(*payment.succeededAt); }

Result<bool> addTo(Tx& tx, Ref<EarningsDay> id, MinorUnits earnings, std::int64_t transactions) {
    return tx.update(earningsDays, earningsDays->id == id,
                     Changes<EarningsDay>{}.inc(earningsDays->totalEarnings, earnings).inc(earningsDays->transactionCount, transactions));
}

Result<void> earn(Tx& tx, Payment const& payment, MinorUnits earnings, std::int64_t transactions) {
    auto const day = dayOf(payment);
    auto const id = earningsDayId(payment.specialistId, payment.currency, day);
    TRY(bool const added, addTo(tx, id, earnings, transactions));
    if (added) return ok;
    EarningsDay first;
    first.id = id;
    first.specialistId = payment.specialistId;
    first.currency = payment.currency;
    first.day = day;
    first.month = toText(day).substr(0, 7);
    CHECK(tx.insertIfAbsent(earningsDays, first));
    TRY(bool const now, addTo(tx, id, earnings, transactions));
    assert(now);
    return ok;
}

std::int64_t counted(PaymentStatus status) { return status == PaymentStatus::succeeded ? 1 : 0; }

} // namespace

Ref<EarningsDay> earningsDayId(Ref<Specialist> specialistId, Currency const& currency, LocalDate day) {
    return {ObjectId::derived("earnings:" + specialistId.hex() + ":" + currency.code() + ":" + toText(day))};
}

Result<void> bookCharge(Platform& platform, Tx& tx, Payment const& payment, Instant now) {
    CHECK(post(platform, tx, "charge:" + payment.id.hex(), payment, {payment.platformFee, payment.specialistPayout}, 1, now));
    CHECK(earn(tx, payment, payment.specialistPayout, 1));
    return profiles::countPayment(tx, payment.specialistId, payment.customerId, payment.amount, payment.specialistPayout);
}

Result<void> bookRefund(Platform& platform, Tx& tx, Payment const& payment, Refund const& refund, Way way, PaymentStatus before,
                        Instant now) {
    auto const sign = way == Way::back ? -1 : 1;
    auto const* prefix = way == Way::back ? "refund:" : "refund-failed:";
    CHECK(post(platform, tx, prefix + refund.id.hex(), payment, {refund.platformShare, refund.specialistShare}, sign, now));
    CHECK(earn(tx, payment, sign * refund.specialistShare, counted(payment.status) - counted(before)));
    return profiles::countRefund(tx, payment.specialistId, payment.customerId, -sign * refund.amount, -sign * refund.specialistShare);
}

Result<void> report(Tx& tx, MoneyAtOdds const& matter, Instant now) {
    auto word = wordOf(matter.what); // "refund_failed" is audited as refund.failed
    auto const key = word + ":" + matter.subject;
    word[word.find('_')] = '.';
    CHECK(identity::auditOnce(tx, word, matter.subject, matter.detail, now));
    return visavis::emit(tx, matter, key, now);
}

} // namespace visavis::payments
