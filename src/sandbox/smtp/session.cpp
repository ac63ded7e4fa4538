// The commands of an SMTP conversation, one line of input at a time.
#include "sandbox/smtp/session.hpp"

#include "core/text.hpp"

#include <charconv>
#include <optional>

namespace visavis::sandbox::smtp {

namespace {

// "FROM:<a@b> SIZE=12" gives "a@b"; nothing when there is no path.
std::optional<std::string> pathOf(std::string_view argument, std::string_view word) {
    if (argument.size() < word.size() || !equalIgnoringCase(argument.substr(0, word.size()), word)) return std::nullopt;
    auto const rest = trimmed(argument.substr(word.size()));
    auto const end = rest.find('>');
    if (!rest.starts_with('<') || end == rest.npos) return std::nullopt;
    auto path = rest.substr(1, end - 1);
    if (path.starts_with('@')) path = path.substr(std::min(path.size(), path.find(':') + 1)); // a source route (RFC 5321 §4.1.1.3)
    return std::string(path);
}

bool isMailbox(std::string_view path) {
    auto const at = path.rfind('@');
    return at != path.npos && at > 0 && at + 1 < path.size() && path.find_first_of(" \t<>\r\n") == path.npos;
}

std::size_t announcedSize(std::string_view argument) {
    auto const upper = lowered(argument);
    auto const at = upper.find(" size=");
    std::size_t size = 0;
    if (at != upper.npos) std::from_chars(upper.data() + at + 6, upper.data() + upper.size(), size);
    return size;
}

} // namespace

std::string Session::feed(std::string_view bytes) {
    buffer_ += bytes;
    std::size_t begin = 0;
    for (std::size_t end = 0; !ended_ && (end = buffer_.find("\r\n", begin)) != buffer_.npos; begin = end + 2) {
        line(std::string_view(buffer_).substr(begin, end - begin));
    }
    buffer_.erase(0, begin);
    if (buffer_.size() > longestLine && !ended_ && state_ != State::data) {
        reply(500, "5.5.2 The line is too long.");
        ended_ = true;
    }
    if (buffer_.size() > mostContent) ended_ = true; // a line without an end
    return std::exchange(out_, {});
}

void Session::line(std::string_view text) {
    if (state_ == State::data) return dataLine(text);
    if (state_ == State::authenticating) {
        state_ = State::greeted;
        return text == "*" ? reply(501, "5.7.0 Cancelled.") : reply(235, "2.7.0 Welcome.");
    }
    auto const space = text.find(' ');
    command(lowered(text.substr(0, space)), space == text.npos ? std::string_view() : trimmed(text.substr(space + 1)));
}

void Session::command(std::string_view verb, std::string_view argument) {
    if (verb == "ehlo" || verb == "helo") return argument.empty() ? reply(501, "5.5.4 Who are you?") : hello(verb == "ehlo");
    if (verb == "quit") {
        reply(221, "2.0.0 Bye.");
        ended_ = true;
        return;
    }
    if (verb == "noop") return reply(250, "2.0.0 OK");
    if (verb == "rset") {
        reset();
        return reply(250, "2.0.0 OK");
    }
    if (verb == "vrfy") return reply(252, "2.1.5 Send some mail and see.");
    bool const known = verb == "mail" || verb == "rcpt" || verb == "data" || verb == "auth";
    if (!known) return reply(500, "5.5.1 There is no such command.");
    if (state_ == State::start) return reply(503, "5.5.1 Say EHLO first.");
    if (verb == "mail") return mailFrom(argument);
    if (verb == "rcpt") return recipient(argument);
    if (verb == "data") return beginData();
    authenticate(argument);
}

void Session::hello(bool extended) {
    reset();
    state_ = State::greeted;
    if (!extended) return reply(250, "localhost");
    out_ += "250-localhost\r\n250-PIPELINING\r\n250-SIZE " + std::to_string(mostContent) +
            "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN\r\n";
}

void Session::mailFrom(std::string_view argument) {
    if (state_ != State::greeted) return reply(503, "5.5.1 There is a mail already.");
    auto const path = pathOf(argument, "FROM:");
    if (!path || (!path->empty() && !isMailbox(*path))) return reply(501, "5.1.7 That is no sender: MAIL FROM:<address>.");
    if (announcedSize(argument) > mostContent) return reply(552, "5.3.4 The mail is too large.");
    if (faulty("MAIL " + *path, false)) return;
    envelope_.from = *path;
    state_ = State::mail;
    reply(250, "2.1.0 OK");
}

void Session::recipient(std::string_view argument) {
    if (state_ != State::mail && state_ != State::recipients) return reply(503, "5.5.1 Say MAIL first.");
    auto const path = pathOf(argument, "TO:");
    if (!path || !isMailbox(*path)) return reply(501, "5.1.3 That is no recipient: RCPT TO:<address>.");
    if (envelope_.to.size() == mostRecipients) return reply(452, "4.5.3 Too many recipients.");
    if (faulty("RCPT " + *path, false)) return;
    envelope_.to.push_back(*path);
    state_ = State::recipients;
    reply(250, "2.1.5 OK");
}

void Session::beginData() {
    if (state_ != State::recipients) return reply(503, "5.5.1 Say RCPT first.");
    state_ = State::data;
    reply(354, "End with a line that has only a dot.");
}

void Session::dataLine(std::string_view text) {
    if (text == ".") return endData();
    if (text.starts_with('.')) text.remove_prefix(1);
    if (envelope_.content.size() + text.size() + 2 > mostContent) tooLarge_ = true;
    if (!tooLarge_) envelope_.content.append(text).append("\r\n");
}

void Session::endData() {
    state_ = State::greeted;
    if (tooLarge_) {
        host_.seen(envelope_, 552);
        reply(552, "5.3.4 The mail is too large.");
    } else if (!faulty("DATA " + envelope_.to.front(), true)) {
        host_.deliver(envelope_);
        host_.seen(envelope_, 250);
        reply(250, "2.0.0 Taken.");
    }
    reset();
}

void Session::authenticate(std::string_view argument) {
    auto const space = argument.find(' ');
    if (!equalIgnoringCase(argument.substr(0, space), "PLAIN")) return reply(504, "5.5.4 Only PLAIN.");
    if (space != argument.npos) return reply(235, "2.7.0 Welcome.");
    state_ = State::authenticating;
    out_ += "334 \r\n";
}

bool Session::faulty(std::string_view subject, bool atEnd) {
    auto const faults = host_.faults(subject);
    if (faults.latency) host_.pause(*faults.latency);
    if (faults.timeoutAfterSuccess && atEnd) host_.deliver(envelope_);
    if (faults.reset || faults.timeoutAfterSuccess) {
        host_.seen(envelope_, 0);
        ended_ = true;
        return true;
    }
    if (!faults.status) return false;
    auto refused = envelope_;
    if (subject.starts_with("RCPT ")) refused.to = {std::string(subject.substr(5))};
    host_.seen(refused, *faults.status);
    reply(*faults.status, "Refused by the sandbox's fault rules.");
    if (*faults.status == 421) ended_ = true;
    return true;
}

void Session::reply(int status, std::string_view text) { out_ += std::to_string(status) + " " + std::string(text) + "\r\n"; }

void Session::reset() {
    envelope_ = {};
    tooLarge_ = false;
    if (state_ != State::start) state_ = State::greeted;
}

} // namespace visavis::sandbox::smtp
