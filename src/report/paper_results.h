#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "report/choice.h"

namespace theriac::report {

// One key of the authors' result files: every measurement of every run of one setting, newest run
// first.
struct PaperSeries {
  std::string file, key;
  std::vector<Rates> points;
  // What the key says. `data` is "" for a key of another form, which is then only counted.
  std::string data;                   // "CC3M", "CC6M", "CC6M, 200k pairs"
  std::string pretraining, cleaning;  // "MMCL", "MMCL+SSL"; "MMCL", "SSL", "CleanCLIP"
  std::optional<int> left;            // poisoned pairs left in the cleaning set, where it says

  bool known() const { return !data.empty(); }
  bool main() const { return known() && !left; }
};

struct PaperResults {
  std::vector<PaperSeries> series;  // as given: files in order, keys in the file's order
  std::vector<std::string> notes;   // what a reader has to know: contaminated lists, unknown keys
};

// `{key: [[ASR, ...], [accuracy, ...]]}` in fractions, results_plots/cleaning_plot_data_*.json of
// the code published with arXiv 2311.14948. Error for anything else.
PaperResults read_paper_results(const std::vector<std::filesystem::path>& files);

// The model before cleaning, percent; the authors' plots hold these numbers, not their lists.
std::optional<Rates> paper_start(const PaperSeries& series);

// One run of a series. Learning rates are inferred: the lists name none, but the grids and the
// measurements of an epoch are known, and the newest run comes first.
struct PaperRun {
  double learning_rate;
  std::size_t first, count;  // of PaperSeries::points
};
// Lowest learning rate first; empty when the grid of this series is not known.
std::vector<PaperRun> paper_runs(const PaperSeries& series);

}  // namespace theriac::report
