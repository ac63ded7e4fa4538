// A second process of a test's platform.
#pragma once

#include "support/world.hpp"

namespace visavis {

// A further process on the database of a world, with that world's sandbox as its providers.
inline std::unique_ptr<support::ServerProcess> beside(support::World& world, std::vector<std::string> const& environment = {}) {
    std::vector<std::string> arguments{"serve",
                                       "--listen",
                                       "127.0.0.1:0",
                                       "--set",
                                       "auth.bcrypt_cost=4",
                                       "--set",
                                       "log.level=error",
                                       "--set",
                                       "limits.enabled=false",
                                       "--set",
                                       "payments.stripe_api_base=" + world.server().sandbox(),
                                       "--set",
                                       "mail.smtp_url=" + world.server().mail(),
                                       "--set",
                                       "store.lease=3",
                                       "--set",
                                       "mail.require_tls=false"};
    for (auto const& flag : world.place().flags()) arguments.push_back(flag);
    return std::make_unique<support::ServerProcess>(std::move(arguments), environment, support::ServerProcess::Exactly{});
}

} // namespace visavis
