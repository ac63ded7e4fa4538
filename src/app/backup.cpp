// The copying is the engine's; here is what a copy must be to count as one.
#include "app/backup.hpp"

#include "app/collections.hpp"
#include "app/store.hpp"
#include "identity/records.hpp"
#include "reports/verify.hpp"
#include "store/sqlite/restore.hpp"

namespace visavis::app {
namespace {

namespace fs = std::filesystem;

Error wrong(std::string detail) { return failure(Code::invalid, "backup", std::move(detail)); }

Error useTheCluster(char const* key) {
    return failure(Code::invalid, key,
                   "The data is in MongoDB, which has its own means: mongodump --oplog and mongorestore, or snapshots of a replica's disk "
                   "(docs/scaling.md). `visavis export` and `visavis import` move every document as JSON Lines.");
}

std::string mebibytes(fs::path const& file) {
    auto const tenths = (fs::file_size(file) * 10) >> 20;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

// Judges a store; a violation is an error, unless it is accepted.
Result<void> judge(Engine& engine, CopyOptions const& options, Instant now, CopyOutcome& outcome) {
    auto const checks = reports::verify(engine, now);
    if (!reports::isClean(checks)) outcome.report = reports::verifyReport(checks);
    outcome.sentence = std::to_string(checks.size()) + " invariants checked, " + std::to_string(reports::violationsIn(checks)) +
                       (reports::violationsIn(checks) == 1 ? " violation" : " violations");
    if (outcome.report.empty() || options.acceptViolations) return ok;
    return conflict("violations", "nothing was written, because the audit of the copy found violations:\n" + outcome.report +
                                      "With --accept-violations it is kept all the same.");
}

bool isSame(fs::path const& a, fs::path const& b) { return fs::weakly_canonical(fs::absolute(a)) == fs::weakly_canonical(fs::absolute(b)); }

// The store's own files, and those that it may have: visavis.db, visavis.db-wal, visavis.db.lock, …
bool isOfTheStore(fs::path const& file, fs::path const& store) {
    return isSame(file.parent_path() / ".", store.parent_path() / ".") && file.filename().string().starts_with(store.filename().string());
}

} // namespace

Result<CopyOutcome> backupStore(Settings const& settings, CopyOptions const& options, Instant now) {
    if (!settings.store.url.empty()) return useTheCluster("backup_mongodb");
    fs::path const store = storeFile(settings.store.data);
    auto const& copy = options.file;
    if (!fs::exists(store)) return wrong("There is no store " + store.string() + ".");
    if (!copy.has_filename() || fs::is_directory(copy)) return wrong(copy.string() + " is a directory: say the file, too.");
    if (isOfTheStore(copy, store)) return wrong(copy.string() + " is a name that the store needs itself.");
    CopyOutcome outcome;
    BackupPlan plan{copy, options.force, [&](fs::path const& unfinished) {
                        auto const look = openSqlite({.file = unfinished, .readOnly = true, .readers = 2}, allCollections());
                        return judge(*look, options, now, outcome);
                    }};
    auto const source = openSqlite({.file = store, .readOnly = true, .readers = 1}, allCollections());
    CHECK(source->backupTo(plan));
    outcome.sentence = "Wrote " + copy.string() + ": " + mebibytes(copy) + ", " + outcome.sentence + ".";
    return outcome;
}

Result<CopyOutcome> restoreStore(Settings const& settings, CopyOptions const& options, Instant now) {
    if (!settings.store.url.empty()) return useTheCluster("restore_mongodb");
    CopyOutcome outcome;
    sqlite::RestorePlan plan;
    plan.source = options.file;
    plan.store = storeFile(settings.store.data);
    plan.hallmark = identity::users.spec().name;
    plan.replace = options.force;
    plan.prepare = [&](fs::path const& staged) {
        auto const engine = openSqlite({.file = staged, .readers = 2}, allCollections());
        engine->migrate(allCollections(), false);
        return judge(*engine, options, now, outcome);
    };
    CHECK(sqlite::restore(plan));
    outcome.sentence = "Restored " + plan.store.string() + ": " + mebibytes(plan.store) + ", " + outcome.sentence + ".";
    return outcome;
}

} // namespace visavis::app
