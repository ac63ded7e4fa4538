// What an engine's tests provide so that store/contract_test.cpp can prove the engine.
#pragma once

#include "store/engine.hpp"

#include <memory>

namespace visavis {
inline namespace store {

// An empty store in a place of its own, migrated for these collections. The place of the one before is given up.
std::unique_ptr<Engine> makeTestEngine(std::vector<CollectionSpec const*> const& collections);
// The place of the latest makeTestEngine, opened again; the engine before must be gone.
std::unique_ptr<Engine> reopenTestEngine(std::vector<CollectionSpec const*> const& collections);

} // namespace store
} // namespace visavis
