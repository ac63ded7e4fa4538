// The copy is made and judged in DIR/restoring, under the store's lock; at every moment there is a whole store, or none as before.
#include "store/sqlite/restore.hpp"

#include "store/crash_points.hpp"
#include "store/sqlite/backup.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/lock_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace visavis::inline store::sqlite {
namespace {

namespace fs = std::filesystem;

CrashPoint const staged("restore.staged");
CrashPoint const putAside("restore.aside");
CrashPoint const beforeSwap("restore.swap.before");
CrashPoint const afterSwap("restore.swap.after");

fs::path with(fs::path const& file, std::string const& suffix) { return file.string() + suffix; }

// Removed in the end, whatever that is; what a killed restore left is removed at the beginning.
class Staging {
public:
    explicit Staging(fs::path const& store) : directory_(directoryOf(store) / "restoring"), file(directory_ / store.filename()) {
        fs::remove_all(directory_);
        fs::create_directory(directory_);
        fs::permissions(directory_, fs::perms::owner_all);
    }
    Staging(Staging const&) = delete;
    Staging& operator=(Staging const&) = delete;
    ~Staging() {
        std::error_code ignored;
        fs::remove_all(directory_, ignored);
    }

private:
    fs::path const directory_;

public:
    fs::path const file;
};

bool isEmpty(fs::path const& store) {
    std::array const ours{store.filename().string() + ".lock", std::string("restoring"), std::string("lost+found")};
    for (auto const& entry : fs::directory_iterator(directoryOf(store)))
        if (std::find(ours.begin(), ours.end(), entry.path().filename().string()) == ours.end()) return false;
    return true;
}

Error noBackup(fs::path const& source, std::string const& why) {
    return failure(Code::invalid, "restore_source", source.string() + " is no backup of a store: " + why + ".");
}

Result<void> stage(RestorePlan const& plan, fs::path const& file) {
    try {
        copySnapshot(plan.source, file, {});
        Connection copy(file.string(), Access::reader, {});
        auto const sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + plan.hallmark + "'";
        if (copy.textOf(sql) == "1") return ok;
        return noBackup(plan.source, "it has no table " + plan.hallmark);
    } catch (SqliteError const& error) {
        if ((error.code & 0xff) == SQLITE_FULL || (error.code & 0xff) == SQLITE_IOERR) throw;
        return noBackup(plan.source, sqlite3_errstr(error.code));
    }
}

// Brings what the WAL has into the old store's file, so that the file alone is that store. Not if it is damaged: then the parts stay parts.
Result<void> fold(fs::path const& store) {
    try {
        Connection old(store.string(), Access::copy, {});
        sqlite3_db_config(old.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        if (old.textOf("PRAGMA journal_mode = DELETE") == "delete") return ok;
    } catch (SqliteError const& error) {
        auto const code = error.code & 0xff;
        if (code != SQLITE_BUSY && code != SQLITE_LOCKED) return ok;
    }
    return conflict("restore_in_use", store.string() + " is being read by another process.");
}

// The new store must not meet the old one's WAL: SQLite would take it for its own.
Result<void> keepOld(fs::path const& store) {
    auto const kept = with(store, ".replaced");
    bool const exists = fs::exists(store);
    if (exists) CHECK(fold(store));
    for (auto const* suffix : companions) fs::remove(with(kept, suffix));
    for (auto const* suffix : companions)
        if (fs::exists(with(store, suffix))) fs::rename(with(store, suffix), with(kept, suffix));
    if (exists) {
        fs::remove(kept);
        fs::create_hard_link(store, kept);
    }
    syncDirectory(directoryOf(store));
    putAside.pass();
    return ok;
}

} // namespace

Result<void> restore(RestorePlan const& plan) {
    auto const directory = directoryOf(plan.store);
    if (!fs::is_regular_file(plan.source))
        return failure(Code::invalid, "restore_source", "There is no file " + plan.source.string() + ".");
    if (fs::exists(plan.store) && fs::equivalent(plan.source, plan.store))
        return failure(Code::invalid, "restore_source", plan.source.string() + " is the store itself.");
    if (fs::create_directories(directory)) fs::permissions(directory, fs::perms::owner_all);
    LockFile const lock(plan.store);
    if (!plan.replace && !isEmpty(plan.store)) return conflict("not_empty", directory.string() + " is not empty.");
    Staging const staging(plan.store);
    CHECK(stage(plan, staging.file));
    CHECK(plan.prepare(staging.file));
    for (auto const* suffix : companions)
        if (fs::exists(with(staging.file, suffix))) throw std::logic_error(staging.file.string() + " is still open");
    syncFile(staging.file);
    staged.pass();
    CHECK(keepOld(plan.store));
    beforeSwap.pass();
    fs::rename(staging.file, plan.store);
    syncDirectory(directory);
    afterSwap.pass();
    return ok;
}

} // namespace visavis::store::sqlite
