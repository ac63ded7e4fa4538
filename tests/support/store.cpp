// Places for stores of tests.
#include "support/store.hpp"

#include "store/mongo/test_database.hpp"
#include "store/sqlite/engine.hpp"
#include "support/watched.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>

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

// Databases of tests that have ended, for those that come.
class Shelf {
public:
    Shelf() = default;
    Shelf(Shelf const&) = delete;
    Shelf& operator=(Shelf const&) = delete;
    ~Shelf() {
        for (auto const& uri : free_) mongo::dropDatabase(uri);
    }

    std::string take() {
        if (free_.empty()) return mongo::withDatabase(mongo::testUri(), databaseName());
        auto uri = std::move(free_.back());
        free_.pop_back();
        if (mongo::documentsIn(uri) > 0) throw std::logic_error("somebody writes into " + uri + ", whose test has ended");
        return uri;
    }
    void putBack(std::string const& uri) {
        if (spoilt_.erase(uri) == 0 && mongo::emptyDatabase(uri))
            free_.push_back(uri);
        else
            mongo::dropDatabase(uri);
    }
    void spoil(std::string const& uri) { spoilt_.insert(uri); }

private:
    std::vector<std::string> free_;
    std::set<std::string> spoilt_;
};

Shelf& shelf() {
    static Shelf one;
    return one;
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

StorePlace::StorePlace(std::filesystem::path const& directory, Database database) : directory_(directory), database_(database) {
    if (onMongo()) uri_ = database == Database::fresh ? mongo::withDatabase(mongo::testUri(), databaseName()) : shelf().take();
}

StorePlace::~StorePlace() {
    if (uri_.empty()) return;
    database_ == Database::fresh ? mongo::dropDatabase(uri_) : shelf().putBack(uri_);
}

void spoil(std::vector<std::string> const& commandLine) {
    auto const flag = std::find(commandLine.begin(), commandLine.end(), "--store");
    if (flag != commandLine.end()) shelf().spoil(*std::next(flag));
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
        engine = watched(openMongo(databaseAt(uri_), collections));
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
    return file == nullptr ? unledQuestions(engine) : file->scans();
}

} // namespace visavis::support
