// A complete head as a Request and the way its body is framed.
#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace visavis::http {

struct Framing {
    enum class Body : std::uint8_t { none, length, chunked };

    Body body = Body::none;
    std::uint64_t length = 0;
    bool keepAlive = true;
    bool http10 = false;
    bool expectContinue = false;
};

// `head` ends with its empty line (HeadScanner). Beast reads the syntax; on top of it everything is refused that two servers could
// understand differently (RFC 9112 §6.3): Transfer-Encoding other than one "chunked", with Content-Length or in HTTP/1.0, a repeated
// or listed Content-Length, a missing or repeated Host.
std::optional<Refusal> parseHead(std::string_view head, Request& request, Framing& framing);

} // namespace visavis::http
