// Reading Stripe's objects: every status word, and shapes that nobody promised.
#include "providers/stripe/wire.hpp"

#include <gtest/gtest.h>

namespace visavis::providers::stripe {
namespace {

using payments::DisputeStatus;
using payments::IntentStatus;
using payments::RefundStatus;

boost::json::object object(std::string const& text) { return parseObject(text).value(); }

TEST(Wire, KnowsEveryStatusOfAnIntent) {
    struct Row {
        char const* word;
        IntentStatus status;
    };
    Row const rows[] = {
        {R"("requires_payment_method")", IntentStatus::needsPayment},
        {R"("requires_confirmation")", IntentStatus::needsPayment},
        {R"("requires_action")", IntentStatus::needsAction},
        {R"("processing")", IntentStatus::processing},
        {R"("succeeded")", IntentStatus::succeeded},
        {R"("canceled")", IntentStatus::cancelled},
        {R"("requires_capture")", IntentStatus::pending},
        {R"("made_up_tomorrow")", IntentStatus::pending},
        {R"("Succeeded")", IntentStatus::pending},
        {"null", IntentStatus::pending},
        {"true", IntentStatus::pending},
    };
    for (auto const& row : rows) {
        auto const intent = readIntent(object(std::string(R"({"id":"pi_1","amount":1,"status":)") + row.word + "}"));
        ASSERT_TRUE(intent) << row.word;
        EXPECT_EQ(intent->status, row.status) << row.word;
    }
}

TEST(Wire, KnowsEveryStatusOfARefundAndADispute) {
    std::pair<char const*, RefundStatus> const refunds[] = {
        {"pending", RefundStatus::pending}, {"requires_action", RefundStatus::needsAction}, {"succeeded", RefundStatus::succeeded},
        {"failed", RefundStatus::failed},   {"canceled", RefundStatus::cancelled},          {"new", RefundStatus::pending},
    };
    for (auto const& [word, status] : refunds) {
        EXPECT_EQ(readRefund(object(std::string(R"({"id":"re_1","amount":1,"status":")") + word + "\"}"))->status, status) << word;
    }
    std::pair<char const*, DisputeStatus> const disputes[] = {
        {"needs_response", DisputeStatus::open},
        {"warning_needs_response", DisputeStatus::open},
        {"appeal_needs_response", DisputeStatus::open},
        {"under_review", DisputeStatus::underReview},
        {"warning_under_review", DisputeStatus::underReview},
        {"appeal_under_review", DisputeStatus::underReview},
        {"won", DisputeStatus::won},
        {"lost", DisputeStatus::lost},
        {"warning_closed", DisputeStatus::other},
        {"prevented", DisputeStatus::other},
        {"new", DisputeStatus::other},
    };
    for (auto const& [word, status] : disputes) {
        auto const dispute = readDispute(object(std::string(R"({"id":"du_1","amount":1,"status":")") + word + "\"}"));
        EXPECT_EQ(dispute->status, status) << word;
        EXPECT_EQ(dispute->inquiry, std::string_view(word).starts_with("warning_")) << word;
    }
}

TEST(Wire, ReadsADeclinedIntent) {
    auto const intent = readIntent(object(
        R"({"id":"pi_1","client_secret":"pi_1_secret_x","amount":9007199254740993,"amount_received":0,"currency":"jpy","livemode":true,
        "status":"requires_payment_method","latest_charge":{"id":"ch_1","payment_method_details":{"type":"card","card":{"wallet":{"type":"apple_pay"}}}},
        "customer":{"id":"cus_1"},"created":1700000000,"metadata":{"booking_id":"b","payment_id":"p"},
        "last_payment_error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","message":"No money."}})"));
    ASSERT_TRUE(intent);
    EXPECT_EQ(intent->amount, 9'007'199'254'740'993) << "beyond what a double holds";
    EXPECT_EQ(intent->currency, Currency::parse("JPY"));
    EXPECT_TRUE(intent->livemode);
    EXPECT_EQ(intent->clientSecret, "pi_1_secret_x");
    EXPECT_EQ(intent->latestChargeId, "ch_1");
    EXPECT_EQ(intent->paymentMethodType, "card");
    EXPECT_EQ(intent->wallet, "apple_pay");
    EXPECT_EQ(intent->customerId, "cus_1");
    EXPECT_EQ(intent->bookingId, "b");
    EXPECT_EQ(intent->paymentId, "p");
    EXPECT_EQ(intent->failureCode, "card_declined");
    EXPECT_EQ(intent->declineCode, "insufficient_funds");
    EXPECT_EQ(intent->failureMessage, "No money.");
    EXPECT_EQ(intent->created.ms, 1'700'000'000'000);
}

TEST(Wire, SurvivesEveryShape) {
    char const* const names[] = {"id",     "client_secret",      "amount",         "amount_received", "currency", "livemode",
                                 "status", "latest_charge",      "customer",       "created",         "metadata", "data",
                                 "object", "last_payment_error", "payment_intent", "evidence_details"};
    char const* const values[] = {"null",           "true", "-1",     "1e300", "18446744073709551615",  "\"\"",
                                  "\"\\u0000\\n\"", "[]",   "[[{}]]", "{}",    R"({"object":{"id":1}})"};
    for (auto const* name : names) {
        for (auto const* value : values) {
            auto shape = object(R"({"id":"x_1","amount":5,"currency":"usd","status":"succeeded"})");
            shape[name] = boost::json::value(object(std::string(R"({"v":)") + value + "}").at("v"));
            auto const intent = readIntent(shape);
            EXPECT_TRUE(!intent || (!intent->id.empty() && intent->amount >= 0)) << name << " = " << value;
            EXPECT_TRUE(!intent || std::string_view(name) != "status" || intent->status == IntentStatus::pending) << value;
            (void)readRefund(shape);
            (void)readDispute(shape);
            (void)readTransfer(shape);
            (void)readReversal(shape);
            (void)readEvent(shape, "");
        }
    }
}

TEST(Wire, CutsLongTextsBetweenCharacters) {
    std::string message;
    for (int i = 0; i < 400; ++i) message += "€";
    auto const intent = readIntent(object(R"({"id":"pi_1","amount":1,"last_payment_error":{"message":")" + message + "\"}}"));
    EXPECT_EQ(intent->failureMessage, message.substr(0, 498));
}

TEST(Wire, AnEventNamesItsIntent) {
    struct Row {
        char const* name;
        char const* about;
        char const* kind;
        char const* id;
        char const* intent;
    };
    Row const rows[] = {
        {"an intent", R"({"id":"pi_1","object":"payment_intent"})", "payment_intent", "pi_1", "pi_1"},
        {"a refund", R"({"id":"re_1","object":"refund","payment_intent":"pi_2"})", "refund", "re_1", "pi_2"},
        {"expanded", R"({"id":"ch_1","object":"charge","payment_intent":{"id":"pi_3"}})", "charge", "ch_1", "pi_3"},
        {"a dispute of an old charge", R"({"id":"du_1","object":"dispute","payment_intent":null})", "dispute", "du_1", ""},
        {"nothing known", R"({"id":"x_1","object":"tomorrow"})", "tomorrow", "x_1", ""},
        {"nothing", "null", "", "", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const event = readEvent(
            object(std::string(R"({"id":"evt_1","type":"t.u","livemode":true,"created":1700000000,"data":{"object":)") + row.about + "}}"),
            "raw");
        ASSERT_TRUE(event);
        EXPECT_EQ(event->objectKind, row.kind);
        EXPECT_EQ(event->objectId, row.id);
        EXPECT_EQ(event->paymentIntentId, row.intent);
        EXPECT_EQ(event->type, "t.u");
        EXPECT_TRUE(event->livemode);
        EXPECT_EQ(event->rawBody, "raw");
    }
}

} // namespace
} // namespace visavis::providers::stripe
