// Places for stores of tests.
#include "support/store.hpp"

#include "store/mongo/test_database.hpp"
#include "store/sqlite/engine.hpp"

#include <cstdlib>

#include <unistd.h>

namespace visavis::support {
namespace {

std::string databaseName() {
    static int count = 0;
    return "visavis_test_" + std::to_string(::getpid()) + "_p" + std::to_string(++count);
}

SqliteSettings fileIn(std::filesystem::path const& directory) { return {.file = directory / "visavis.db", .readers = 2}; }

MongoSettings databaseAt(std::string const& uri) {
    MongoSettings settings;
    settings.uri = uri;
    settings.realClock = false;
    return settings;
}

} // namespace

TempDirectory::TempDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "visavis-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
}

TempDirectory::~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

bool onMongo() {
    auto const* engine = std::getenv("VISAVIS_TEST_ENGINE");
    return engine != nullptr && std::string(engine) == "mongo";
}

StorePlace::StorePlace(std::filesystem::path const& directory) : directory_(directory) {
    if (onMongo()) uri_ = mongo::withDatabase(mongo::testUri(), databaseName());
}

StorePlace::~StorePlace() {
    if (!uri_.empty()) mongo::dropDatabase(uri_);
}

std::vector<std::string> StorePlace::flags() const {
    std::vector<std::string> flags{"--data", directory_.string()};
    if (!uri_.empty()) flags.insert(flags.end(), {"--store", uri_});
    return flags;
}

std::vector<std::string> StorePlace::commandLine(std::string const& command) const {
    auto arguments = flags();
    arguments.insert(arguments.begin(), command);
    return arguments;
}

std::unique_ptr<Engine> StorePlace::open(std::vector<CollectionSpec const*> const& collections) const {
    std::unique_ptr<Engine> engine;
    if (uri_.empty())
        engine = openSqlite(fileIn(directory_), collections);
    else
        engine = openMongo(databaseAt(uri_), collections);
    engine->migrate(collections, false);
    return engine;
}

std::unique_ptr<Engine> StorePlace::look(std::vector<CollectionSpec const*> const& collections) const {
    if (!uri_.empty()) return openMongo(databaseAt(uri_), collections);
    auto settings = fileIn(directory_);
    settings.readOnly = true;
    return openSqlite(settings, collections);
}

std::vector<std::string> scansOf(Engine& engine) {
    auto* const file = dynamic_cast<SqliteEngine*>(&engine);
    return file == nullptr ? std::vector<std::string>{} : file->scans();
}

} // namespace visavis::support
