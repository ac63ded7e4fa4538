// What most of the measured values stay below.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace visavis::bench {

// The value that `share` of them do not exceed (0.99: the p99). Reorders them.
inline double percentile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    auto const at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

} // namespace visavis::bench
