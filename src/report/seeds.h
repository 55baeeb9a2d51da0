#pragma once

#include <vector>

#include "report/studies.h"
#include "report/table.h"

namespace theriac::report {

// Mean and 95 % t interval over seeds of what each rule chooses. No rows below two seeds.
Table seeds_table(const std::vector<Pool>& pools);

// Differences between studies, of the models that the first rule chooses: paired hierarchical
// bootstrap over seeds and images. No rows where records keep no outcomes.
Table differences_table(const std::vector<Pool>& pools);

// The table of the rules and the two above, those with rows.
std::vector<Table> choice_tables(const std::vector<Pool>& pools);

}  // namespace theriac::report
