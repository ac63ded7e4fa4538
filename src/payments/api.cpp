// Payments as their sides see them, and webhooks: verified on the raw bytes, stored, answered; processing comes after (DESIGN §6).
#include "payments/api.hpp"

#include "identity/span.hpp"
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

Where<Payment> askedFor(PaymentQuestion const& question, identity::Span const& span) {
    Where<Payment> where;
    auto const add = [&](Where<Payment> condition) { where = std::move(where) && std::move(condition); };
    if (question.status) add(payments->status == *question.status);
    if (question.refund) add(payments->refund.status == *question.refund);
    if (question.specialistId) add(payments->specialistId == *question.specialistId);
    if (question.customerId) add(payments->customerId == *question.customerId);
    if (question.bookingId) add(payments->bookingId == *question.bookingId);
    if (question.from) add(payments->createdAt >= span.from);
    if (question.to) add(payments->createdAt < span.to);
    return where;
}

Result<Page<PaymentView>> pageOf(Call& call, Where<Payment> where, std::optional<Bounded<1, 100>> const& limit,
                                 std::optional<std::string> const& cursor) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<PaymentView>> {
        TRY(auto const page, reader.find(payments, std::move(where))
                                 .sort(desc(payments->createdAt), desc(payments->id))
                                 .limit(identity::pageSize(limit))
                                 .page(cursor.value_or("")));
        Page<PaymentView> shown;
        shown.nextCursor = page.nextCursor;
        for (auto const& payment : page.items) shown.items.push_back(viewOf(call, payment));
        return shown;
    });
}

// The split is in every refund, so there is nothing to see here for customers; the routes table keeps them out.
Result<void> checkPayee(Reader& reader, Call const& call, Ref<Payment> id) {
    auto const payment = reader.get(payments, id);
    bool const isPayee = payment && payment->specialistId == call.who.specialistId;
    if (!payment || (!isPayee && !call.who.isStaff())) return notFound();
    return ok;
}

} // namespace

Result<Page<PaymentView>> listPayments(Call& call, identity::PageQuery const& query) {
    return pageOf(call, ownPayments(call), query.limit, query.cursor);
}

Result<Page<PaymentView>> listAllPayments(Call& call, PaymentQuestion const& question) {
    TRY(auto const span, identity::spanOf(question.from, question.to, Zone{}));
    return pageOf(call, askedFor(question, span), question.limit, question.cursor);
}

Result<identity::Created<RefundView>> refundPayment(Call& call, RefundOrder const& order) {
    return call.transact([&](Tx& tx) -> Result<identity::Created<RefundView>> {
        CHECK(checkPayee(tx, call, order.id));
        auto const amount = order.amount ? std::optional<MinorUnits>(*order.amount) : std::nullopt;
        TRY(auto const refund,
            requestRefund(tx, call.platform, order.id, amount, order.reason ? order.reason->value : std::string(), call.user(), call.now));
        return identity::Created<RefundView>{project<RefundView>(refund)};
    });
}

Result<Page<RefundView>> listRefunds(Call& call, RefundQuestion const& question) {
    return visavis::read(call.store, [&](Reader& reader) -> Result<Page<RefundView>> {
        CHECK(checkPayee(reader, call, question.id));
        TRY(auto const page, reader.find(refunds, refunds->paymentId == question.id)
                                 .sort(refunds->requestedAt, refunds->id)
                                 .limit(identity::pageSize(question.limit))
                                 .page(question.cursor.value_or("")));
        Page<RefundView> shown;
        shown.nextCursor = page.nextCursor;
        for (auto const& refund : page.items) shown.items.push_back(project<RefundView>(refund));
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
    return visavis::transact(call.store, [&](Tx& tx) -> Result<Received> {
        CHECK(storeEvent(tx, *event, call.now));
        return Received{};
    });
}

} // namespace visavis::payments
