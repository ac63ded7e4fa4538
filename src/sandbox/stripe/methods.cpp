// PaymentMethods: made from card numbers, attached to customers, listed.
#include "sandbox/stripe/methods.hpp"

#include "sandbox/stripe/payment.hpp"

#include <algorithm>

namespace visavis::sandbox::stripe {

namespace {

constexpr std::string_view kind = "payment_method";

struct CardData {
    std::string number;
    std::int64_t month = 12;
    std::int64_t year = 2034;
    std::string cvc;
};

std::int64_t thisYear(Book const& book) { return civil(LocalDate{static_cast<std::int32_t>(book.seconds() / 86'400)}).year; }

bool isPast(Book const& book, CardData const& card) {
    auto const today = civil(LocalDate{static_cast<std::int32_t>(book.seconds() / 86'400)});
    return card.year == today.year && card.month < today.month;
}

// What Stripe refuses before it asks anybody.
Result<void> checkCard(Book const& book, CardData const& card) {
    static constexpr Decline month{
        "invalid_expiry_month", {}, "Your card's expiration month is invalid.", "confirm_card_data", "exp_month"};
    static constexpr Decline year{"invalid_expiry_year", {}, "Your card's expiration year is invalid.", "confirm_card_data", "exp_year"};
    static constexpr Decline cvc{"invalid_cvc", {}, "Your card's security code is invalid.", "confirm_card_data", "cvc"};
    if (card.month < 1 || card.month > 12 || isPast(book, card)) return cardError(month, nullptr, nullptr);
    if (card.year < thisYear(book) || card.year > thisYear(book) + 50) return cardError(year, nullptr, nullptr);
    bool const digits = std::all_of(card.cvc.begin(), card.cvc.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!card.cvc.empty() && (!digits || card.cvc.size() < 3 || card.cvc.size() > 4)) return cardError(cvc, nullptr, nullptr);
    return ok;
}

json::object cardObject(CardData const& data, TestCard const& card) {
    auto const& number = data.number;
    json::object checks{{"address_line1_check", nullptr},
                        {"address_postal_code_check", nullptr},
                        {"cvc_check", data.cvc.empty() ? json::value(nullptr) : json::value("pass")}};
    return {{"brand", text(card.brand)},
            {"checks", std::move(checks)},
            {"country", "US"},
            {"display_brand", text(card.brand)},
            {"exp_month", data.month},
            {"exp_year", data.year},
            {"fingerprint", sha256Hex(number).substr(0, 16)},
            {"funding", text(card.funding)},
            {"generated_from", nullptr},
            {"last4", number.size() < 4 ? number : number.substr(number.size() - 4)},
            {"networks", {{"available", json::array{text(card.brand)}}, {"preferred", nullptr}}},
            {"regulated_status", "unregulated"},
            {"three_d_secure_usage", {{"supported", true}}},
            {"wallet", nullptr}};
}

json::object billing(json::object const& given) {
    json::object address{{"city", nullptr},  {"country", nullptr},     {"line1", nullptr},
                         {"line2", nullptr}, {"postal_code", nullptr}, {"state", nullptr}};
    for (auto& member : address) {
        auto const value = textOf(objectOf(given, "address"), member.key());
        if (!value.empty()) member.value() = text(value);
    }
    json::object out{{"address", std::move(address)}, {"email", nullptr}, {"name", nullptr}, {"phone", nullptr}, {"tax_id", nullptr}};
    copyGiven(out, given, {"email", "name", "phone"});
    return out;
}

std::string add(Book& book, CardData const& data, json::object const& given) {
    auto id = book.newId("pm_");
    json::object method{{"id", id},
                        {"object", text(kind)},
                        {"allow_redisplay", "unspecified"},
                        {"billing_details", billing(objectOf(given, "billing_details"))},
                        {"card", cardObject(data, cardOf(data.number))},
                        {"created", book.seconds()},
                        {"customer", nullptr},
                        {"customer_account", nullptr},
                        {"livemode", false},
                        {"metadata", json::object()},
                        {"radar_options", json::object()},
                        {"type", "card"},
                        {"_number", data.number}};
    copyGiven(method, given, {"allow_redisplay"});
    book.add(std::move(method));
    return id;
}

Result<json::object> create(Call& call) {
    if (call.text("type") != "card") return missingParameter("type");
    TRY(auto const id, newMethod(call.book, call.params));
    auto& method = call.book.change(id);
    auto const& card = cardOf(textOf(method, "_number"));
    if (card.decline.code == "incorrect_number") return cardError(card.decline, nullptr, nullptr);
    CHECK(mergeMetadata(method, call.params));
    return method;
}

Result<json::object> read(Call& call) { return retrieve(call, kind, "payment_method"); }

Result<json::object> update(Call& call) {
    CHECK(retrieve(call, kind, "payment_method"));
    auto& method = call.book.change(call.id);
    CHECK(mergeMetadata(method, call.params));
    copyGiven(method, call.params, {"allow_redisplay"});
    if (call.given("billing_details")) method["billing_details"] = billing(objectOf(call.params, "billing_details"));
    return method;
}

Result<json::object> attach(Call& call) {
    if (!call.given("customer")) return missingParameter("customer");
    CHECK(named(call, "customer", "customer"));
    TRY(auto const id, methodNamed(call.book, call.id, "payment_method"));
    auto& method = call.book.change(id);
    if (has(method, "customer")) {
        return refusedInState("resource_already_exists", "The payment method you provided has already been attached to a customer.");
    }
    auto const& card = cardOf(textOf(method, "_number"));
    if (!card.decline.code.empty() && !card.declinesOnlyCharges) return cardError(card.decline, nullptr, &method);
    attachTo(call.book, method, call.text("customer"));
    return method;
}

Result<json::object> detach(Call& call) {
    TRY(auto const found, retrieve(call, kind, "payment_method"));
    if (!has(found, "customer")) {
        return invalidRequest("The payment method you provided is not attached to a customer so detachment is impossible.",
                              "payment_method");
    }
    auto& method = call.book.change(call.id);
    json::object previous{{"customer", method["customer"]}};
    method["customer"] = nullptr;
    method["_used"] = true;
    call.book.emit("payment_method.detached", call.id, std::move(previous));
    return method;
}

Result<json::object> list(Call& call) {
    if (!call.given("customer")) return missingParameter("customer");
    return listPage(call, kind, "/v1/payment_methods", [&](json::object const& method) {
        return textOf(method, "customer") == call.text("customer") && (!call.given("type") || textOf(method, "type") == call.text("type"));
    });
}

} // namespace

Fields methodFields() {
    using Kind = Field::Kind;
    return {{"type"},
            {"card", Kind::group, {}, {{"number"}, {"exp_month", Kind::number}, {"exp_year", Kind::number}, {"cvc"}, {"token"}}},
            {"billing_details", Kind::anything},
            {"metadata", Kind::metadata},
            {"allow_redisplay", Kind::words, "always limited unspecified"},
            {"radar_options", Kind::anything}};
}

Result<std::string> newMethod(Book& book, json::object const& data) {
    auto const& given = objectOf(data, "card");
    if (textOf(given, "number").empty()) return missingParameter("card[number]");
    CardData card{std::string(textOf(given, "number")), 12, 2034, std::string(textOf(given, "cvc"))};
    std::erase(card.number, ' ');
    if (has(given, "exp_month")) card.month = numberOf(given, "exp_month");
    if (has(given, "exp_year")) card.year = numberOf(given, "exp_year");
    if (card.year >= 0 && card.year < 100) card.year += 2000;
    CHECK(checkCard(book, card));
    return add(book, card, data);
}

Result<std::string> methodNamed(Book& book, std::string_view id, std::string_view param) {
    if (auto const* card = cardOfMethod(id)) return add(book, {.number = std::string(card->number), .cvc = "123"}, {});
    if (!book.find(kind, id)) return noSuch("PaymentMethod", id, param, 400);
    return std::string(id);
}

Result<std::string> methodGiven(Call& call) {
    if (call.given("payment_method")) return methodNamed(call.book, call.text("payment_method"), "payment_method");
    if (!call.given("payment_method_data")) return std::string();
    return newMethod(call.book, objectOf(call.params, "payment_method_data"));
}

void attachTo(Book& book, json::object& method, std::string_view customerId) {
    method["customer"] = text(customerId);
    book.emit("payment_method.attached", textOf(method, "id"));
}

Routes methodRoutes() {
    using enum http::Method;
    using Kind = Field::Kind;
    return {
        {post, "/v1/payment_methods", create, methodFields(), true},
        {get, "/v1/payment_methods", list, pageFields({{"customer"}, {"type"}})},
        {get, "/v1/payment_methods/{id}", read},
        {post,
         "/v1/payment_methods/{id}",
         update,
         {{"metadata", Kind::metadata},
          {"billing_details", Kind::anything},
          {"allow_redisplay", Kind::words, "always limited unspecified"}}},
        {post, "/v1/payment_methods/{id}/attach", attach, {{"customer"}}},
        {post, "/v1/payment_methods/{id}/detach", detach},
    };
}

} // namespace visavis::sandbox::stripe
