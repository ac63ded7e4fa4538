// The end of a SetupIntent's 3-D Secure challenge.
#pragma once

#include "sandbox/stripe/call.hpp"

#include <string>

namespace visavis::sandbox::stripe {

void finishSetupChallenge(Call& call, std::string const& setupId, bool passed);

} // namespace visavis::sandbox::stripe
