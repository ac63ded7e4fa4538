// The online backup API on a read-only connection of its own; the writer goes on meanwhile.
#include "store/sqlite/backup.hpp"

#include "store/sqlite/connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace visavis::inline store::sqlite {
namespace {

void copyPages(Connection& from, Connection& to) {
    auto* const copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copying == nullptr) to.fail(sqlite3_errcode(to.handle()), "backup");
    auto const stepped = sqlite3_backup_step(copying, -1); // all in one step: one snapshot
    auto const finished = sqlite3_backup_finish(copying);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK) to.fail(stepped == SQLITE_DONE ? finished : stepped, "backup");
}

void syncPath(std::filesystem::path const& path, int flags) {
    int const descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    bool const synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    int const why = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw std::runtime_error("cannot sync " + path.string() + ": " + std::strerror(why));
}

} // namespace

void backup(std::filesystem::path const& store, std::filesystem::path const& copy, std::string const& vfs) {
    auto const unfinished = std::filesystem::path(copy.string() + ".part");
    std::filesystem::remove(unfinished);
    {
        Connection from(store.string(), Access::reader, vfs);
        Connection to(unfinished.string(), Access::copy, {});
        copyPages(from, to);
        to.run("PRAGMA journal_mode = DELETE"); // one file, complete in itself; opening the store makes it WAL again
    }
    syncPath(unfinished, O_RDONLY);
    std::filesystem::rename(unfinished, copy);
    syncPath(copy.has_parent_path() ? copy.parent_path() : ".", O_RDONLY | O_DIRECTORY);
}

} // namespace visavis::store::sqlite
