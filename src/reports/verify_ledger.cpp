// I12: the split of every amount, and the double-entry ledger against the payments and refunds that it records.
#include "booking/records.hpp"
#include "reports/verify_audit.hpp"

namespace visavis::reports {
namespace {

using payments::Account;
using payments::ledgerEntries;
using payments::LedgerEntry;
using payments::Payment;
using payments::PaymentStatus;
using payments::Refund;
using payments::refunds;
using payments::RefundState;

bool isCaptured(Payment const& payment) { return payment.status != PaymentStatus::pending && payment.status != PaymentStatus::failed; }

bool isPosted(Audit& audit, std::string const& posting) {
    auto const where = ledgerEntries->posting == posting && ledgerEntries->account == Account::customer;
    return audit.reader.find(ledgerEntries, where).first().has_value();
}

// What a posting must say: its payment and the shares, positive when the two sides receive.
struct Expected {
    Payment payment;
    MinorUnits platform = 0;
    MinorUnits specialist = 0;
};

std::optional<Expected> ofCharge(Audit& audit, ObjectId const& id) {
    auto payment = audit.reader.get(payments::payments, Ref<Payment>{id});
    if (!payment || !isCaptured(*payment)) return std::nullopt;
    return Expected{*payment, payment->platformFee, payment->specialistPayout};
}

// A refund that failed after it had succeeded is posted both ways.
std::optional<Expected> ofRefund(Audit& audit, ObjectId const& id, bool takenBack) {
    auto const refund = audit.reader.get(refunds, Ref<Refund>{id});
    if (!refund || !refund->refundedAt || (takenBack && refund->status != RefundState::failed)) return std::nullopt;
    auto payment = audit.reader.get(payments::payments, refund->paymentId);
    if (!payment) return std::nullopt;
    auto const sign = takenBack ? 1 : -1;
    return Expected{*payment, sign * refund->platformShare, sign * refund->specialistShare};
}

// The entries of one posting, which come one after the other.
class Posting {
public:
    explicit Posting(Audit& audit) : audit_(audit) {}

    void add(LedgerEntry const& entry) {
        if (!entries_.empty() && entries_.front().posting != entry.posting) end();
        entries_.push_back(entry);
    }

    void end() {
        if (entries_.empty()) return;
        audit_.count();
        try {
            judge();
        } catch (CorruptDocument const&) { // I15 names it
        }
        entries_.clear();
    }

private:
    void fault(std::string const& what) {
        audit_.fault(ledgerEntries.spec(), entries_.front().id.id, "posting " + entries_.front().posting + " " + what);
    }

    MinorUnits of(Account account) const {
        MinorUnits sum = 0;
        for (auto const& entry : entries_)
            if (entry.account == account) sum += entry.amount;
        return sum;
    }

    void judge() {
        auto const& first = entries_.front();
        for (auto const& entry : entries_)
            if (entry.currency != first.currency || entry.paymentId != first.paymentId) return fault("mixes currencies or payments");
        auto const sum = of(Account::customer) + of(Account::platform) + of(Account::specialist);
        if (sum != 0) return fault("does not balance: its entries sum to " + std::to_string(sum));
        auto const colon = first.posting.find(':');
        auto const kind = first.posting.substr(0, colon);
        if (kind != "charge" && kind != "refund" && kind != "refund-failed") return;
        auto const id = colon == std::string::npos ? std::nullopt : ObjectId::parse(first.posting.substr(colon + 1));
        if (!id) return fault("names nothing");
        auto const expected = kind == "charge" ? ofCharge(audit_, *id) : ofRefund(audit_, *id, kind == "refund-failed");
        if (!expected) return fault("records what never happened");
        compare(*expected);
    }

    void compare(Expected const& expected) {
        auto const& first = entries_.front();
        auto const& payment = expected.payment;
        if (first.currency != payment.currency || first.paymentId != payment.id || first.specialistId != payment.specialistId ||
            first.customerId != payment.customerId)
            return fault("names another payment, party or currency than what it records");
        if (of(Account::platform) != expected.platform || of(Account::specialist) != expected.specialist)
            fault("has other amounts than what it records");
    }

    Audit& audit_;
    std::vector<LedgerEntry> entries_;
};

// What refunds have taken of each side, which has no more than its part of the payment.
void judgeShares(Audit& audit, Payment const& payment) {
    MinorUnits platform = 0, specialist = 0;
    for (auto const& refund : audit.reader.find(refunds, refunds->paymentId == payment.id).all()) {
        if (refund.status == RefundState::failed) continue;
        platform += refund.platformShare;
        specialist += refund.specialistShare;
        audit.expect(refund.platformShare >= 0 && refund.specialistShare >= 0, refunds, refund, "has a share below zero");
    }
    audit.expect(platform <= payment.platformFee && specialist <= payment.specialistPayout, payments::payments, payment,
                 "is refunded by more than a side of its split");
}

} // namespace

void checkSplits(Audit& audit) {
    audit.each(payments::payments, [&](Payment const& payment) {
        audit.count();
        bool const whole =
            payment.platformFee + payment.specialistPayout == payment.amount && payment.platformFee >= 0 && payment.specialistPayout >= 0;
        audit.expect(whole, payments::payments, payment, "has a fee and a payout that are not its amount");
        bool const agreed = payment.platformFee == proportion(payment.amount, payment.platformFeePercentage, 100);
        audit.expect(!whole || agreed, payments::payments, payment, "has another fee than its percentage says");
        audit.expect(!isCaptured(payment) || isPosted(audit, "charge:" + payment.id.hex()), payments::payments, payment,
                     "is captured but not in the ledger");
        judgeShares(audit, payment);
    });
    audit.each(refunds, [&](Refund const& refund) {
        audit.count();
        bool const whole = refund.platformShare + refund.specialistShare == refund.amount;
        audit.expect(whole, refunds, refund, "has shares that are not its amount");
        if (refund.refundedAt)
            audit.expect(isPosted(audit, "refund:" + refund.id.hex()), refunds, refund, "is given back but not in the ledger");
        bool const takenBack = refund.refundedAt && refund.status == RefundState::failed;
        if (takenBack)
            audit.expect(isPosted(audit, "refund-failed:" + refund.id.hex()), refunds, refund,
                         "failed after it had succeeded, not so in the ledger");
    });
}

void checkLedger(Audit& audit) {
    Posting posting(audit);
    audit.each(ledgerEntries, {ledgerEntries->posting, ledgerEntries->account, ledgerEntries->id}, {},
               [&](LedgerEntry const& entry) { posting.add(entry); });
    posting.end();
}

} // namespace visavis::reports
