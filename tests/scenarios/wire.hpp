// One keep-alive connection to the server, for requests that no HTTP client would send.
#pragma once

#include "support/world.hpp"

#include <map>

namespace visavis::scenarios {

using support::Person;
using support::Reply;
using support::World;

using Headers = std::vector<std::pair<std::string, std::string>>;

class Wire {
public:
    // http://127.0.0.1:port
    explicit Wire(std::string const& url);
    ~Wire() { hangUp(); }
    Wire(Wire const&) = delete;
    Wire& operator=(Wire const&) = delete;

    // Sends bytes that are one request and reads its answer; connects again when the last answer closed the connection.
    // Status 0: the connection ended, or a minute went by, without an answer.
    Reply sendBytes(std::string const& bytes, bool isHead = false);
    // A well-formed request. Content-Length is added when there is a body.
    Reply send(std::string const& method, std::string const& target, Headers const& headers = {}, std::string const& body = "");

    static std::string bytesOf(std::string const& method, std::string const& target, Headers const& headers, std::string const& body);

private:
    void connect();
    void hangUp();
    bool write(std::string const& bytes) const;
    bool more();
    Reply readReply(bool isHead);

    std::uint16_t port_ = 0;
    int socket_ = -1;
    std::string in_;
};

inline Headers as(Person const& who) { return {{"Authorization", "Bearer " + who.token}}; }
inline Headers asJson(Headers headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return headers;
}

// A problem is whole: media type, members, and the same request id in head and body.
void expectProblem(Reply const& reply, int status, std::string const& code, std::string const& about);
// Whether `errors` has a member at this JSON Pointer; its code, or "".
std::string errorAt(Reply const& reply, std::string_view pointer);

} // namespace visavis::scenarios
