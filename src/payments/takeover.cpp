// Splits, refunds, postings and earnings of payments that other software has taken.
#include "payments/takeover.hpp"

#include "payments/books.hpp"
#include "payments/rules.hpp"

namespace visavis::payments {
namespace {

Error unknowable(std::string what) { return failure(Code::invalid, "payment", std::move(what)); }

bool isNear(MinorUnits a, MinorUnits b) { return a - b <= 1 && b - a <= 1; }

Result<void> settleSplit(Payment& payment, Given const& given) {
    if (payment.amount < 0) return unknowable("has an amount below zero");
    if (!given.platformFeePercentage) {
        if (!given.platformFee && !given.specialistPayout) return unknowable("has neither platformFee nor platformFeePercentage");
        auto const fee = given.platformFee ? payment.platformFee : payment.amount - payment.specialistPayout;
        payment.platformFeePercentage = payment.amount > 0 ? proportion(fee, 100, payment.amount) : 0;
    }
    if (payment.platformFeePercentage < 0 || payment.platformFeePercentage > 100)
        return unknowable("has a platformFeePercentage that is none");
    auto const split = splitOf(payment.amount, payment.platformFeePercentage);
    auto const percent = std::to_string(payment.platformFeePercentage) + " % of its amount";
    if (given.platformFee && !isNear(payment.platformFee, split.platformFee)) return unknowable("has a platformFee that is not " + percent);
    if (given.specialistPayout && !isNear(payment.specialistPayout, split.specialistPayout))
        return unknowable("has a specialistPayout that is not its amount without " + percent);
    payment.platformFee = split.platformFee;
    payment.specialistPayout = split.specialistPayout;
    return ok;
}

Result<void> settleInstants(Payment& payment) {
    auto const is = wordOf(payment.status);
    bool const captured = isCaptured(payment.status);
    if (captured && !payment.succeededAt) return unknowable("is " + is + " without succeededAt");
    if (!captured && payment.succeededAt) return unknowable("is " + is + " but has succeededAt");
    if (captured && !payment.stripePaymentIntentId) return unknowable("is " + is + " without stripePaymentIntentId");
    if (payment.status == PaymentStatus::failed)
        payment.failedAt = payment.failedAt.value_or(payment.updatedAt);
    else
        payment.failedAt.reset(); // an earlier try
    return ok;
}

bool isEmpty(RefundMirror const& told) {
    return !told.requestedAt && !told.refundedAt && !told.stripeRefundId && !told.reason && !told.requestedBy;
}

// Members that the document has not are known from the payment, or nobody knows them. False when it tells of no refund at all.
Result<bool> completeMirror(Payment& payment, Given const& given) {
    bool const all = payment.status == PaymentStatus::refunded;
    if (!payment.refund) {
        if (!all) return false;
        payment.refund.emplace();
    }
    auto& told = *payment.refund;
    if (!given.refundAmount && all) told.refundAmount = payment.amount;
    if (!given.refundAmount && !all && !isEmpty(told)) return unknowable("has a refund without refundAmount");
    if (told.refundAmount == 0) {
        payment.refund.reset();
        return false;
    }
    if (given.refundStatus) return true;
    if (!all && !told.refundedAt) return unknowable("has a refund without status");
    told.status = RefundState::succeeded;
    return true;
}

Result<void> checkRefund(Payment const& payment) {
    auto const& told = *payment.refund;
    bool const succeeded = told.status == RefundState::succeeded;
    bool const everything = succeeded && told.refundAmount == payment.amount;
    if (!isCaptured(payment.status)) return unknowable("has a refund but is " + wordOf(payment.status));
    if (told.refundAmount < 0 || told.refundAmount > payment.amount) return unknowable("has a refund of more than its amount");
    if (payment.status == PaymentStatus::refunded && !everything) return unknowable("is refunded, but its refund is not all of it");
    if (payment.status == PaymentStatus::succeeded && everything) return unknowable("is given back whole, but not refunded");
    if (told.status == RefundState::pending && !told.stripeRefundId)
        return unknowable("has a pending refund without stripeRefundId: whether it was asked for is not known");
    if (succeeded && !told.refundedAt && !payment.refundedAt) return unknowable("has a refund that succeeded without refundedAt");
    return ok;
}

Refund rowOf(Payment const& payment) {
    auto const& told = *payment.refund;
    Refund row;
    row.id = {ObjectId::derived("adopted:refund:" + payment.id.hex())};
    row.paymentId = payment.id;
    row.bookingId = payment.bookingId;
    row.amount = told.refundAmount;
    row.currency = payment.currency;
    auto const shares = sharesOf(payment, {}, told.refundAmount);
    row.platformShare = shares.platform;
    row.specialistShare = shares.specialist;
    row.status = told.status;
    row.reason = told.reason;
    row.requestedBy = told.requestedBy;
    row.stripeRefundId = told.stripeRefundId;
    row.idempotencyKey = "payment:" + payment.id.hex() + ":refund:1";
    if (told.status == RefundState::succeeded) row.refundedAt = told.refundedAt ? told.refundedAt : payment.refundedAt;
    row.requestedAt = told.requestedAt.value_or(row.refundedAt.value_or(*payment.succeededAt));
    if (told.status == RefundState::failed) row.failedAt = row.requestedAt;
    row.version = 1;
    return row;
}

void post(std::vector<LedgerEntry>& into, std::string const& posting, Payment const& payment, Shares const& shares, Instant at) {
    auto const amounts = {std::pair(Account::customer, -(shares.platform + shares.specialist)),
                          std::pair(Account::platform, shares.platform), std::pair(Account::specialist, shares.specialist)};
    for (auto const& [account, amount] : amounts) {
        LedgerEntry entry;
        entry.id = {ObjectId::derived("adopted:" + posting + ":" + wordOf(account))};
        entry.posting = posting;
        entry.account = account;
        entry.paymentId = payment.id;
        entry.specialistId = payment.specialistId;
        entry.customerId = payment.customerId;
        entry.amount = amount;
        entry.currency = payment.currency;
        entry.at = at;
        into.push_back(std::move(entry));
    }
}

} // namespace

Result<void> settle(Payment& payment, Given const& given) {
    CHECK(settleSplit(payment, given));
    return settleInstants(payment);
}

Result<std::optional<Refund>> refundTold(Payment& payment, Given const& given) {
    TRY(bool const any, completeMirror(payment, given));
    std::optional<Refund> row;
    if (any) {
        CHECK(checkRefund(payment));
        row = rowOf(payment);
        payment.refund->refundedAt = row->refundedAt;
        if (row->status == RefundState::failed) payment.refund->refundAmount = 0; // the mirror sums up what did not fail
    }
    bool const all = payment.status == PaymentStatus::refunded;
    payment.refundedAt = all ? (payment.refundedAt ? payment.refundedAt : row->refundedAt) : std::nullopt;
    return row;
}

std::vector<LedgerEntry> entriesOf(Payment const& payment, std::vector<Refund> const& refundsOfIt) {
    std::vector<LedgerEntry> entries;
    if (!isCaptured(payment.status)) return entries;
    post(entries, "charge:" + payment.id.hex(), payment, {payment.platformFee, payment.specialistPayout}, *payment.succeededAt);
    for (auto const& refund : refundsOfIt)
        if (refund.refundedAt)
            post(entries, "refund:" + refund.id.hex(), payment, {-refund.platformShare, -refund.specialistShare}, *refund.refundedAt);
    return entries;
}

void earn(std::map<Ref<EarningsDay>, EarningsDay>& days, Payment const& payment, std::vector<Refund> const& refundsOfIt) {
    bool const stands = payment.status == PaymentStatus::succeeded;
    if (!stands && payment.status != PaymentStatus::refunded) return;
    auto const day = Zone{}.dateAt(*payment.succeededAt);
    auto const id = earningsDayId(payment.specialistId, payment.currency, day);
    auto& row = days[id];
    row.id = id;
    row.specialistId = payment.specialistId;
    row.currency = payment.currency;
    row.day = day;
    row.month = toText(day).substr(0, 7);
    row.totalEarnings += payment.specialistPayout;
    for (auto const& refund : refundsOfIt)
        if (refund.status == RefundState::succeeded) row.totalEarnings -= refund.specialistShare;
    row.transactionCount += stands ? 1 : 0;
}

} // namespace visavis::payments
