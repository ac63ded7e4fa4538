// Payment rows and the intents behind them.
#include "payments/service.hpp"

#include "core/log.hpp"
#include "payments/books.hpp"
#include "store/outbox.hpp"

namespace visavis::payments {
namespace {

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
    CHECK(bookCharge(platform, tx, payment, now));
    CHECK(publishChange(tx, payment, now));
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
    CHECK(publishChange(tx, payment, now));
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

// The answer to our own create call may have been lost before the id was noted: the intent names our row.
Result<Payment> claimIntent(Tx& tx, Intent const& intent, Instant now) {
    auto const named = ObjectId::parse(intent.paymentId);
    auto ours = named ? tx.get(payments, Ref<Payment>{*named}) : std::nullopt;
    if (!ours || ours->bookingId.hex() != intent.bookingId || ours->amount != intent.amount) return notFound();
    return noteIntent(tx, std::move(*ours), intent, now);
}

} // namespace

std::optional<Payment> paymentOf(Reader& reader, Ref<Booking> bookingId) {
    auto all = reader.find(payments, payments->bookingId == bookingId).all();
    if (all.empty()) return std::nullopt;
    return *std::max_element(all.begin(), all.end(),
                             [](Payment const& a, Payment const& b) { return std::tie(a.createdAt, a.id) < std::tie(b.createdAt, b.id); });
}

bool isLive(Platform const& platform) { return platform.gateway.livemode(); }

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
    CHECK(publishChange(tx, payment, now));
    return payment;
}

Result<void> publishChange(Tx& tx, Payment const& payment, Instant now) {
    auto update = project<PaymentUpdate>(payment);
    if (payment.refund) update.refundAmount = payment.refund->refundAmount;
    return profiles::publishToBoth(tx, payment.specialistId, payment.customerId, identity::LiveKind::payment, update, now);
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
        MoneyAtOdds const matter{Odds::payment_differs, payment->id.hex() + " " + intent.id,
                                 "Payment intent " + intent.id + " has another amount or currency than our payment.", payment->id,
                                 payment->bookingId};
        return visavis::transact(platform.store, [&](Tx& tx) { return report(tx, matter, now); });
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
    TRY(auto const failed, tx.take(payments, payments->id == paymentId && payments->status == PaymentStatus::pending,
                                   set(payments->status, PaymentStatus::failed)
                                       .set(payments->failedAt, now)
                                       .set(payments->failureReason, reason)
                                       .set(payments->updatedAt, now)));
    if (!failed) return ok; // it has moved on meanwhile
    return publishChange(tx, *failed, now);
}

Result<bool> storeEvent(Tx& tx, WebhookEvent const& event, Instant now) {
    WebhookReceipt receipt;
    receipt.id = receiptId(event.id);
    receipt.provider = "stripe";
    receipt.eventId = event.id;
    receipt.type = event.type;
    receipt.livemode = event.livemode;
    receipt.objectKind = event.objectKind;
    receipt.objectId = event.objectId;
    receipt.paymentIntentId = event.paymentIntentId;
    receipt.body = event.rawBody;
    receipt.receivedAt = now;
    TRY(bool const fresh, tx.insertIfAbsent(webhookInbox, receipt));
    CHECK(visavis::emit(tx, WebhookStored{receipt.id}, receipt.id.hex(), now)); // once: its key is the event's
    return fresh;
}

Ref<WebhookReceipt> receiptId(std::string const& eventId) { return {ObjectId::derived("stripe:" + eventId)}; }

std::optional<Payment> paymentOf(Reader& reader, Intent const& intent) {
    if (auto noted = reader.find(payments, payments->stripePaymentIntentId == intent.id).first()) return noted;
    auto const named = ObjectId::parse(intent.paymentId);
    return named ? reader.get(payments, Ref<Payment>{*named}) : std::nullopt;
}

Result<void> followIntent(Platform& platform, std::string const& intentId, Instant now) {
    auto const intent = platform.gateway.getPaymentIntent(intentId);
    if (!intent) return intent.error().code == Code::unavailable ? Result<void>(intent.error()) : ok;
    auto const payment = visavis::read(
        platform.store, [&](Reader& reader) { return reader.find(payments, payments->stripePaymentIntentId == intent->id).first(); });
    if (payment) return applyIntent(platform, payment->id, *intent, now);
    auto const claimed = visavis::transact(platform.store, [&](Tx& tx) { return claimIntent(tx, *intent, now); });
    if (!claimed) return claimed.error().code == Code::notFound ? ok : Result<void>(claimed.error());
    return applyIntent(platform, claimed->id, *intent, now);
}

Result<void> onWebhookStored(Platform& platform, WebhookStored const& event, Instant now) {
    auto const receipt = visavis::read(platform.store, [&](Reader& reader) { return reader.get(webhookInbox, event.receiptId); });
    if (!receipt || receipt->livemode != platform.gateway.livemode()) return ok;
    if (receipt->objectKind == "refund" || receipt->type.starts_with("refund.")) return followRefund(platform, receipt->objectId, now);
    if (receipt->paymentIntentId.empty()) return ok;
    return followIntent(platform, receipt->paymentIntentId, now);
}

Result<void> payOut(Platform&, Instant) {
    log::info("nothing_to_pay_out", {{"why", "no account is connected"}});
    return ok;
}

} // namespace visavis::payments
