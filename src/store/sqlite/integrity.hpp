// Invariant I15: SQLite's own checks, and that columns and side rows say what the documents say.
#pragma once

#include "store/sqlite/connection.hpp"

namespace visavis::inline store::sqlite {

// A line per fault, the first hundred or so; empty when clean. Runs in the caller's read transaction.
std::vector<std::string> integrityFaults(Connection& db, Layouts const& layouts);

} // namespace visavis::store::sqlite
