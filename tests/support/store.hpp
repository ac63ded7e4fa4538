// The store of a test, on the engine that VISAVIS_TEST_ENGINE names ("mongo", else SQLite): the same tests run on both.
#pragma once

#include "store/engine.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace visavis::support {

class TempDirectory {
public:
    TempDirectory();
    TempDirectory(TempDirectory const&) = delete;
    TempDirectory& operator=(TempDirectory const&) = delete;
    ~TempDirectory();
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

// What a place on MongoDB begins with. Making all collections and indexes takes longer than most tests do, so a test that leaves these as they are
// takes over the emptied database of one that has ended.
enum class Database { fresh, emptied };

// A place for one store: a file in a directory, or a database that nobody else uses meanwhile.
class StorePlace {
public:
    explicit StorePlace(std::filesystem::path const& directory, Database database = Database::fresh);
    StorePlace(StorePlace const&) = delete;
    StorePlace& operator=(StorePlace const&) = delete;
    ~StorePlace();

    // For the command line of visavis: where this store is.
    std::vector<std::string> flags() const;
    // `visavis <command>` on this store.
    std::vector<std::string> commandLine(std::string const& command) const;
    // To write, made if it is not there; SQLite lets one process at a time do so.
    std::unique_ptr<Engine> open(std::vector<CollectionSpec const*> const& collections) const;
    // Beside a server that has it open.
    std::unique_ptr<Engine> look(std::vector<CollectionSpec const*> const& collections) const;

private:
    std::filesystem::path directory_;
    std::string uri_; // of the database; empty on SQLite
    Database database_;
};

// A process has died in the middle of its work on the store of that command line: what it had asked of the server may still happen, so nobody
// takes the database over.
void spoil(std::vector<std::string> const& commandLine);

bool onMongo();
// What was asked of an engine of StorePlace::open that reads a whole table or collection.
std::vector<std::string> scansOf(Engine& engine);

} // namespace visavis::support
