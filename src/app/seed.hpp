// Made-up people: a few for looking around (`serve --demo`), or very many for load tests (`seed --specialists N --bookings M`).
#pragma once

#include "identity/call.hpp"

#include <functional>
#include <string>
#include <vector>

namespace visavis::app {

// Printed once and kept nowhere: the store has the password's hash alone.
struct DemoLogIn {
    std::string about; // "specialist in New York, 90.00 USD an hour"
    std::string email;
    std::string password;
};

// Three specialists with hours, breaks, a date exception and prices, two customers, free bookings and one that is held and can be paid.
// An instance that has the demo already gets nothing: the list is then empty. The outbox tells everybody, so it must be worked off.
Result<std::vector<DemoLogIn>> seedDemo(identity::Platform& platform, Rng& rng);

struct SeedSize {
    std::int64_t specialists = 0;
    std::int64_t bookings = 0;
};

struct Seeded {
    std::int64_t specialists = 0;
    std::int64_t customers = 0;
    std::int64_t slots = 0;
    std::int64_t bookings = 0;
    std::string firstSpecialist; // e-mail addresses; they count up: specialist-1-…, specialist-2-…
    std::string firstCustomer;
    std::string password; // of all of them
};

// Called after every batch with what there is by then.
using SeedProgress = std::function<void(Seeded const&)>;

// Written by the slices' own verbs, a few specialists to a commit; may be repeated. Three of four specialists are paid: such bookings have a
// captured payment, of which no gateway knows; nobody is told anything (what the outbox would do counts as done).
// Error{conflict, live_providers} with real money; Error{invalid} for sizes below 1, or more bookings than fit.
Result<Seeded> seedMany(identity::Platform& platform, SeedSize size, SeedProgress const& progress = {});

} // namespace visavis::app
