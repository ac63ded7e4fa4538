// The runner: what waits for a mail server holds up nothing else, and a clock that is set back stops nothing.
#include "work/runner.hpp"

#include "identity/events.hpp"
#include "notifications/testing.hpp"
#include "payments/testing.hpp"

#include <condition_variable>

namespace visavis::work {
namespace {

// A mail server that says nothing until the gate opens.
class GatedMailer final : public notifications::Mailer {
public:
    Result<void> send(notifications::Mail const&) override {
        std::unique_lock lock(mutex_);
        ++waiting_;
        opened_.wait(lock, [&] { return open_; });
        ++sent_;
        return ok;
    }
    notifications::Sender sender() const override { return {"mail@visavis.test", "Visavis"}; }

    void open() {
        std::lock_guard const lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    std::size_t waiting() const {
        std::lock_guard const lock(mutex_);
        return waiting_ - sent_;
    }
    std::size_t sent() const {
        std::lock_guard const lock(mutex_);
        return sent_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
    std::size_t waiting_ = 0, sent_ = 0;
};

template <class F> bool until(F const& holds) {
    auto const ends = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds() && std::chrono::steady_clock::now() < ends) std::this_thread::yield();
    return holds();
}

class Lanes : public payments::Till {
protected:
    static constexpr std::size_t mails = 6; // more than there are hands

    void SetUp() override {
        paid = pay(5'000);
        auto const forgetful = user("fay", identity::UserType::customer);
        transact([&](Tx& tx) -> Result<bool> {
            for (std::size_t i = 0; i < mails; ++i)
                CHECK(visavis::emit(tx, identity::PasswordResetRequested{forgetful.id}, std::to_string(i), now()));
            return true;
        });
    }

    payments::Payment paid;
    GatedMailer mailer;
    Runner runner{{host.platform, mailer, Seconds(60)}};
};

TEST_F(Lanes, ASilentMailServerHoldsUpNoMoney) {
    runner.start();
    EXPECT_TRUE(until([&] { return mailer.waiting() > 1; }));
    auto const refund = payments::must(request(paid));
    EXPECT_TRUE(until([&] { return stored(refund).status == payments::RefundState::succeeded; }));
    EXPECT_EQ(mailer.sent(), 0U);
    mailer.open();
    EXPECT_TRUE(until([&] { return mailer.sent() == mails; }));
    runner.stop();
}

TEST_F(Lanes, SettlingWaitsForMailsAndMoney) {
    runner.start();
    EXPECT_TRUE(until([&] { return mailer.waiting() > 1; }));
    auto const refund = payments::must(request(paid));
    std::size_t sent = 0;
    std::thread settling([&] {
        runner.settle(Seconds(60));
        sent = mailer.sent();
    });
    mailer.open();
    settling.join();
    EXPECT_EQ(sent, mails);
    EXPECT_EQ(stored(refund).status, payments::RefundState::succeeded);
    runner.stop();
}

class SetBack : public payments::Till {
protected:
    // Every job that is due more often than daily has run at this moment.
    bool haveRun() const {
        auto const states = runner.states();
        return std::all_of(jobs().begin(), jobs().end(), [&, at = now()](Job const& job) {
            auto const state = std::find_if(states.begin(), states.end(), [&](auto const& one) { return one.name == job.name; });
            return job.dailyAt || state->lastRunAt == at;
        });
    }

    notifications::RecordingMailer mailer;
    Runner runner{{host.platform, mailer, Seconds(60)}};
};

TEST_F(SetBack, JobsRunAgainWithinTheirPeriods) {
    runner.start();
    EXPECT_TRUE(until([&] { return haveRun(); }));
    host.clock.set(now() - Hours(2));
    EXPECT_TRUE(until([&] { return haveRun(); }));
    runner.stop();
}

TEST_F(SetBack, WhatWaitsInTheOutboxIsDue) {
    auto const refund = payments::must(request(pay(5'000)));
    host.clock.set(now() - Hours(2));
    runner.start();
    EXPECT_TRUE(runner.settle(Seconds(60)));
    runner.stop();
    EXPECT_EQ(stored(refund).status, payments::RefundState::succeeded);
}

} // namespace
} // namespace visavis::work
