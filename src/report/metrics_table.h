#pragma once

#include "report/load.h"
#include "report/table.h"

namespace theriac::report {

// Metrics that no other table has (probes, retrieval, losses): every cell's newest epoch and the
// epochs that are chosen under the usual bound, on the reported data where it was measured there.
// No rows where there is no such metric.
Table metrics_table(const Experiment& experiment);

}  // namespace theriac::report
