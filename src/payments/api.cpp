// Webhooks: verified on the raw bytes, stored, answered; processing comes after (DESIGN §6).
#include "payments/api.hpp"

#include "store/outbox.hpp"

namespace visavis::payments {

Result<Received> receiveStripe(Call& call, http::Request const& request) {
    if (request.headerCount("stripe-signature") != 1) return failure(Code::malformed, "bad_signature", "The signature is missing or repeated.");
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

}  // namespace visavis::payments
