// The lock file that admits one writing process to a store.
#pragma once

#include <filesystem>

namespace visavis::inline store::sqlite {

// Holds FILE.lock (flock) as long as it lives; the kernel gives it up when the process ends, however it ends.
class LockFile {
public:
    // Throws StoreLocked, naming the holder's process id.
    explicit LockFile(std::filesystem::path const& storeFile);
    LockFile(LockFile const&) = delete;
    LockFile& operator=(LockFile const&) = delete;
    ~LockFile();

private:
    int descriptor_ = -1;
};

} // namespace visavis::store::sqlite
