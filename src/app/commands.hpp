// The commands of the product; --help on each.
#pragma once

namespace visavis::app {

// 0 done, 1 the answer is no (violations, stale files, faults), 2 wrong use or settings.
int run(int argc, char** argv);

} // namespace visavis::app
