// A SQLite VFS that is the system's, except that every sync passes through a function: to count them, and in a bench to time and delay them.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace visavis::inline store::sqlite {

class SyncVfs {
public:
    enum class File { wal, database };
    // Calls `sync`, which does it, and returns its result code.
    using Around = std::function<int(File, std::function<int()> const& sync)>;

    // `base`: the VFS underneath, empty for the system's. Connections are opened with name(), and closed before this goes.
    SyncVfs(std::string const& base, Around around);
    SyncVfs(SyncVfs const&) = delete;
    SyncVfs& operator=(SyncVfs const&) = delete;
    ~SyncVfs();
    std::string const& name() const;

    struct Inside;

private:
    std::unique_ptr<Inside> inside_;
};

} // namespace visavis::store::sqlite
