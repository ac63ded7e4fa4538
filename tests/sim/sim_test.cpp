// Days of a simulated town, each of which ends with an audit. VISAVIS_SIM_DAYS and VISAVIS_SIM_SEED say how many and which.
#include "sim/simulation.hpp"

#include <cstdlib>
#include <iostream>

namespace visavis::sim {
namespace {

std::uint64_t setting(char const* name, std::uint64_t usual) {
    auto const* given = std::getenv(name);
    return given == nullptr ? usual : std::stoull(given);
}

TEST(Sim, EveryDayEndsInOrder) {
    auto const days = setting("VISAVIS_SIM_DAYS", support::onMongo() ? 12 : 200); // a server behind a wire takes several times as long
    auto const seed = setting("VISAVIS_SIM_SEED", 1);
    Simulation town(seed);
    for (std::uint64_t day = 1; day <= days; ++day) {
        town.day();
        auto const faults = town.faults();
        if (faults.empty()) continue;
        for (auto const& line : town.log()) std::cout << line << "\n";
        for (auto const& fault : faults) ADD_FAILURE() << fault;
        FAIL() << "VISAVIS_SIM_SEED=" << seed << " VISAVIS_SIM_DAYS=" << day << " shows it again; what was done is above";
    }
    EXPECT_GE(town.log().size(), days * 10) << "people do something every day";
}

} // namespace
} // namespace visavis::sim
