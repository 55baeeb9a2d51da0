#pragma once

#include <vector>

#include "report/pool.h"
#include "report/table.h"

namespace theriac::report {

// Every selection rule in every pool: choice, report, regret, points, the same at equal points.
// Pools of several experiments have a column that names them.
Table rules_table(const std::vector<Pool>& pools);

}  // namespace theriac::report
