#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace theriac::report {

// The tables and figures of arXiv 2311.14948 from its authors' result files
// (results_plots/cleaning_plot_data_*.json): writes into `out` tables/ (CSV, Markdown, LaTeX),
// figures/ and index.html, and returns the main table as text of at most `width` columns (0:
// unlimited). Other files in `out` stay. Error when a file is not of that form (docs/reproduce).
std::string write_paper(const std::vector<std::filesystem::path>& files,
                        const std::filesystem::path& out, int width = 0);

}  // namespace theriac::report
