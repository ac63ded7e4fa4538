// The head of an answer as bytes.
#pragma once

#include "core/time.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace visavis::http {

// What the connection decides about an answer.
struct Delivery {
    bool http10 = false; // what the client spoke
    bool keepAlive = true;
    std::string_view date; // a whole Date line
};

// "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" (RFC 9110 §5.6.7)
std::string dateLine(Instant now);

bool mayHaveBody(int status); // not 204, 304

// Appends the head. False, with nothing appended, when a header of the response cannot be sent: a name that is no token, or a value
// with a line break or NUL, which would split the answer in two.
bool appendHead(std::string& out, Response const& response, Delivery const& delivery);

} // namespace visavis::http
