// A copy of a store that is in use.
#pragma once

#include "store/sqlite/engine.hpp"

#include <array>

namespace visavis::inline store::sqlite {

class Connection;

// Copies one snapshot of `store` to a file that is readable by its owner alone, syncs it, has it judged, and only then gives it its name.
Result<void> backup(std::filesystem::path const& store, BackupPlan const& plan, std::string const& vfs);

// What SQLite keeps beside a file while it is in use.
inline constexpr std::array companions{"-wal", "-shm", "-journal"};

// Shared with restore. They throw SqliteError and std::runtime_error.
// All pages of one snapshot, into a file that nobody else knows yet; afterwards it is one file, complete in itself, and synced.
void copySnapshot(std::filesystem::path const& from, std::filesystem::path const& to, std::string const& vfs);
void syncFile(std::filesystem::path const& file);
// What was made, renamed or removed in it.
void syncDirectory(std::filesystem::path const& directory);
std::filesystem::path directoryOf(std::filesystem::path const& file);

} // namespace visavis::store::sqlite
