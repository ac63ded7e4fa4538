// Money after it was captured: refunds in parts, at once from many hands and through every fault; what was earned; what nobody noticed.
#include "support/world.hpp"

#include <atomic>
#include <barrier>
#include <thread>

namespace visavis::scenarios {
namespace {

namespace json = boost::json;
using support::Person;
using support::Reply;
using support::World;

constexpr auto goodCard = "4242424242424242";
constexpr auto refundsTakeTime = "4000000000007726"; // pending, then succeeded after five seconds
constexpr auto refundsFail = "4000000000005126";     // succeeded, then failed after five seconds

struct Paid {
    Person specialist, customer;
    std::string bookingId, paymentId, intent;

    std::string refunds() const { return "/payments/" + paymentId + "/refunds"; }
};

// A booking of 100.00 USD that is paid and confirmed; the fee is 20.00.
Paid paid(World& world, char const* card = goodCard) {
    Paid made;
    made.specialist = world.specialist();
    made.customer = world.customer();
    made.bookingId = world.book(made.customer, made.specialist, 20).at("/id");
    auto const asked = world.post("/bookings/" + made.bookingId + "/payment", "", &made.customer);
    EXPECT_EQ(asked.status, 201) << asked.text;
    made.paymentId = asked.at("/paymentId");
    auto const secret = asked.at("/clientSecret");
    made.intent = secret.substr(0, secret.find("_secret_"));
    EXPECT_EQ(world.confirmCard(secret, card).status, 200);
    world.awaitStatus(made.bookingId, made.customer, "confirmed");
    return made;
}

std::string amount(std::int64_t value) { return R"({"amount":)" + std::to_string(value) + "}"; }

// What the sandbox's Stripe has refunded of a payment.
std::vector<json::value> refundsAtStripe(World& world, Paid const& of) {
    auto const reply = world.send("GET", world.server().sandbox() + "/v1/refunds?limit=100&payment_intent=" + of.intent, "", nullptr,
                                  {{"Authorization", "Bearer sk_test_visavis"}});
    EXPECT_EQ(reply.status, 200) << reply.text;
    auto const& data = reply.body.at("data").as_array();
    return {data.begin(), data.end()};
}

std::int64_t sumOf(std::vector<json::value> const& refunds) {
    std::int64_t sum = 0;
    for (auto const& refund : refunds) sum += refund.at("amount").as_int64();
    return sum;
}

void awaitRefund(World& world, Paid const& of, std::string const& status) {
    Reply reply;
    EXPECT_TRUE(support::eventually([&] {
        reply = world.get(of.refunds(), &of.specialist);
        if (!reply.body.is_object() || reply.status != 200) return false;
        auto const& items = reply.body.at("items").as_array();
        return std::all_of(items.begin(), items.end(), [&](json::value const& one) { return one.at("status").as_string() == status; });
    })) << reply.text;
}

void setFaults(World& world, std::string const& rules) {
    EXPECT_EQ(world.sandbox("PUT", "/sandbox/faults", R"({"rules":[)" + rules + "]}").status, 200);
}

TEST(Refunds, SeveralPartsByTheSpecialistAndTheRestByAnAdmin) {
    World world;
    auto const of = paid(world);
    auto const admin = world.staff("admin");
    auto const first = world.post(of.refunds(), R"({"amount":3333,"reason":"Half an hour only."})", &of.specialist);
    ASSERT_EQ(first.status, 201) << first.text;
    EXPECT_EQ(first.at("/status"), "pending");
    EXPECT_EQ(first.number("/amount"), 3'333);
    EXPECT_EQ(first.number("/platformShare"), 667);
    EXPECT_EQ(first.number("/specialistShare"), 2'666);
    EXPECT_EQ(first.at("/currency"), "USD");
    EXPECT_EQ(first.at("/reason"), "Half an hour only.");
    EXPECT_EQ(first.at("/requestedBy"), of.specialist.userId);
    auto const tooMuch = world.post(of.refunds(), amount(6'668), &admin);
    EXPECT_EQ(tooMuch.status, 422) << tooMuch.text;
    EXPECT_EQ(tooMuch.at("/errors/0/path"), "/amount");
    std::vector<outbound::Header> const key{{"Idempotency-Key", "the-rest"}};
    auto const rest = world.post(of.refunds(), "", &admin, key);
    ASSERT_EQ(rest.status, 201) << rest.text;
    EXPECT_EQ(rest.number("/amount"), 6'667);
    auto const again = world.post(of.refunds(), "", &admin, key);
    EXPECT_EQ(again.text, rest.text);
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    auto const nothing = world.post(of.refunds(), "", &admin);
    EXPECT_EQ(nothing.status, 409);
    EXPECT_EQ(nothing.code(), "nothing_to_refund");
    EXPECT_EQ(world.post(of.refunds(), amount(1), &of.specialist).code(), "nothing_to_refund");
    awaitRefund(world, of, "succeeded");
    auto const list = world.get(of.refunds(), &admin);
    EXPECT_EQ(list.at("/items/0/id"), first.at("/id"));
    EXPECT_EQ(list.at("/items/1/id"), rest.at("/id"));
    EXPECT_EQ(list.at("/nextCursor"), "null");
    EXPECT_EQ(world.get("/payments/" + of.paymentId, &admin).at("/status"), "refunded");
    EXPECT_EQ(sumOf(refundsAtStripe(world, of)), 10'000);
    world.advance("PT1M");
    EXPECT_NE(world.get("/notifications", &of.customer).text.find("refund_processed"), std::string::npos);
    world.verifyClean();
}

TEST(Refunds, AreForWhoMayGiveThem) {
    World world;
    auto const of = paid(world);
    auto const rival = world.specialist("Rita Rival");
    auto const other = world.customer("Olga Other");
    auto const support = world.staff("support");
    struct Row {
        char const* name;
        Person const* who;
        int posted, listed;
    };
    for (auto const& row : {Row{"stranger", nullptr, 401, 401}, Row{"its customer", &of.customer, 403, 403},
                            Row{"another customer", &other, 403, 403}, Row{"another specialist", &rival, 404, 404},
                            Row{"support", &support, 403, 200}, Row{"its specialist", &of.specialist, 201, 200}}) {
        EXPECT_EQ(world.post(of.refunds(), amount(100), row.who).status, row.posted) << row.name;
        EXPECT_EQ(world.get(of.refunds(), row.who).status, row.listed) << row.name;
    }
    world.advance("PT1M");
    world.verifyClean();
}

// No member is named after a side's part, and no number is one.
void expectNoSplit(json::value const& value, std::string const& at) {
    if (value.is_array())
        for (auto const& element : value.get_array()) expectNoSplit(element, at);
    for (std::int64_t const part : {2'000, 8'000, 500, 1'500, 6'000}) EXPECT_NE(value, part) << at;
    if (!value.is_object()) return;
    for (auto const& member : value.get_object()) {
        std::string const name(member.key());
        for (auto const* word : {"Fee", "ayout", "Share", "arnings"}) EXPECT_EQ(name.find(word), std::string::npos) << at << "/" << name;
        expectNoSplit(member.value(), at + "/" + name);
    }
}

// A customer sees what was paid and what came back, and nowhere who bears it.
TEST(Refunds, TheCustomerNeverSeesTheSplit) {
    World world;
    auto const of = paid(world);
    EXPECT_EQ(world.post(of.refunds(), amount(2'500), &of.specialist).status, 201);
    awaitRefund(world, of, "succeeded");
    for (auto const& path : {"/payments/" + of.paymentId, std::string("/payments"), "/bookings/" + of.bookingId, std::string("/bookings"),
                             std::string("/notifications"), std::string("/customers/me")}) {
        auto const reply = world.get(path, &of.customer);
        EXPECT_EQ(reply.status, 200) << path;
        expectNoSplit(reply.body, path);
    }
    auto const own = world.get("/payments/" + of.paymentId, &of.customer);
    EXPECT_EQ(own.number("/refund/refundAmount"), 2'500);
    EXPECT_EQ(own.at("/status"), "succeeded");
    world.verifyClean();
}

TEST(Refunds, FromManyHandsNeverExceedTheCapture) {
    World world({"--set", "limits.enabled=false"});
    auto const of = paid(world);
    constexpr std::size_t hands = 24;
    std::atomic<int> created{0}, refused{0}, others{0};
    std::atomic<std::int64_t> sum{0};
    std::barrier start(static_cast<std::ptrdiff_t>(hands));
    std::vector<std::thread> threads;
    for (std::size_t hand = 0; hand < hands; ++hand)
        threads.emplace_back([&, hand] {
            start.arrive_and_wait();
            for (int turn = 0; turn < 5; ++turn) {
                auto const wanted = static_cast<std::int64_t>(300 + 97 * (hand % 7));
                auto const reply = world.post(of.refunds(), amount(wanted), &of.specialist);
                if (reply.status == 201)
                    ++created, sum += wanted;
                else if (reply.status == 422 || reply.code() == "nothing_to_refund")
                    ++refused;
                else
                    ++others;
            }
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(others, 0);
    EXPECT_GT(refused, 0);
    EXPECT_LE(sum, 10'000);
    EXPECT_GT(sum, 10'000 - 300 - 97 * 6) << "what was left is less than the least that was still wanted";
    world.advance("PT1M");
    awaitRefund(world, of, "succeeded");
    auto const atStripe = refundsAtStripe(world, of);
    EXPECT_EQ(sumOf(atStripe), sum);
    EXPECT_EQ(static_cast<int>(atStripe.size()), created);
    EXPECT_EQ(world.get("/payments/" + of.paymentId, &of.specialist).number("/refund/refundAmount"), sum);
    world.verifyClean();
}

TEST(Refunds, AFailureAfterSuccessTakesEverythingBackAndIsReported) {
    World world;
    auto const of = paid(world, refundsFail);
    auto const admin = world.staff("admin");
    EXPECT_EQ(world.post(of.refunds(), "", &of.specialist).status, 201);
    awaitRefund(world, of, "succeeded");
    EXPECT_EQ(world.get("/payments/" + of.paymentId, &admin).at("/status"), "refunded");
    EXPECT_EQ(world.get("/specialists/me/earnings", &of.specialist).at("/items"), "[]");
    world.advance("PT10S");
    awaitRefund(world, of, "failed");
    auto const payment = world.get("/payments/" + of.paymentId, &admin);
    EXPECT_EQ(payment.at("/status"), "succeeded");
    EXPECT_EQ(payment.at("/refundedAt"), "");
    EXPECT_EQ(payment.number("/refund/refundAmount"), 0);
    EXPECT_EQ(world.get("/specialists/me/earnings", &of.specialist).number("/items/0/totalEarnings"), 8'000);
    EXPECT_EQ(world.get("/admin/payments?refund=failed", &admin).at("/items/0/id"), of.paymentId);
    world.advance("PT1S");
    auto const notices = world.get("/notifications", &admin);
    EXPECT_NE(notices.text.find("100.00 USD"), std::string::npos) << notices.text;
    EXPECT_EQ(world.get("/notifications", &of.specialist).text.find("needs your attention"), std::string::npos);
    world.verifyClean();
}

// The payer's bank sends it back: the store is in order, and staff see to the rest.
TEST(Refunds, AFailureAfterACancellationIsForStaffToSeeTo) {
    World world;
    auto const of = paid(world, refundsFail);
    auto const admin = world.staff("admin");
    EXPECT_EQ(world.post("/bookings/" + of.bookingId + "/cancellation", "", &of.customer).status, 200);
    awaitRefund(world, of, "succeeded");
    world.advance("PT10S");
    awaitRefund(world, of, "failed");
    EXPECT_NE(world.get("/notifications", &admin).text.find("100.00 USD"), std::string::npos);
    world.verifyClean();
    EXPECT_EQ(world.post(of.refunds(), "", &admin).number("/amount"), 10'000) << "once more, to another card";
    world.advance("PT1S");
    world.verifyClean();
}

// ---- faults on the way of a refund: whatever happens, Stripe makes one, and our rows are as without ----

void expectRefundedOnce(World& world, Paid const& of) {
    awaitRefund(world, of, "succeeded");
    world.advance("PT1M");
    auto const atStripe = refundsAtStripe(world, of);
    ASSERT_EQ(atStripe.size(), 1U);
    EXPECT_EQ(sumOf(atStripe), 4'000);
    auto const payment = world.get("/payments/" + of.paymentId, &of.specialist);
    EXPECT_EQ(payment.at("/status"), "succeeded");
    EXPECT_EQ(payment.number("/refund/refundAmount"), 4'000);
    EXPECT_EQ(payment.at("/refund/stripeRefundId"), std::string(atStripe[0].at("id").as_string()));
    EXPECT_EQ(world.get("/specialists/me/earnings", &of.specialist).number("/items/0/totalEarnings"), 4'800);
    world.verifyClean();
}

class RefundFaults : public testing::TestWithParam<std::pair<char const*, char const*>> {};

TEST_P(RefundFaults, EndInOneRefund) {
    World world;
    auto const of = paid(world, refundsTakeTime);
    setFaults(world, GetParam().second);
    EXPECT_EQ(world.post(of.refunds(), amount(4'000), &of.specialist).status, 201);
    world.advance("PT10S");
    setFaults(world, "");
    world.advance("PT2H");  // retries are over
    world.advance("PT25H"); // and the night has been
    expectRefundedOnce(world, of);
}

INSTANTIATE_TEST_SUITE_P(
    Stripe, RefundFaults,
    testing::Values(
        std::pair("none", ""),
        std::pair("timeoutAfterSuccess", R"({"provider":"stripe","match":"POST /v1/refunds","kind":"timeout_after_success","times":1})"),
        std::pair("reset", R"({"provider":"stripe","match":"POST /v1/refunds","kind":"reset","times":4})"),
        std::pair("serverErrors", R"({"provider":"stripe","match":"POST /v1/refunds","kind":"status","value":503,"times":7})"),
        std::pair("tooManyRequests", R"({"provider":"stripe","match":"POST /v1/refunds","kind":"status","value":429,"times":2})"),
        std::pair("droppedWebhooks", R"({"provider":"stripe","match":"webhook:*","kind":"drop","times":1000})"),
        std::pair("duplicateWebhooks", R"({"provider":"stripe","match":"webhook:*","kind":"duplicate","times":1000})"),
        std::pair("reorderedWebhooks", R"({"provider":"stripe","match":"webhook:*","kind":"reorder","times":2})"),
        std::pair("readsFail", R"({"provider":"stripe","match":"GET /v1/refunds","kind":"status","value":500,"times":50})")),
    [](auto const& row) { return std::string(row.param.first); });

// The server dies before or after Stripe is asked, and around the commits on both sides of it.
class RefundCrashes : public testing::TestWithParam<std::string> {};

TEST_P(RefundCrashes, EndInOneRefund) {
    auto const turns = GetParam().starts_with("payments.") ? 1 : std::min(support::rounds(3), 12);
    for (int turn = 0; turn < turns; ++turn) {
        World world;
        auto const of = paid(world);
        world.advance("PT1M");
        world.restartWith({"VISAVIS_CRASH_AT=" + GetParam() + ":" + std::to_string(1 + turn)});
        std::vector<outbound::Header> const key{{"Idempotency-Key", "refund-1"}};
        Reply asked;
        bool died = false;        // before the answer had left, perhaps
        support::eventually([&] { // as long as it takes: what the dead one held is locked for a while
            asked = world.post(of.refunds(), amount(4'000), &of.specialist, key);
            died = died || asked.status == 0;
            if (asked.status == 0) world.restartIfDead();
            return asked.status != 0 && asked.status < 500;
        });
        ASSERT_EQ(asked.status, 201) << asked.text;
        if (turns == 1) {
            EXPECT_TRUE(died || support::eventually([&] { return !world.server().running(); })) << "the point was not passed";
            world.killAndRestart();
        }
        support::eventually([&] {
            world.restartIfDead();
            return world.get(of.refunds(), &of.specialist).at("/items/0/status") == "succeeded";
        });
        world.restart(); // without the crash point: it may come later than this path is long
        expectRefundedOnce(world, of);
    }
}

INSTANTIATE_TEST_SUITE_P(Server, RefundCrashes,
                         testing::ValuesIn(support::crashPoints({"payments.refund.call.before", "payments.refund.call.after"})),
                         [](auto const& row) { return support::nameOfPoint(row.param); });

// ---- what no webhook told ----

constexpr auto noWebhooks = R"({"provider":"stripe","match":"webhook:*","kind":"drop","times":10000})";

TEST(Reconciliation, RefundsThatNobodyHeardOfAreRepaired) {
    World world;
    auto const of = paid(world, refundsTakeTime);
    setFaults(world, noWebhooks);
    EXPECT_EQ(world.post(of.refunds(), "", &of.specialist).status, 201);
    world.advance("PT1M");
    EXPECT_EQ(world.get(of.refunds(), &of.specialist).at("/items/0/status"), "pending") << "the news was dropped";
    world.advance("PT25H");
    EXPECT_EQ(world.get(of.refunds(), &of.specialist).at("/items/0/status"), "succeeded");
    EXPECT_EQ(world.get("/payments/" + of.paymentId, &of.specialist).at("/status"), "refunded");
    world.verifyClean();
}

TEST(Reconciliation, AFailedRefundThatNobodyHeardOfIsTakenBack) {
    World world;
    auto const of = paid(world, refundsFail);
    setFaults(world, noWebhooks);
    EXPECT_EQ(world.post(of.refunds(), "", &of.specialist).status, 201);
    world.advance("PT1M");
    EXPECT_EQ(world.get(of.refunds(), &of.specialist).at("/items/0/status"), "succeeded");
    world.advance("PT25H");
    EXPECT_EQ(world.get(of.refunds(), &of.specialist).at("/items/0/status"), "failed");
    EXPECT_EQ(world.get("/payments/" + of.paymentId, &of.specialist).at("/status"), "succeeded");
    world.verifyClean();
}

// The hold ran out while Stripe could not be asked; the payer paid after all, and the news of it was lost.
TEST(Reconciliation, LateMoneyThatNobodyHeardOfTakesItsTimeAgain) {
    World world;
    auto const specialist = world.specialist();
    auto const customer = world.customer();
    auto const booked = world.book(customer, specialist, 60);
    auto const asked = world.post("/bookings/" + booked.at("/id") + "/payment", "", &customer);
    setFaults(world, R"({"provider":"stripe","match":"GET /v1/payment_intents","kind":"status","times":1000,"value":400},
                        {"provider":"stripe","match":"POST /v1/payment_intents","kind":"status","times":1000,"value":400})");
    world.advance("PT80M");
    EXPECT_EQ(world.booking(booked.at("/id"), customer).at("/status"), "cancelled");
    setFaults(world, noWebhooks);
    EXPECT_EQ(world.confirmCard(asked.at("/clientSecret"), goodCard).status, 200);
    world.advance("PT1M");
    EXPECT_EQ(world.booking(booked.at("/id"), customer).at("/status"), "cancelled") << "the news was dropped";
    world.advance("PT25H");
    EXPECT_EQ(world.booking(booked.at("/id"), customer).at("/status"), "confirmed");
    world.verifyClean();
}

// ---- what was earned, and what staff see ----

TEST(Earnings, AreSummedPerCurrencyAndMonth) {
    World world;
    auto const of = paid(world);
    auto const now = world.sandbox("GET", "/sandbox/clock").at("/now");
    auto const all = world.get("/specialists/me/earnings", &of.specialist);
    ASSERT_EQ(all.status, 200) << all.text;
    EXPECT_EQ(all.at("/items/0/currency"), "USD");
    EXPECT_EQ(all.number("/items/0/totalEarnings"), 8'000);
    EXPECT_EQ(all.number("/items/0/transactionCount"), 1);
    EXPECT_EQ(all.number("/items/0/pendingPayout"), 8'000);
    EXPECT_EQ(all.number("/items/0/paidOut"), 0);
    EXPECT_EQ(all.at("/items/0/byMonth"), R"([{"month":")" + now.substr(0, 7) + R"(","totalEarnings":8000,"transactionCount":1}])");
    auto const succeeded = world.get("/payments/" + of.paymentId, &of.specialist).at("/succeededAt");
    auto const day = succeeded.substr(0, 10);
    struct Row {
        std::string query;
        bool in;
    };
    for (auto const& row :
         {Row{"?from=" + succeeded, true}, Row{"?to=" + succeeded, false}, Row{"?from=" + succeeded + "&to=" + succeeded, false},
          Row{"?from=" + day + "&to=" + day, true}, Row{"?from=2099-01-01", false}, Row{"?to=2000-01-01T00:00:00Z", false}}) {
        auto const reply = world.get("/specialists/me/earnings" + row.query, &of.specialist);
        ASSERT_EQ(reply.status, 200) << row.query << reply.text;
        EXPECT_EQ(!reply.body.at("items").as_array().empty(), row.in) << row.query;
    }
    for (auto const* query :
         {"?from=yesterday", "?from=2026-13-01", "?from=2027-01-01&to=2026-01-01", "?from=2027-01-02&to=2027-01-01", "?currency=USD"})
        EXPECT_EQ(world.get(std::string("/specialists/me/earnings") + query, &of.specialist).status, 422) << query;
    auto const table = world.send("GET", "/specialists/me/earnings", "", &of.specialist, {{"Accept", "text/csv"}});
    EXPECT_EQ(table.header("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_EQ(table.text, "currency,month,totalEarnings,transactionCount\r\nUSD," + now.substr(0, 7) + ",8000,1\r\n");
    EXPECT_EQ(world.get("/specialists/me/earnings", &of.customer).status, 403);
    world.verifyClean();
}

TEST(AdminPayments, AreAllOfThemAndCanBeNarrowed) {
    World world;
    auto const of = paid(world);
    auto const second = world.book(of.customer, of.specialist, 30);
    auto const asked = world.post("/bookings/" + second.at("/id") + "/payment", "", &of.customer);
    EXPECT_EQ(asked.status, 201);
    auto const support = world.staff("support");
    auto const count = [&](std::string const& query) {
        auto const reply = world.get("/admin/payments" + query, &support);
        EXPECT_EQ(reply.status, 200) << query << ": " << reply.text;
        return reply.status == 200 ? static_cast<int>(reply.body.at("items").as_array().size()) : -1;
    };
    auto const created = world.get("/payments/" + of.paymentId, &support).at("/createdAt");
    std::string const nobody = "0123456789abcdef01234567";
    struct Row {
        std::string query;
        int found;
    };
    for (auto const& row :
         {Row{"", 2}, Row{"?status=succeeded", 1}, Row{"?status=pending", 1}, Row{"?status=refunded", 0}, Row{"?refund=failed", 0},
          Row{"?specialistId=" + of.specialist.specialistId, 2}, Row{"?specialistId=" + nobody, 0},
          Row{"?customerId=" + of.customer.customerId, 2}, Row{"?customerId=" + nobody, 0}, Row{"?bookingId=" + of.bookingId, 1},
          Row{"?bookingId=" + of.bookingId + "&status=pending", 0}, Row{"?from=" + created, 2}, Row{"?to=" + created, 0},
          Row{"?from=" + created.substr(0, 10) + "&to=" + created.substr(0, 10), 2}, Row{"?to=2000-01-01", 0},
          Row{"?specialistId=" + of.specialist.specialistId + "&status=succeeded&customerId=" + of.customer.customerId, 1}})
        EXPECT_EQ(count(row.query), row.found) << row.query;
    auto const page = world.get("/admin/payments?limit=1", &support);
    EXPECT_EQ(page.at("/items/0/bookingId"), second.at("/id")) << "newest first";
    auto const next = world.get("/admin/payments?limit=1&cursor=" + page.at("/nextCursor"), &support);
    EXPECT_EQ(next.at("/items/0/id"), of.paymentId);
    EXPECT_EQ(next.number("/items/0/platformFee"), 2'000);
    EXPECT_EQ(world.get("/admin/payments?from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z", &support).status, 422);
    for (auto const* person : {&of.customer, &of.specialist}) EXPECT_EQ(world.get("/admin/payments", person).status, 403);
    world.verifyClean();
}

} // namespace
} // namespace visavis::scenarios
