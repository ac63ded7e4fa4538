// The stand-in for Stripe.js at /js/v3/: the same calls for the pay page, against this sandbox.
#pragma once

#include "http/message.hpp"

namespace visavis::sandbox::stripe {

http::Response stripeJs();

} // namespace visavis::sandbox::stripe
