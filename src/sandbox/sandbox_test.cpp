// The sandbox as a whole: clock, faults, what was seen, who may talk to it, and what survives a crash.
#include "sandbox/sandbox.hpp"

#include "sandbox/guard.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/testing.hpp"

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace visavis::sandbox {
namespace {

class Directory {
public:
    Directory() {
        std::string pattern = std::filesystem::temp_directory_path() / "visavis-sandbox-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    Directory(Directory const&) = delete;
    Directory& operator=(Directory const&) = delete;
    std::filesystem::path operator/(char const* name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

TEST(SandboxClock, OnlyGoesForwards) {
    struct Row {
        char const* body;
        int status;
        char const* now; // afterwards
    };
    Row const rows[] = {
        {R"({"advance":"PT25H"})", 200, "2023-11-15T23:13:20.000Z"},
        {R"({"advance":"PT0S"})", 200, "2023-11-15T23:13:20.000Z"},
        {R"({"now":"2023-11-16T01:00:00+01:00"})", 200, "2023-11-16T00:00:00.000Z"},
        {R"({"now":"2023-11-15T23:59:59.999Z"})", 422, "2023-11-16T00:00:00.000Z"},
        {R"({"now":"yesterday"})", 422, "2023-11-16T00:00:00.000Z"},
        {R"({"advance":"25 hours"})", 422, "2023-11-16T00:00:00.000Z"},
        {R"({"advance":"PT1H","now":"2024-01-01T00:00:00Z"})", 422, "2023-11-16T00:00:00.000Z"},
        {R"({"advance":3600})", 422, "2023-11-16T00:00:00.000Z"},
        {R"({"back":"PT1H"})", 422, "2023-11-16T00:00:00.000Z"},
        {"{}", 422, "2023-11-16T00:00:00.000Z"},
        {"[]", 422, "2023-11-16T00:00:00.000Z"},
        {"{", 400, "2023-11-16T00:00:00.000Z"},
    };
    Bench bench;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.body);
        auto const answer = bench.control("PUT", "/sandbox/clock", row.body);
        EXPECT_EQ(answer.status, row.status);
        EXPECT_EQ(bench.control("GET", "/sandbox/clock").text("now"), row.now);
        if (row.status == 200) {
            EXPECT_TRUE(isTrue(answer.body, "settled"));
        }
        if (row.status == 422) {
            EXPECT_EQ(answer.text("code"), "invalid");
        }
    }
}

// A server that answers a webhook with more work for Stripe: the two must take turns until neither has anything left.
TEST(SandboxClock, SettlesServerAndWebhooksInTurns) {
    SandboxSettings settings;
    ManualClock clock(Bench::start);
    SystemRng rng;
    Listener listener(clock);
    outbound::CurlClient client;
    settings.webhookUrl = listener.url();
    std::atomic<int> work = 3;
    std::string origin;
    ClockControl control{
        [&] { return clock.now(); },
        [&](Instant to) {
            clock.set(to);
            return Result<void>(ok);
        },
        [&](Millis) {
            if (work-- <= 0) return true;
            return client.send({.method = "POST", .url = origin + "/v1/customers", .headers = {{"Authorization", "Bearer sk_test_1"}}})
                .has_value();
        },
        {}};
    auto const sandbox = Sandbox::open(settings, control, rng).value();
    ASSERT_TRUE(sandbox->start());
    origin = sandbox->origin();
    auto const answer = client.send({.method = "PUT",
                                     .url = origin + "/sandbox/clock",
                                     .headers = {{"Content-Type", "application/json"}},
                                     .body = R"({"advance":"PT1S"})"});
    EXPECT_TRUE(isTrue(json::parse(answer->body).as_object(), "settled"));
    EXPECT_EQ(listener.seen().size(), 3U);
    EXPECT_EQ(sandbox->storedClockOffset(), std::nullopt);
}

TEST(SandboxFaults, RulesAreChecked) {
    struct Row {
        char const* rules;
        int status;
        char const* path; // of the first error
    };
    Row const rows[] = {
        {"[]", 200, ""},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"status","times":2,"value":429}])", 200, ""},
        {R"([{"provider":"smtp","match":"RCPT a@","kind":"status","times":1,"value":450}])", 200, ""},
        {R"([{"provider":"stripe","match":"webhook:*","kind":"drop","times":1}])", 200, ""},
        {R"([{"provider":"paypal","match":"POST /","kind":"reset","times":1}])", 422, "/rules/0/provider"},
        {R"([{"provider":"stripe","kind":"reset","times":1}])", 422, "/rules/0/match"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"explode","times":1}])", 422, "/rules/0/kind"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"drop","times":1}])", 422, "/rules/0/match"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"reset"}])", 422, "/rules/0/times"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"reset","times":-1}])", 422, "/rules/0/times"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"reset","times":1,"value":3}])", 422, "/rules/0/value"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"latency","times":1}])", 422, "/rules/0/value"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"status","times":1,"value":42}])", 422, "/rules/0/value"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"reset","times":1,"colour":"red"}])", 422, "/rules/0/colour"},
        {R"([{"provider":"stripe","match":"POST /v1","kind":"reset","times":1},7])", 422, "/rules/1"},
        {"{}", 422, "/rules"},
    };
    Bench bench;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.rules);
        auto const answer = bench.control("PUT", "/sandbox/faults", std::string(R"({"rules":)") + row.rules + "}");
        EXPECT_EQ(answer.status, row.status);
        if (row.status == 422) {
            EXPECT_EQ(textOf(answer.body.at("errors").as_array().at(0).as_object(), "path"), row.path);
        }
    }
    bench.fault(R"({"provider":"stripe","match":"GET /v1/balance","kind":"status","times":2,"value":500})");
    bench.get("/v1/balance");
    EXPECT_EQ(json::serialize(bench.control("GET", "/sandbox/faults").body),
              R"({"rules":[{"provider":"stripe","match":"GET /v1/balance","kind":"status","times":1,"value":500}]})");
}

TEST(SandboxFaults, LeaveTheStateThatTheySay) {
    struct Row {
        char const* kind;
        char const* value;
        int status;  // 0: no answer
        bool worked; // the customer was made all the same
    };
    Row const rows[] = {
        {"status", ",\"value\":500", 500, false},
        {"status", ",\"value\":503", 503, false},
        {"status", ",\"value\":429", 429, false},
        {"status", ",\"value\":409", 409, false},
        {"reset", "", 0, false},
        {"timeout_after_success", "", 0, true},
        {"latency", ",\"value\":20", 200, true},
    };
    Bench bench;
    std::size_t made = 0;
    for (auto const& row : rows) {
        SCOPED_TRACE(std::string(row.kind) + row.value);
        auto const count = [&] { return bench.get("/v1/customers", {{"limit", "100"}}).body.at("data").as_array().size(); };
        std::string const key = std::string("key ") + row.kind + row.value;
        bench.fault(R"({"provider":"stripe","match":"POST /v1/customers","kind":")" + std::string(row.kind) + R"(","times":1)" + row.value +
                    "}");
        EXPECT_EQ(bench.post("/v1/customers", {}, key).status, row.status);
        EXPECT_EQ(count(), made + (row.worked ? 1U : 0U));
        auto const again = bench.post("/v1/customers", {}, key);
        EXPECT_EQ(again.status, 200);
        EXPECT_EQ(again.whole.header("Idempotent-Replayed"), row.worked ? "true" : "");
        EXPECT_EQ(count(), ++made);
    }
}

// What is asked for again under its key may get lost again; it is the same work all the same.
TEST(SandboxFaults, AReplayGetsLostToo) {
    Bench bench;
    bench.fault(R"({"provider":"stripe","match":"POST /v1/customers","kind":"timeout_after_success","times":2})");
    for (int const status : {0, 0, 200}) EXPECT_EQ(bench.post("/v1/customers", {}, "key").status, status);
    EXPECT_EQ(bench.get("/v1/customers", {{"limit", "100"}}).body.at("data").as_array().size(), 1U);
    bench.fault(R"({"provider":"stripe","match":"POST /v1/customers","kind":"status","value":503,"times":1})");
    for (int const status : {503, 200}) EXPECT_EQ(bench.post("/v1/customers", {}, "key").status, status);
}

TEST(SandboxFaults, ApplyInTurnAndTogether) {
    Bench bench;
    std::string const match = R"("provider":"stripe","match":"GET /v1/balance","times":1)";
    bench.fault("{" + match + R"(,"kind":"status","value":429},{)" + match + R"(,"kind":"status","value":500},{)" + match +
                R"(,"kind":"latency","value":1})");
    EXPECT_EQ(bench.get("/v1/balance").status, 429);
    EXPECT_EQ(bench.get("/v1/balance").status, 500);
    EXPECT_EQ(bench.get("/v1/balance").status, 200);
}

TEST(SandboxRequests, ShowWhatStripeSawAndNoSecrets) {
    Bench bench;
    bench.post("/v1/payment_intents", Bench::intent(), "k1");
    bench.post("/v1/payment_methods", {{"type", "card"}, {"card[number]", "4242424242424242"}}, "", "sk_test_hidden");
    bench.get("/v1/balance", {{"expand[]", "x"}});
    auto const answer = bench.control("GET", "/sandbox/requests?provider=stripe");
    auto const& items = answer.body.at("items").as_array();
    auto const& first = items.at(0).as_object();
    EXPECT_EQ(textOf(first, "method"), "POST");
    EXPECT_EQ(textOf(first, "path"), "/v1/payment_intents");
    EXPECT_EQ(textOf(first, "idempotencyKey"), "k1");
    EXPECT_EQ(numberOf(first, "status"), 200);
    EXPECT_TRUE(textOf(first, "body").starts_with("amount=10000&"));
    EXPECT_EQ(answer.whole.body.find("sk_test_hidden"), std::string::npos);
    EXPECT_EQ(answer.whole.body.find("4242424242424242"), std::string::npos);
    EXPECT_EQ(bench.control("GET", "/sandbox/requests?provider=smtp").body.at("items").as_array().size(), 0U);
}

TEST(SandboxGuard, KnowsLocalNames) {
    for (auto const* host : {"localhost", "LOCALHOST:8090", "127.0.0.1", "127.0.0.1:1", "[::1]:8090", "visavis.localhost"})
        EXPECT_TRUE(isLocalHost(host)) << host;
    for (auto const* host : {"", "example.com", "localhost.example.com", "127.0.0.1.example.com", "10.0.0.1", "[::2]", "notlocalhost"}) {
        EXPECT_FALSE(isLocalHost(host)) << host;
    }
}

TEST(SandboxGuard, TurnsStrangersAway) {
    struct Row {
        char const* name;
        char const* method;
        char const* path;
        std::vector<outbound::Header> headers;
        int status;
    };
    outbound::Header const json{"Content-Type", "application/json"};
    outbound::Header const key{"Authorization", "Bearer sk_test_1"};
    Row const rows[] = {
        {"a program", "GET", "/sandbox/mail", {}, 200},
        {"a rebound name", "GET", "/sandbox/mail", {{"Host", "evil.test"}}, 421},
        {"a rebound name at Stripe", "GET", "/v1/balance", {{"Host", "evil.test"}, key}, 421},
        {"a foreign page", "GET", "/sandbox/mail", {{"Origin", "https://evil.test"}}, 403},
        {"a page without an origin", "GET", "/v1/balance", {{"Origin", "null"}, key}, 403},
        {"the server's page", "GET", "/v1/balance", {{"Origin", "http://localhost:8080"}, key}, 200},
        {"a write as a form", "PUT", "/sandbox/clock", {{"Content-Type", "application/x-www-form-urlencoded"}}, 415},
        {"a write as plain text", "PUT", "/sandbox/faults", {{"Content-Type", "text/plain"}}, 415},
        {"a foreign page's write", "PUT", "/sandbox/faults", {json, {"Origin", "https://evil.test"}}, 403},
        {"a payer's form", "POST", "/sandbox/stripe/payment_intents/pi_1/confirm", {}, 415},
        {"an unknown path", "GET", "/sandbox/nothing", {}, 404},
        {"a wrong method", "POST", "/sandbox/clock", {json}, 405},
        {"no such intent", "POST", "/sandbox/stripe/payment_intents/pi_1/authenticate", {json}, 400},
    };
    Bench bench;
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(bench.send({.method = row.method, .url = row.path, .headers = row.headers}).status, row.status);
    }
}

TEST(SandboxGuard, SharesStripeWithTheServersPagesOnly) {
    Bench bench;
    auto const ask = [&](std::string const& origin, std::string const& path) {
        return bench.send({.method = "OPTIONS", .url = path, .headers = {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}}});
    };
    EXPECT_EQ(ask("http://localhost:8080", "/v1/payment_intents/pi/confirm").whole.header("Access-Control-Allow-Origin"),
              "http://localhost:8080");
    EXPECT_EQ(ask("http://localhost:8080", "/sandbox/clock").whole.header("Access-Control-Allow-Origin"), "");
    EXPECT_EQ(ask("https://evil.test", "/v1/payment_intents/pi/confirm").status, 403);
}

TEST(Sandbox, ListensOnLoopbackOnly) {
    SystemRng rng;
    ManualClock clock(Bench::start);
    ClockControl const control{[&] { return clock.now(); }, {}, {}, {}};
    for (auto const* listen : {"0.0.0.0:0", "192.168.1.1:80", "example.com:80", "[::]:80"}) {
        auto const opened = Sandbox::open({.listen = listen}, control, rng);
        ASSERT_FALSE(opened) << listen;
        EXPECT_EQ(opened.error().key, "not_loopback");
    }
    for (auto const* listen : {"127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:x"})
        EXPECT_FALSE(Sandbox::open({.listen = listen}, control, rng)) << listen;
}

TEST(Sandbox, ServesItsPages) {
    Bench bench;
    auto const script = bench.control("GET", "/js/v3/");
    EXPECT_EQ(script.whole.header("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_NE(script.whole.body.find("window.Stripe"), std::string::npos);
    EXPECT_EQ(bench.control("GET", "/sandbox/inbox").status, 200);
    auto const id = bench.newIntent();
    bench.pay(id, "4000002760003184");
    auto const page = bench.control("GET", "/sandbox/stripe/challenge/" + id);
    EXPECT_NE(page.whole.body.find("/sandbox/stripe/payment_intents/" + id + "/authenticate"), std::string::npos);
    EXPECT_NE(page.whole.header("Content-Security-Policy").find("frame-ancestors 'self' http://localhost:8080"), std::string::npos);
    EXPECT_EQ(bench.control("GET", "/sandbox/stripe/challenge/pi_no").status, 404);
}

// kill -9 at any time leaves what was written so far and perhaps half a line: the same as a copy of the file, torn.
TEST(SandboxJournal, KeepsEverythingOverACrash) {
    Directory const directory;
    std::string paid;
    std::string waiting;
    std::string firstAnswer;
    {
        Bench bench({.stateFile = directory / "state"});
        bench.listener.answerWith({500});
        bench.advance("PT1H");
        waiting = bench.newIntent();
        bench.pay(waiting, "4000002760003184");
        paid = bench.paidIntent("4000000000007726");
        bench.post("/v1/refunds", {{"payment_intent", paid}, {"amount", "100"}});
        firstAnswer = bench.post("/v1/customers", {{"email", "a@x.test"}}, "key").whole.body;
        outbound::OutRequest noText{.method = "POST", .url = "/v1/customers", .body = "email=\xFF"};
        noText.headers = {{"Authorization", "Bearer sk_test_1"}, {"Content-Type", "application/x-www-form-urlencoded"}};
        EXPECT_EQ(bench.send(noText).status, 400); // the log of it must be readable too
        bench.fault(R"({"provider":"stripe","match":"GET /v1/balance","kind":"status","times":1,"value":500})");
        bench.settle();
        std::filesystem::copy_file(directory / "state", directory / "copy");
        std::ofstream(directory / "copy", std::ios::app) << R"([["stripe","pi_torn",{"id":"pi_torn","obj)";
    }
    Bench bench({.stateFile = directory / "copy"});
    EXPECT_EQ(bench.sandbox->storedClockOffset(), Millis(3'600'000));
    bench.clock.set(Bench::start + Hours(1));
    EXPECT_EQ(textOf(bench.read("/v1/payment_intents/" + paid), "status"), "succeeded");
    EXPECT_EQ(bench.get("/v1/payment_intents/pi_torn").status, 404);
    EXPECT_EQ(bench.get("/v1/balance").status, 500) << "fault rules are kept";
    auto const replay = bench.post("/v1/customers", {{"email", "a@x.test"}}, "key");
    EXPECT_EQ(replay.whole.header("Idempotent-Replayed"), "true");
    EXPECT_EQ(replay.whole.body, firstAnswer);
    EXPECT_TRUE(bench.listener.seen().empty()) << "what was delivered is not told again";
    bench.advance("PT5S"); // the webhook that failed, and the pending refund
    auto const types = bench.listener.types();
    EXPECT_EQ(std::count(types.begin(), types.end(), "payment_intent.created"), 1);
    EXPECT_EQ(std::count(types.begin(), types.end(), "refund.updated"), 1);
    EXPECT_EQ(bench.authenticate(waiting, "success").text("status"), "succeeded");
    EXPECT_GT(bench.control("GET", "/sandbox/requests").body.at("items").as_array().size(), 5U);
}

TEST(SandboxJournal, RefusesWhatIsNoJournal) {
    Directory const directory;
    std::ofstream(directory / "state") << "hello\nworld\n";
    auto const opened = Journal::open(directory / "state");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().key, "sandbox_state");
}

TEST(SandboxJournal, KeepsOrderAndForgetsWhatWasErased) {
    Directory const directory;
    {
        auto const journal = Journal::open(directory / "state").value();
        Changes changes;
        changes.put("t", "b", 1);
        changes.put("t", "a", 2);
        changes.put("t", "c", 3);
        journal->append(changes);
        Changes more;
        more.put("t", "b", 4);
        more.erase("t", "a");
        journal->append(more);
    }
    for (int round = 0; round < 2; ++round) { // the second time from the compacted file
        auto const journal = Journal::open(directory / "state").value();
        auto const documents = journal->take("t");
        ASSERT_EQ(documents.size(), 2U);
        EXPECT_EQ(documents[0], Journal::Document("b", 4));
        EXPECT_EQ(documents[1], Journal::Document("c", 3));
        EXPECT_TRUE(journal->take("t").empty());
    }
}

} // namespace
} // namespace visavis::sandbox
