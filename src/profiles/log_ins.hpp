// Who is behind a request, for those who answer it: they have to tell a browser when its log-in has come to last longer.
#pragma once

#include "identity/call.hpp"

namespace visavis::profiles {

// As recognise() of service.hpp; `slidTo` is where this request has moved the end of its log-in, if it has.
bool recogniseAndSlide(identity::Platform& platform, std::string_view token, Instant now, identity::Caller& caller,
                       std::optional<Instant>& slidTo);

} // namespace visavis::profiles
