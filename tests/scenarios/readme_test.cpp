// The README's walk, run as it is written.
#include "support/world.hpp"

#include <fstream>
#include <sstream>

namespace visavis {
namespace {

std::string walk() {
    std::ifstream file(VISAVIS_ROOT "/README.md");
    std::ostringstream all;
    all << file.rdbuf();
    auto const text = all.str();
    auto const start = text.find("```sh\n", text.find("<!-- walk -->")) + 6;
    return text.substr(start, text.find("```", start) - start);
}

TEST(Readme, WalkRunsAsWritten) {
    support::World world;
    auto const script = world.data() + "/walk.sh";
    std::ofstream(script) << "set -euo pipefail\nexport API=" << world.server().url() << " SANDBOX=" << world.server().sandbox() << "\n"
                          << walk();
    EXPECT_EQ(std::system(("timeout 60 bash " + script).c_str()), 0);
    world.advance("PT1M");
    world.verifyClean();
}

} // namespace
} // namespace visavis
