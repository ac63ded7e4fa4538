// Charges: made by PaymentIntents, read and annotated here.
#include "sandbox/stripe/call.hpp"

namespace visavis::sandbox::stripe {

namespace {

constexpr std::string_view kind = "charge";

Result<json::object> read(Call& call) { return retrieve(call, kind, "charge"); }

Result<json::object> update(Call& call) {
    CHECK(read(call));
    auto& charge = call.book.change(call.id);
    CHECK(mergeMetadata(charge, call.params));
    copyGiven(charge, call.params, {"description", "receipt_email", "transfer_group"});
    call.book.emit("charge.updated", call.id);
    return charge;
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/charges", [&](json::object const& charge) {
        for (auto const name : {"payment_intent", "customer", "transfer_group"}) {
            if (call.given(name) && textOf(charge, name) != call.text(name)) return false;
        }
        return true;
    });
}

} // namespace

Routes chargeRoutes() {
    using enum http::Method;
    return {
        {get, "/v1/charges", list, pageFields({{"payment_intent"}, {"customer"}, {"transfer_group"}})},
        {get, "/v1/charges/{id}", read},
        {post, "/v1/charges/{id}", update, {{"metadata", Field::Kind::metadata}, {"description"}, {"receipt_email"}, {"transfer_group"}}},
    };
}

} // namespace visavis::sandbox::stripe
