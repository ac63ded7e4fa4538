// Replaces one entry of the file's method table after the real VFS opened it; everything else is untouched and costs nothing.
#include "store/sqlite/sync_vfs.hpp"

#include "store/sqlite/connection.hpp"

#include <sqlite3.h>

#include <atomic>
#include <mutex>
#include <stdexcept>

namespace visavis::inline store::sqlite {
namespace {

// A file's method table, found again from the file: SQLite hands xSync nothing but the file.
struct Methods {
    sqlite3_io_methods table{};
    SyncVfs::Inside* owner = nullptr;
    SyncVfs::File file = SyncVfs::File::wal;
    sqlite3_io_methods const* beneath = nullptr;

    // The VFS underneath may look at the table as well, and must see its own.
    int syncBeneath(sqlite3_file* synced, int flags) const {
        synced->pMethods = beneath;
        auto const code = beneath->xSync(synced, flags);
        synced->pMethods = &table;
        return code;
    }
};

} // namespace

struct SyncVfs::Inside {
    sqlite3_vfs vfs{};
    sqlite3_vfs* base = nullptr;
    std::string name;
    Around around;
    std::mutex mutex;
    Methods wal, database;

    void wrap(sqlite3_file* file, Methods& methods) {
        std::lock_guard const lock(mutex);
        if (methods.owner == nullptr) {
            methods.table = *file->pMethods;
            methods.owner = this;
            methods.beneath = file->pMethods;
            methods.table.xSync = [](sqlite3_file* synced, int flags) {
                auto const* mine = reinterpret_cast<Methods const*>(synced->pMethods);
                return mine->owner->around(mine->file, [&] { return mine->syncBeneath(synced, flags); });
            };
        }
        file->pMethods = &methods.table;
    }

    static int open(sqlite3_vfs* self, char const* path, sqlite3_file* file, int flags, int* given) {
        auto* inside = static_cast<Inside*>(self->pAppData);
        auto const code = inside->base->xOpen(inside->base, path, file, flags, given);
        if (code != SQLITE_OK || file->pMethods == nullptr) return code;
        if ((flags & SQLITE_OPEN_WAL) != 0) inside->wrap(file, inside->wal);
        if ((flags & SQLITE_OPEN_MAIN_DB) != 0) inside->wrap(file, inside->database);
        return code;
    }
};

SyncVfs::SyncVfs(std::string const& base, Around around) : inside_(std::make_unique<Inside>()) {
    prepareLibrary();
    static std::atomic<int> count{0};
    inside_->base = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
    if (inside_->base == nullptr) throw std::runtime_error("SQLite has no VFS named " + base);
    inside_->name = "visavis-" + std::to_string(++count);
    inside_->around = std::move(around);
    inside_->database.file = File::database;
    inside_->vfs = *inside_->base;
    inside_->vfs.pNext = nullptr;
    inside_->vfs.zName = inside_->name.c_str();
    inside_->vfs.pAppData = inside_.get();
    inside_->vfs.xOpen = Inside::open;
    if (sqlite3_vfs_register(&inside_->vfs, 0) != SQLITE_OK) throw std::runtime_error("SQLite refuses the VFS " + inside_->name);
}

SyncVfs::~SyncVfs() { sqlite3_vfs_unregister(&inside_->vfs); }

std::string const& SyncVfs::name() const { return inside_->name; }

} // namespace visavis::store::sqlite
