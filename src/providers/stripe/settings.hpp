// What Stripe needs to be told. The defaults are those of the sandbox, except for the address.
#pragma once

#include "core/time.hpp"

#include <string>
#include <vector>

namespace visavis::providers::stripe {

struct Settings {
    std::string apiBase = "https://api.stripe.com"; // without a slash at the end
    std::string secretKey = "sk_test_sandbox";
    std::string publishableKey = "pk_test_sandbox";
    // Any may have signed a webhook: there are two while one is being replaced.
    std::vector<std::string> webhookSecrets{"whsec_test_secret"};
    // Every request keeps to what this version and 2023-08-16 have in common, so it may be moved either way (providers.md §1.2).
    std::string version = "2026-10-28.endive";
    bool livemode = false;
    Millis timeout{30'000}; // of one try
};

} // namespace visavis::providers::stripe
