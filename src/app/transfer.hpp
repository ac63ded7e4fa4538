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
// The directory is made; invalid "export" when it holds an export already.
Result<Moved> exportStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory);

// Reads such a directory into an empty store. invalid "import" names the file and line that cannot be taken; what came before it stays,
// so that the remedy is to mend the line and begin again with an empty store. Documents that do not fit their record are refused.
Result<Moved> importStore(Engine& engine, std::vector<CollectionSpec const*> const& collections, std::filesystem::path const& directory);

} // namespace visavis::app
