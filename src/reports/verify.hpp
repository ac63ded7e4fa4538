// `visavis verify`: audits the invariants of DESIGN §9 from the documents alone. It shares no rule with the code that writes them.
//
// I9, I16 and I17 say something about answers and about time, which a store cannot show; the scenario tests and simulations check those.
#pragma once

#include "store/engine.hpp"

#include <string>
#include <vector>

namespace visavis::reports {

// A violation. `what` begins with the collection and the id: "bookings 65a0…: overlaps bookings 65a1…".
struct Finding {
    std::string invariant;
    std::string what;
};

struct Check {
    std::string invariant;
    std::string sentence;
    std::int64_t checked = 0;        // documents, references or postings that were looked at
    std::vector<Finding> violations; // at most `mostListed`
    std::int64_t unlisted = 0;       // further ones
};

inline constexpr std::size_t mostListed = 1'000;

// One entry per invariant. All documents are read in one snapshot, a batch at a time; the engine must have been opened with
// auditedCollections() and may be open for reading only, beside a running server. `now` is needed for what may be overdue.
// Damage never ends it: a document that cannot be read is a finding of I15 and left out of the others.
std::vector<Check> verify(Engine& store, Instant now);

// A line per invariant, then one per violation, then "N violations".
std::string verifyReport(std::vector<Check> const& checks);
std::int64_t violationsIn(std::vector<Check> const& checks);
inline bool isClean(std::vector<Check> const& checks) { return violationsIn(checks) == 0; }

// Every collection of the product.
std::vector<CollectionSpec const*> const& auditedCollections();

} // namespace visavis::reports
