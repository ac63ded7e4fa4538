// Payments over real HTTP: every test card, the life of a PaymentIntent, idempotency, bad requests, lists.
#include "sandbox/testing.hpp"

#include <thread>

namespace visavis::sandbox {
namespace {

struct CardRow {
    char const* number;
    char const* method; // payment_method id; null: none stands for it
    int status;         // of the confirmation
    char const* after;  // the intent's status, after a passed challenge where there is one
    char const* code;   // of the error or last_payment_error
    char const* declineCode;
    bool asks = false;
    int offSession = 0; // status of an off-session confirmation; 0: as on-session
};

CardRow const cardRows[] = {
    {"4242424242424242", "pm_card_visa", 200, "succeeded", "", ""},
    {"4000000000000077", "pm_card_bypassPending", 200, "succeeded", "", ""},
    {"4000000000000002", "pm_card_visa_chargeDeclined", 402, "requires_payment_method", "card_declined", "generic_decline"},
    {"4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds", 402, "requires_payment_method", "card_declined",
     "insufficient_funds"},
    {"4000000000009987", "pm_card_visa_chargeDeclinedLostCard", 402, "requires_payment_method", "card_declined", "lost_card"},
    {"4000000000009979", "pm_card_visa_chargeDeclinedStolenCard", 402, "requires_payment_method", "card_declined", "stolen_card"},
    {"4000000000000069", "pm_card_chargeDeclinedExpiredCard", 402, "requires_payment_method", "expired_card", ""},
    {"4000000000000127", "pm_card_chargeDeclinedIncorrectCvc", 402, "requires_payment_method", "incorrect_cvc", ""},
    {"4000000000000119", "pm_card_chargeDeclinedProcessingError", 402, "requires_payment_method", "processing_error", ""},
    {"4000000000006975", "pm_card_chargeDeclinedVelocityLimitExceeded", 402, "requires_payment_method", "card_declined",
     "card_velocity_exceeded"},
    {"4100000000000019", "pm_card_radarBlock", 402, "requires_payment_method", "card_declined", "fraudulent"},
    {"4242424242424241", nullptr, 402, "requires_payment_method", "incorrect_number", ""},
    {"4012888888881881", nullptr, 402, "requires_payment_method", "card_declined", "test_mode_live_card"},
    {"4000000000000341", "pm_card_chargeCustomerFail", 402, "requires_payment_method", "card_declined", "generic_decline"},
    {"4000002500003155", "pm_card_authenticationRequiredOnSetup", 200, "succeeded", "", "", true, 402},
    {"4000002760003184", "pm_card_authenticationRequired", 200, "succeeded", "", "", true, 402},
    {"4000003800000446", "pm_card_authenticationRequiredSetupForOffSession", 200, "succeeded", "", "", true, 200},
    {"4000008260003178", "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", 200, "requires_payment_method", "card_declined",
     "insufficient_funds", true, 402},
    {"4000000000003220", "pm_card_threeDSecure2Required", 200, "succeeded", "", "", true, 402},
    {"4000008400001629", "pm_card_threeDSecureRequiredChargeDeclined", 200, "requires_payment_method", "card_declined", "generic_decline",
     true, 402},
    {"4000000000000259", "pm_card_createDispute", 200, "succeeded", "", ""},
    {"4000000000002685", "pm_card_createDisputeProductNotReceived", 200, "succeeded", "", ""},
    {"4000000000001976", "pm_card_createDisputeInquiry", 200, "succeeded", "", ""},
    {"4000000000005423", "pm_card_createIssuerFraudRecord", 200, "succeeded", "", ""},
    {"4000000000007726", "pm_card_pendingRefund", 200, "succeeded", "", ""},
    {"4000000000005126", "pm_card_refundFail", 200, "succeeded", "", ""},
};

void expectOutcome(CardRow const& row, json::object const& intent) {
    EXPECT_EQ(textOf(intent, "status"), row.after);
    auto const& last = objectOf(intent, "last_payment_error");
    EXPECT_EQ(textOf(last, "code"), row.code);
    EXPECT_EQ(textOf(last, "decline_code"), row.declineCode);
    EXPECT_EQ(numberOf(intent, "amount_received"), std::string_view(row.after) == "succeeded" ? 10'000 : 0);
    EXPECT_TRUE(intent.at("next_action").is_null());
}

TEST(SandboxCards, EachDoesWhatStripesTableSays) {
    Bench bench;
    for (auto const& row : cardRows) {
        SCOPED_TRACE(row.number);
        auto const id = bench.newIntent();
        auto const answer = bench.pay(id, row.number);
        EXPECT_EQ(answer.status, row.status);
        if (row.status == 402) {
            EXPECT_EQ(textOf(answer.error(), "type"), "card_error");
            EXPECT_EQ(textOf(answer.error(), "code"), row.code);
            EXPECT_EQ(textOf(answer.error(), "decline_code"), row.declineCode);
            EXPECT_EQ(textOf(objectOf(answer.error(), "payment_intent"), "id"), id);
        }
        if (row.asks) {
            EXPECT_EQ(answer.text("status"), "requires_action");
            EXPECT_EQ(textOf(objectOf(answer.body, "next_action"), "type"), "use_stripe_sdk");
            EXPECT_EQ(bench.authenticate(id, "success").status, 200);
        }
        expectOutcome(row, bench.read("/v1/payment_intents/" + id));
    }
}

TEST(SandboxCards, DoTheSameByPaymentMethodId) {
    Bench bench;
    for (auto const& row : cardRows) {
        if (!row.method) continue;
        SCOPED_TRACE(row.method);
        auto const id = bench.newIntent();
        auto const answer = bench.post("/v1/payment_intents/" + id + "/confirm", {{"payment_method", row.method}});
        EXPECT_EQ(answer.status, row.status);
        if (row.asks) bench.authenticate(id, "success");
        expectOutcome(row, bench.read("/v1/payment_intents/" + id));

        auto const absent = bench.post("/v1/payment_intents",
                                       Bench::intent({{"confirm", "true"}, {"off_session", "true"}, {"payment_method", row.method}}));
        EXPECT_EQ(absent.status, row.offSession == 0 ? row.status : row.offSession);
        if (row.offSession == 402) {
            EXPECT_EQ(textOf(absent.error(), "code"), "authentication_required");
        }
    }
}

TEST(SandboxCards, ARefusedChallengeLeavesThePaymentPayable) {
    Bench bench;
    auto const id = bench.newIntent();
    bench.pay(id, "4000002760003184");
    auto const refused = bench.authenticate(id, "failure");
    EXPECT_EQ(refused.text("status"), "requires_payment_method");
    EXPECT_EQ(textOf(objectOf(refused.body, "last_payment_error"), "code"), "payment_intent_authentication_failure");
    EXPECT_EQ(bench.authenticate(id, "success").status, 400);
    EXPECT_EQ(bench.pay(id, "4242424242424242").text("status"), "succeeded");
    EXPECT_TRUE(bench.read("/v1/payment_intents/" + id).at("last_payment_error").is_null());
}

TEST(SandboxCards, ASavedCardMayBeChargedWithoutThePayer) {
    Bench bench;
    auto const customer = bench.post("/v1/customers").text("id");
    auto const setup = bench.post(
        "/v1/setup_intents", {{"customer", customer}, {"confirm", "true"}, {"payment_method", "pm_card_authenticationRequiredOnSetup"}});
    EXPECT_EQ(setup.text("status"), "requires_action");
    auto const done =
        bench.control("POST", "/sandbox/stripe/setup_intents/" + setup.text("id") + "/authenticate", R"({"outcome":"success"})");
    ASSERT_EQ(done.text("status"), "succeeded");
    Pairs const charge{
        {"customer", customer}, {"confirm", "true"}, {"off_session", "true"}, {"payment_method", done.text("payment_method")}};
    EXPECT_EQ(bench.post("/v1/payment_intents", Bench::intent(charge)).text("status"), "succeeded");
}

struct StepRow {
    char const* name;
    char const* path; // after /v1/payment_intents/{id}
    Pairs params;
    int status;
    char const* result; // the intent's status, or the error's code
};

TEST(SandboxIntents, MoveOnlyAlongTheirStates) {
    struct Life {
        char const* name;
        Pairs create;
        std::vector<StepRow> steps;
    };
    char const* unexpected = "payment_intent_unexpected_state";
    Life const lives[] = {
        {"confirmed without a card", {}, {{"", "/confirm", {}, 400, unexpected}}},
        {"paid",
         {},
         {{"pay", "/confirm", {{"payment_method", "pm_card_visa"}}, 200, "succeeded"},
          {"again", "/confirm", {{"payment_method", "pm_card_visa"}}, 400, unexpected},
          {"cancel", "/cancel", {}, 400, unexpected},
          {"amount", "", {{"amount", "500"}}, 400, unexpected},
          {"description", "", {{"description", "x"}}, 200, "succeeded"}}},
        {"declined, then paid",
         {},
         {{"decline", "/confirm", {{"payment_method", "pm_card_chargeDeclined"}}, 402, "card_declined"},
          {"pay", "/confirm", {{"payment_method", "pm_card_visa"}}, 200, "succeeded"}}},
        {"cancelled",
         {},
         {{"cancel", "/cancel", {{"cancellation_reason", "abandoned"}}, 200, "canceled"},
          {"again", "/cancel", {}, 400, unexpected},
          {"pay", "/confirm", {{"payment_method", "pm_card_visa"}}, 400, unexpected}}},
        {"captured by hand",
         {{"capture_method", "manual"}},
         {{"pay", "/confirm", {{"payment_method", "pm_card_visa"}}, 200, "requires_capture"},
          {"too much", "/capture", {{"amount_to_capture", "10001"}}, 400, "amount_too_large"},
          {"capture", "/capture", {{"amount_to_capture", "4000"}}, 200, "succeeded"}}},
        {"hold released",
         {{"capture_method", "manual"}},
         {{"pay", "/confirm", {{"payment_method", "pm_card_visa"}}, 200, "requires_capture"}, {"cancel", "/cancel", {}, 200, "canceled"}}},
        {"with a card from the start", {{"payment_method", "pm_card_visa"}}, {{"pay", "/confirm", {}, 200, "succeeded"}}},
    };
    Bench bench;
    for (auto const& life : lives) {
        auto const id = bench.newIntent(life.create);
        for (auto const& step : life.steps) {
            SCOPED_TRACE(std::string(life.name) + ": " + step.name);
            auto const answer = bench.post("/v1/payment_intents/" + id + step.path, step.params);
            EXPECT_EQ(answer.status, step.status);
            EXPECT_EQ(answer.status == 200 ? textOf(answer.body, "status") : textOf(answer.error(), "code"), step.result);
        }
    }
}

TEST(SandboxIntents, BrowsersMayPayAndNoMore) {
    Bench bench;
    auto const created = bench.post("/v1/payment_intents", Bench::intent({{"metadata[booking_id]", "b"}}));
    auto const path = "/v1/payment_intents/" + created.text("id");
    auto const secret = created.text("client_secret");
    EXPECT_TRUE(secret.starts_with(created.text("id") + "_secret_"));
    std::string const key = "pk_test_1";
    Pairs card{{"client_secret", secret},
               {"use_stripe_sdk", "true"},
               {"payment_method_data[type]", "card"},
               {"payment_method_data[card][number]", "4242 4242 4242 4242"},
               {"payment_method_data[card][exp_month]", "12"},
               {"payment_method_data[card][exp_year]", "30"},
               {"payment_method_data[card][cvc]", "123"}};
    EXPECT_EQ(bench.get(path, {}, key).status, 400);
    EXPECT_EQ(bench.get(path, {{"client_secret", secret + "x"}}, key).status, 400);
    EXPECT_EQ(bench.get("/v1/payment_intents", {}, key).status, 403);
    EXPECT_EQ(bench.post(path + "/cancel", {}, "", key).status, 403);
    EXPECT_FALSE(bench.get(path, {{"client_secret", secret}}, key).body.contains("metadata"));
    auto const paid = bench.post(path + "/confirm", card, "", key);
    EXPECT_EQ(paid.text("status"), "succeeded");
    EXPECT_FALSE(paid.body.contains("latest_charge"));
}

TEST(SandboxIntents, BadRequestsAreNamed) {
    struct Row {
        char const* name;
        char const* path;
        Pairs params;
        int status;
        char const* code;
        char const* param;
    };
    char const* create = "/v1/payment_intents";
    Row const rows[] = {
        {"no amount", create, {{"currency", "usd"}}, 400, "parameter_missing", "amount"},
        {"no currency", create, {{"amount", "100"}}, 400, "parameter_missing", "currency"},
        {"no number", create, {{"amount", "1.5"}, {"currency", "usd"}}, 400, "parameter_invalid_integer", "amount"},
        {"negative", create, {{"amount", "-1"}, {"currency", "usd"}}, 400, "parameter_invalid_integer", "amount"},
        {"below the least", create, {{"amount", "49"}, {"currency", "usd"}}, 400, "amount_too_small", "amount"},
        {"nine digits", create, {{"amount", "100000000"}, {"currency", "usd"}}, 400, "amount_too_large", "amount"},
        {"no such currency", create, {{"amount", "100"}, {"currency", "zzz"}}, 400, "", "currency"},
        {"unknown parameter", create, Bench::intent({{"colour", "red"}}), 400, "parameter_unknown", "colour"},
        {"unknown member", create, Bench::intent({{"automatic_payment_methods[colour]", "red"}}), 400, "parameter_unknown",
         "automatic_payment_methods[colour]"},
        {"removed parameter", create, Bench::intent({{"payment_method_types[]", "card"}}), 400, "parameter_unknown",
         "payment_method_types"},
        {"Connect parameter", create, Bench::intent({{"transfer_data[destination]", "acct_1"}}), 400, "parameter_unknown", "transfer_data"},
        {"no boolean", create, Bench::intent({{"confirm", "yes"}}), 400, "", "confirm"},
        {"no such word", create, Bench::intent({{"capture_method", "later"}}), 400, "", "capture_method"},
        {"off-session without confirm", create, Bench::intent({{"off_session", "true"}}), 400, "", "off_session"},
        {"no such customer", create, Bench::intent({{"customer", "cus_no"}}), 400, "resource_missing", "customer"},
        {"no such card", create, Bench::intent({{"payment_method", "pm_no"}}), 400, "resource_missing", "payment_method"},
        {"long metadata key", create, Bench::intent({{"metadata[" + std::string(41, 'k') + "]", "v"}}), 400, "", nullptr},
        {"long metadata value", create, Bench::intent({{"metadata[k]", std::string(501, 'v')}}), 400, "", "metadata[k]"},
        {"bad expansion", create, Bench::intent({{"expand[]", "nothing"}}), 400, "", "expand"},
        {"no UTF-8", create, Bench::intent({{"description", "\xFF"}}), 400, "", nullptr},
        {"a name that is none", create, Bench::intent({{"a[b", "c"}}), 400, "", "a[b"},
        {"unknown id", "/v1/payment_intents/pi_no/confirm", {}, 404, "resource_missing", "intent"},
        {"unknown path", "/v1/paymentintents", {}, 404, "", nullptr},
        {"past expiry",
         "/v1/payment_methods",
         {{"type", "card"}, {"card[number]", "4242424242424242"}, {"card[exp_year]", "2020"}},
         402,
         "invalid_expiry_year",
         "exp_year"},
        {"short CVC",
         "/v1/payment_methods",
         {{"type", "card"}, {"card[number]", "4242424242424242"}, {"card[cvc]", "1"}},
         402,
         "invalid_cvc",
         "cvc"},
    };
    Bench bench;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const answer = bench.post(row.path, row.params);
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(textOf(answer.error(), "code"), row.code);
        if (row.param) {
            EXPECT_EQ(textOf(answer.error(), "param"), row.param);
        }
        EXPECT_FALSE(textOf(answer.error(), "message").empty());
        EXPECT_FALSE(answer.whole.header("Request-Id").empty());
    }
    Pairs many = Bench::intent();
    for (int i = 0; i < 51; ++i) many.emplace_back("metadata[k" + std::to_string(i) + "]", "v");
    EXPECT_EQ(bench.post(create, many).status, 400);
}

TEST(SandboxApi, AsksForASecretKey) {
    struct Row {
        char const* name;
        outbound::Header header;
        int status;
    };
    Row const rows[] = {
        {"none", {"X-Nothing", "1"}, 401},
        {"bearer", {"Authorization", "Bearer sk_test_x"}, 200},
        {"basic", {"Authorization", "Basic c2tfdGVzdF94Og=="}, 200}, // sk_test_x:
        {"live key", {"Authorization", "Bearer sk_live_x"}, 401},
        {"no key at all", {"Authorization", "Bearer nonsense"}, 401},
        {"publishable", {"Authorization", "Bearer pk_test_x"}, 403},
    };
    Bench bench;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(bench.send({.url = "/v1/balance", .headers = {row.header}}).status, row.status);
    }
}

TEST(SandboxApi, ReadsAndEchoesTheVersion) {
    Bench bench;
    auto const ask = [&](std::string const& version) {
        return bench.send({.url = "/v1/balance", .headers = {{"Authorization", "Bearer sk_test_x"}, {"Stripe-Version", version}}});
    };
    EXPECT_EQ(ask("2023-08-16").whole.header("Stripe-Version"), "2023-08-16");
    EXPECT_EQ(ask("2026-10-28.endive").status, 200);
    EXPECT_EQ(ask("latest").status, 400);
    outbound::OutRequest old{.method = "POST",
                             .url = "/v1/payment_intents",
                             .headers = {{"Authorization", "Bearer sk_test_x"}, {"Stripe-Version", "2023-08-16"}}};
    old.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    old.body = "amount=100&currency=usd&payment_method_types[]=card";
    EXPECT_EQ(bench.send(old).status, 200);
}

TEST(SandboxApi, TheSameKeyIsTheSameRequest) {
    Bench bench;
    auto const create = [&](std::string const& amount, std::string const& key) {
        return bench.post("/v1/payment_intents", {{"amount", amount}, {"currency", "usd"}}, key);
    };
    auto const first = create("1000", "a");
    auto const again = create("1000", "a");
    EXPECT_EQ(again.whole.body, first.whole.body);
    EXPECT_EQ(first.whole.header("Idempotent-Replayed"), "");
    EXPECT_EQ(again.whole.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(bench.post("/v1/payment_intents", {{"currency", "usd"}, {"amount", "1000"}}, "a").whole.body, first.whole.body);
    auto const other = create("2000", "a");
    EXPECT_EQ(other.status, 400);
    EXPECT_EQ(textOf(other.error(), "type"), "idempotency_error");
    EXPECT_NE(create("1000", "b").text("id"), first.text("id"));
    EXPECT_EQ(create("x", "c").status, 400); // validation is not kept
    EXPECT_EQ(create("1000", "c").status, 200);
    EXPECT_EQ(create("1000", std::string(256, 'k')).status, 400);

    auto const path = "/v1/payment_intents/" + first.text("id") + "/confirm";
    Pairs const declined{{"payment_method", "pm_card_chargeDeclined"}, {"return_url", "https://visavis.test"}};
    EXPECT_EQ(bench.post(path, declined, "d").status, 402);
    EXPECT_EQ(bench.post(path, declined, "d").whole.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(bench.read("/v1/charges").at("data").as_array().size(), 1U);

    bench.advance("PT24H1S"); // then the key is forgotten and executes again
    EXPECT_NE(create("1000", "a").text("id"), first.text("id"));
}

TEST(SandboxApi, AKeyInFlightIsAConflict) {
    Bench bench;
    bench.fault(R"({"provider":"stripe","match":"POST /v1/customers","kind":"latency","times":1,"value":60000})");
    std::thread slow([&] { bench.post("/v1/customers", {}, "k"); }); // ends when the sandbox stops
    while (bench.control("GET", "/sandbox/faults").whole.body.find(R"("times":0)") == std::string::npos) std::this_thread::yield();
    auto const second = bench.post("/v1/customers", {}, "k");
    EXPECT_EQ(second.status, 409);
    EXPECT_EQ(textOf(second.error(), "code"), "idempotency_key_in_use");
    bench.sandbox->stop();
    slow.join();
}

TEST(SandboxApi, ListsInPages) {
    Bench bench;
    std::vector<std::string> made;
    for (int i = 0; i < 12; ++i) {
        made.push_back(bench.post("/v1/customers", {{"email", i % 2 == 0 ? "even@x.test" : "odd@x.test"}}).text("id"));
        bench.clock.advance(Millis(1'000));
    }
    std::reverse(made.begin(), made.end());
    auto const ids = [&](Pairs const& params) {
        std::vector<std::string> out;
        auto const body = bench.get("/v1/customers", params).body;
        for (auto const& one : body.at("data").as_array()) out.emplace_back(textOf(one.as_object(), "id"));
        return std::pair(out, body.at("has_more").as_bool());
    };
    auto const slice = [&](std::size_t from, std::size_t to) {
        return std::vector<std::string>(made.begin() + static_cast<std::ptrdiff_t>(from), made.begin() + static_cast<std::ptrdiff_t>(to));
    };
    auto const base = std::to_string(Bench::start.ms / 1000 + 5);
    EXPECT_EQ(ids({}), std::pair(slice(0, 10), true));
    EXPECT_EQ(ids({{"limit", "12"}}), std::pair(slice(0, 12), false));
    EXPECT_EQ(ids({{"limit", "5"}, {"starting_after", made[4]}}), std::pair(slice(5, 10), true));
    EXPECT_EQ(ids({{"limit", "5"}, {"starting_after", made[9]}}), std::pair(slice(10, 12), false));
    EXPECT_EQ(ids({{"limit", "3"}, {"ending_before", made[5]}}), std::pair(slice(2, 5), true));
    EXPECT_EQ(ids({{"limit", "5"}, {"ending_before", made[3]}}), std::pair(slice(0, 3), false));
    EXPECT_EQ(ids({{"limit", "100"}, {"created[gte]", base}}), std::pair(slice(0, 7), false));
    EXPECT_EQ(ids({{"limit", "100"}, {"created[lt]", base}}), std::pair(slice(7, 12), false));
    EXPECT_EQ(ids({{"limit", "100"}, {"email", "odd@x.test"}}).first.size(), 6U);
    for (auto const& bad :
         {Pairs{{"limit", "0"}}, Pairs{{"limit", "101"}}, Pairs{{"starting_after", "cus_no"}}, Pairs{{"colour", "red"}}}) {
        EXPECT_EQ(bench.get("/v1/customers", bad).status, 400);
    }
}

TEST(SandboxApi, ExpandsIds) {
    Bench bench;
    auto const id = bench.paidIntent();
    auto const expanded =
        bench.get("/v1/payment_intents/" + id, {{"expand[]", "latest_charge.payment_method"}, {"expand[0]", "latest_charge"}});
    EXPECT_EQ(textOf(objectOf(expanded.body, "latest_charge"), "status"), "succeeded");
    auto const list = bench.get("/v1/payment_intents", {{"expand[]", "data.latest_charge"}});
    EXPECT_EQ(textOf(objectOf(list.body.at("data").as_array().at(0).as_object(), "latest_charge"), "object"), "charge");
    EXPECT_EQ(list.whole.body.find("\"_number"), std::string::npos) << "our notes are not shown";
}

TEST(SandboxApi, MergesMetadata) {
    Bench bench;
    auto const id = bench.newIntent({{"metadata[a]", "1"}, {"metadata[b]", "2"}});
    auto const path = "/v1/payment_intents/" + id;
    auto const after = [&](Pairs const& params) { return json::serialize(bench.post(path, params).body.at("metadata")); };
    EXPECT_EQ(after({{"metadata[b]", ""}, {"metadata[c]", "3"}}), R"({"a":"1","c":"3"})");
    EXPECT_EQ(after({{"description", "x"}}), R"({"a":"1","c":"3"})");
    EXPECT_EQ(after({{"metadata", ""}}), "{}");
}

} // namespace
} // namespace visavis::sandbox
