// flock(2) on a file of its own: SQLite's locks on the store file are POSIX ones, lost when any descriptor of it is closed.
#include "store/sqlite/lock_file.hpp"

#include "store/sqlite/engine.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

namespace visavis::inline store::sqlite {

LockFile::LockFile(std::filesystem::path const& storeFile) {
    auto const path = storeFile.string() + ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + path + ": " + std::strerror(errno));
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
        auto const pid = std::to_string(::getpid()) + "\n";
        if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, pid.data(), pid.size(), 0) < 0) {
            // The number is for people only; the lock itself holds.
        }
        return;
    }
    char holder[32] = {};
    auto const size = ::pread(descriptor_, holder, sizeof holder - 1, 0);
    std::string pid(holder, size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    ::close(descriptor_);
    throw StoreLocked("the store " + storeFile.string() + " is in use by process " + (pid.empty() ? "(unknown)" : pid));
}

LockFile::~LockFile() { ::close(descriptor_); }

} // namespace visavis::store::sqlite
