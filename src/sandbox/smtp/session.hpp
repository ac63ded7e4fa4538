// The server's side of an SMTP conversation (RFC 5321, 4954 PLAIN, 1870 SIZE, 2920 PIPELINING), fed with bytes; it knows no sockets.
#pragma once

#include "core/time.hpp"
#include "sandbox/faults.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace visavis::sandbox::smtp {

struct Envelope {
    std::string from;
    std::vector<std::string> to;
    std::string content; // CRLF line ends, dots no longer doubled
};

class Session {
public:
    static constexpr std::size_t mostContent = 10 * 1024 * 1024;
    static constexpr std::size_t longestLine = 2'000;
    static constexpr std::size_t mostRecipients = 100;

    struct Host {
        std::function<void(Envelope const&)> deliver;
        std::function<Faults(std::string_view subject)> faults; // "RCPT ann@x.test", "MAIL …", "DATA ann@x.test"
        std::function<void(Millis)> pause;
        std::function<void(Envelope const&, int status)> seen; // for the log: every end of a DATA and every refused recipient
    };

    explicit Session(Host host) : host_(std::move(host)) {}

    std::string greeting() const { return "220 localhost Visavis sandbox SMTP\r\n"; }
    // Takes what came and returns what to answer. After ended() the connection is to be closed, when the answer is out.
    std::string feed(std::string_view bytes);
    bool ended() const { return ended_; }

private:
    enum class State { start, greeted, mail, recipients, data, authenticating };

    void line(std::string_view text);
    void command(std::string_view verb, std::string_view argument);
    void hello(bool extended);
    void mailFrom(std::string_view argument);
    void recipient(std::string_view argument);
    void beginData();
    void dataLine(std::string_view text);
    void endData();
    void authenticate(std::string_view argument);
    bool faulty(std::string_view subject, bool atEnd); // true when the fault has answered in our place
    void reply(int status, std::string_view text);
    void reset();

    Host host_;
    State state_ = State::start;
    Envelope envelope_;
    std::string buffer_;
    std::string out_;
    bool tooLarge_ = false;
    bool ended_ = false;
};

} // namespace visavis::sandbox::smtp
