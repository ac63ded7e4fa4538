// Retries, their delays and the breaker. Nothing here waits: the waiter keeps what it was asked for.
#include "outbound/channel.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <thread>

namespace visavis::outbound {
namespace {

// Answers as told, in order; the last one again and again.
class Scripted final : public Client {
public:
    explicit Scripted(std::deque<Result<OutAnswer>> outcomes) : outcomes_(std::move(outcomes)) {}
    Result<OutAnswer> send(OutRequest const& request) override {
        ++sent;
        lastOnce = request.once;
        auto outcome = outcomes_.front();
        if (outcomes_.size() > 1) outcomes_.pop_front();
        return outcome;
    }
    int sent = 0;
    bool lastOnce = false;

private:
    std::deque<Result<OutAnswer>> outcomes_;
};

class Noted final : public Waiter {
public:
    bool wait(Millis time) override {
        waits.push_back(time);
        return !stopped;
    }
    std::vector<Millis> waits;
    bool stopped = false;
};

Result<OutAnswer> status(int code, std::vector<Header> headers = {}) { return OutAnswer{code, std::move(headers), {}}; }
Result<OutAnswer> silence() { return failure(Code::unavailable, trouble::noAnswer); }

struct Row {
    char const* name;
    std::deque<Result<OutAnswer>> outcomes;
    int sent;
    int status; // of the last outcome, 0 for none
};

TEST(Channel, RepeatsWhatMayBeRepeated) {
    Row const rows[] = {
        {"success", {status(200)}, 1, 200},
        {"a refusal is final", {status(400)}, 1, 400},
        {"not there", {status(404)}, 1, 404},
        {"a declined card", {status(402)}, 1, 402},
        {"a wrong key", {status(401)}, 1, 401},
        {"a redirect", {status(302)}, 1, 302},
        {"conflict, then done", {status(409), status(200)}, 2, 200},
        {"failed dependency, then done", {status(424), status(200)}, 2, 200},
        {"too many, then done", {status(429), status(200)}, 2, 200},
        {"500, then done", {status(500), status(200)}, 2, 200},
        {"503 twice, then done", {status(503), status(503), status(200)}, 3, 200},
        {"silence, then done", {silence(), status(200)}, 2, 200},
        {"silence for good", {silence()}, 3, 0},
        {"500 for good", {status(500)}, 3, 500},
        {"told not to", {status(500, {{"stripe-should-retry", "false"}})}, 1, 500},
        {"told to", {status(400, {{"stripe-should-retry", "true"}}), status(200)}, 2, 200},
        {"told nonsense", {status(400, {{"stripe-should-retry", "maybe"}})}, 1, 400},
        {"asked for more patience than a person has", {status(429, {{"retry-after", "60"}})}, 1, 429},
        {"a bad header is final", {failure(Code::malformed, "bad_header")}, 1, 0},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Scripted client(row.outcomes);
        Noted waiter;
        ManualClock const clock({0});
        SeededRng rng(1);
        Channel channel({client, waiter, clock, rng});
        auto const outcome = channel.call({});
        EXPECT_EQ(client.sent, row.sent);
        EXPECT_EQ(outcome ? outcome->status : 0, row.status);
        EXPECT_EQ(waiter.waits.size(), static_cast<std::size_t>(row.sent - 1));
    }
}

TEST(Channel, OnceMeansOnce) {
    Scripted client({silence()});
    Noted waiter;
    ManualClock const clock({0});
    SeededRng rng(1);
    Channel channel({client, waiter, clock, rng});
    EXPECT_FALSE(channel.callOnce({}));
    EXPECT_EQ(client.sent, 1);
    EXPECT_TRUE(client.lastOnce);
}

TEST(Channel, ShutdownEndsTheTries) {
    Scripted client({silence()});
    Noted waiter;
    waiter.stopped = true;
    ManualClock const clock({0});
    SeededRng rng(1);
    Channel channel({client, waiter, clock, rng});
    EXPECT_FALSE(channel.call({}));
    EXPECT_EQ(client.sent, 1);
}

TEST(RetryDelay, DoublesAndIsScattered) {
    struct Delay {
        char const* name;
        int next;
        Result<OutAnswer> outcome;
        std::int64_t least, most;
    };
    Delay const rows[] = {
        {"second try: never below the base", 2, status(500), 500, 500},
        {"third try", 3, status(500), 500, 1'000},
        {"fourth try", 4, status(500), 1'000, 2'000},
        {"far out: the cap", 12, silence(), 2'500, 5'000},
        {"asked for longer", 2, status(429, {{"retry-after", "3"}}), 3'000, 3'000},
        {"asked for less", 4, status(429, {{"retry-after", "0"}}), 1'000, 2'000},
        {"asked by a date", 2, status(429, {{"retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"}}), 500, 500},
        {"asked for nonsense", 2, status(429, {{"retry-after", "-5"}}), 500, 500},
    };
    SeededRng rng(7);
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        std::int64_t least = INT64_MAX;
        std::int64_t most = 0;
        for (int i = 0; i < 200; ++i) {
            auto const delay = retryDelay({}, row.next, row.outcome, rng).count();
            least = std::min(least, delay);
            most = std::max(most, delay);
        }
        EXPECT_GE(least, row.least);
        EXPECT_LE(most, row.most);
        EXPECT_GE(most - least, (row.most - row.least) / 2) << "scattered";
    }
}

TEST(Breaker, OpensProbesAndCloses) {
    ManualClock clock({1'000'000});
    Breaker breaker(clock, {.failures = 3, .openFor = Millis(10'000)});
    auto const fail = [&](int times) {
        for (int i = 0; i < times; ++i) breaker.report(false);
    };
    fail(2);
    breaker.report(true);
    fail(2);
    EXPECT_TRUE(breaker.admit()) << "only failures in a row count";
    fail(1);
    EXPECT_EQ(breaker.state(), Breaker::State::open);
    EXPECT_FALSE(breaker.admit());

    clock.advance(Millis(9'999));
    EXPECT_FALSE(breaker.admit());
    clock.advance(Millis(1));
    EXPECT_TRUE(breaker.admit()) << "one probe";
    EXPECT_FALSE(breaker.admit()) << "and no second beside it";
    breaker.report(false);
    EXPECT_FALSE(breaker.admit()) << "the probe failed: open again";

    clock.advance(Millis(10'000));
    EXPECT_TRUE(breaker.admit());
    clock.advance(Millis(10'000));
    EXPECT_TRUE(breaker.admit()) << "a probe that never reported is forgotten";
    breaker.report(true);
    EXPECT_EQ(breaker.state(), Breaker::State::closed);
    EXPECT_TRUE(breaker.admit());

    fail(3);
    clock.set({5});
    EXPECT_TRUE(breaker.admit()) << "a clock that was set back does not shut the provider out";
}

TEST(Channel, AnOpenCircuitSendsNothing) {
    Scripted client({status(503)});
    Noted waiter;
    ManualClock clock({0});
    SeededRng rng(1);
    Channel channel({client, waiter, clock, rng}, {}, {.failures = 5, .openFor = Millis(10'000)});
    EXPECT_EQ(channel.call({})->status, 503);
    EXPECT_EQ(channel.call({})->status, 503) << "what opened it is told, not that it is open";
    EXPECT_EQ(client.sent, 5);
    auto const outcome = channel.call({});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().key, trouble::circuitOpen);
    EXPECT_EQ(client.sent, 5);
    clock.advance(Millis(10'000));
    EXPECT_EQ(channel.call({})->status, 503);
    EXPECT_EQ(client.sent, 6) << "one probe, no retry";
}

TEST(RealWaiter, StopWakesTheWaiting) {
    RealWaiter waiter;
    bool finished = true;
    std::thread waiting([&] { finished = waiter.wait(Hours(1)); });
    waiter.stop();
    waiting.join();
    EXPECT_FALSE(finished);
    EXPECT_FALSE(waiter.wait(Hours(1)));
    EXPECT_TRUE(RealWaiter().wait(Millis(0)));
}

TEST(RealWaiter, TakesNoTimeBeforeTheSandboxAndStillStops) {
    RealWaiter waiter;
    waiter.hurry();
    EXPECT_TRUE(waiter.wait(Hours(1)));
    waiter.stop();
    EXPECT_FALSE(waiter.wait(Hours(1)));
}

} // namespace
} // namespace visavis::outbound
