// The pool's bounds: threads on demand, a queue that refuses, an end that joins.
#include "http/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

namespace visavis::http {
namespace {

TEST(WorkerPool, StartsNoThreadBeforeThereIsWork) {
    WorkerPool const pool(4, 4);
    EXPECT_EQ(pool.threads(), 0U);
}

TEST(WorkerPool, RefusesWhatNeitherThreadsNorQueueHold) {
    WorkerPool pool(2, 3);
    std::promise<void> gate;
    auto const open = gate.get_future().share();
    std::latch running(2);
    std::atomic<int> done = 0;
    for (int i = 0; i < 2; ++i) {
        EXPECT_TRUE(pool.submit([&] {
            running.count_down();
            open.wait();
            ++done;
        }));
    }
    running.wait();
    std::latch queued(3);
    auto const job = [&] {
        ++done;
        queued.count_down();
    };
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.submit(job));
    EXPECT_EQ(pool.queued(), 3U);
    EXPECT_FALSE(pool.submit(job));
    EXPECT_EQ(pool.threads(), 2U);
    gate.set_value();
    queued.wait();
    pool.stop();
    EXPECT_EQ(done, 5);
    EXPECT_FALSE(pool.submit(job));
}

TEST(WorkerPool, KeepsTheOrderOfOneThread) {
    WorkerPool pool(1, 100);
    std::vector<int> order;
    std::promise<void> last;
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(pool.submit([&, i] {
            order.push_back(i);
            if (i == 99) last.set_value();
        }));
    }
    last.get_future().wait();
    for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(WorkerPool, ReusesAnIdleThread) {
    WorkerPool pool(8, 8);
    for (int i = 0; i < 50; ++i) {
        std::promise<void> done;
        auto future = done.get_future();
        ASSERT_TRUE(pool.submit([&] { done.set_value(); }));
        future.wait();
        while (pool.idle() == 0) std::this_thread::yield(); // it is on its way back
    }
    EXPECT_EQ(pool.threads(), 1U);
}

TEST(WorkerPool, StopsTwice) {
    WorkerPool pool(2, 2);
    ASSERT_TRUE(pool.submit([] {}));
    pool.stop();
    pool.stop();
    EXPECT_EQ(pool.threads(), 0U);
}

} // namespace
} // namespace visavis::http
