// The contract (store/contract_test.cpp) on SQLite: a store in a fresh file per test.
#include "store/contract.hpp"
#include "store/sqlite/test_store.hpp"

namespace visavis {
inline namespace store {
namespace {

std::unique_ptr<sqlite::TestPlace> place;

} // namespace

std::unique_ptr<Engine> makeTestEngine(std::vector<CollectionSpec const*> const& collections) {
    place = std::make_unique<sqlite::TestPlace>();
    auto engine = openSqlite(place->settings(), collections);
    engine->migrate(collections, false);
    return engine;
}

std::unique_ptr<Engine> reopenTestEngine(std::vector<CollectionSpec const*> const& collections) {
    return openSqlite(place->settings(), collections);
}

} // namespace store
} // namespace visavis
