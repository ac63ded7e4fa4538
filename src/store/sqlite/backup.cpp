// The online backup API on a read-only connection of its own, in whichever process: the writer goes on meanwhile and knows nothing of it.
#include "store/sqlite/backup.hpp"

#include "store/crash_points.hpp"
#include "store/sqlite/connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace visavis::inline store::sqlite {
namespace {

CrashPoint const betweenPages("backup.pages");
CrashPoint const copied("backup.copied");
CrashPoint const beforeName("backup.name.before");
CrashPoint const afterName("backup.name.after");

constexpr int pagesAtOnce = 256;

std::runtime_error broken(std::string const& doing, std::filesystem::path const& path) {
    return std::runtime_error("cannot " + doing + " " + path.string() + ": " + std::strerror(errno));
}

// The source's read transaction lasts from the first page to the last, so the steps see one snapshot.
void copyPages(Connection& from, Connection& to) {
    from.run("BEGIN; SELECT count(*) FROM sqlite_schema");
    auto* const copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copying == nullptr) to.fail(sqlite3_errcode(to.handle()), "backup");
    int stepped = SQLITE_OK;
    while (stepped == SQLITE_OK) {
        stepped = sqlite3_backup_step(copying, pagesAtOnce);
        betweenPages.pass();
    }
    auto const finished = sqlite3_backup_finish(copying);
    if (stepped != SQLITE_DONE || finished != SQLITE_OK) to.fail(stepped == SQLITE_DONE ? finished : stepped, "backup");
}

void sync(std::filesystem::path const& path, int flags) {
    int const descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    bool const synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    int const why = errno;
    if (descriptor >= 0) ::close(descriptor);
    errno = why;
    if (!synced) throw broken("sync", path);
}

// The copy under a name of its own, COPY.part; while this lives, no other backup to the same place can take it. Removed in the end, unless
// it was given its name. What a killed backup leaves behind is taken over by the next one.
class Unfinished {
public:
    explicit Unfinished(std::filesystem::path const& copy) : path_(copy.string() + ".part") {
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (descriptor_ < 0) throw broken("make", path_);
    }
    Unfinished(Unfinished const&) = delete;
    Unfinished& operator=(Unfinished const&) = delete;
    ~Unfinished() {
        if (isOurs_) removeAll();
        ::close(descriptor_);
    }

    std::filesystem::path const& path() const { return path_; }

    // False if another backup is at work on it, or has just given it its name.
    bool claim() {
        struct stat opened {
        }, named{};
        isOurs_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0 && ::fstat(descriptor_, &opened) == 0 &&
                  ::stat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
        if (!isOurs_) return false;
        removeBeside();
        if (::ftruncate(descriptor_, 0) != 0 || ::fchmod(descriptor_, S_IRUSR | S_IWUSR) != 0) throw broken("empty", path_);
        return true;
    }
    // False if there is a file of this name and it may not be replaced.
    bool name(std::filesystem::path const& copy, bool overwrite) {
        if (!renameTo(copy, overwrite)) {
            if (errno == EEXIST) return false;
            throw broken("name", copy);
        }
        removeBeside();
        isOurs_ = false;
        return true;
    }

private:
    bool renameTo(std::filesystem::path const& copy, bool overwrite) const {
        if (overwrite) return ::rename(path_.c_str(), copy.c_str()) == 0;
        if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, copy.c_str(), RENAME_NOREPLACE) == 0) return true;
        if (errno != EINVAL && errno != ENOSYS) return false;
        if (::access(copy.c_str(), F_OK) == 0) { // a file system that cannot do it in one
            errno = EEXIST;
            return false;
        }
        return ::rename(path_.c_str(), copy.c_str()) == 0;
    }
    void removeBeside() const {
        std::error_code ignored;
        for (auto const* suffix : companions) std::filesystem::remove(path_.string() + suffix, ignored);
    }
    void removeAll() const {
        std::error_code ignored;
        removeBeside();
        std::filesystem::remove(path_, ignored);
    }

    std::filesystem::path const path_;
    int descriptor_ = -1;
    bool isOurs_ = false;
};

Error taken(std::filesystem::path const& copy) { return conflict("backup_exists", copy.string() + " is there already."); }

} // namespace

std::filesystem::path directoryOf(std::filesystem::path const& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

void syncFile(std::filesystem::path const& file) { sync(file, O_RDONLY); }
void syncDirectory(std::filesystem::path const& directory) { sync(directory, O_RDONLY | O_DIRECTORY); }

void copySnapshot(std::filesystem::path const& from, std::filesystem::path const& to, std::string const& vfs) {
    {
        Connection source(from.string(), Access::reader, vfs);
        Connection target(to.string(), Access::copy, {});
        copyPages(source, target);
        target.run("PRAGMA journal_mode = DELETE"); // opening the store makes it WAL again
    }
    syncFile(to);
}

Result<void> backup(std::filesystem::path const& store, BackupPlan const& plan, std::string const& vfs) {
    if (!plan.overwrite && std::filesystem::exists(plan.copy)) return taken(plan.copy);
    Unfinished unfinished(plan.copy);
    if (!unfinished.claim()) return conflict("backup_running", "Another process writes " + unfinished.path().string() + ".");
    copySnapshot(store, unfinished.path(), vfs);
    copied.pass();
    if (plan.check) CHECK(plan.check(unfinished.path()));
    beforeName.pass();
    if (!unfinished.name(plan.copy, plan.overwrite)) return taken(plan.copy);
    syncDirectory(directoryOf(plan.copy));
    afterName.pass();
    return ok;
}

} // namespace visavis::store::sqlite
