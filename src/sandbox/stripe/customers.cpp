// Customers and the cards they keep.
#include "sandbox/stripe/call.hpp"
#include "sandbox/stripe/methods.hpp"

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "customer";

Fields fields() {
    return {{"email"},
            {"name"},
            {"phone"},
            {"description"},
            {"metadata", Kind::metadata},
            {"preferred_locales", Kind::list},
            {"address", Kind::anything},
            {"shipping", Kind::anything},
            {"payment_method"},
            {"tax_exempt", Kind::words, "exempt none reverse"},
            {"invoice_settings", Kind::group, {}, {{"default_payment_method"}}}};
}

json::object newCustomer(Book& book) {
    json::object customer{{"id", book.newId("cus_")}, {"object", text(kind)}};
    for (auto const name :
         {"address", "currency", "customer_account", "default_source", "description", "email", "name", "phone", "shipping"}) {
        customer[name] = nullptr;
    }
    customer["balance"] = 0;
    customer["created"] = book.seconds();
    customer["delinquent"] = false;
    customer["invoice_prefix"] = book.newId("").substr(0, 8);
    customer["invoice_settings"] =
        json::object{{"custom_fields", nullptr}, {"default_payment_method", nullptr}, {"footer", nullptr}, {"rendering_options", nullptr}};
    customer["livemode"] = false;
    customer["metadata"] = json::object();
    customer["next_invoice_sequence"] = 1;
    customer["preferred_locales"] = json::array();
    customer["tax_exempt"] = "none";
    return customer;
}

Result<void> fill(Call& call, json::object& customer) {
    CHECK(mergeMetadata(customer, call.params));
    copyGiven(customer, call.params, {"email", "name", "phone", "description", "preferred_locales", "tax_exempt"});
    auto const& settings = objectOf(call.params, "invoice_settings");
    if (!settings.contains("default_payment_method")) return ok;
    auto const method = textOf(settings, "default_payment_method");
    if (!method.empty() && !call.book.find("payment_method", method)) {
        return noSuch("PaymentMethod", method, "invoice_settings[default_payment_method]", 400);
    }
    customer["invoice_settings"].get_object()["default_payment_method"] = settings.at("default_payment_method");
    return ok;
}

Result<json::object> create(Call& call) {
    auto fresh = newCustomer(call.book);
    CHECK(fill(call, fresh));
    std::string const id(textOf(fresh, "id"));
    std::string methodId;
    if (call.given("payment_method")) {
        TRY(methodId, methodNamed(call.book, call.text("payment_method"), "payment_method"));
    }
    auto const& customer = call.book.add(std::move(fresh));
    call.book.emit("customer.created", id);
    if (!methodId.empty()) attachTo(call.book, call.book.change(methodId), id);
    return customer;
}

// A deleted customer can still be read, as no more than that.
Result<json::object> read(Call& call) {
    TRY(auto customer, retrieve(call, kind, "customer"));
    return customer;
}

Result<void> checkAlive(Call& call) {
    TRY(auto const customer, retrieve(call, kind, "customer"));
    if (isTrue(customer, "deleted")) return noSuch("customer", call.id, "customer", 404);
    return ok;
}

Result<json::object> update(Call& call) {
    CHECK(checkAlive(call));
    auto draft = *call.book.find(call.id);
    CHECK(fill(call, draft));
    auto& customer = call.book.change(call.id);
    customer = std::move(draft);
    call.book.emit("customer.updated", call.id);
    return customer;
}

Result<json::object> remove(Call& call) {
    CHECK(checkAlive(call));
    call.book.emit("customer.deleted", call.id);
    auto& customer = call.book.change(call.id);
    customer = {{"id", call.id}, {"object", text(kind)}, {"deleted", true}};
    return customer;
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/customers", [&](json::object const& customer) {
        return !isTrue(customer, "deleted") && (!call.given("email") || textOf(customer, "email") == call.text("email"));
    });
}

Result<json::object> methods(Call& call) {
    CHECK(checkAlive(call));
    return listPage(call, "payment_method", "/v1/customers/" + call.id + "/payment_methods", [&](json::object const& method) {
        return textOf(method, "customer") == call.id && (!call.given("type") || textOf(method, "type") == call.text("type"));
    });
}

Result<json::object> method(Call& call) {
    CHECK(checkAlive(call));
    auto const* found = call.book.find("payment_method", call.second);
    if (!found || textOf(*found, "customer") != call.id) return noSuch("PaymentMethod", call.second, "payment_method", 404);
    return *found;
}

} // namespace

Routes customerRoutes() {
    using enum http::Method;
    return {
        {post, "/v1/customers", create, fields()},
        {get, "/v1/customers", list, pageFields({{"email"}})},
        {get, "/v1/customers/{id}", read},
        {post, "/v1/customers/{id}", update, fields()},
        {del, "/v1/customers/{id}", remove},
        {get, "/v1/customers/{id}/payment_methods", methods, pageFields({{"type"}})},
        {get, "/v1/customers/{id}/payment_methods/{method}", method},
    };
}

} // namespace visavis::sandbox::stripe
