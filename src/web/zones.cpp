// Reads zone.tab of the tz database: country codes, coordinates, name, separated by tabs.
#include "web/zones.hpp"

#include "core/zone.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace visavis::web {

std::vector<std::string> const& zoneNames() {
    static std::vector<std::string> const names = [] {
        std::vector<std::string> found{"UTC"};
        std::ifstream file("/usr/share/zoneinfo/zone.tab");
        for (std::string line; std::getline(file, line);) {
            std::istringstream fields(line);
            std::string countries, place, name;
            if (line.starts_with('#') || !(fields >> countries >> place >> name) || !Zone::load(name)) continue;
            found.push_back(name);
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }();
    return names;
}

} // namespace visavis::web
