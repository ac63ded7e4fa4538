// A span of time as it is asked for in a query: `from` and `to` are instants or days (API: GET /specialists/{id}/slots).
#pragma once

#include "core/result.hpp"
#include "core/zone.hpp"

#include <optional>
#include <string>

namespace visavis::identity {

// [from, to)
struct Span {
    Instant from = firstInstant;
    Instant to = lastInstant;
};

// Of instants [from, to), of days both included, as they are in the zone; what is not asked for is as wide as `widest`. 422 at /from or /to.
Result<Span> spanOf(std::optional<std::string> const& from, std::optional<std::string> const& to, Zone const& zone,
                    Span const& widest = {});

} // namespace visavis::identity
