// The register of crash points, and the end of the process.
#include "store/crash_points.hpp"

#include <unistd.h>
#include <csignal>
#include <cstdlib>

namespace visavis {
inline namespace store {
namespace {

std::vector<std::string>& names() {
    static std::vector<std::string> list;
    return list;
}

// The passes until the end if VISAVIS_CRASH_AT names this point, else 0.
int wanted(std::string_view name) {
    auto const* setting = std::getenv("VISAVIS_CRASH_AT");
    if (setting == nullptr) return 0;
    std::string_view const text(setting);
    auto const colon = text.rfind(':');
    if (colon == text.npos || text.substr(0, colon) != name) return 0;
    return std::atoi(text.substr(colon + 1).data());
}

} // namespace

CrashPoint::CrashPoint(char const* name) {
    names().emplace_back(name);
    left_ = wanted(name);
    armed_ = left_ > 0;
}

void CrashPoint::count() const {
    if (left_.fetch_sub(1) == 1) ::kill(::getpid(), SIGKILL);
}

std::vector<std::string> crashPointNames() { return names(); }

} // namespace store
} // namespace visavis
