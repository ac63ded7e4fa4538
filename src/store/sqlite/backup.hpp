// A copy of a store that is in use.
#pragma once

#include <filesystem>
#include <string>

namespace visavis::inline store::sqlite {

// Copies one snapshot of `store` to `copy` by SQLite's online backup, syncs it, and only then gives it its name.
void backup(std::filesystem::path const& store, std::filesystem::path const& copy, std::string const& vfs);

} // namespace visavis::store::sqlite
