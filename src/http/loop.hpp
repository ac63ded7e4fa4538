// One I/O thread: its event loop, its sessions, and a coarse tick instead of a timer per connection. Private to http/.
#pragma once

#include "http/server.hpp"
#include "http/worker_pool.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace visavis::http {

namespace asio = boost::asio;

using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

class Session;

// What all I/O threads share.
struct Shared {
    Shared(Settings given, Handler handling, Clock const& time);

    // A timeout in ticks; one more than it takes, since the first tick may come at once.
    std::uint64_t ticks(Millis time) const { return static_cast<std::uint64_t>((time.count() + tick.count() - 1) / tick.count()) + 1; }
    void opened();
    void closed();
    void report(std::string_view what) const noexcept; // to Handler::onError
    Response refusal(Refusal const& why) noexcept;     // by Handler::refuse, or plain

    Settings const settings;
    Handler const handler;
    Clock const& clock;
    Millis const tick;
    WorkerPool pool;

    std::atomic<bool> draining{false};
    std::atomic<std::size_t> connections{0};
    std::atomic<std::size_t> inFlight{0};
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> refused{0};

    std::mutex mutex;
    std::condition_variable empty; // connections became 0
};

class Loop {
public:
    explicit Loop(Shared& shared);
    ~Loop();
    Loop(Loop const&) = delete;
    Loop& operator=(Loop const&) = delete;

    void start();
    void stop(); // closes every session and joins the thread
    void drain();

    // The rest is for this loop's own thread.
    void adopt(Socket socket);
    void add(Session& session);
    void remove(Session& session);
    std::uint64_t deadline(Millis time) const { return now_ + shared.ticks(time); }
    std::string_view date() const { return date_; }

    asio::io_context context{1}; // one thread runs it; others may post
    Shared& shared;
    std::string scratch; // for the head of the answer being sent

private:
    void waitForTick();
    void onTick();

    asio::steady_timer timer_{context};
    asio::executor_work_guard<asio::io_context::executor_type> work_{context.get_executor()};
    std::thread thread_;
    std::vector<Session*> sessions_;
    std::string date_;
    std::uint64_t now_ = 1; // ticks since the start
    bool stopping_ = false;
};

} // namespace visavis::http
