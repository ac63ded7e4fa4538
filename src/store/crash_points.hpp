// Named places where a test ends the process as a power switch would (F1); in production each is a look at one bool.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

namespace visavis {
inline namespace store {

// A crash point is a global object beside the code that passes it: `CrashPoint const beforeCommit("sqlite.commit.before");`.
// With VISAVIS_CRASH_AT=name:n in the environment, the n-th pass of that point ends the process by SIGKILL.
class CrashPoint {
public:
    explicit CrashPoint(char const* name);
    CrashPoint(CrashPoint const&) = delete;
    CrashPoint& operator=(CrashPoint const&) = delete;

    void pass() const {
        if (armed_) [[unlikely]]
            count();
    }

private:
    void count() const;

    bool armed_ = false;
    mutable std::atomic<int> left_{0};
};

// The names of all crash points of this program, so that a test can prove that it visited each.
std::vector<std::string> crashPointNames();

} // namespace store
} // namespace visavis
