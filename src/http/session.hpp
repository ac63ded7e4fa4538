// One connection: reads a request, has it handled, sends the answer, and again. Lives on one I/O thread. Private to http/.
#pragma once

#include "http/framing.hpp"
#include "http/head.hpp"
#include "http/input_buffer.hpp"
#include "http/loop.hpp"
#include "http/response_stream.hpp"

#include <memory>

namespace visavis::http {

class Session final : public std::enable_shared_from_this<Session> {
public:
    Session(Loop& loop, Socket socket);

    void start();
    void drain(); // closes an idle connection, ends a stream; leaves a request in flight alone
    void close();
    void onTick(std::uint64_t now) {
        if (deadline_ != 0 && now >= deadline_) onDeadline();
    }

    std::size_t index = 0; // in the loop's list

private:
    enum class State : std::uint8_t { idle, head, body, handling, writing, streaming, lingering, closed };
    enum class Next : std::uint8_t { again, more, wait }; // go on with the bytes at hand, read, or leave it to a callback

    // One request and its answer; exists only while there is one, to keep idle connections small.
    struct Exchange {
        Request request;
        Framing framing;
        ChunkDecoder chunks;
        Plan plan;
        std::size_t bodyLimit = 0;
        Method method = Method::get; // the request is moved to the handler
        Response response;
        bool keepAlive = false;
        std::string head; // what is being sent: this, then the body
        std::string_view body;
        std::size_t sent = 0;
    };

    void advance();
    void follow(Next next);
    Next step();
    Next takeHead();
    Next begin();
    Next takeBody();
    Next takeLength();
    Next takeChunks();
    Next dispatch();
    void work();
    void worked();
    bool recalled(); // the answer is in memory, and in the exchange now
    Response handled(Request&& request) const noexcept;

    Next refuse(Refusal const& why, bool keepAlive = false);
    Next respond();
    Next send(std::string_view head, std::string_view body);
    void sendRest();
    void onWritten(boost::system::error_code ec, std::size_t bytes);
    Next sent();
    Next linger();
    Next startStream();
    void flushStream();
    void sendContinue();

    void read();
    void onRead(boost::system::error_code ec, std::size_t bytes);
    void onDeadline();
    void arm(Millis time) { deadline_ = loop_.deadline(time); }
    Shared& shared() const { return loop_.shared; }
    Limits const& limits() const { return loop_.shared.settings.limits; }
    std::string const& peer();

    Loop& loop_;
    Socket socket_;
    InputBuffer in_;
    HeadScanner scan_;
    std::unique_ptr<Exchange> exchange_;
    std::shared_ptr<ResponseStream> stream_;
    std::string peer_;
    std::uint64_t deadline_ = 0; // in ticks; 0 = none
    std::size_t discarded_ = 0;  // while lingering
    State state_ = State::idle;
    bool reading_ = false;
    bool writing_ = false;
};

} // namespace visavis::http
