// Moving house: every document of a store as JSON Lines, a file per collection, and back, from any engine to any other.
#pragma once

#include "core/result.hpp"
#include "store/engine.hpp"

#include <filesystem>
#include <map>

namespace visavis::app {

// Documents by collection.
using Moved = std::map<std::string, std::int64_t>;

// Writes DIR/<collection>.jsonl: a document a line, in MongoDB's canonical extended JSON (v2), which loses no type; one snapshot of the store.
// Last comes DIR/export.json with their numbers. The directory is made; invalid "export" when it holds an export already.
Result<Moved> exportStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory);

// What such a directory has, if all of it can be taken: every line is a document that fits its record and has an id of its own, and none is
// missing that was exported. invalid "import" names the file and the line.
Result<Moved> checkExport(std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory);

// Reads a directory that was checked into an empty store. What only the store notices (a unique index) ends it on the way, and says so.
Result<Moved> importStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory);

} // namespace visavis::app
