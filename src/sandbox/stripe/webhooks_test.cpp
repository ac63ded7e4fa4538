// Webhooks: signed, retried on the moved clock, and lost, doubled or out of order when asked for.
#include "core/text.hpp"
#include "sandbox/stripe/courier.hpp"
#include "sandbox/testing.hpp"

#include <set>

namespace visavis::sandbox {
namespace {

using stripe::signatureOf;

std::string rule(std::string const& kind, std::string const& type, int times = 1, std::string const& more = {}) {
    return R"({"provider":"stripe","match":"webhook:)" + type + R"(","kind":")" + kind + R"(","times":)" + std::to_string(times) + more +
           "}";
}

std::vector<std::string> undelivered(Bench& bench) {
    std::vector<std::string> out;
    auto const list = bench.get("/v1/events", {{"delivery_success", "false"}, {"limit", "100"}}).body;
    for (auto const& one : list.at("data").as_array()) out.emplace_back(textOf(one.as_object(), "type"));
    return out;
}

// Vectors of providers.md §1.10, which the official SDK accepts.
TEST(SandboxSignature, IsStripes) {
    struct Row {
        char const* name;
        char const* body;
        char const* hex;
    };
    Row const rows[] = {
        {"body A", "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}",
         "4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150"},
        {"body B",
         "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"payment_intent.succeeded\",\"data\":{\"object\":{\"description\":\"Café "
         "€5\"}}}",
         "514a2caa0c3768e8cadd66601aed195f169798b284c722460f56ddd5a7c77b7b"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(signatureOf("whsec_test_secret", 1'700'000'000, row.body), std::string("t=1700000000,v1=") + row.hex);
    }
}

TEST(SandboxWebhooks, TellEverythingOnceAndSigned) {
    Bench bench;
    auto const id = bench.newIntent();
    bench.pay(id, "4000000000000002");
    bench.pay(id, "4242424242424242");
    bench.settle();
    std::vector<std::string> const told{"payment_intent.created",   "charge.failed", "payment_intent.payment_failed", "charge.succeeded",
                                        "payment_intent.succeeded", "charge.updated"};
    EXPECT_EQ(bench.listener.types(), told);
    for (auto const& one : bench.listener.seen()) {
        EXPECT_EQ(one.signature, signatureOf("whsec_test_secret", bench.clock.now().ms / 1000, one.body));
        EXPECT_FALSE(one.event.contains("_delivery"));
        EXPECT_EQ(textOf(one.event, "api_version"), stripe::apiVersion);
    }
    EXPECT_TRUE(undelivered(bench).empty());
}

TEST(SandboxWebhooks, CarryTheRequestThatCausedThem) {
    Bench bench;
    auto const created = bench.post("/v1/payment_intents", Bench::intent(), "booking:1:charge:1");
    bench.settle();
    auto const event = bench.listener.seen().at(0).event;
    EXPECT_EQ(textOf(objectOf(event, "request"), "idempotency_key"), "booking:1:charge:1");
    EXPECT_EQ(textOf(objectOf(event, "request"), "id"), created.whole.header("Request-Id"));
    EXPECT_EQ(textOf(objectOf(objectOf(event, "data"), "object"), "id"), created.text("id"));
}

TEST(SandboxWebhooks, AreTriedThreeTimesAsTheClockMoves) {
    Bench bench;
    bench.listener.answerWith({500, 302, 503});
    bench.newIntent();
    bench.settle();
    EXPECT_EQ(bench.listener.seen().size(), 1U);
    bench.advance("PT4.999S");
    EXPECT_EQ(bench.listener.seen().size(), 1U);
    bench.advance("PT0.001S");
    EXPECT_EQ(bench.listener.seen().size(), 2U);
    EXPECT_EQ(undelivered(bench).size(), 1U) << "pending counts as not delivered";
    bench.advance("PT300S");
    EXPECT_EQ(bench.listener.seen().size(), 3U);
    bench.advance("P3D");
    auto const seen = bench.listener.seen();
    ASSERT_EQ(seen.size(), 3U) << "no fourth try";
    EXPECT_EQ(seen[0].body, seen[2].body);
    EXPECT_NE(seen[0].signature, seen[2].signature) << "signed afresh";
    EXPECT_EQ(undelivered(bench), std::vector<std::string>{"payment_intent.created"});
}

TEST(SandboxWebhooks, GoThroughOnTheSecondTry) {
    Bench bench;
    bench.listener.answerWith({500});
    bench.newIntent();
    bench.settle();
    bench.advance("PT5S");
    EXPECT_EQ(bench.listener.seen().size(), 2U);
    EXPECT_TRUE(undelivered(bench).empty());
}

TEST(SandboxWebhooks, MisbehaveWhenAsked) {
    struct Row {
        char const* name;
        std::string fault;
        std::vector<std::string> told;        // when all is settled
        std::vector<std::string> undelivered; // then
        std::vector<std::string> later;       // told in the next five seconds
    };
    std::string const created = "payment_intent.created";
    std::string const cancelled = "payment_intent.canceled";
    Row const rows[] = {
        {"none", rule("drop", "charge.succeeded"), {created, cancelled}, {}, {}},
        {"drop", rule("drop", created), {cancelled}, {created}, {}},
        {"drop all", rule("drop", "payment_intent.*", 9), {}, {cancelled, created}, {}},
        {"duplicate", rule("duplicate", created), {created, created, cancelled}, {}, {}},
        {"twenty", rule("duplicate", cancelled, 1, R"(,"value":3)"), {created, cancelled, cancelled, cancelled}, {}, {}},
        {"reset", rule("reset", created), {cancelled}, {created}, {created}},
        {"answered, but taken for a failure", rule("status", created, 1, R"(,"value":500)"), {created, cancelled}, {created}, {created}},
        {"timeout after success", rule("timeout_after_success", cancelled), {created, cancelled}, {cancelled}, {cancelled}},
        {"latency", rule("latency", created, 1, R"(,"value":20)"), {created, cancelled}, {}, {}},
        {"another vendor's",
         R"({"provider":"smtp","match":"webhook:payment_intent.created","kind":"drop","times":1})",
         {created, cancelled},
         {},
         {}},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Bench bench;
        bench.fault(row.fault);
        auto const id = bench.newIntent();
        bench.post("/v1/payment_intents/" + id + "/cancel");
        bench.settle();
        EXPECT_EQ(bench.listener.types(), row.told);
        EXPECT_EQ(undelivered(bench), row.undelivered);
        bench.advance("PT5S");
        auto told = row.told;
        told.insert(told.end(), row.later.begin(), row.later.end());
        EXPECT_EQ(bench.listener.types(), told);
    }
}

TEST(SandboxWebhooks, GoOutOfOrderWhenAsked) {
    Bench bench;
    bench.fault(rule("reorder", "charge.succeeded"));
    bench.paidIntent();
    bench.settle();
    std::vector<std::string> const told{"payment_intent.created", "payment_intent.succeeded", "charge.succeeded", "charge.updated"};
    EXPECT_EQ(bench.listener.types(), told);
}

TEST(SandboxWebhooks, AReorderedOneGoesAloneWhenNoOtherComes) {
    Bench bench;
    bench.fault(rule("reorder", "customer.created"));
    bench.post("/v1/customers");
    bench.settle();
    EXPECT_EQ(bench.listener.types(), std::vector<std::string>{"customer.created"});
}

TEST(SandboxEvents, CanBeReadAgain) {
    Bench bench;
    bench.paidIntent();
    bench.settle();
    auto const count = [&](Pairs const& params) { return bench.get("/v1/events", params).body.at("data").as_array().size(); };
    auto const now = std::to_string(bench.clock.now().ms / 1000);
    EXPECT_EQ(count({}), 4U);
    EXPECT_EQ(count({{"type", "charge.*"}}), 2U);
    EXPECT_EQ(count({{"types[]", "charge.updated"}, {"types[1]", "payment_intent.succeeded"}}), 2U);
    EXPECT_EQ(count({{"created[gt]", now}}), 0U);
    EXPECT_EQ(count({{"delivery_success", "true"}}), 4U);
    auto const list = bench.get("/v1/events").body;
    auto const id = std::string(textOf(list.at("data").as_array().at(0).as_object(), "id"));
    EXPECT_EQ(textOf(bench.read("/v1/events/" + id), "id"), id);
    bench.advance("P30D");
    EXPECT_EQ(count({}), 4U);
    bench.advance("PT1S");
    EXPECT_EQ(count({}), 0U) << "30 days are kept";
}

} // namespace
} // namespace visavis::sandbox
