// The contract (store/contract_test.cpp) on MongoDB: one database, emptied before each test, since none of them changes its indexes.
#include "store/contract.hpp"
#include "store/mongo/test_database.hpp"

namespace visavis {
inline namespace store {
namespace {

std::unique_ptr<mongo::TestDatabase> place;

} // namespace

std::unique_ptr<Engine> makeTestEngine(std::vector<CollectionSpec const*> const& collections) {
    if (!place || !mongo::emptyDatabase(place->settings().uri)) place = std::make_unique<mongo::TestDatabase>();
    auto engine = openMongo(place->settings(), collections);
    engine->migrate(collections, false);
    return engine;
}

std::unique_ptr<Engine> reopenTestEngine(std::vector<CollectionSpec const*> const& collections) {
    return openMongo(place->settings(), collections);
}

} // namespace store
} // namespace visavis
