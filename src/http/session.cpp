// Reading and handling; session_write.cpp has the sending half. See session.hpp for the states.
#include "http/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace visavis::http {

namespace {

constexpr int stepsPerTurn = 64;            // of one connection, before others get theirs
constexpr std::size_t bodyRead = 16 * 1024; // room for each read of a body
constexpr std::size_t headRead = 512;       // and of a head
constexpr std::size_t maxDiscard = 256 * 1024;

constexpr Refusal malformedHead{400, "bad_request", "The request is not valid HTTP/1.1."};
constexpr Refusal malformedChunks{400, "bad_request", "The chunked body is not valid."};
constexpr Refusal headTooLarge{431, "headers_too_large", "The request line and headers are too large."};
constexpr Refusal bodyTooLarge{413, "too_large", "The request body is too large."};
constexpr Refusal tooSlow{408, "request_timeout", "The request did not arrive in time."};
constexpr Refusal busy{503, "unavailable", "The server is busy. Try again in a moment."};
constexpr Refusal broken{500, "internal", "Something went wrong on our side."};

} // namespace

Session::Session(Loop& loop, Socket socket) : loop_(loop), socket_(std::move(socket)) { loop_.add(*this); }

void Session::start() {
    boost::system::error_code ec;
    socket_.non_blocking(true, ec);
    socket_.set_option(asio::ip::tcp::no_delay(true), ec);
    arm(limits().idleTimeout);
    read();
}

void Session::drain() {
    boost::system::error_code ec;
    if (stream_) stream_->close();
    if (state_ == State::idle) socket_.cancel(ec); // see onRead(): bytes may have been read that were not looked at yet
}

void Session::close() {
    if (state_ == State::closed) return;
    auto const self = shared_from_this();
    state_ = State::closed;
    boost::system::error_code ec;
    socket_.close(ec);
    loop_.remove(*this);
    if (auto const stream = std::exchange(stream_, nullptr)) stream->detach();
}

void Session::advance() {
    for (int turn = 0; turn < stepsPerTurn; ++turn) {
        auto const next = step();
        if (next == Next::more) return read();
        if (next == Next::wait) return;
    }
    asio::post(loop_.context, [self = shared_from_this()] { self->advance(); });
}

void Session::follow(Next next) {
    if (next == Next::again) advance();
    if (next == Next::more) read();
}

Session::Next Session::step() {
    switch (state_) {
        case State::idle:
        case State::head:
            return takeHead();
        case State::body:
            return takeBody();
        default:
            return Next::wait;
    }
}

Session::Next Session::takeHead() {
    while (in_.view().starts_with("\r\n") && state_ == State::idle) in_.consume(2); // RFC 9112 §2.2
    if (in_.empty() && !reading_) in_.shrink();
    if (in_.empty() || (state_ == State::idle && in_.view() == "\r")) return Next::more;
    if (state_ == State::idle) {
        state_ = State::head;
        arm(limits().readTimeout);
    }
    switch (scan_.scan(in_.view(), limits().header)) {
        case HeadScanner::Found::more:
            return Next::more;
        case HeadScanner::Found::malformed:
            return refuse(malformedHead);
        case HeadScanner::Found::tooLarge:
            return refuse(headTooLarge);
        case HeadScanner::Found::head:
            return begin();
    }
    return Next::wait;
}

// The head is whole: what is to be done with the request, and is there a body to wait for?
Session::Next Session::begin() {
    exchange_ = std::make_unique<Exchange>();
    auto& request = exchange_->request;
    auto& framing = exchange_->framing;
    auto const refusal = parseHead(in_.view().substr(0, scan_.size()), request, framing);
    in_.consume(scan_.size());
    scan_.reset();
    if (refusal) return refuse(*refusal);

    request.peer = peer();
    exchange_->method = request.method;
    try {
        if (shared().handler.plan) exchange_->plan = shared().handler.plan({request.method, request.target, request.headers});
    } catch (std::exception const& e) {
        shared().report(e.what());
        return refuse(broken);
    }
    request.route = exchange_->plan.route;
    exchange_->bodyLimit = exchange_->plan.bodyLimit.value_or(limits().body);
    exchange_->keepAlive = framing.keepAlive;
    if (framing.body == Framing::Body::none) return dispatch();
    if (exchange_->plan.ignoreBody) {
        exchange_->keepAlive = false;
        return dispatch();
    }
    if (framing.length > exchange_->bodyLimit) return refuse(bodyTooLarge);
    state_ = State::body;
    if (framing.expectContinue && in_.empty()) sendContinue();
    return Next::again;
}

Session::Next Session::takeBody() {
    if (state_ == State::closed) return Next::wait;
    return exchange_->framing.body == Framing::Body::length ? takeLength() : takeChunks();
}

Session::Next Session::takeLength() {
    auto& body = exchange_->request.body;
    auto const wanted = static_cast<std::size_t>(exchange_->framing.length) - body.size();
    auto const bytes = in_.view().substr(0, wanted);
    body.append(bytes);
    in_.consume(bytes.size());
    return bytes.size() == wanted ? dispatch() : Next::more;
}

Session::Next Session::takeChunks() {
    auto bytes = in_.view();
    auto const before = bytes.size();
    auto const state = exchange_->chunks.feed(bytes, exchange_->request.body, exchange_->bodyLimit);
    in_.consume(before - bytes.size());
    switch (state) {
        case ChunkDecoder::State::more:
            return Next::more;
        case ChunkDecoder::State::done:
            return dispatch();
        case ChunkDecoder::State::malformed:
            return refuse(malformedChunks);
        case ChunkDecoder::State::tooLarge:
            return refuse(bodyTooLarge);
    }
    return Next::wait;
}

Session::Next Session::dispatch() {
    deadline_ = 0;
    if (exchange_->plan.inlineAnswer) {
        exchange_->response = handled(std::move(exchange_->request));
        return respond();
    }
    if (exchange_->plan.maybeKnown && recalled()) return respond();
    state_ = State::handling;
    shared().inFlight.fetch_add(1, std::memory_order_relaxed);
    if (shared().pool.submit([self = shared_from_this()] { self->work(); })) return Next::wait;
    shared().inFlight.fetch_sub(1, std::memory_order_relaxed);
    return refuse(busy, exchange_->keepAlive);
}

// On a worker: nothing but the exchange may be touched, and the I/O thread leaves that alone meanwhile.
void Session::work() {
    exchange_->response = handled(std::move(exchange_->request));
    asio::post(loop_.context, [self = shared_from_this()] { self->worked(); });
}

void Session::worked() {
    shared().inFlight.fetch_sub(1, std::memory_order_relaxed);
    if (state_ == State::handling) follow(respond());
}

bool Session::recalled() {
    try {
        auto known = shared().handler.recall(exchange_->request);
        if (known) exchange_->response = std::move(*known);
        return known.has_value();
    } catch (std::exception const& e) { // a worker may do better
        shared().report(e.what());
        return false;
    }
}

Response Session::handled(Request&& request) const noexcept {
    try {
        return shared().handler.handle(std::move(request));
    } catch (std::exception const& e) {
        shared().report(e.what());
    } catch (...) {
        shared().report("a handler threw something that is no std::exception");
    }
    return shared().refusal(broken);
}

Session::Next Session::refuse(Refusal const& why, bool keepAlive) {
    if (!exchange_) exchange_ = std::make_unique<Exchange>();
    exchange_->keepAlive = keepAlive;
    exchange_->response = shared().refusal(why);
    return respond();
}

void Session::read() {
    if (reading_ || state_ == State::closed) return;
    in_.prepare(state_ == State::body ? bodyRead : state_ == State::idle ? 1 : headRead);
    reading_ = true;
    socket_.async_read_some(asio::buffer(in_.tail(), in_.room()),
                            [self = shared_from_this()](boost::system::error_code ec, std::size_t bytes) { self->onRead(ec, bytes); });
}

void Session::onRead(boost::system::error_code ec, std::size_t bytes) {
    reading_ = false;
    if (state_ == State::closed) return;
    bool const leaving = ec == asio::error::operation_aborted && state_ == State::idle;
    if (leaving && socket_.available(ec) > 0) return read(); // a request that came before the decision to stop
    if (leaving || ec) return close(); // also the peer's end of file: what it began is not finished, what it finished is answered
    if (state_ == State::lingering) {
        in_.clear();
        discarded_ += bytes;
        return discarded_ > maxDiscard ? close() : read();
    }
    in_.commit(bytes);
    if (state_ == State::streaming) return in_.size() > limits().header ? close() : read();
    advance();
}

void Session::onDeadline() {
    deadline_ = 0;
    if (state_ == State::head || state_ == State::body) return follow(refuse(tooSlow));
    boost::system::error_code ec;
    if (writing_) socket_.set_option(asio::socket_base::linger(true, 0), ec); // or the kernel would keep what the peer does not take
    close();
}

std::string const& Session::peer() {
    if (!peer_.empty()) return peer_;
    boost::system::error_code ec;
    auto address = socket_.remote_endpoint(ec).address();
    if (ec) return peer_;
    if (address.is_v6() && address.to_v6().is_v4_mapped()) address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    peer_ = address.to_string();
    return peer_;
}

} // namespace visavis::http
