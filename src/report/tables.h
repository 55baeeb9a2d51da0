#pragma once

#include <iosfwd>
#include <string>

#include "report/load.h"
#include "report/measure.h"
#include "report/table.h"

namespace theriac::report {

Table best_table(const Experiment& experiment, double bound = kBound);  // with the control rows
Table final_table(const Experiment& experiment);
Table expectation_table(const Experiment& experiment);
Table stage_table(const Experiment& experiment);
Table skipped_table(const Experiment& experiment);

// The same as numbers.
std::string best_csv(const Experiment& experiment);  // for bounds of 1, 5, 10 and 20 percent
std::string final_csv(const Experiment& experiment);
std::string expectation_csv(const Experiment& experiment);
std::string points_csv(const Experiment& experiment);  // every record of every stage
void write_points_csv(const Experiment& experiment, std::ostream& out);

}  // namespace theriac::report
