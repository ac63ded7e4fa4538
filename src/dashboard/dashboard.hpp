// The dashboard under /app: files of one page, which finds its way by itself. Whatever it shows it reads from the API.
#pragma once

#include "http/message.hpp"
#include "http/server.hpp"

namespace visavis::dashboard {

// "/app" and everything below it.
bool takes(http::Head const& head);
http::Plan plan();
http::Response handle(http::Request const& request);

} // namespace visavis::dashboard
