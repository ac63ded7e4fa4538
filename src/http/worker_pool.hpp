// A bounded pool of threads for blocking work: threads start when there is work, a full queue refuses instead of growing.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace visavis::http {

class WorkerPool {
public:
    // `threads` at most; `queue` is how many jobs may wait while all of them are busy.
    WorkerPool(unsigned threads, std::size_t queue);
    ~WorkerPool(); // stop()
    WorkerPool(WorkerPool const&) = delete;
    WorkerPool& operator=(WorkerPool const&) = delete;

    // False when the queue is full or the pool stopped; then the job was not taken. Jobs must not throw.
    bool submit(std::function<void()> job);
    void stop(); // lets running jobs end, drops waiting ones, joins; may be called again
    std::size_t queued() const;
    std::size_t threads() const;
    std::size_t idle() const; // threads without a job

private:
    bool startThread();
    void work();

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> jobs_;
    std::vector<std::thread> threads_;
    std::size_t idle_ = 0;
    unsigned const maxThreads_;
    std::size_t const maxQueue_;
    bool stopping_ = false;
};

} // namespace visavis::http
