// Balance transactions and the balance.
#include "sandbox/stripe/balance.hpp"

#include "sandbox/stripe/call.hpp"

#include <map>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::string_view kind = "balance_transaction";
constexpr std::int64_t clearing = 7 * 86'400; // seconds until a charge's money may be used

struct Sums {
    std::int64_t available = 0;
    std::int64_t pending = 0;
};

std::map<std::string, Sums> sumsByCurrency(Book const& book) {
    std::map<std::string, Sums> sums{{"usd", {}}};
    book.visit(kind, [&](json::object const& entry) {
        auto& sum = sums[std::string(textOf(entry, "currency"))];
        auto& part = numberOf(entry, "available_on") <= book.seconds() ? sum.available : sum.pending;
        part += numberOf(entry, "net");
        return true;
    });
    return sums;
}

std::string_view statusNow(Book const& book, json::object const& entry) {
    return numberOf(entry, "available_on") <= book.seconds() ? "available" : "pending";
}

Result<json::object> balance(Call& call) {
    json::array available;
    json::array pending;
    for (auto const& [currency, sum] : sumsByCurrency(call.book)) {
        available.push_back({{"amount", sum.available}, {"currency", currency}, {"source_types", {{"card", sum.available}}}});
        pending.push_back({{"amount", sum.pending}, {"currency", currency}, {"source_types", {{"card", sum.pending}}}});
    }
    return json::object{{"object", "balance"}, {"available", available}, {"livemode", false}, {"pending", pending}};
}

Result<json::object> read(Call& call) {
    TRY(auto entry, retrieve(call, kind, "id"));
    entry["status"] = text(statusNow(call.book, entry));
    return entry;
}

Result<json::object> list(Call& call) {
    auto page = listPage(call, kind, "/v1/balance_transactions", [&](json::object const& entry) {
        return (!call.given("type") || textOf(entry, "type") == call.text("type")) &&
               (!call.given("source") || textOf(entry, "source") == call.text("source")) &&
               (!call.given("currency") || textOf(entry, "currency") == call.text("currency"));
    });
    if (!page) return page;
    for (auto& entry : page->at("data").get_array()) entry.get_object()["status"] = text(statusNow(call.book, entry.get_object()));
    return page;
}

} // namespace

std::int64_t processingFee(std::int64_t amount) { return (amount * 29 + 500) / 1000 + 30; }

std::string enter(Book& book, BalanceEntry const& entry) {
    json::array details;
    if (entry.fee != 0) {
        details.push_back({{"amount", entry.fee},
                           {"application", nullptr},
                           {"currency", entry.currency},
                           {"description", "Stripe processing fees"},
                           {"type", "stripe_fee"}});
    }
    auto id = book.newId("txn_");
    book.add({{"id", id},
              {"object", text(kind)},
              {"amount", entry.amount},
              {"available_on", book.seconds() + (entry.availableAtOnce ? 0 : clearing)},
              {"balance_type", "payments"},
              {"created", book.seconds()},
              {"currency", entry.currency},
              {"description", nullptr},
              {"exchange_rate", nullptr},
              {"fee", entry.fee},
              {"fee_details", std::move(details)},
              {"net", entry.amount - entry.fee},
              {"reporting_category", text(entry.type)},
              {"source", entry.source},
              {"status", entry.availableAtOnce ? "available" : "pending"},
              {"type", text(entry.type)}});
    return id;
}

std::int64_t availableIn(Book const& book, std::string_view currency) {
    auto const sums = sumsByCurrency(book);
    auto const found = sums.find(std::string(currency));
    return found == sums.end() ? 0 : found->second.available;
}

Routes balanceRoutes() {
    return {
        {http::Method::get, "/v1/balance", balance},
        {http::Method::get, "/v1/balance_transactions", list, pageFields({{"type"}, {"source"}, {"currency"}})},
        {http::Method::get, "/v1/balance_transactions/{id}", read},
    };
}

} // namespace visavis::sandbox::stripe
