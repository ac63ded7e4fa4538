// `visavis doctor`: looks at what an instance needs, changes nothing, and says how to mend what is wrong.
#pragma once

#include "app/settings.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace visavis::outbound {
class Client;
}

namespace visavis::app {

enum class Health { ok, warning, fault };

struct Diagnosis {
    Health health = Health::ok;
    std::string what;
    std::string remedy = {}; // empty when all is well
};

// All that the examination depends on.
struct Patient {
    Settings settings;
    std::string configFile = {};              // that they were read from; empty: none
    std::string storeFile;                    // that settings.store.data leads to
    Instant now;                              // by the machine's clock
    Instant built;                            // when this program was; see builtAt()
    outbound::Client* client = nullptr;       // null: providers are not asked
    Millis patience{3'000};                   // with each provider
    std::uintmax_t leastFree = 1ULL << 30;    // bytes of disk
    std::uint64_t openFiles = 0;              // that a process may have; see openFilesLimit(). 0: not looked at
    std::uintmax_t quickCheck = 256ULL << 20; // a store larger than this is not read through here
};

// The file time of the running program.
Instant builtAt();

// The soft limit of this process, which a server started in the same way has as well.
std::uint64_t openFilesLimit();

// Settings, data directory, store (indexes, integrity, staff, undone work), clock, time zones, providers and the way in, in this order. Reads the store beside a running server.
std::vector<Diagnosis> examine(Patient const& patient);

// "ok", "warning" or "fault" before each line, remedies indented below.
std::string doctorReport(std::vector<Diagnosis> const& all);
// No faults; warnings are allowed.
bool isHealthy(std::vector<Diagnosis> const& all);

} // namespace visavis::app
