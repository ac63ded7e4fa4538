// Transfers to connected accounts, and their reversals.
#include "sandbox/stripe/balance.hpp"
#include "sandbox/stripe/call.hpp"

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "transfer";

// What other transfers have left of the charge they draw on.
std::int64_t leftOf(Book const& book, json::object const& charge) {
    auto left = numberOf(charge, "amount_captured");
    book.visit(kind, [&](json::object const& other) {
        if (textOf(other, "source_transaction") == textOf(charge, "id")) left -= numberOf(other, "amount");
        return true;
    });
    return left;
}

Result<void> checkSource(Call const& call, std::int64_t amount, std::string const& currency) {
    TRY(auto const* charge, named(call, "charge", "source_transaction"));
    if (!isTrue(*charge, "paid") || !isTrue(*charge, "captured")) {
        return invalidRequest("Cannot use a charge that has not succeeded as the source_transaction of a transfer.", "source_transaction");
    }
    if (textOf(*charge, "currency") != currency) {
        return invalidRequest("The currency of source_transaction's balance transaction (" + std::string(textOf(*charge, "currency")) +
                                  ") must be the same as the transfer currency (" + currency + ")",
                              "currency");
    }
    if (amount <= leftOf(call.book, *charge)) return ok;
    return invalidRequest("Transfers using this transaction as a source must not exceed the source amount.", "amount");
}

Result<void> checkDestination(Call const& call) {
    auto const* account = call.book.find("account", call.text("destination"));
    if (!account || isTrue(*account, "deleted")) return noSuch("destination", call.text("destination"), "destination", 400);
    if (textOf(objectOf(*account, "capabilities"), "transfers") == "active") return ok;
    return refusedInState("insufficient_capabilities_for_transfer",
                          "Your destination account needs to have at least one of the following capabilities enabled: transfers");
}

json::object newTransfer(Call& call, std::int64_t amount, std::string const& currency) {
    auto const id = call.book.newId("tr_");
    json::object transfer{
        {"id", id},
        {"object", text(kind)},
        {"amount", amount},
        {"amount_reversed", 0},
        {"balance_transaction", nullptr},
        {"created", call.book.seconds()},
        {"currency", currency},
        {"description", nullptr},
        {"destination", text(call.text("destination"))},
        {"destination_payment", call.book.newId("py_")},
        {"livemode", false},
        {"metadata", json::object()},
        {"reversals", {{"object", "list"}, {"data", json::array()}, {"has_more", false}, {"url", "/v1/transfers/" + id + "/reversals"}}},
        {"reversed", false},
        {"source_transaction", nullptr},
        {"source_type", "card"},
        {"transfer_group", nullptr}};
    copyGiven(transfer, call.params, {"description", "source_transaction", "transfer_group"});
    return transfer;
}

Result<json::object> create(Call& call) {
    for (auto const name : {"currency", "destination", "amount"}) {
        if (!call.given(name)) return missingParameter(name);
    }
    auto const amount = call.number("amount");
    auto const currency = lowered(call.text("currency"));
    if (amount < 1) return invalidRequest("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
    CHECK(checkDestination(call));
    if (call.given("source_transaction")) {
        CHECK(checkSource(call, amount, currency));
    } else if (amount > availableIn(call.book, currency)) {
        return refusedInState("balance_insufficient",
                              "You have insufficient available funds in your Stripe account. Try adding funds directly to "
                              "your available balance by creating Charges using the 4000000000000077 test card.");
    }
    auto fresh = newTransfer(call, amount, currency);
    CHECK(mergeMetadata(fresh, call.params));
    auto& transfer = call.book.add(std::move(fresh));
    std::string const id(textOf(transfer, "id"));
    transfer["balance_transaction"] = enter(call.book, {.type = "transfer", .source = id, .currency = currency, .amount = -amount});
    call.book.emit("transfer.created", id);
    return transfer;
}

Result<json::object> read(Call& call) { return retrieve(call, kind, "transfer"); }

Result<json::object> update(Call& call) {
    CHECK(read(call));
    auto& transfer = call.book.change(call.id);
    CHECK(mergeMetadata(transfer, call.params));
    copyGiven(transfer, call.params, {"description"});
    call.book.emit("transfer.updated", call.id);
    return transfer;
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/transfers", [&](json::object const& transfer) {
        return (!call.given("destination") || textOf(transfer, "destination") == call.text("destination")) &&
               (!call.given("transfer_group") || textOf(transfer, "transfer_group") == call.text("transfer_group"));
    });
}

Result<std::int64_t> reversibleAmount(Call const& call, json::object const& transfer) {
    auto const left = numberOf(transfer, "amount") - numberOf(transfer, "amount_reversed");
    if (left == 0) return refusedInState("", "This transfer has already been fully reversed.");
    auto const amount = call.given("amount") ? call.number("amount") : left;
    if (amount >= 1 && amount <= left) return amount;
    return invalidRequest("Reversal amount must be at least 1 and no more than what is left of the transfer.", "amount");
}

Result<json::object> reverse(Call& call) {
    TRY(auto const current, retrieve(call, kind, "id"));
    TRY(auto const amount, reversibleAmount(call, current));
    auto const id = call.book.newId("trr_");
    auto const txn =
        enter(call.book, {.type = "transfer_refund", .source = id, .currency = std::string(textOf(current, "currency")), .amount = amount});
    json::object fresh{{"id", id},
                       {"object", "transfer_reversal"},
                       {"amount", amount},
                       {"balance_transaction", txn},
                       {"created", call.book.seconds()},
                       {"currency", current.at("currency")},
                       {"destination_payment_refund", call.book.newId("pyr_")},
                       {"metadata", json::object()},
                       {"source_refund", nullptr},
                       {"transfer", call.id}};
    CHECK(mergeMetadata(fresh, call.params));
    auto const& reversal = call.book.add(std::move(fresh));
    auto& transfer = call.book.change(call.id);
    transfer["amount_reversed"] = numberOf(transfer, "amount_reversed") + amount;
    transfer["reversed"] = numberOf(transfer, "amount_reversed") == numberOf(transfer, "amount");
    auto& within = transfer["reversals"].get_object()["data"].get_array();
    within.insert(within.begin(), reversal);
    call.book.emit("transfer.reversed", call.id);
    return reversal;
}

Result<json::object> reversals(Call& call) {
    CHECK(retrieve(call, kind, "id"));
    return listPage(call, "transfer_reversal", "/v1/transfers/" + call.id + "/reversals",
                    [&](json::object const& reversal) { return textOf(reversal, "transfer") == call.id; });
}

Result<json::object> reversal(Call& call) {
    CHECK(retrieve(call, kind, "transfer"));
    auto const* found = call.book.find("transfer_reversal", call.second);
    if (!found || textOf(*found, "transfer") != call.id) return noSuch("transfer_reversal", call.second, "id", 404);
    return *found;
}

} // namespace

Routes transferRoutes() {
    using enum http::Method;
    return {
        {post,
         "/v1/transfers",
         create,
         {{"amount", Kind::number},
          {"currency"},
          {"destination"},
          {"source_transaction"},
          {"source_type", Kind::words, "bank_account card fpx"},
          {"transfer_group"},
          {"description"},
          {"metadata", Kind::metadata}}},
        {get, "/v1/transfers", list, pageFields({{"destination"}, {"transfer_group"}})},
        {get, "/v1/transfers/{id}", read},
        {post, "/v1/transfers/{id}", update, {{"description"}, {"metadata", Kind::metadata}}},
        {post,
         "/v1/transfers/{id}/reversals",
         reverse,
         {{"amount", Kind::number}, {"description"}, {"metadata", Kind::metadata}, {"refund_application_fee", Kind::flag}}},
        {get, "/v1/transfers/{id}/reversals", reversals, pageFields()},
        {get, "/v1/transfers/{id}/reversals/{reversal}", reversal},
    };
}

} // namespace visavis::sandbox::stripe
