// `visavis backup` and `visavis restore`: a whole, verified copy of the embedded store, and a store from such a copy.
#pragma once

#include "app/settings.hpp"
#include "core/time.hpp"

#include <filesystem>

namespace visavis::app {

struct CopyOptions {
    std::filesystem::path file;    // the backup: to be written, or to be restored
    bool force = false;            // replace what is there
    bool acceptViolations = false; // a copy in which the audit finds something is better than none
};

// What was done, in a sentence; `report` is the audit's where it found something.
struct CopyOutcome {
    std::string sentence;
    std::string report = {};
};

// Copies the store beside a running server, or without one. The copy has its name only once it is complete, synced and audited.
// Errors: invalid "backup_mongodb", "backup" (nothing there, or a name that the store needs itself); conflict "backup_exists",
// "backup_running", "violations" (the sentence is the report).
Result<CopyOutcome> backupStore(Settings const& settings, CopyOptions const& options, Instant now);

// Puts a backup into the data directory, with the tables and indexes of this version. Throws StoreLocked while a server has it.
// Errors: invalid "restore_mongodb", "restore_source"; conflict "not_empty", "restore_in_use", "violations".
Result<CopyOutcome> restoreStore(Settings const& settings, CopyOptions const& options, Instant now);

} // namespace visavis::app
