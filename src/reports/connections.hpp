// GET /connections: the services of others that sessions and payouts can go through, and what of each is really there.
#pragma once

#include "identity/call.hpp"

namespace visavis::reports {

using identity::Call;

WORDS(ConnectionProvider, stripe, zoom, google)

struct Connection {
    ConnectionProvider provider{};
    bool available = false; // this platform works with the service
    bool live = false;      // and moves real money with it
    bool connected = false; // access to an account of one's own is kept: for Stripe the account of payouts
    std::optional<std::string> account;
};
RECORD(Connection, provider, available, live, connected, account)

struct Connections {
    std::vector<Connection> items;
};
RECORD(Connections, items)

Result<Connections> listConnections(Call& call);

} // namespace visavis::reports
