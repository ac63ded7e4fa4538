// Refunds: requested by a row, made at the gateway, and followed wherever the gateway takes them.
#include "payments/books.hpp"
#include "store/crash_points.hpp"
#include "store/outbox.hpp"

namespace visavis::payments {
namespace {

CrashPoint const beforeCall("payments.refund.call.before");
CrashPoint const afterCall("payments.refund.call.after");

// The gateway forgets idempotency keys after a day (providers.md §1.9): from then on a repeated request would be a second refund.
constexpr Hours keysAreSafe{23};

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

// After a change of one of its refunds.
Result<void> storeMirrored(Tx& tx, Payment& payment, Instant now) {
    auto const all = refundsOf(tx, payment.id);
    mirror(payment, all.back(), all);
    payment.updatedAt = now;
    CHECK(tx.replace(payments, payment));
    return publishChange(tx, payment, now);
}

MinorUnits returnedTotal(std::vector<Refund> const& all) {
    MinorUnits total = 0;
    for (auto const& one : all)
        if (one.status == RefundState::succeeded) total += one.amount;
    return total;
}

Result<void> refundSucceeded(Platform& platform, Tx& tx, Refund& refund, Payment& payment, Instant now) {
    refund.status = RefundState::succeeded;
    refund.refundedAt = now;
    CHECK(tx.replace(refunds, refund));
    auto const before = payment.status;
    if (returnedTotal(refundsOf(tx, payment.id)) == payment.amount && mayMove(payment.status, PaymentStatus::refunded)) {
        payment.status = PaymentStatus::refunded;
        payment.refundedAt = now;
    }
    CHECK(storeMirrored(tx, payment, now));
    CHECK(bookRefund(platform, tx, payment, refund, Way::back, before, now));
    return visavis::emit(tx, RefundSucceeded{refund.id, refund.bookingId}, refund.id.hex(), now);
}

// A refund may fail at once, or after it had succeeded: then all that it caused is taken back. Either way somebody has to see to it.
Result<void> refundFailed(Platform& platform, Tx& tx, Refund& refund, Payment& payment, std::string const& reason, Instant now) {
    bool const hadSucceeded = refund.status == RefundState::succeeded;
    refund.status = RefundState::failed;
    refund.failedAt = now;
    refund.failureReason = reason;
    CHECK(tx.replace(refunds, refund));
    auto const before = payment.status;
    if (before == PaymentStatus::refunded) {
        payment.status = PaymentStatus::succeeded;
        payment.refundedAt.reset();
    }
    CHECK(storeMirrored(tx, payment, now));
    if (hadSucceeded) CHECK(bookRefund(platform, tx, payment, refund, Way::forth, before, now));
    return report(
        tx,
        {Odds::refund_failed, refund.id.hex(),
         "A refund of " + moneyText(refund.amount, refund.currency) + " has failed: " + (reason.empty() ? "no reason given" : reason) + ".",
         payment.id, payment.bookingId},
        now);
}

Result<void> applyInside(Platform& platform, Tx& tx, Refund& refund, Payment& payment, GatewayRefund const& seen, Instant now) {
    bool const isNews = !seen.id.empty() && refund.stripeRefundId != seen.id; // a refused one has no id
    if (isNews) refund.stripeRefundId = seen.id;
    if (lagsBehind(refund, seen)) {
        if (seen.status == RefundStatus::succeeded) return refundSucceeded(platform, tx, refund, payment, now);
        return refundFailed(platform, tx, refund, payment, seen.failureReason, now);
    }
    if (!isNews) return ok;
    CHECK(tx.replace(refunds, refund));
    return storeMirrored(tx, payment, now);
}

NewRefund orderOf(Payment const& payment, Refund const& refund) {
    NewRefund order;
    order.paymentIntentId = payment.stripePaymentIntentId.value_or("");
    order.amount = refund.amount;
    order.reason = RefundReason::requestedByCustomer;
    order.bookingId = refund.bookingId.hex();
    order.paymentId = payment.id.hex();
    order.refundId = refund.id.hex();
    order.idempotencyKey = refund.idempotencyKey;
    return order;
}

// Made under the row's key, or found where the key may be forgotten.
Result<GatewayRefund> makeRefund(Platform& platform, Payment const& payment, Refund const& refund, Instant now) {
    if (refund.stripeRefundId || now - refund.requestedAt >= keysAreSafe) {
        TRY(auto const made, refundAtGateway(platform, payment, refund));
        if (made) return *made;
    }
    beforeCall.pass();
    auto made = platform.gateway.createRefund(orderOf(payment, refund));
    afterCall.pass();
    return made;
}

// A refusal that an operator can mend (our key, our balance): the refund waits for that in the outbox, where it shows.
bool mayPass(Error const& refused) {
    return refused.code == Code::unavailable || refused.key == refusal::notAllowed || refused.key == refusal::fundsShort;
}

} // namespace

std::vector<Refund> refundsOf(Reader& reader, Ref<Payment> paymentId) {
    return reader.find(refunds, refunds->paymentId == paymentId).sort(refunds->requestedAt, refunds->id).all();
}

Result<Refund> requestRefund(Tx& tx, Platform& platform, Ref<Payment> paymentId, std::optional<MinorUnits> amount, std::string reason,
                             std::optional<Ref<User>> requestedBy, Instant now) {
    auto payment = tx.get(payments, paymentId);
    if (!payment) return notFound();
    auto all = refundsOf(tx, paymentId);
    auto const left = payment->status == PaymentStatus::succeeded ? payment->amount - refundedTotal(all) : 0;
    if (left <= 0) return conflictWith(wordOf(payment->status), "nothing_to_refund", "There is nothing left to refund.");
    auto const wanted = amount.value_or(left);
    if (wanted < 1 || wanted > left)
        return invalid("/amount", "out_of_range", "Must be between 1 and " + std::to_string(left) + ", what is left.");
    Refund refund;
    refund.id = platform.ids.make<Refund>(now);
    refund.paymentId = paymentId;
    refund.bookingId = payment->bookingId;
    refund.amount = wanted;
    refund.currency = payment->currency;
    auto const shares = sharesOf(*payment, all, wanted);
    refund.platformShare = shares.platform;
    refund.specialistShare = shares.specialist;
    if (!reason.empty()) refund.reason = Lines<0, 500>(std::move(reason));
    refund.requestedBy = requestedBy;
    refund.idempotencyKey = "payment:" + paymentId.hex() + ":refund:" + std::to_string(all.size() + 1);
    refund.requestedAt = now;
    CHECK(tx.insert(refunds, refund));
    CHECK(storeMirrored(tx, *payment, now)); // also makes concurrent refunds of one payment meet
    CHECK(visavis::emit(tx, RefundRequested{refund.id}, refund.id.hex(), now));
    return refund;
}

Result<void> applyRefund(Platform& platform, Ref<Refund> refundId, GatewayRefund const& seen, Instant now) {
    return visavis::transact(platform.store, [&](Tx& tx) -> Result<void> {
        auto refund = tx.get(refunds, refundId);
        if (!refund) return notFound();
        auto payment = tx.get(payments, refund->paymentId);
        if (!payment) return notFound();
        if (isOurs(*payment, *refund, seen)) return applyInside(platform, tx, *refund, *payment, seen, now);
        return report(tx,
                      {Odds::refund_differs, refund->id.hex() + " " + seen.id,
                       "Refund " + seen.id + " has another payment, amount or currency than our row.", payment->id, payment->bookingId},
                      now);
    });
}

std::optional<Refund> refundOf(Reader& reader, GatewayRefund const& seen) {
    if (auto noted = reader.find(refunds, refunds->stripeRefundId == seen.id).first()) return noted;
    auto const named = ObjectId::parse(seen.refundId);
    return named ? reader.get(refunds, Ref<Refund>{*named}) : std::nullopt;
}

Result<std::optional<GatewayRefund>> refundAtGateway(Platform& platform, Payment const& payment, Refund const& refund) {
    if (refund.stripeRefundId) {
        TRY(auto made, platform.gateway.getRefund(*refund.stripeRefundId));
        return std::optional(std::move(made));
    }
    std::optional<std::string> cursor;
    do {
        TRY(auto page, platform.gateway.listRefunds(payment.stripePaymentIntentId.value_or(""), cursor));
        for (auto& made : page.items)
            if (made.refundId == refund.id.hex()) return std::optional(std::move(made));
        cursor = page.cursor;
    } while (cursor);
    return std::optional<GatewayRefund>{};
}

// Without a row of ours it was made elsewhere, such as in the gateway's dashboard: then somebody has to look, if the payment is ours.
Result<void> followRefund(Platform& platform, GatewayRefund const& seen, Instant now) {
    auto const [refund, payment] = visavis::read(platform.store, [&](Reader& reader) {
        return std::pair(refundOf(reader, seen), reader.find(payments, payments->stripePaymentIntentId == seen.paymentIntentId).first());
    });
    if (refund) return applyRefund(platform, refund->id, seen, now);
    if (!payment) return ok;
    MoneyAtOdds const matter{
        Odds::refund_unknown, seen.id,
        "Refund " + seen.id + " of " + std::to_string(seen.amount) + " minor units was not made by us; our rows do not count it.",
        payment->id, payment->bookingId};
    return visavis::transact(platform.store, [&](Tx& tx) { return report(tx, matter, now); });
}

Result<void> followRefund(Platform& platform, std::string const& stripeRefundId, Instant now) {
    auto const seen = platform.gateway.getRefund(stripeRefundId);
    if (!seen) return seen.error().code == Code::unavailable ? Result<void>(seen.error()) : ok;
    return followRefund(platform, *seen, now);
}

Result<void> onRefundRequested(Platform& platform, RefundRequested const& event, Instant now) {
    auto const [refund, payment] = visavis::read(platform.store, [&](Reader& reader) {
        auto found = reader.get(refunds, event.refundId);
        auto of = found ? reader.get(payments, found->paymentId) : std::nullopt;
        return std::pair(std::move(found), std::move(of));
    });
    if (!refund || !payment || refund->status != RefundState::pending) return ok;
    auto const seen = makeRefund(platform, *payment, *refund, now);
    if (seen) return applyRefund(platform, refund->id, *seen, now);
    if (mayPass(seen.error())) return seen.error();
    GatewayRefund refused; // a definite no: nothing happened at the gateway
    refused.paymentIntentId = payment->stripePaymentIntentId.value_or("");
    refused.amount = refund->amount;
    refused.currency = refund->currency;
    refused.status = RefundStatus::failed;
    refused.failureReason = seen.error().key;
    return applyRefund(platform, refund->id, refused, now);
}

} // namespace visavis::payments
