// The sending half of a connection: answers, streams, and the orderly end.
#include "http/serialise.hpp"
#include "http/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <exception>

namespace visavis::http {

namespace {

constexpr Millis lingerTime{2'000};

} // namespace

// Sends exchange_->response.
Session::Next Session::respond() {
    auto& exchange = *exchange_;
    auto& response = exchange.response;
    if (response.hangUp) {
        close();
        return Next::wait;
    }
    bool const toHead = exchange.method == Method::head;
    if (toHead || !mayHaveBody(response.status)) response.stream = nullptr;
    exchange.keepAlive = exchange.keepAlive && !response.close && !response.stream && !shared().draining.load(std::memory_order_relaxed);
    shared().requests.fetch_add(1, std::memory_order_relaxed);

    Delivery const delivery{exchange.framing.http10, exchange.keepAlive, loop_.date()};
    loop_.scratch.clear();
    if (!appendHead(loop_.scratch, response, delivery)) {
        shared().report("a response header has a name or value that cannot be sent");
        response = problem(500, "internal", "Something went wrong on our side.");
        appendHead(loop_.scratch, response, delivery);
    }
    bool const bodiless = toHead || response.stream || !mayHaveBody(response.status);
    return send(loop_.scratch, bodiless ? std::string_view() : response.content());
}

// Most answers fit the socket's buffer: they are sent at once, without a callback and without keeping the head.
Session::Next Session::send(std::string_view head, std::string_view body) {
    std::array const buffers{asio::const_buffer(head.data(), head.size()), asio::const_buffer(body.data(), body.size())};
    boost::system::error_code ec;
    auto const done = socket_.write_some(buffers, ec);
    if (ec && ec != asio::error::would_block) {
        close();
        return Next::wait;
    }
    if (done == head.size() + body.size()) return sent();
    exchange_->head = head;
    exchange_->body = body;
    exchange_->sent = done;
    state_ = State::writing;
    sendRest();
    return Next::wait;
}

void Session::sendRest() {
    auto const& exchange = *exchange_;
    auto const fromHead = std::min(exchange.sent, exchange.head.size());
    auto const head = std::string_view(exchange.head).substr(fromHead);
    auto const body = exchange.body.substr(exchange.sent - fromHead);
    std::array const buffers{asio::const_buffer(head.data(), head.size()), asio::const_buffer(body.data(), body.size())};
    arm(limits().writeTimeout);
    writing_ = true;
    socket_.async_write_some(buffers,
                             [self = shared_from_this()](boost::system::error_code ec, std::size_t bytes) { self->onWritten(ec, bytes); });
}

void Session::onWritten(boost::system::error_code ec, std::size_t bytes) {
    writing_ = false;
    if (state_ == State::closed) return;
    if (ec) return close();
    exchange_->sent += bytes;
    if (exchange_->sent < exchange_->head.size() + exchange_->body.size()) return sendRest();
    if (state_ == State::streaming) return flushStream();
    follow(sent());
}

Session::Next Session::sent() {
    if (exchange_->response.stream) return startStream();
    bool const keepAlive = exchange_->keepAlive && !shared().draining.load(std::memory_order_relaxed);
    exchange_.reset();
    if (!keepAlive) return linger();
    state_ = State::idle;
    arm(limits().idleTimeout);
    return Next::again;
}

// Ends the sending direction and reads on for a moment: closing with unread bytes would reset the connection and could take the
// answer away from the peer (RFC 9112 §9.6).
Session::Next Session::linger() {
    boost::system::error_code ec;
    socket_.shutdown(Socket::shutdown_send, ec);
    state_ = State::lingering;
    arm(lingerTime);
    return Next::more;
}

Session::Next Session::startStream() {
    state_ = State::streaming;
    deadline_ = 0;
    auto poke = [weak = weak_from_this(), this] {
        asio::post(loop_.context, [weak] {
            if (auto const self = weak.lock()) self->flushStream();
        });
    };
    stream_ = std::make_shared<ResponseStream>(std::move(poke), !exchange_->framing.http10, limits().streamBuffer);
    auto const begin = std::exchange(exchange_->response.stream, nullptr);
    try {
        begin(stream_);
    } catch (std::exception const& e) {
        shared().report(e.what());
        close();
        return Next::wait;
    }
    if (shared().draining.load()) stream_->close();
    return Next::more; // to learn that the peer is gone
}

void Session::flushStream() {
    if (state_ != State::streaming || writing_) return;
    auto taken = stream_->take();
    if (taken.overrun) return close();
    deadline_ = 0;
    if (!taken.bytes.empty()) {
        exchange_->head = std::move(taken.bytes);
        exchange_->body = {};
        exchange_->sent = 0;
        return sendRest();
    }
    if (!taken.last) return;
    std::exchange(stream_, nullptr)->detach();
    exchange_.reset();
    follow(linger());
}

// The first bytes sent for this request: the socket's buffer is as good as empty. Should it refuse, the client goes on by itself
// after a while (RFC 9110 §10.1.1).
void Session::sendContinue() {
    boost::system::error_code ec;
    static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
    auto const done = socket_.write_some(asio::buffer(line.data(), line.size()), ec);
    if (ec ? ec != asio::error::would_block : done != line.size()) close();
}

} // namespace visavis::http
