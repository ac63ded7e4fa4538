// The Stripe client over a real socket: the exact requests it makes, and what it makes of answers, good and bad.
#include "providers/stripe/stripe.hpp"

#include "core/text.hpp"
#include "support/loopback.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace visavis::providers::stripe {
namespace {

using support::answer;
using support::HttpScript;
using support::Reply;

class Noted final : public outbound::Waiter {
public:
    bool wait(Millis) override {
        ++waits;
        return true;
    }
    int waits = 0;
};

// A Stripe client against a script.
struct Bench {
    explicit Bench(std::vector<Reply> replies, Millis timeout = Millis(5'000))
        : server(std::move(replies)),
          stripe({.apiBase = server.url(), .secretKey = "sk_test_1", .timeout = timeout}, {client, waiter, clock, rng}) {}

    HttpScript server;
    outbound::CurlClient client;
    Noted waiter;
    ManualClock clock{{1'700'000'000'000}};
    SeededRng rng{1};
    Stripe stripe;
};

payments::NewIntent newIntent() {
    return {.amount = 10'000,
            .currency = *Currency::parse("EUR"),
            .bookingId = "bk_42",
            .paymentId = "pay_7",
            .description = "50% off & more",
            .receiptEmail = "a+b@example.test",
            .idempotencyKey = "booking:bk_42:charge:1"};
}

constexpr char const* intentJson =
    R"({"id":"pi_1","object":"payment_intent","amount":10000,"amount_received":10000,"currency":"eur","status":"succeeded",
    "client_secret":"pi_1_secret_x","latest_charge":"ch_1","customer":null,"livemode":false,"created":1700000000,
    "metadata":{"booking_id":"bk_42","payment_id":"pay_7"},"last_payment_error":null})";
constexpr char const* refundJson =
    R"({"id":"re_1","object":"refund","amount":4000,"currency":"eur","status":"pending","charge":"ch_1","payment_intent":"pi_1",
    "failure_reason":null,"metadata":{"refund_id":"rf_3"},"created":1700000000})";
constexpr char const* transferJson =
    R"({"id":"tr_1","object":"transfer","amount":8000,"amount_reversed":0,"currency":"eur","destination":"acct_1","reversed":false})";
constexpr char const* reversalJson = R"({"id":"trr_1","object":"transfer_reversal","amount":500,"transfer":"tr_1"})";
constexpr char const* disputeJson =
    R"({"id":"du_1","object":"dispute","amount":10000,"currency":"eur","charge":"ch_1","payment_intent":"pi_1","reason":"fraudulent",
    "status":"needs_response","is_charge_refundable":false,"evidence_details":{"due_by":1700600000}})";
constexpr char const* emptyList = R"({"object":"list","data":[],"has_more":false})";

struct Call {
    char const* name;
    std::function<bool(Stripe&)> make;
    char const* answer;
    std::string line;
    std::string body;
    char const* key;
};

// These bodies and queries were checked against both official descriptions of the API, 2023-08-16 and 2026-10-28.endive.
std::vector<Call> calls() {
    return {
        {"create an intent", [](Stripe& s) { return bool(s.createPaymentIntent(newIntent())); }, intentJson, "POST /v1/payment_intents",
         "amount=10000&currency=eur&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never"
         "&capture_method=automatic&description=50%25%20off%20%26%20more&receipt_email=a%2Bb%40example.test&transfer_group=bk_42"
         "&metadata[booking_id]=bk_42&metadata[payment_id]=pay_7",
         "booking:bk_42:charge:1"},
        {"read an intent", [](Stripe& s) { return bool(s.getPaymentIntent("pi_1")); }, intentJson,
         "GET /v1/payment_intents/pi_1?expand[0]=latest_charge", "", ""},
        {"cancel an intent", [](Stripe& s) { return bool(s.cancelPaymentIntent("pi_1", "k1")); }, intentJson,
         "POST /v1/payment_intents/pi_1/cancel", "cancellation_reason=abandoned", "k1"},
        {"refund",
         [](Stripe& s) {
             return bool(s.createRefund({.paymentIntentId = "pi_1",
                                         .amount = 4'000,
                                         .reason = payments::RefundReason::requestedByCustomer,
                                         .bookingId = "bk_42",
                                         .paymentId = "pay_7",
                                         .refundId = "rf_3",
                                         .idempotencyKey = "k2"}));
         },
         refundJson, "POST /v1/refunds",
         "payment_intent=pi_1&amount=4000&reason=requested_by_customer&metadata[booking_id]=bk_42&metadata[payment_id]=pay_7"
         "&metadata[refund_id]=rf_3",
         "k2"},
        {"refund with the least",
         [](Stripe& s) { return bool(s.createRefund({.paymentIntentId = "pi_1", .amount = 1, .idempotencyKey = "k3"})); }, refundJson,
         "POST /v1/refunds", "payment_intent=pi_1&amount=1", "k3"},
        {"read a refund", [](Stripe& s) { return bool(s.getRefund("re_1")); }, refundJson, "GET /v1/refunds/re_1", "", ""},
        {"list refunds", [](Stripe& s) { return bool(s.listRefunds("pi_1", "re_0")); }, emptyList,
         "GET /v1/refunds?limit=100&starting_after=re_0&payment_intent=pi_1", "", ""},
        {"transfer",
         [](Stripe& s) {
             return bool(s.createTransfer({.amount = 8'000,
                                           .currency = *Currency::parse("EUR"),
                                           .destination = "acct_1",
                                           .sourceCharge = "ch_1",
                                           .bookingId = "bk_42",
                                           .paymentId = "pay_7",
                                           .idempotencyKey = "k4"}));
         },
         transferJson, "POST /v1/transfers",
         "amount=8000&currency=eur&destination=acct_1&source_transaction=ch_1&transfer_group=bk_42&metadata[booking_id]=bk_42"
         "&metadata[payment_id]=pay_7",
         "k4"},
        {"reverse a transfer",
         [](Stripe& s) {
             return bool(s.reverseTransfer(
                 {.transferId = "tr_1", .amount = 500, .bookingId = "bk_42", .paymentId = "pay_7", .idempotencyKey = "k5"}));
         },
         reversalJson, "POST /v1/transfers/tr_1/reversals", "amount=500&metadata[booking_id]=bk_42&metadata[payment_id]=pay_7", "k5"},
        {"read a dispute", [](Stripe& s) { return bool(s.getDispute("du_1")); }, disputeJson, "GET /v1/disputes/du_1", "", ""},
        {"list intents", [](Stripe& s) { return bool(s.listPaymentIntents({1'700'000'000'999}, std::nullopt)); }, emptyList,
         "GET /v1/payment_intents?limit=100&created[gte]=1700000000", "", ""},
        {"list refunds of late", [](Stripe& s) { return bool(s.listRefundsSince({1'700'000'000'999}, "re_0")); }, emptyList,
         "GET /v1/refunds?limit=100&starting_after=re_0&created[gte]=1700000000", "", ""},
        {"list events", [](Stripe& s) { return bool(s.listEvents({1'700'000'000'000}, "evt_9")); }, emptyList,
         "GET /v1/events?limit=100&starting_after=evt_9&created[gte]=1700000000&types[0]=payment_intent.succeeded"
         "&types[1]=payment_intent.payment_failed&types[2]=payment_intent.processing&types[3]=payment_intent.requires_action"
         "&types[4]=payment_intent.canceled&types[5]=charge.updated&types[6]=charge.refunded&types[7]=refund.created"
         "&types[8]=refund.updated&types[9]=refund.failed&types[10]=charge.refund.updated&types[11]=charge.dispute.created"
         "&types[12]=charge.dispute.updated&types[13]=charge.dispute.closed&types[14]=charge.dispute.funds_withdrawn"
         "&types[15]=charge.dispute.funds_reinstated&types[16]=transfer.created&types[17]=transfer.reversed",
         "", ""},
        {"an id is one part of the path", [](Stripe& s) { return bool(s.getRefund("../x?y#z")); }, refundJson,
         "GET /v1/refunds/..%2Fx%3Fy%23z", "", ""},
    };
}

TEST(Stripe, MakesExactlyTheseRequests) {
    for (auto const& call : calls()) {
        SCOPED_TRACE(call.name);
        Bench bench({answer(200, call.answer)});
        EXPECT_TRUE(call.make(bench.stripe));
        auto const seen = bench.server.seen();
        ASSERT_EQ(seen.size(), 1U);
        EXPECT_EQ(seen[0].line, call.line + " HTTP/1.1");
        EXPECT_EQ(seen[0].body, call.body);
        EXPECT_EQ(seen[0].header("Authorization"), "Bearer sk_test_1");
        EXPECT_EQ(seen[0].header("Stripe-Version"), "2026-10-28.endive");
        EXPECT_EQ(seen[0].header("Idempotency-Key"), call.key);
        if (call.line.starts_with("POST")) {
            EXPECT_EQ(seen[0].header("Content-Type"), "application/x-www-form-urlencoded");
        }
    }
}

struct Refusal {
    char const* name;
    Reply reply;
    std::size_t tries;
    Code code;
    char const* key;
    int retryAfter = 0;
};

Reply stripeError(int status, std::string const& members, std::string_view headers = {}) {
    return answer(status, R"({"error":{)" + members + "}}", headers);
}

TEST(Stripe, TellsRefusedFromUnknown) {
    auto const unknown = Code::unavailable;
    auto const* const lost = "unavailable";
    Refusal const rows[] = {
        {"a wrong parameter", stripeError(400, R"("type":"invalid_request_error","param":"x")"), 1, Code::conflict, "gateway_refused"},
        {"too small", stripeError(400, R"("type":"invalid_request_error","code":"amount_too_small")"), 1, Code::conflict,
         "amount_too_small"},
        {"refunded already", stripeError(400, R"("type":"invalid_request_error","code":"charge_already_refunded")"), 1, Code::conflict,
         "already_refunded"},
        {"no such object", stripeError(404, R"("type":"invalid_request_error","code":"resource_missing")"), 1, Code::notFound, "not_found"},
        {"key used for something else", stripeError(400, R"("type":"idempotency_error")"), 1, Code::conflict, "gateway_key_reused"},
        {"declined", stripeError(402, R"("type":"card_error","code":"card_declined")"), 1, Code::conflict, "card_declined"},
        {"a bad key", stripeError(401, R"("type":"invalid_request_error")"), 1, Code::conflict, "gateway_not_allowed"},
        {"not permitted", stripeError(403, R"("type":"invalid_request_error")"), 1, Code::conflict, "gateway_not_allowed"},
        {"an error of a strange shape", stripeError(400, R"("type":7,"code":{})"), 1, Code::conflict, "gateway_refused"},
        {"the same key in flight", stripeError(409, R"("type":"idempotency_error")"), 3, unknown, lost, 1},
        {"too many requests", stripeError(429, R"("type":"invalid_request_error","code":"lock_timeout")"), 3, unknown, lost, 1},
        {"come back in a minute", stripeError(429, "", "Retry-After: 60\r\n"), 1, unknown, lost, 60},
        {"come back in a year", stripeError(503, "", "Retry-After: 31536000\r\n"), 1, unknown, lost, 3'600},
        {"a stored failure", stripeError(500, R"("type":"api_error")", "Stripe-Should-Retry: false\r\n"), 1, unknown, lost, 1},
        {"down", answer(503, "<html>"), 3, unknown, lost, 1},
        {"a 404 of somebody in between", answer(404, "<html>not here</html>"), 1, unknown, lost, 1},
        {"a redirect", answer(302, "", "Location: /elsewhere\r\n"), 1, unknown, lost, 1},
        {"success that is not JSON", answer(200, "{\"id\":"), 1, unknown, lost, 1},
        {"success that is no object", answer(200, "[1]"), 1, unknown, lost, 1},
        {"success without an amount", answer(200, R"({"id":"pi_1"})"), 1, unknown, lost, 1},
        {"an amount that is no integer", answer(200, R"({"id":"pi_1","amount":100.5})"), 1, unknown, lost, 1},
        {"an amount below zero", answer(200, R"({"id":"pi_1","amount":-1})"), 1, unknown, lost, 1},
        {"an id that is no text", answer(200, R"({"id":5,"amount":100})"), 1, unknown, lost, 1},
        {"too deep", answer(200, std::string(100'000, '[')), 1, unknown, lost, 1},
        {"not UTF-8", answer(200, "{\"id\":\"\xff\",\"amount\":1}"), 1, unknown, lost, 1},
        {"closed before the answer", {"", false, true}, 3, unknown, lost, 1},
        {"huge", answer(200, std::string(3'000'000, ' ')), 3, unknown, lost, 1},
        {"no answer in time", {"", true}, 3, unknown, lost, 1},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Bench bench({row.reply}, Millis(row.reply.hangs ? 100 : 5'000));
        auto const outcome = bench.stripe.createPaymentIntent(newIntent());
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, row.code);
        EXPECT_EQ(outcome.error().key, row.key);
        EXPECT_EQ(outcome.error().retryAfterSeconds, row.retryAfter);
        auto const seen = bench.server.seen();
        EXPECT_EQ(seen.size(), row.tries);
        for (auto const& request : seen) EXPECT_EQ(request.header("Idempotency-Key"), "booking:bk_42:charge:1");
        for (auto const& request : seen) EXPECT_EQ(request.body, seen[0].body);
    }
}

TEST(Stripe, ARetryThatSucceedsIsASuccess) {
    Bench bench({{"", false, true}, stripeError(500, ""), answer(200, intentJson)});
    auto const intent = bench.stripe.createPaymentIntent(newIntent());
    ASSERT_TRUE(intent);
    EXPECT_EQ(intent->id, "pi_1");
    EXPECT_EQ(bench.waiter.waits, 2);
}

TEST(Stripe, CancellingWhatIsCancelledIsFine) {
    auto const refused = stripeError(400, R"("type":"invalid_request_error","code":"payment_intent_unexpected_state")");
    Bench done({refused, answer(200, R"({"id":"pi_1","amount":100,"status":"canceled"})")});
    auto const cancelled = done.stripe.cancelPaymentIntent("pi_1", "k");
    ASSERT_TRUE(cancelled);
    EXPECT_EQ(cancelled->status, payments::IntentStatus::cancelled);

    Bench paid({refused, answer(200, intentJson)});
    auto const succeeded = paid.stripe.cancelPaymentIntent("pi_1", "k");
    ASSERT_FALSE(succeeded);
    EXPECT_EQ(succeeded.error().key, payments::refusal::wrongIntentState);

    Bench lost({refused, answer(503, "")});
    auto const unknown = lost.stripe.cancelPaymentIntent("pi_1", "k");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, Code::unavailable);
}

TEST(Stripe, PagesByTheLastId) {
    Bench bench({answer(200, R"({"data":[{"id":"pi_2","amount":2},{"id":"pi_1","amount":1}],"has_more":true})"),
                 answer(200, R"({"data":[{"id":"pi_0","amount":1}],"has_more":false})"), answer(200, R"({"data":[{"amount":1}]})"),
                 answer(200, R"({"data":7})"), answer(200, R"({"data":[7]})")});
    auto const first = bench.stripe.listPaymentIntents({0}, std::nullopt);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->items.size(), 2U);
    EXPECT_EQ(first->cursor, "pi_1");
    auto const last = bench.stripe.listPaymentIntents({0}, first->cursor);
    ASSERT_TRUE(last);
    EXPECT_FALSE(last->cursor);
    for (int i = 0; i < 3; ++i)
        EXPECT_FALSE(bench.stripe.listPaymentIntents({0}, std::nullopt)) << "an item that cannot be read is not left out";
}

struct Delivery {
    char const* name;
    std::string body;
    std::string header;
    std::int64_t now;
    bool good;
};

// The vectors of the vendor's library, t = 1700000000.
std::string const bodyA = "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}";
std::string const bodyB =
    R"({"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"description":"Café €5"}}})";
std::string const signatureA = "4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150";
std::string const signatureB = "514a2caa0c3768e8cadd66601aed195f169798b284c722460f56ddd5a7c77b7b";

std::string upper(std::string text) {
    for (auto& c : text) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    return text;
}

TEST(Webhook, IsBelievedOnlyWhenSigned) {
    std::string const t = "t=1700000000";
    std::string const v1 = ",v1=";
    std::string const notJson = "hello";
    auto const signedBy = [](std::string const& secret, std::string const& body) {
        return "t=1700000000,v1=" + hmacSha256Hex(secret, "1700000000." + body);
    };
    auto changed = bodyA;
    changed[10] ^= 1;
    std::int64_t const now = 1'700'000'000'000;
    Delivery const rows[] = {
        {"vector A", bodyA, t + v1 + signatureA, now, true},
        {"vector B", bodyB, t + v1 + signatureB, now, true},
        {"the second signature fits", bodyA, t + v1 + signatureB + v1 + signatureA, now, true},
        {"other schemes do not matter", bodyA, t + ",v0=1,v2=x" + v1 + signatureA + ",", now, true},
        {"the second secret fits", bodyA, signedBy("whsec_second", bodyA), now, true},
        {"age 300", bodyA, t + v1 + signatureA, now + 300'000, true},
        {"age 301", bodyA, t + v1 + signatureA, now + 301'000, false},
        {"300 in the future", bodyA, t + v1 + signatureA, now - 300'000, true},
        {"301 in the future", bodyA, t + v1 + signatureA, now - 301'000, false},
        {"one bit changed", changed, t + v1 + signatureA, now, false},
        {"a byte more", bodyA + "\n", t + v1 + signatureA, now, false},
        {"signature of another body", bodyA, t + v1 + signatureB, now, false},
        {"signature of another time", bodyA, "t=1700000001" + v1 + signatureA, now, false},
        {"the last t counts", bodyA, "t=1,t=1700000000" + v1 + signatureA, now, true},
        {"the last t counts, wrongly", bodyA, t + ",t=1700000001" + v1 + signatureA, now, false},
        {"another secret", bodyA, signedBy("whsec_other", bodyA), now, false},
        {"the secret without its prefix", bodyA, signedBy("test_secret", bodyA), now, false},
        {"an empty secret", bodyA, signedBy("", bodyA), now, false},
        {"upper case", bodyA, t + v1 + upper(signatureA), now, false},
        {"only v0", bodyA, t + ",v0=" + signatureA, now, false},
        {"a space after the comma", bodyA, t + ", v1=" + signatureA, now, false},
        {"no time", bodyA, "v1=" + signatureA, now, false},
        {"an empty time", bodyA, "t=" + v1 + signatureA, now, false},
        {"a signed time", bodyA, "t=+1700000000" + v1 + signatureA, now, false},
        {"a time with more behind it", bodyA, "t=1700000000x" + v1 + signatureA, now, false},
        {"a time beyond 64 bits", bodyA, "t=99999999999999999999" + v1 + signatureA, now, false},
        {"an empty signature", bodyA, t + ",v1=", now, false},
        {"no signature", bodyA, t, now, false},
        {"an empty header", bodyA, "", now, false},
        {"nothing but commas", bodyA, ",,,", now, false},
        {"an endless header", bodyA, t + v1 + signatureA + std::string(5'000, ','), now, false},
        {"signed, but no JSON", notJson, signedBy("whsec_test_secret", notJson), now, false},
        {"signed, but no event", "{}", signedBy("whsec_test_secret", "{}"), now, false},
    };
    Noted waiter;
    ManualClock const clock({0});
    SeededRng rng(1);
    outbound::CurlClient client;
    Stripe const stripe({.webhookSecrets = {"whsec_test_secret", "whsec_second", ""}}, {client, waiter, clock, rng});
    for (auto const& row : rows) {
        auto const event = stripe.verifyWebhook(row.body, row.header, {row.now});
        EXPECT_EQ(event.has_value(), row.good) << row.name;
        EXPECT_EQ(event ? "bad_signature" : event.error().key, "bad_signature") << row.name;
        EXPECT_EQ(event ? event->rawBody : row.body, row.body) << row.name;
    }
}

} // namespace
} // namespace visavis::providers::stripe
