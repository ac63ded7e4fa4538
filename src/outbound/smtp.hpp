// Hands one finished message to an SMTP server.
#pragma once

#include "core/result.hpp"
#include "core/time.hpp"

#include <memory>
#include <string>

namespace visavis::outbound {

struct SmtpServer {
    std::string url;  // smtp://host:587/ehlo-name (STARTTLS) or smtps://host:465/ehlo-name
    std::string user; // empty: no log-in
    std::string password;
    bool requireTls = true; // for smtp://: refuse to go on without STARTTLS; off only for a sink on loopback
    std::string caFile;
    Millis connectTimeout{5'000};
    Millis totalTimeout{20'000};
};

struct SmtpMessage {
    std::string from; // bare addresses
    std::string to;
    std::string content; // header and body, CRLF line ends; dots are doubled on the way
};

class CurlPool;

class SmtpClient {
public:
    explicit SmtpClient(SmtpServer server);
    ~SmtpClient();
    SmtpClient(SmtpClient const&) = delete;
    SmtpClient& operator=(SmtpClient const&) = delete;

    // The server's last word: 2yz taken, 4yz later, 5yz never (RFC 5321 §4.2.1). No word: Code::unavailable with a key of
    // outbound/client.hpp's `trouble`; after `noAnswer` the message may have been taken.
    Result<int> send(SmtpMessage const& message);
    // Connects, secures the connection and logs in as send() does, then says NOOP: whether it would be listened to. Outcomes as above.
    Result<int> check();

private:
    SmtpServer server_;
    std::unique_ptr<CurlPool> pool_;
};

} // namespace visavis::outbound
