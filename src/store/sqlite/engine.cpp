// The engine: a writer, a pool of readers, and the collections that both know.
#include "store/sqlite/engine.hpp"

#include "store/sqlite/backup.hpp"
#include "store/sqlite/integrity.hpp"
#include "store/sqlite/lock_file.hpp"
#include "store/sqlite/reader_pool.hpp"
#include "store/sqlite/schema.hpp"
#include "store/sqlite/writer.hpp"

#include <sqlite3.h>

#include <set>

namespace visavis {
inline namespace store {
namespace {

class FileEngine final : public SqliteEngine {
public:
    FileEngine(SqliteSettings const& settings, std::vector<CollectionSpec const*> const& collections)
        : settings_(settings),
          collections_(collections),
          layouts_(collections),
          lock_(settings.readOnly ? nullptr : std::make_unique<sqlite::LockFile>(settings.file)),
          writer_(settings.readOnly ? nullptr : std::make_unique<sqlite::Writer>(settings, layouts_)),
          readers_(settings) {
        if (writer_) complete_ = checkIndexes(collections_).empty();
    }

    Result<void> transact(std::function<Result<void>(EngineTx&)> const& work) override {
        if (!writer_) throw std::logic_error(settings_.file.string() + " is open for reading only");
        if (!complete_) throw StoreUnavailable(settings_.file.string() + " lacks collections or indexes: run `visavis migrate`");
        return writer_->transact(work);
    }

    void read(std::function<void(EngineReader&)> const& work) override {
        readers_.run([&](sqlite::Connection& db) {
            sqlite::SqliteReader reader(db, layouts_);
            work(reader);
        });
    }

    std::vector<std::string> migrate(std::vector<CollectionSpec const*> const& collections, bool dryRun) override {
        if (!writer_ && !dryRun) throw std::logic_error(settings_.file.string() + " is open for reading only");
        std::vector<std::string> lines;
        eachStep(collections, [&](std::string const&, sqlite::SchemaStep const& step) { lines.push_back(step.says); });
        if (dryRun) return lines;
        std::vector<sqlite::Layout const*> wanted;
        wanted.reserve(collections.size());
        for (auto const* collection : collections) wanted.push_back(&layouts_.of(*collection));
        writer_->alone([&](sqlite::Connection& db) { sqlite::migrate(db, wanted); });
        complete_ = checkIndexes(collections_).empty();
        return lines;
    }

    std::vector<IndexFault> checkIndexes(std::vector<CollectionSpec const*> const& collections) override {
        std::vector<IndexFault> faults;
        eachStep(collections, [&](std::string const& collection, sqlite::SchemaStep const& step) {
            faults.push_back({collection, step.index, step.says});
        });
        return faults;
    }

    std::vector<std::string> integrityFaults() override {
        std::vector<std::string> faults;
        readers_.run([&](sqlite::Connection& db) { faults = sqlite::integrityFaults(db, layouts_); });
        return faults;
    }

    std::string describe() const override { return std::string("SQLite ") + sqlite3_libversion() + ", " + settings_.file.string(); }

    bool alone() const override { return true; }

    std::vector<Counter> counters() const override {
        auto const now = statistics();
        return {{"store_transactions_total", static_cast<double>(now.transactions)},
                {"store_commits_total", static_cast<double>(now.commits)},
                {"store_wal_syncs_total", static_cast<double>(now.walSyncs)},
                {"store_checkpoint_syncs_total", static_cast<double>(now.checkpointSyncs)},
                {"store_writer_cpu_seconds_total", static_cast<double>(now.writerCpu.count()) / 1e9}};
    }

    Result<void> backupTo(BackupPlan const& plan) override { return sqlite::backup(settings_.file, plan, settings_.vfs); }

    SqliteStatistics statistics() const override { return writer_ ? writer_->statistics() : SqliteStatistics{}; }

    std::vector<std::string> planOf(Query const& query) override {
        auto const& layout = layouts_.of(*query.from);
        std::vector<std::string> lines;
        readers_.run([&](sqlite::Connection& db) {
            lines = sqlite::planOf(db, sqlite::selectSql(layout, query, "doc").text);
            if (!sqlite::hasTail(layout, query)) return;
            for (auto& line : sqlite::planOf(db, sqlite::selectSql(layout, query, "doc", true).text)) lines.push_back(std::move(line));
        });
        return lines;
    }

    std::vector<std::string> scans() override {
        auto const fromReaders = readers_.cachedSql();
        std::set<std::string> all(fromReaders.begin(), fromReaders.end());
        if (writer_)
            writer_->alone([&](sqlite::Connection& db) {
                for (auto& sql : db.cachedSql()) all.insert(std::move(sql));
            });
        std::vector<std::string> found;
        readers_.run([&](sqlite::Connection& db) {
            for (auto const& sql : all) {
                bool const ofCollection =
                    sql.starts_with("SELECT") && sql.find("sqlite_schema") == sql.npos && sql.find("pragma_") == sql.npos;
                for (auto const& line : ofCollection ? sqlite::planOf(db, sql) : std::vector<std::string>{})
                    if (line.starts_with("SCAN ") && !line.starts_with("SCAN (subquery")) found.push_back(line + ": " + sql);
            }
        });
        return found;
    }

private:
    template <class F> void eachStep(std::vector<CollectionSpec const*> const& collections, F const& f) {
        readers_.run([&](sqlite::Connection& db) {
            for (auto const* collection : collections)
                for (auto const& step : sqlite::missingSteps(db, layouts_.of(*collection))) f(collection->name, step);
        });
    }

    SqliteSettings const settings_;
    std::vector<CollectionSpec const*> const collections_;
    sqlite::Layouts const layouts_;
    std::unique_ptr<sqlite::LockFile> lock_;
    std::unique_ptr<sqlite::Writer> writer_;
    sqlite::ReaderPool readers_;
    std::atomic<bool> complete_{false};
};

} // namespace

std::unique_ptr<SqliteEngine> openSqlite(SqliteSettings const& settings, std::vector<CollectionSpec const*> const& collections) {
    return std::make_unique<FileEngine>(settings, collections);
}

} // namespace store
} // namespace visavis
