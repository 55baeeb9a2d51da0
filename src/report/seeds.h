#pragma once

#include <string>
#include <vector>

#include "report/pool.h"
#include "report/table.h"

namespace theriac::report {

// One setting and cleaning method, once for each seed, all measured alike.
struct Study {
  std::string name;
  std::vector<const Pool*> seeds;
};

// Pools of equal experiment name, setting, method and protocol, that differ in their seed. A seed
// that is there twice counts once, the first time.
std::vector<Study> studies(const std::vector<Pool>& pools);

// Mean and 95 % t interval over seeds of what each rule chooses. No rows below two seeds.
Table seeds_table(const std::vector<Pool>& pools);

// Differences between studies, of the models that the first rule chooses: paired hierarchical
// bootstrap over seeds and images. No rows where records keep no outcomes.
Table differences_table(const std::vector<Pool>& pools);

// The table of the rules and the two above, those with rows.
std::vector<Table> choice_tables(const std::vector<Pool>& pools);

}  // namespace theriac::report
