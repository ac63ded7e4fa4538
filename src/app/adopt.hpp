// Taking over a database that other software has written in the shape of the data model (docs/scaling.md, "Taking over a database").
#pragma once

#include "core/result.hpp"
#include "core/rng.hpp"
#include "identity/sealing.hpp"
#include "store/mongo/engine.hpp"

#include <functional>
#include <optional>
#include <string>

namespace visavis::app {

// What the numbers of prices and payments count: whole units of a currency (49.5 dollars), or its smallest ones (4950 cents).
enum class MoneyIs { major, minor };

std::optional<MoneyIs> parseMoneyIs(std::string_view word);

struct Adopting {
    MoneyIs money{};
    bool dryRun = false;
    std::optional<identity::Sealer> sealer; // needed while there are plain OAuth tokens
    Instant now;
};

// Error{conflict, "adopt"} for a database that other software has filled and nobody has taken over: its money must not be read as ours.
Result<void> refuseForeign(Engine& engine);

// Says every change to `say`, a line each, and carries it out unless it is a dry run. Everything is read and judged first: what cannot be taken
// over is Error{conflict, "adopt"}, which names every document, and then nothing is changed. After an interruption the same call
// goes on to the same end; twice is a no-op.
Result<void> adopt(MongoEngine& engine, Rng& rng, Adopting const& how, std::function<void(std::string const&)> const& say);

} // namespace visavis::app
