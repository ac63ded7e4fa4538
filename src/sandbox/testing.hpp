// For tests: a sandbox on free ports with a clock that stands still, a webhook endpoint that writes down what it gets, and a client.
#pragma once

#include "http/server.hpp"
#include "outbound/client.hpp"
#include "outbound/form.hpp"
#include "sandbox/json.hpp"
#include "sandbox/sandbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace visavis::sandbox {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Answer {
    int status = 0; // 0: none came
    json::object body;
    outbound::OutAnswer whole;

    json::object const& error() const { return objectOf(body, "error"); }
    std::string text(std::string_view name) const { return std::string(textOf(body, name)); }
};

// The server's end of the webhooks.
class Listener {
public:
    struct Delivery {
        std::string body;
        std::string signature;
        json::object event;
    };

    explicit Listener(Clock const& clock) : server_({.workers = 32}, handler(), clock) {
        port_ = server_.listen("127.0.0.1", 0).value();
        server_.start();
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/api/v1/webhooks/stripe"; }
    // The next answers; 200 when there are none left.
    void answerWith(std::deque<int> statuses) {
        std::lock_guard const lock(mutex_);
        statuses_ = std::move(statuses);
    }
    std::vector<Delivery> seen() {
        std::lock_guard const lock(mutex_);
        return seen_;
    }
    std::vector<std::string> types() {
        std::vector<std::string> out;
        for (auto const& one : seen()) out.emplace_back(textOf(one.event, "type"));
        return out;
    }

private:
    http::Handler handler() {
        http::Handler handler;
        handler.handle = [this](http::Request&& request) {
            std::lock_guard const lock(mutex_);
            seen_.push_back({request.body, std::string(request.header("Stripe-Signature")), json::parse(request.body).as_object()});
            int status = 200;
            if (!statuses_.empty()) {
                status = statuses_.front();
                statuses_.pop_front();
            }
            return http::answer(status, "text/plain", "");
        };
        return handler;
    }

    std::mutex mutex_;
    std::vector<Delivery> seen_;
    std::deque<int> statuses_;
    http::Server server_;
    std::uint16_t port_ = 0;
};

class Bench {
public:
    explicit Bench(SandboxSettings settings = {}) {
        if (settings.webhookUrl.empty()) settings.webhookUrl = listener.url();
        settings.publicOrigins = {"http://localhost:8080"};
        ClockControl control;
        control.now = [this] { return clock.now(); };
        control.moveTo = [this](Instant instant) {
            clock.set(instant);
            return Result<void>(ok);
        };
        control.settle = [](Millis) { return true; };
        control.offset = [this] { return clock.now() - start; };
        sandbox = Sandbox::open(std::move(settings), std::move(control), rng).value();
        EXPECT_TRUE(sandbox->start());
    }

    Answer send(outbound::OutRequest request) {
        request.url = sandbox->origin() + request.url;
        request.once = true;
        Answer answer;
        auto outcome = client.send(request);
        if (!outcome) return answer;
        answer.status = outcome->status;
        json::error_code ec;
        auto body = json::parse(outcome->body, ec);
        if (!ec && body.is_object()) answer.body = std::move(body.get_object());
        answer.whole = *std::move(outcome);
        return answer;
    }

    Answer post(std::string const& path, Pairs const& params = {}, std::string const& key = {}, std::string const& apiKey = "sk_test_1") {
        outbound::OutRequest request{.method = "POST", .url = path, .headers = {{"Authorization", "Bearer " + apiKey}}};
        if (!key.empty()) request.headers.push_back({"Idempotency-Key", key});
        request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
        request.body = formOf(params);
        return send(request);
    }
    Answer get(std::string const& path, Pairs const& params = {}, std::string const& apiKey = "sk_test_1") {
        auto const query = formOf(params);
        return send({.url = path + (query.empty() ? "" : "?" + query), .headers = {{"Authorization", "Bearer " + apiKey}}});
    }
    Answer control(std::string const& method, std::string const& path, std::string const& body = {}) {
        outbound::OutRequest request{.method = method, .url = path};
        if (method != "GET") request.headers.push_back({"Content-Type", "application/json"});
        request.body = body;
        return send(request);
    }

    static Pairs intent(Pairs more = {}) {
        Pairs all{{"amount", "10000"},
                  {"currency", "usd"},
                  {"automatic_payment_methods[enabled]", "true"},
                  {"automatic_payment_methods[allow_redirects]", "never"}};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    // A PaymentIntent's id.
    std::string newIntent(Pairs more = {}) { return post("/v1/payment_intents", intent(std::move(more))).text("id"); }
    Answer pay(std::string const& id, std::string const& card) {
        return control("POST", "/sandbox/stripe/payment_intents/" + id + "/confirm", R"({"card":")" + card + R"("})");
    }
    Answer authenticate(std::string const& id, std::string const& outcome) {
        return control("POST", "/sandbox/stripe/payment_intents/" + id + "/authenticate", R"({"outcome":")" + outcome + R"("})");
    }
    std::string paidIntent(std::string const& card = "4242424242424242") {
        auto id = newIntent();
        EXPECT_EQ(pay(id, card).text("status"), "succeeded");
        return id;
    }
    json::object read(std::string const& path) { return get(path).body; }
    Answer advance(std::string const& duration) { return control("PUT", "/sandbox/clock", R"({"advance":")" + duration + R"("})"); }
    void settle() { EXPECT_TRUE(isTrue(advance("PT0S").body, "settled")); }
    void fault(std::string const& rule) { EXPECT_EQ(control("PUT", "/sandbox/faults", R"({"rules":[)" + rule + "]}").status, 200) << rule; }

    static constexpr Instant start{1'700'000'000'000};
    ManualClock clock{start};
    SystemRng rng;
    Listener listener{clock};
    outbound::CurlClient client;
    std::unique_ptr<Sandbox> sandbox; // ends before what it uses

private:
    static std::string formOf(Pairs const& params) {
        outbound::Form form;
        for (auto const& [name, value] : params) form.add(name, std::string_view(value));
        return form.text();
    }
};

} // namespace visavis::sandbox
