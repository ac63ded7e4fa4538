// Refunds: whole or in parts, and the test cards whose refunds take a while or fail in the end.
#include "sandbox/stripe/refunds.hpp"
#include "core/money.hpp"
#include "sandbox/stripe/balance.hpp"
#include "sandbox/stripe/call.hpp"
#include "sandbox/stripe/cards.hpp"

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "refund";
constexpr Millis bankTime{5'000}; // until the bank says what became of it

// The charge a refund is about: named itself, or the one that paid the intent.
Result<std::string> chargeOf(Call const& call) {
    if (call.given("charge")) {
        TRY(auto const* charge, named(call, "charge", "charge"));
        return std::string(textOf(*charge, "id"));
    }
    if (!call.given("payment_intent")) {
        return invalidRequest("One of the following params should be provided for this request: payment_intent or charge.", {},
                              "parameter_missing");
    }
    TRY(auto const* intent, named(call, "payment_intent", "payment_intent"));
    auto const* charge = call.book.find(textOf(*intent, "latest_charge"));
    if (charge && isTrue(*charge, "paid") && isTrue(*charge, "captured")) return std::string(textOf(*charge, "id"));
    return invalidRequest("This PaymentIntent (" + std::string(textOf(*intent, "id")) + ") does not have a successful charge to refund.",
                          {}, "payment_intent_unexpected_state");
}

std::string money(std::int64_t amount, std::string_view currencyCode) {
    std::string upper(currencyCode);
    for (auto& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    auto const currency = Currency::parse(upper);
    return currency ? moneyText(amount, *currency) : std::to_string(amount);
}

Result<std::int64_t> amountOf(Call const& call, json::object const& charge) {
    std::string const id(textOf(charge, "id"));
    auto const left = numberOf(charge, "amount") - numberOf(charge, "amount_refunded");
    if (!isTrue(charge, "paid")) return refusedInState("charge_not_refundable", "Charge " + id + " has failed; cannot issue a refund.");
    if (isTrue(charge, "disputed") && !isTrue(charge, "_inquiry")) {
        return refusedInState("charge_disputed", "Charge " + id + " has been charged back; cannot issue a refund.");
    }
    if (left == 0) return refusedInState("charge_already_refunded", "Charge " + id + " has already been refunded.");
    if (!call.given("amount")) return left;
    auto const amount = call.number("amount");
    if (amount < 1) return invalidRequest("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
    if (amount <= left) return amount;
    auto const currency = textOf(charge, "currency");
    return invalidRequest(
        "Refund amount (" + money(amount, currency) + ") is greater than unrefunded amount on charge (" + money(left, currency) + ")",
        "amount");
}

json::object newRefund(Call& call, json::object const& charge, std::int64_t amount) {
    return {{"id", call.book.newId("re_")},
            {"object", text(kind)},
            {"amount", amount},
            {"balance_transaction", nullptr},
            {"charge", charge.at("id")},
            {"created", call.book.seconds()},
            {"currency", charge.at("currency")},
            {"customer", charge.at("customer")},
            {"customer_account", nullptr},
            {"destination_details",
             {{"card",
               {{"reference", "7920000000000000"},
                {"reference_status", "available"},
                {"reference_type", "acquirer_reference_number"},
                {"type", "refund"}}},
              {"type", "card"}}},
            {"metadata", json::object()},
            {"payment_intent", charge.at("payment_intent")},
            {"payment_method", charge.at("payment_method")},
            {"reason", call.given("reason") ? call.params["reason"] : json::value(nullptr)},
            {"receipt_number", nullptr},
            {"source_transfer_reversal", nullptr},
            {"status", "succeeded"},
            {"transfer_reversal", nullptr}};
}

void takeFrom(json::object& charge, std::int64_t amount) {
    auto const refunded = numberOf(charge, "amount_refunded") + amount;
    charge["amount_refunded"] = refunded;
    charge["refunded"] = refunded == numberOf(charge, "amount");
}

void bookRefund(Book& book, json::object& refund) {
    refund["balance_transaction"] = enter(book, {.type = "refund",
                                                 .source = std::string(textOf(refund, "id")),
                                                 .currency = std::string(textOf(refund, "currency")),
                                                 .amount = -numberOf(refund, "amount")});
}

void tellChange(Book& book, std::string const& refundId, std::string_view formerStatus) {
    json::object const previous{{"status", text(formerStatus)}};
    book.emit("refund.updated", refundId, previous);
    book.emit("charge.refund.updated", refundId, previous);
}

Result<json::object> create(Call& call) {
    TRY(auto const chargeId, chargeOf(call));
    TRY(auto const amount, amountOf(call, *call.book.find(chargeId)));
    auto& charge = call.book.change(chargeId);
    auto fresh = newRefund(call, charge, amount);
    CHECK(mergeMetadata(fresh, call.params));
    auto& refund = call.book.add(std::move(fresh));
    std::string const id(textOf(refund, "id"));
    auto const& card = cardOf(textOf(charge, "_number"));
    if (card.refunds == Refunds::pendThenSucceed) {
        refund["status"] = "pending";
        refund["pending_reason"] = "processing";
        call.book.schedule(bankTime, "refund_succeeds", id);
    }
    bookRefund(call.book, refund);
    if (card.refunds == Refunds::succeedThenFail) call.book.schedule(bankTime, "refund_fails", id);
    json::object previous{{"amount_refunded", charge["amount_refunded"]}, {"refunded", charge["refunded"]}};
    takeFrom(charge, amount);
    call.book.emit("refund.created", id);
    call.book.emit("charge.refunded", chargeId, std::move(previous));
    return refund;
}

Result<json::object> read(Call& call) { return retrieve(call, kind, "refund"); }

Result<json::object> update(Call& call) {
    CHECK(read(call));
    auto& refund = call.book.change(call.id);
    auto const before = refund["metadata"];
    CHECK(mergeMetadata(refund, call.params));
    call.book.emit("refund.updated", call.id, {{"metadata", before}});
    return refund;
}

Result<json::object> cancel(Call& call) {
    CHECK(read(call));
    return refusedInState("", "This refund cannot be canceled: refunds of card payments can be canceled in the Dashboard only.");
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/refunds", [&](json::object const& refund) {
        return (!call.given("charge") || textOf(refund, "charge") == call.text("charge")) &&
               (!call.given("payment_intent") || textOf(refund, "payment_intent") == call.text("payment_intent"));
    });
}

} // namespace

void refundSucceeds(Book& book, std::string const& id) {
    auto& refund = book.change(id);
    refund["status"] = "succeeded";
    refund.erase("pending_reason");
    tellChange(book, id, "pending");
}

void refundFails(Book& book, std::string const& id) {
    auto& refund = book.change(id);
    refund["status"] = "failed";
    refund["failure_reason"] = "expired_or_canceled_card";
    refund["failure_balance_transaction"] = enter(book, {.type = "refund_failure",
                                                         .source = id,
                                                         .currency = std::string(textOf(refund, "currency")),
                                                         .amount = numberOf(refund, "amount")});
    takeFrom(book.change(textOf(refund, "charge")), -numberOf(refund, "amount"));
    tellChange(book, id, "succeeded");
    book.emit("refund.failed", id);
}

Routes refundRoutes() {
    using enum http::Method;
    return {
        {post,
         "/v1/refunds",
         create,
         {{"payment_intent"},
          {"charge"},
          {"amount", Kind::number},
          {"reason", Kind::words, "duplicate fraudulent requested_by_customer"},
          {"metadata", Kind::metadata},
          {"instructions_email"}}},
        {get, "/v1/refunds", list, pageFields({{"charge"}, {"payment_intent"}})},
        {get, "/v1/refunds/{id}", read},
        {post, "/v1/refunds/{id}", update, {{"metadata", Kind::metadata}}},
        {post, "/v1/refunds/{id}/cancel", cancel},
    };
}

} // namespace visavis::sandbox::stripe
