#pragma once

#include <iosfwd>
#include <string>

#include "report/load.h"
#include "report/measure.h"
#include "report/table.h"

namespace theriac::report {

inline constexpr double kBounds[] = {1, 5, 10, 20};  // percent of attack success

Table best_table(const Experiment& experiment, double bound = kBound);  // with the control rows
Table best_table_of_bounds(const Experiment& experiment);  // of all kBounds, for the files
Table final_table(const Experiment& experiment);
Table expectation_table(const Experiment& experiment);
Table stage_table(const Experiment& experiment);
Table skipped_table(const Experiment& experiment);

// The rows of best_table_of_bounds() and the cells of final_table() on all data, as numbers with
// the same digits.
std::string best_csv(const Experiment& experiment);
std::string final_csv(const Experiment& experiment);
std::string expectation_csv(const Experiment& experiment);
std::string points_csv(const Experiment& experiment);  // every record of every stage, all digits
void write_points_csv(const Experiment& experiment, std::ostream& out);

}  // namespace theriac::report
