// Payment rows and the intents behind them.
#include "payments/service.hpp"

#include "core/log.hpp"
#include "payments/rules.hpp"
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

std::vector<Refund> refundsOf(Reader& reader, Ref<Payment> paymentId) {
    return reader.find(refunds, refunds->paymentId == paymentId).sort(refunds->requestedAt, refunds->id).all();
}

Result<void> succeed(Platform& platform, Tx& tx, Payment& payment, Intent const& intent, Instant now) {
    payment.status = PaymentStatus::succeeded;
    payment.succeededAt = now;
    payment.failedAt.reset();
    payment.failureCode.reset();
    payment.failureMessage.reset();
    payment.failureReason.reset();
    if (!intent.latestChargeId.empty()) payment.stripeChargeId = intent.latestChargeId;
    if (!intent.customerId.empty()) payment.stripeCustomerId = intent.customerId;
    payment.paymentMethod = intent.wallet.empty() ? PaymentMethod::card : PaymentMethod::wallet;
    payment.updatedAt = now;
    CHECK(tx.replace(payments, payment));
    CHECK(post(platform, tx, "charge:" + payment.id.hex(), payment, {payment.platformFee, payment.specialistPayout}, 1, now));
    CHECK(profiles::countPayment(tx, payment.specialistId, payment.customerId, payment.amount, payment.specialistPayout));
    return visavis::emit(tx, PaymentSucceeded{payment.id, payment.bookingId}, payment.id.hex(), now);
}

// A decline is news once per attempt; the gateway's charge id tells attempts apart.
Result<void> decline(Tx& tx, Payment& payment, Intent const& intent, Instant now) {
    bool const known = payment.failureCode == intent.failureCode && payment.stripeChargeId.value_or("") == intent.latestChargeId;
    if (known) return ok;
    payment.failureCode = intent.failureCode;
    payment.failureMessage = intent.failureMessage;
    if (!intent.declineCode.empty()) payment.failureReason = intent.declineCode;
    if (!intent.latestChargeId.empty()) payment.stripeChargeId = intent.latestChargeId;
    payment.updatedAt = now;
    CHECK(tx.replace(payments, payment));
    return visavis::emit(tx, PaymentDeclined{payment.id, payment.bookingId, intent.failureCode},
                         payment.id.hex() + ":" + intent.latestChargeId + intent.failureCode, now);
}

Result<void> applyInside(Platform& platform, Tx& tx, Ref<Payment> paymentId, Intent const& intent, Instant now) {
    auto payment = tx.get(payments, paymentId);
    if (!payment) return notFound();
    if (intent.status == IntentStatus::succeeded && mayMove(payment->status, PaymentStatus::succeeded) && !isCaptured(payment->status))
        return succeed(platform, tx, *payment, intent, now);
    if (payment->status != PaymentStatus::pending) return ok;
    if (intent.status == IntentStatus::cancelled) return markFailed(tx, paymentId, "cancelled", now);
    if (!intent.failureCode.empty()) return decline(tx, *payment, intent, now);
    return ok;
}

// The row mirrors the latest refund and their total (seed: `refund`).
void mirror(Payment& payment, Refund const& refund, std::vector<Refund> const& all) {
    RefundMirror shown;
    shown.requestedAt = refund.requestedAt;
    shown.requestedBy = refund.requestedBy;
    shown.reason = refund.reason;
    shown.refundAmount = refundedTotal(all);
    shown.refundedAt = refund.refundedAt;
    shown.stripeRefundId = refund.stripeRefundId;
    shown.status = refund.status;
    payment.refund = shown;
}

Result<void> refundSucceeded(Platform& platform, Tx& tx, Refund& refund, Payment& payment, Instant now) {
    refund.status = RefundState::succeeded;
    refund.refundedAt = now;
    CHECK(tx.replace(refunds, refund));
    auto const all = refundsOf(tx, payment.id);
    MinorUnits returned = 0;
    for (auto const& one : all)
        if (one.status == RefundState::succeeded) returned += one.amount;
    if (returned == payment.amount && mayMove(payment.status, PaymentStatus::refunded)) {
        payment.status = PaymentStatus::refunded;
        payment.refundedAt = now;
    }
    mirror(payment, refund, all);
    payment.updatedAt = now;
    CHECK(tx.replace(payments, payment));
    CHECK(post(platform, tx, "refund:" + refund.id.hex(), payment, {refund.platformShare, refund.specialistShare}, -1, now));
    CHECK(profiles::countRefund(tx, payment.specialistId, payment.customerId, refund.amount, refund.specialistShare));
    return visavis::emit(tx, RefundSucceeded{refund.id, refund.bookingId}, refund.id.hex(), now);
}

// A refund may fail at once, or after it had succeeded: then all that it caused is taken back.
Result<void> refundFailed(Platform& platform, Tx& tx, Refund& refund, Payment& payment, std::string const& reason, Instant now) {
    bool const hadSucceeded = refund.status == RefundState::succeeded;
    refund.status = RefundState::failed;
    refund.failedAt = now;
    refund.failureReason = reason;
    CHECK(tx.replace(refunds, refund));
    if (hadSucceeded) {
        if (payment.status == PaymentStatus::refunded) payment.status = PaymentStatus::succeeded, payment.refundedAt.reset();
        CHECK(post(platform, tx, "refund-failed:" + refund.id.hex(), payment, {refund.platformShare, refund.specialistShare}, 1, now));
        CHECK(profiles::countRefund(tx, payment.specialistId, payment.customerId, -refund.amount, -refund.specialistShare));
    }
    mirror(payment, refund, refundsOf(tx, payment.id));
    payment.updatedAt = now;
    return tx.replace(payments, payment);
}

Result<void> applyRefund(Platform& platform, Ref<Refund> refundId, GatewayRefund const& seen, Instant now) {
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto refund = tx.get(refunds, refundId);
        if (!refund) return notFound();
        auto payment = tx.get(payments, refund->paymentId);
        if (!payment) return notFound();
        if (seen.amount != refund->amount || seen.currency != refund->currency || seen.paymentIntentId != payment->stripePaymentIntentId) {
            log::error("refund_differs", {{"refund", refund->id.hex()}});
            return ok;
        }
        if (!seen.id.empty()) refund->stripeRefundId = seen.id; // a refused one has none
        if (seen.status == RefundStatus::succeeded && refund->status == RefundState::pending)
            return refundSucceeded(platform, tx, *refund, *payment, now);
        bool const failed = seen.status == RefundStatus::failed || seen.status == RefundStatus::cancelled;
        if (failed && refund->status != RefundState::failed) return refundFailed(platform, tx, *refund, *payment, seen.failureReason, now);
        return tx.replace(refunds, *refund);
    });
}

} // namespace

std::optional<Payment> paymentOf(Reader& reader, Ref<Booking> bookingId) {
    auto all = reader.find(payments, payments->bookingId == bookingId).all();
    if (all.empty()) return std::nullopt;
    return *std::max_element(all.begin(), all.end(),
                             [](Payment const& a, Payment const& b) { return std::tie(a.createdAt, a.id) < std::tie(b.createdAt, b.id); });
}

bool isPaidByAnother(Reader& reader, Ref<Booking> bookingId, Ref<Payment> paymentId) {
    auto const all = reader.find(payments, payments->bookingId == bookingId).all();
    return std::any_of(all.begin(), all.end(),
                       [&](Payment const& payment) { return payment.id != paymentId && isCaptured(payment.status); });
}

Result<Payment> openPayment(Platform& platform, Tx& tx, NewPayment const& input, Instant now) {
    auto const earlier = tx.find(payments, payments->bookingId == input.bookingId).all();
    for (auto const& payment : earlier)
        if (payment.status != PaymentStatus::failed) return payment;
    Payment payment;
    payment.id = platform.ids.make<Payment>(now);
    payment.bookingId = input.bookingId;
    payment.specialistId = input.specialistId;
    payment.customerId = input.customerId;
    payment.amount = input.amount;
    payment.currency = input.currency;
    auto const split = splitOf(input.amount, input.feePercentage);
    payment.platformFee = split.platformFee;
    payment.platformFeePercentage = input.feePercentage;
    payment.specialistPayout = split.specialistPayout;
    payment.metadata = input.metadata;
    payment.idempotencyKey = "booking:" + input.bookingId.hex() + ":charge:" + std::to_string(earlier.size() + 1);
    payment.createdAt = payment.updatedAt = now;
    CHECK(tx.insert(payments, payment));
    return payment;
}

Result<Intent> intentOf(Platform& platform, Payment const& payment) {
    if (payment.stripePaymentIntentId) return platform.gateway.getPaymentIntent(*payment.stripePaymentIntentId);
    NewIntent intent;
    intent.amount = payment.amount;
    intent.currency = payment.currency;
    intent.bookingId = payment.bookingId.hex();
    intent.paymentId = payment.id.hex();
    intent.description = "Consultation " + payment.bookingId.hex();
    if (payment.metadata.customerEmail) intent.receiptEmail = payment.metadata.customerEmail->value;
    intent.idempotencyKey = payment.idempotencyKey;
    return platform.gateway.createPaymentIntent(intent);
}

Result<Payment> noteIntent(Tx& tx, Payment payment, Intent const& intent, Instant now) {
    TRY(auto noted, tx.take(payments, payments->id == payment.id && absent(payments->stripePaymentIntentId),
                            set(payments->stripePaymentIntentId, intent.id).set(payments->initiatedAt, now).set(payments->updatedAt, now)));
    if (noted) return std::move(*noted);
    auto stored = tx.get(payments, payment.id);
    assert(stored);
    return std::move(*stored);
}

Result<void> applyIntent(Platform& platform, Ref<Payment> paymentId, Intent const& intent, Instant now) {
    auto const payment = visavis::read(platform.store, [&](Reader& reader) { return reader.get(payments, paymentId); });
    if (!payment) return notFound();
    if (!isOurs(*payment, intent, platform.gateway.livemode())) {
        identity::audit(platform, "payment.differs", {}, payment->id.hex() + " " + intent.id, now);
        return ok;
    }
    return visavis::transact(platform.store, [&](Tx& tx) { return applyInside(platform, tx, paymentId, intent, now); });
}

Result<Intent> closeIntent(Platform& platform, Payment const& payment) {
    auto closed = platform.gateway.cancelPaymentIntent(*payment.stripePaymentIntentId, payment.idempotencyKey + ":cancel");
    if (!closed && closed.error().key == refusal::wrongIntentState)
        return platform.gateway.getPaymentIntent(*payment.stripePaymentIntentId);
    return closed;
}

Result<void> markFailed(Tx& tx, Ref<Payment> paymentId, std::string reason, Instant now) {
    TRY(bool changed, tx.update(payments, payments->id == paymentId && payments->status == PaymentStatus::pending,
                                set(payments->status, PaymentStatus::failed)
                                    .set(payments->failedAt, now)
                                    .set(payments->failureReason, reason)
                                    .set(payments->updatedAt, now)));
    (void)changed; // it has moved on meanwhile
    return ok;
}

Result<Refund> requestRefund(Tx& tx, Platform& platform, Ref<Payment> paymentId, std::optional<MinorUnits> amount, std::string reason,
                             std::optional<Ref<User>> requestedBy, Instant now) {
    auto payment = tx.get(payments, paymentId);
    if (!payment) return notFound();
    auto const earlier = refundsOf(tx, paymentId);
    auto const left = payment->status == PaymentStatus::succeeded ? payment->amount - refundedTotal(earlier) : 0;
    if (left <= 0) return conflict("nothing_to_refund", "There is nothing left to refund.");
    auto const wanted = amount.value_or(left);
    if (wanted < 1 || wanted > left)
        return invalid("/amount", "out_of_range", "Must be between 1 and " + std::to_string(left) + ", what is left.");
    Refund refund;
    refund.id = platform.ids.make<Refund>(now);
    refund.paymentId = paymentId;
    refund.bookingId = payment->bookingId;
    refund.amount = wanted;
    refund.currency = payment->currency;
    auto const shares = sharesOf(*payment, earlier, wanted);
    refund.platformShare = shares.platform;
    refund.specialistShare = shares.specialist;
    if (!reason.empty()) refund.reason = Lines<0, 500>(std::move(reason));
    refund.requestedBy = requestedBy;
    refund.idempotencyKey = "payment:" + paymentId.hex() + ":refund:" + std::to_string(earlier.size() + 1);
    refund.requestedAt = now;
    CHECK(tx.insert(refunds, refund));
    auto all = earlier;
    all.push_back(refund);
    mirror(*payment, refund, all);
    payment->updatedAt = now;
    CHECK(tx.replace(payments, *payment)); // also makes concurrent refunds of one payment meet
    CHECK(visavis::emit(tx, RefundRequested{refund.id}, refund.id.hex(), now));
    return refund;
}

Result<void> onRefundRequested(Platform& platform, RefundRequested const& event, Instant now) {
    auto const [refund, payment] = visavis::read(platform.store, [&](Reader& reader) {
        auto found = reader.get(refunds, event.refundId);
        auto of = found ? reader.get(payments, found->paymentId) : std::nullopt;
        return std::pair(std::move(found), std::move(of));
    });
    if (!refund || !payment || refund->status != RefundState::pending) return ok;
    NewRefund wanted;
    wanted.paymentIntentId = payment->stripePaymentIntentId.value_or("");
    wanted.amount = refund->amount;
    wanted.reason = RefundReason::requestedByCustomer;
    wanted.bookingId = refund->bookingId.hex();
    wanted.paymentId = payment->id.hex();
    wanted.refundId = refund->id.hex();
    wanted.idempotencyKey = refund->idempotencyKey;
    auto const seen = refund->stripeRefundId ? platform.gateway.getRefund(*refund->stripeRefundId) : platform.gateway.createRefund(wanted);
    if (seen) return applyRefund(platform, refund->id, *seen, now);
    if (seen.error().code == Code::unavailable) return seen.error();
    GatewayRefund refused; // a definite no: nothing happened at the gateway
    refused.paymentIntentId = wanted.paymentIntentId;
    refused.amount = refund->amount;
    refused.currency = refund->currency;
    refused.status = RefundStatus::failed;
    refused.failureReason = seen.error().key;
    return applyRefund(platform, refund->id, refused, now);
}

Result<void> onWebhookStored(Platform& platform, WebhookStored const& event, Instant now) {
    auto const receipt = visavis::read(platform.store, [&](Reader& reader) { return reader.get(webhookInbox, event.receiptId); });
    if (!receipt || receipt->livemode != platform.gateway.livemode()) return ok;
    if (receipt->objectKind == "refund" || receipt->type.starts_with("refund.")) {
        auto const seen = platform.gateway.getRefund(receipt->objectId);
        if (!seen) return seen.error().code == Code::unavailable ? Result<void>(seen.error()) : ok;
        auto const id = ObjectId::parse(seen->refundId);
        auto const applied = id ? applyRefund(platform, {*id}, *seen, now) : ok;
        return !applied && applied.error().code == Code::notFound ? ok : applied;
    }
    if (receipt->paymentIntentId.empty()) return ok;
    auto const payment = visavis::read(platform.store, [&](Reader& reader) {
        return reader.find(payments, payments->stripePaymentIntentId == receipt->paymentIntentId).first();
    });
    auto const intent = platform.gateway.getPaymentIntent(receipt->paymentIntentId);
    if (!intent) return intent.error().code == Code::unavailable ? Result<void>(intent.error()) : ok;
    if (payment) return applyIntent(platform, payment->id, *intent, now);
    // The answer to our own create call may have been lost before the id was noted: the intent names our row.
    auto const named = ObjectId::parse(intent->paymentId);
    if (!named) return ok;
    auto const noted = visavis::transact(platform.store, [&](Tx& tx) -> Result<Payment> {
        auto ours = tx.get(payments, Ref<Payment>{*named});
        if (!ours || ours->bookingId.hex() != intent->bookingId || ours->amount != intent->amount) return notFound();
        return noteIntent(tx, std::move(*ours), *intent, now);
    });
    if (!noted) return noted.error().code == Code::notFound ? ok : Result<void>(noted.error());
    return applyIntent(platform, noted->id, *intent, now);
}

} // namespace visavis::payments
