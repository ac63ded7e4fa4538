// The tick, the list of sessions, and the shared counters.
#include "http/loop.hpp"

#include "http/serialise.hpp"
#include "http/session.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <exception>

namespace visavis::http {

namespace {

// Fine enough for the shortest timeout, and for the Date header.
Millis tickFor(Limits const& limits) {
    auto const shortest = std::min({limits.readTimeout, limits.idleTimeout, limits.writeTimeout});
    return std::clamp(shortest / 8, Millis(5), Millis(250));
}

} // namespace

Shared::Shared(Settings given, Handler handling, Clock const& time)
    : settings(std::move(given)),
      handler(std::move(handling)),
      clock(time),
      tick(tickFor(settings.limits)),
      pool(settings.workers, settings.limits.queue) {
    assert(handler.handle);
}

void Shared::opened() {
    connections.fetch_add(1, std::memory_order_relaxed);
    accepted.fetch_add(1, std::memory_order_relaxed);
}

void Shared::closed() {
    if (connections.fetch_sub(1) != 1) return;
    std::lock_guard const lock(mutex);
    empty.notify_all();
}

void Shared::report(std::string_view what) const noexcept {
    try {
        if (handler.onError) handler.onError(what);
    } catch (...) {
        return; // a log that fails must not take the server with it
    }
}

Response Shared::refusal(Refusal const& why) noexcept {
    refused.fetch_add(1, std::memory_order_relaxed);
    auto response = problem(why.status, why.code, why.detail);
    try {
        if (handler.refuse) response = handler.refuse(why);
    } catch (std::exception const& e) {
        report(e.what());
    }
    auto const tells = [](Header const& header) { return equalIgnoringCase(header.name, "Retry-After"); };
    if (why.status == 503 && std::ranges::none_of(response.headers, tells)) response.with("Retry-After", "1");
    return response;
}

Loop::Loop(Shared& given) : shared(given), date_(dateLine(given.clock.now())) {}

Loop::~Loop() { stop(); }

void Loop::start() {
    waitForTick();
    thread_ = std::thread([this] { context.run(); });
}

void Loop::stop() {
    if (!thread_.joinable()) return;
    asio::post(context, [this] {
        stopping_ = true;
        timer_.cancel();
        work_.reset();
        while (!sessions_.empty()) sessions_.back()->close();
    });
    thread_.join();
}

void Loop::drain() {
    asio::post(context, [this] {
        for (std::size_t i = sessions_.size(); i-- > 0;) sessions_[i]->drain();
    });
}

void Loop::adopt(Socket socket) {
    if (stopping_) return shared.closed();
    auto const session = std::make_shared<Session>(*this, std::move(socket));
    session->start();
    if (shared.draining.load()) session->drain();
}

void Loop::add(Session& session) {
    session.index = sessions_.size();
    sessions_.push_back(&session);
}

void Loop::remove(Session& session) {
    assert(sessions_[session.index] == &session);
    sessions_[session.index] = sessions_.back();
    sessions_[session.index]->index = session.index;
    sessions_.pop_back();
    shared.closed();
}

void Loop::waitForTick() {
    timer_.expires_after(shared.tick);
    timer_.async_wait([this](boost::system::error_code ec) {
        if (!ec && !stopping_) onTick();
    });
}

// A session that closes is replaced by the last of the list, which has been visited already.
void Loop::onTick() {
    ++now_;
    date_ = dateLine(shared.clock.now());
    for (std::size_t i = sessions_.size(); i-- > 0;) sessions_[i]->onTick(now_);
    waitForTick();
}

} // namespace visavis::http
