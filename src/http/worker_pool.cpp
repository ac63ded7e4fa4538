// Threads are started one by one while nobody is idle; jobs are taken in the order they came.
#include "http/worker_pool.hpp"

#include <system_error>
#include <utility>

namespace visavis::http {

WorkerPool::WorkerPool(unsigned threads, std::size_t queue) : maxThreads_(threads == 0 ? 1 : threads), maxQueue_(queue) {}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::submit(std::function<void()> job) {
    {
        std::lock_guard const lock(mutex_);
        bool const start = jobs_.size() >= idle_ && threads_.size() < maxThreads_;
        if (stopping_ || (!start && jobs_.size() >= idle_ + maxQueue_)) return false;
        if (start && !startThread() && (threads_.empty() || jobs_.size() >= idle_ + maxQueue_)) return false;
        jobs_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

// False when the machine has no thread to give; then those there are must do.
bool WorkerPool::startThread() {
    try {
        threads_.emplace_back([this] { work(); });
    } catch (std::system_error const&) {
        return false;
    }
    ++idle_; // counted from now, so that the next job does not start another thread for this one's sake
    return true;
}

void WorkerPool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        --idle_;
        lock.unlock();
        job();
        job = nullptr; // what it captured ends outside the lock
        lock.lock();
        ++idle_;
    }
}

void WorkerPool::stop() {
    std::deque<std::function<void()>> dropped;
    std::vector<std::thread> ending;
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        dropped.swap(jobs_);
        ending.swap(threads_);
    }
    wake_.notify_all();
    for (auto& thread : ending) thread.join();
}

std::size_t WorkerPool::queued() const {
    std::lock_guard const lock(mutex_);
    return jobs_.size() > idle_ ? jobs_.size() - idle_ : 0;
}

std::size_t WorkerPool::threads() const {
    std::lock_guard const lock(mutex_);
    return threads_.size();
}

std::size_t WorkerPool::idle() const {
    std::lock_guard const lock(mutex_);
    return idle_;
}

} // namespace visavis::http
