// Errors as RFC 9457 problems. Nowhere else do failures meet HTTP status codes.
#pragma once

#include "core/error.hpp"
#include "http/message.hpp"

namespace visavis::api {

int statusOf(Code code);
http::Response problemOf(Error const& error, std::string const& requestId);

} // namespace visavis::api
