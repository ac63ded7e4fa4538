// A backup in the place of a store.
#pragma once

#include "store/sqlite/engine.hpp"

namespace visavis::inline store::sqlite {

struct RestorePlan {
    std::filesystem::path source;
    std::filesystem::path store; // the store's file; its directory is made if it is not there
    std::string hallmark;        // a table that every store has
    bool replace = false;        // whatever is in the directory: the store that was there stays as STORE.replaced
    // Brings the copy up to date and judges it, in a directory of its own. An error, and nothing has changed.
    std::function<Result<void>(std::filesystem::path const& staged)> prepare;
};

// Copies `source` (one snapshot, should it be in use), prepares the copy, and puts it in place by a rename. Throws StoreLocked.
// Errors: conflict "not_empty", "restore_in_use"; invalid "restore_source".
Result<void> restore(RestorePlan const& plan);

} // namespace visavis::store::sqlite
