// Disputes: opened by test cards, answered with evidence, decided by what the evidence says.
#include "sandbox/stripe/disputes.hpp"

#include "sandbox/stripe/balance.hpp"
#include "sandbox/stripe/call.hpp"

#include <array>

namespace visavis::sandbox::stripe {

namespace {

using Kind = Field::Kind;

constexpr std::string_view kind = "dispute";
constexpr std::int64_t disputeFee = 1500;
constexpr std::int64_t timeToAnswer = 7 * 86'400; // seconds
constexpr Millis verdictTime{5'000};

constexpr std::array evidenceNames{"access_activity_log",
                                   "billing_address",
                                   "cancellation_policy",
                                   "cancellation_policy_disclosure",
                                   "cancellation_rebuttal",
                                   "customer_communication",
                                   "customer_email_address",
                                   "customer_name",
                                   "customer_purchase_ip",
                                   "customer_signature",
                                   "duplicate_charge_documentation",
                                   "duplicate_charge_explanation",
                                   "duplicate_charge_id",
                                   "product_description",
                                   "receipt",
                                   "refund_policy",
                                   "refund_policy_disclosure",
                                   "refund_refusal_explanation",
                                   "service_date",
                                   "service_documentation",
                                   "shipping_address",
                                   "shipping_carrier",
                                   "shipping_date",
                                   "shipping_documentation",
                                   "shipping_tracking_number",
                                   "uncategorized_file",
                                   "uncategorized_text"};

json::object noEvidence() {
    json::object evidence{{"enhanced_evidence", json::object()}};
    for (auto const* name : evidenceNames) evidence[name] = nullptr;
    return evidence;
}

json::object newDispute(Book& book, json::object const& charge, Afterwards what) {
    bool const inquiry = what == Afterwards::inquiry;
    return {
        {"id", book.newId("du_")},
        {"object", text(kind)},
        {"amount", charge.at("amount")},
        {"balance_transactions", json::array()},
        {"charge", charge.at("id")},
        {"created", book.seconds()},
        {"currency", charge.at("currency")},
        {"enhanced_eligibility_types", json::array()},
        {"evidence", noEvidence()},
        {"evidence_details",
         {{"due_by", book.seconds() + timeToAnswer},
          {"enhanced_eligibility", json::object()},
          {"has_evidence", false},
          {"past_due", false},
          {"submission_count", 0},
          {"submission_method", "not_submitted"}}},
        {"intended_submission_method", nullptr},
        {"is_charge_refundable", inquiry},
        {"livemode", false},
        {"metadata", json::object()},
        {"network_reason_code", what == Afterwards::disputeNotReceived ? "13.1" : "10.4"},
        {"payment_intent", charge.at("payment_intent")},
        {"payment_method_details",
         {{"card",
           {{"brand", "visa"}, {"case_type", inquiry ? "inquiry" : "chargeback"}, {"network", "visa"}, {"network_reason_code", "10.4"}}},
          {"type", "card"}}},
        {"reason", what == Afterwards::disputeNotReceived ? "product_not_received" : "fraudulent"},
        {"status", inquiry ? "warning_needs_response" : "needs_response"}};
}

// Money moves with a dispute, out when it is opened and back when it is won; with an inquiry nothing does.
void moveFunds(Book& book, json::object& dispute, std::int64_t sign) {
    auto const id = enter(book, {.type = "adjustment",
                                 .source = std::string(textOf(dispute, "id")),
                                 .currency = std::string(textOf(dispute, "currency")),
                                 .amount = sign * numberOf(dispute, "amount"),
                                 .fee = sign < 0 ? disputeFee : 0});
    dispute["balance_transactions"].get_array().push_back(shown(*book.find(id)));
}

void warn(Book& book, json::object const& charge) {
    auto const id = book.newId("issfr_");
    book.add({{"id", id},
              {"object", "radar.early_fraud_warning"},
              {"actionable", true},
              {"charge", charge.at("id")},
              {"created", book.seconds()},
              {"fraud_type", "made_with_stolen_card"},
              {"livemode", false},
              {"payment_intent", charge.at("payment_intent")}});
    book.emit("radar.early_fraud_warning.created", id);
}

bool isOpen(json::object const& dispute) {
    auto const status = textOf(dispute, "status");
    return status == "needs_response" || status == "warning_needs_response";
}

Result<json::object> read(Call& call) { return retrieve(call, kind, "dispute"); }

void submit(Call& call, json::object& dispute) {
    bool const inquiry = textOf(dispute, "status").starts_with("warning");
    dispute["status"] = inquiry ? "warning_under_review" : "under_review";
    auto& details = dispute["evidence_details"].get_object();
    details["submission_count"] = numberOf(details, "submission_count") + 1;
    details["submission_method"] = "manual";
    auto const said = textOf(objectOf(dispute, "evidence"), "uncategorized_text");
    if (said == "winning_evidence") call.book.schedule(verdictTime, "dispute_won", call.id);
    if (said == "losing_evidence") call.book.schedule(verdictTime, "dispute_lost", call.id);
}

Result<json::object> update(Call& call) {
    TRY(auto const current, read(call));
    bool const evidence = call.given("evidence") || isTrue(call.params, "submit");
    if (evidence && !isOpen(current))
        return refusedInState("", "This dispute is already closed or under review; its evidence cannot be changed.");
    auto& dispute = call.book.change(call.id);
    CHECK(mergeMetadata(dispute, call.params));
    if (call.given("evidence")) {
        for (auto const& one : objectOf(call.params, "evidence")) dispute["evidence"].get_object()[one.key()] = one.value();
        dispute["evidence_details"].get_object()["has_evidence"] = true;
    }
    if (isTrue(call.params, "submit")) submit(call, dispute);
    call.book.emit("charge.dispute.updated", call.id);
    return dispute;
}

Result<json::object> close(Call& call) {
    TRY(auto const current, read(call));
    if (!isOpen(current)) return refusedInState("", "This dispute is already closed.");
    closeDispute(call.book, call.id, false);
    return *call.book.find(call.id);
}

Result<json::object> list(Call& call) {
    return listPage(call, kind, "/v1/disputes", [&](json::object const& dispute) {
        return (!call.given("charge") || textOf(dispute, "charge") == call.text("charge")) &&
               (!call.given("payment_intent") || textOf(dispute, "payment_intent") == call.text("payment_intent"));
    });
}

} // namespace

void open(Book& book, std::string const& chargeId, Afterwards what) {
    auto& charge = book.change(chargeId);
    if (what == Afterwards::fraudWarning) return warn(book, charge);
    bool const inquiry = what == Afterwards::inquiry;
    auto& dispute = book.add(newDispute(book, charge, what));
    std::string const id(textOf(dispute, "id"));
    charge["disputed"] = true;
    if (inquiry) charge["_inquiry"] = true;
    if (!inquiry) moveFunds(book, dispute, -1);
    book.emit("charge.dispute.created", id);
    if (!inquiry) book.emit("charge.dispute.funds_withdrawn", id);
}

void closeDispute(Book& book, std::string const& disputeId, bool won) {
    auto& dispute = book.change(disputeId);
    bool const inquiry = textOf(dispute, "status").starts_with("warning");
    dispute["status"] = inquiry ? "warning_closed" : won ? "won" : "lost";
    if (won && !inquiry) moveFunds(book, dispute, 1);
    book.emit("charge.dispute.closed", disputeId);
    if (won && !inquiry) book.emit("charge.dispute.funds_reinstated", disputeId);
}

Routes disputeRoutes() {
    using enum http::Method;
    Fields evidence;
    for (auto const* name : evidenceNames) evidence.push_back({name});
    return {
        {get, "/v1/disputes", list, pageFields({{"charge"}, {"payment_intent"}})},
        {get, "/v1/disputes/{id}", read},
        {post,
         "/v1/disputes/{id}",
         update,
         {{"evidence", Kind::group, {}, evidence}, {"submit", Kind::flag}, {"metadata", Kind::metadata}}},
        {post, "/v1/disputes/{id}/close", close},
    };
}

} // namespace visavis::sandbox::stripe
