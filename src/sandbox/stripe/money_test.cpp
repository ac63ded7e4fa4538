// Money that goes back or on: refunds, disputes, transfers, and the ledger behind them.
#include "sandbox/testing.hpp"

namespace visavis::sandbox {
namespace {

Answer refund(Bench& bench, std::string const& intent, std::string const& amount = {}) {
    Pairs params{{"payment_intent", intent}};
    if (!amount.empty()) params.emplace_back("amount", amount);
    return bench.post("/v1/refunds", params);
}

json::object chargeOf(Bench& bench, std::string const& intent) {
    return bench.read("/v1/charges/" + std::string(textOf(bench.read("/v1/payment_intents/" + intent), "latest_charge")));
}

TEST(SandboxRefunds, AddUpToTheCharge) {
    Bench bench;
    auto const id = bench.paidIntent();
    struct Row {
        char const* amount;
        int status;
        char const* code;
        int refunded;
    };
    Row const rows[] = {{"4000", 200, "", 4000},
                        {"6001", 400, "", 4000},
                        {"0", 400, "parameter_invalid_integer", 4000},
                        {"", 200, "", 10000},
                        {"1", 400, "charge_already_refunded", 10000}};
    for (auto const& row : rows) {
        SCOPED_TRACE(row.amount);
        auto const answer = refund(bench, id, row.amount);
        EXPECT_EQ(answer.status, row.status);
        if (row.status == 200) {
            EXPECT_EQ(answer.text("status"), "succeeded");
        }
        if (row.status != 200) {
            EXPECT_EQ(textOf(answer.error(), "code"), row.code);
        }
        auto const charge = chargeOf(bench, id);
        EXPECT_EQ(numberOf(charge, "amount_refunded"), row.refunded);
        EXPECT_EQ(isTrue(charge, "refunded"), row.refunded == 10000);
    }
    EXPECT_EQ(bench.get("/v1/refunds", {{"payment_intent", id}}).body.at("data").as_array().size(), 2U);
    EXPECT_EQ(refund(bench, bench.newIntent()).status, 400) << "nothing was paid";
    EXPECT_EQ(bench.post("/v1/refunds").status, 400);
    EXPECT_EQ(refund(bench, "pi_no").status, 400);
}

TEST(SandboxRefunds, MayTakeTimeOrFailLater) {
    Bench bench;
    struct Row {
        char const* card;
        char const* first;
        char const* last;
        int refunded;
        char const* event;
    };
    Row const rows[] = {{"4000000000007726", "pending", "succeeded", 10000, "refund.updated"},
                        {"4000000000005126", "succeeded", "failed", 0, "refund.failed"}};
    for (auto const& row : rows) {
        SCOPED_TRACE(row.card);
        auto const intent = bench.paidIntent(row.card);
        auto const made = refund(bench, intent);
        EXPECT_EQ(made.text("status"), row.first);
        EXPECT_EQ(numberOf(chargeOf(bench, intent), "amount_refunded"), 10000);
        EXPECT_TRUE(isTrue(bench.advance("PT5S").body, "settled"));
        EXPECT_EQ(textOf(bench.read("/v1/refunds/" + made.text("id")), "status"), row.last);
        EXPECT_EQ(numberOf(chargeOf(bench, intent), "amount_refunded"), row.refunded);
        auto const types = bench.listener.types();
        EXPECT_EQ(std::count(types.begin(), types.end(), row.event), 1);
    }
}

TEST(SandboxDisputes, FollowTheirCards) {
    Bench bench;
    struct Row {
        char const* card;
        char const* status;
        char const* reason;
        int refund; // status of a refund meanwhile
    };
    Row const rows[] = {{"4000000000000259", "needs_response", "fraudulent", 400},
                        {"4000000000002685", "needs_response", "product_not_received", 400},
                        {"4000000000001976", "warning_needs_response", "fraudulent", 200}};
    for (auto const& row : rows) {
        SCOPED_TRACE(row.card);
        auto const intent = bench.paidIntent(row.card);
        auto const list = bench.get("/v1/disputes", {{"payment_intent", intent}}).body;
        auto const& dispute = list.at("data").as_array().at(0).as_object();
        EXPECT_EQ(textOf(dispute, "status"), row.status);
        EXPECT_EQ(textOf(dispute, "reason"), row.reason);
        EXPECT_EQ(refund(bench, intent).status, row.refund);
    }
}

TEST(SandboxDisputes, AreDecidedByTheEvidence) {
    Bench bench;
    for (auto const& [said, end] : Pairs{{"winning_evidence", "won"}, {"losing_evidence", "lost"}}) {
        SCOPED_TRACE(said);
        auto const intent = bench.paidIntent("4000000000000259");
        auto const list = bench.get("/v1/disputes", {{"payment_intent", intent}}).body;
        auto const path = "/v1/disputes/" + std::string(textOf(list.at("data").as_array().at(0).as_object(), "id"));
        EXPECT_EQ(bench.post(path, {{"evidence[uncategorized_text]", said}, {"submit", "true"}}).text("status"), "under_review");
        bench.advance("PT5S");
        EXPECT_EQ(textOf(bench.read(path), "status"), end);
    }
}

class SandboxTransfers : public testing::Test {
protected:
    std::string account() {
        auto const id = bench.post("/v1/accounts", {{"type", "express"}, {"capabilities[transfers][requested]", "true"}}).text("id");
        EXPECT_EQ(bench.control("POST", "/sandbox/stripe/accounts/" + id + "/onboarding", "{}").status, 200);
        return id;
    }
    Answer transfer(std::string const& to, std::string const& amount, std::string const& charge = {}, std::string const& currency = "usd") {
        Pairs params{{"destination", to}, {"amount", amount}, {"currency", currency}};
        if (!charge.empty()) params.emplace_back("source_transaction", charge);
        return bench.post("/v1/transfers", params);
    }
    Bench bench;
};

TEST_F(SandboxTransfers, DrawOnTheirCharge) {
    auto const to = account();
    auto const charge = std::string(textOf(chargeOf(bench, bench.paidIntent()), "id"));
    auto const sent = transfer(to, "8000", charge);
    EXPECT_EQ(sent.status, 200);
    EXPECT_EQ(transfer(to, "2001", charge).status, 400) << "more than is left of the charge";
    EXPECT_EQ(transfer(to, "100", charge, "eur").status, 400);
    EXPECT_EQ(transfer("acct_no", "100", charge).status, 400);
    auto const fresh = bench.post("/v1/accounts", {{"type", "express"}, {"capabilities[transfers][requested]", "true"}}).text("id");
    EXPECT_EQ(textOf(transfer(fresh, "100", charge).error(), "code"), "insufficient_capabilities_for_transfer");

    auto const reversals = "/v1/transfers/" + sent.text("id") + "/reversals";
    EXPECT_EQ(bench.post(reversals, {{"amount", "3000"}}).status, 200);
    EXPECT_EQ(bench.post(reversals, {{"amount", "5001"}}).status, 400);
    EXPECT_EQ(bench.post(reversals).status, 200);
    EXPECT_EQ(bench.post(reversals).status, 400);
    auto const after = bench.read("/v1/transfers/" + sent.text("id"));
    EXPECT_EQ(numberOf(after, "amount_reversed"), 8000);
    EXPECT_TRUE(isTrue(after, "reversed"));
}

TEST_F(SandboxTransfers, OrOnWhatIsAvailable) {
    auto const to = account();
    bench.paidIntent();
    bench.settle();
    EXPECT_EQ(textOf(transfer(to, "100").error(), "code"), "balance_insufficient");
    bench.paidIntent("4000000000000077");
    bench.settle();
    EXPECT_EQ(transfer(to, "9680").status, 200); // 10000 less 2.9 % + 30
    EXPECT_EQ(transfer(to, "1").status, 400);
    bench.advance("P7D");
    EXPECT_EQ(transfer(to, "9680").status, 200);
}

TEST(SandboxLedger, BooksTheMoneyAMomentAfterThePayment) {
    Bench bench;
    auto const intent = bench.paidIntent();
    bench.settle();
    auto const charge = chargeOf(bench, intent);
    auto const entry = bench.read("/v1/balance_transactions/" + std::string(textOf(charge, "balance_transaction")));
    EXPECT_EQ(numberOf(entry, "amount"), 10000);
    EXPECT_EQ(numberOf(entry, "fee"), 320);
    EXPECT_EQ(numberOf(entry, "net"), 9680);
    for (auto const& one : bench.listener.seen()) {
        auto const& object = objectOf(objectOf(one.event, "data"), "object");
        if (textOf(one.event, "type") == "charge.succeeded") {
            EXPECT_TRUE(object.at("balance_transaction").is_null());
        }
        if (textOf(one.event, "type") == "charge.updated") {
            EXPECT_FALSE(object.at("balance_transaction").is_null());
        }
    }
}

} // namespace
} // namespace visavis::sandbox
