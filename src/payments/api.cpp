// Payments as their sides see them, and webhooks: verified on the raw bytes, stored, answered; processing comes after (DESIGN §6).
#include "payments/api.hpp"

#include "store/outbox.hpp"

namespace visavis::payments {
namespace {

PaymentView viewOf(Call const& call, Payment const& payment) {
    auto view = project<PaymentView>(payment);
    if (payment.customerId == call.who.customerId) return view;
    view.platformFee = payment.platformFee;
    view.platformFeePercentage = payment.platformFeePercentage;
    view.specialistPayout = payment.specialistPayout;
    if (!call.who.isStaff()) view.metadata.customerEmail.reset();
    return view;
}

Where<Payment> ownPayments(Call const& call) {
    if (call.who.specialistId) return payments->specialistId == *call.who.specialistId;
    if (call.who.customerId) return payments->customerId == *call.who.customerId;
    return {};
}

} // namespace

Result<Page<PaymentView>> listPayments(Call& call, identity::PageQuery const& query) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<PaymentView>> {
        TRY(auto const page, reader.find(payments, ownPayments(call))
                                 .sort(desc(payments->createdAt), desc(payments->id))
                                 .limit(identity::pageSize(query.limit))
                                 .page(query.cursor.value_or("")));
        Page<PaymentView> shown;
        shown.nextCursor = page.nextCursor;
        for (auto const& payment : page.items) shown.items.push_back(viewOf(call, payment));
        return shown;
    });
}

Result<PaymentView> getPayment(Call& call, PaymentPath const& path) {
    auto const payment = visavis::read(call.store, [&](Reader& reader) { return reader.get(payments, path.id); });
    bool const isSide = payment && (payment->specialistId == call.who.specialistId || payment->customerId == call.who.customerId);
    if (!payment || (!isSide && !call.who.isStaff())) return notFound();
    return viewOf(call, *payment);
}

Result<Received> receiveStripe(Call& call, http::Request const& request) {
    if (request.headerCount("stripe-signature") != 1)
        return failure(Code::malformed, "bad_signature", "The signature is missing or repeated.");
    auto const event = call.platform.gateway.verifyWebhook(request.body, request.header("stripe-signature"), call.now);
    if (!event) {
        identity::audit(call.platform, "webhook.bad_signature", call.who, "stripe", call.now);
        return event.error();
    }
    WebhookReceipt receipt;
    receipt.id = {ObjectId::derived("stripe:" + event->id)};
    receipt.provider = "stripe";
    receipt.eventId = event->id;
    receipt.type = event->type;
    receipt.livemode = event->livemode;
    receipt.objectKind = event->objectKind;
    receipt.objectId = event->objectId;
    receipt.paymentIntentId = event->paymentIntentId;
    receipt.body = event->rawBody;
    receipt.receivedAt = call.now;
    return visavis::transact(call.store, [&](Tx& tx) -> Result<Received> {
        TRY(bool const fresh, tx.insertIfAbsent(webhookInbox, receipt));
        if (fresh) CHECK(visavis::emit(tx, WebhookStored{receipt.id}, receipt.id.hex(), call.now));
        return Received{};
    });
}

} // namespace visavis::payments
