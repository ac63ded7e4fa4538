// Settings to engines.
#include "app/store.hpp"

#include "app/collections.hpp"
#include "core/log.hpp"
#include "store/sqlite/engine.hpp"

#include <filesystem>

namespace visavis::app {
namespace {

bool isCluster(Settings const& settings) { return !settings.store.url.empty(); }

std::unique_ptr<MongoEngine> openCluster(Settings const& settings, std::vector<CollectionSpec const*> const& collections,
                                         MongoSettings mongo = {}) {
    mongo.uri = settings.store.url;
    mongo.realClock = settings.sandbox.listen.empty();
    mongo.connections = static_cast<std::size_t>(settings.store.connections);
    return openMongo(mongo, collections);
}

std::unique_ptr<SqliteEngine> openFile(Settings const& settings) {
    if (std::filesystem::create_directories(settings.store.data)) // ours, so nobody else's to read
        std::filesystem::permissions(settings.store.data, std::filesystem::perms::owner_all);
    SqliteSettings sqlite;
    sqlite.file = storeFile(settings.store.data);
    sqlite.readers = static_cast<int>(settings.store.readers);
    return openSqlite(sqlite, allCollections());
}

void migrate(Engine& engine) {
    auto const steps = engine.migrate(allCollections(), false).size();
    if (steps > 0) log::info("migrated", {{"steps", std::to_string(steps)}});
}

} // namespace

std::string storeFile(std::string const& dataDirectory) { return dataDirectory + "/visavis.db"; }

std::unique_ptr<Engine> openToServe(Settings const& settings) {
    if (!isCluster(settings)) {
        auto engine = openFile(settings);
        migrate(*engine);
        return engine;
    }
    std::filesystem::create_directories(settings.store.data); // the sandbox's state
    auto engine = openCluster(settings, allCollections());
    if (engine->isEmpty()) migrate(*engine);
    for (auto const& fault : engine->checkIndexes(allCollections()))
        log::error("writes_refused", {{"collection", fault.collection}, {"index", fault.index}, {"remedy", "visavis migrate"}});
    return engine;
}

std::unique_ptr<Engine> openAsIs(Settings const& settings) {
    if (isCluster(settings)) return openCluster(settings, allCollections());
    return openFile(settings);
}

Result<std::unique_ptr<MongoEngine>> openToAdopt(Settings const& settings) {
    // Long enough to outlast the locks of an adoption that was killed (transactionLifetimeLimitSeconds is 60 by default).
    MongoSettings patient;
    patient.patience = std::chrono::seconds(90);
    if (isCluster(settings)) return openCluster(settings, allCollections(), patient);
    return failure(Code::invalid, "adopt", "--adopt takes over a MongoDB database: say which by --store mongodb://… or store.url.");
}

std::unique_ptr<Engine> openToLook(Settings const& settings, std::vector<CollectionSpec const*> const& collections) {
    if (isCluster(settings)) return openCluster(settings, collections);
    SqliteSettings sqlite;
    sqlite.file = storeFile(settings.store.data);
    sqlite.readOnly = true;
    return openSqlite(sqlite, collections);
}

} // namespace visavis::app
