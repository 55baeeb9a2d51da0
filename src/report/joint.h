#pragma once

#include <vector>

#include "report/load.h"

namespace theriac::report {

// Several experiments as one, for figures: names begin with the experiment's, which is also the
// first axis. Its cells' stages stay those of `all`, which must outlive it; data sets to choose and
// to report on are those of the first.
void unite(const std::vector<const Experiment*>& all, Experiment& joint);

}  // namespace theriac::report
