#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/panels.h"
#include "report/paper_results.h"

namespace theriac::report {

// The figures for which the files hold data, each with its file's stem: "main_CC3M", "six_CC3M",
// "runs_CC6M_mmcl_ssl", "poisoned_CC6M", "pairs_CC6M".
std::vector<std::pair<std::string, PanelFigure>> paper_figures(const PaperResults& results);

}  // namespace theriac::report
