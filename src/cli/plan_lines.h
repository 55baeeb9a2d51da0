#pragma once

#include <string>
#include <vector>

#include "theriac/core/run.h"

namespace theriac::cli {

// What runs a plan without `theriac run`: one `theriac run FILE --stage ID` for each stage.
struct PlanCommand {
  std::string program, file, runs, directory;  // absolute
  std::vector<std::string> sets;
  bool smoke = false;
};

// A script of bash, parents before children; it ends at the first stage that does not end well.
std::string shell_lines(const core::PlanFile& plan, const PlanCommand& command);

// A makefile with one target a stage, named by its id, after its parent's; `make -jN` runs N at
// once, `make -k` goes on beside a failure. Error: a setting of several lines, which make has no
// word for.
std::string makefile(const core::PlanFile& plan, const PlanCommand& command);

}  // namespace theriac::cli
