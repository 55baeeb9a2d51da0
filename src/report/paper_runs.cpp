#include <algorithm>

#include "report/paper_results.h"

// What the authors' lists do not say: where cleaning starts, and which learning rate each stretch
// of a list had. Start points: the stars of the authors' figures. Grids, measurements of an epoch
// (every 1,500 steps and at its end) and epoch 0 (CC3M only): their cleaning scripts.

namespace theriac::report {

namespace {

struct PaperGrid {
  const char* data;
  const char* pretraining;  // "" for both
  const char* cleaning;
  std::size_t measurements;  // of one run: 20 epochs of one or two, and epoch 0 on CC3M
  std::vector<double> rates;
};

const std::vector<PaperGrid>& grids() {
  static const std::vector<double> extra = {3.5e-4, 3e-4, 2.5e-4, 2e-4, 1.5e-4};
  static const std::vector<double> base = {4e-3, 1e-3, 8e-4, 4e-4, 1e-4, 8e-5, 4e-5, 1e-5};
  static const std::vector<double> small = {5e-8, 1e-8, 5e-9, 1e-9};
  static const std::vector<double> middle = {3e-5, 1e-5, 7e-6, 3e-6, 1e-6, 7e-7, 3e-7, 1e-7};
  const auto joined = [](std::vector<std::vector<double>> parts) {
    std::vector<double> all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
  };
  static const std::vector<PaperGrid> all = {
      {"CC3M", "", "MMCL", 21, joined({extra, base})},
      {"CC3M", "", "SSL", 21, base},
      {"CC3M", "", "CleanCLIP", 21, joined({extra, base})},
      {"CC6M", "", "MMCL", 20, middle},
      {"CC6M", "MMCL", "SSL", 40, joined({small, middle})},
      {"CC6M", "MMCL", "CleanCLIP", 40, joined({small, middle})},
      {"CC6M", "MMCL+SSL", "SSL", 40, joined({{1e-4, 3e-3, 1e-3, 3e-4}, small, middle})},
      {"CC6M", "MMCL+SSL", "CleanCLIP", 40, joined({{3e-3, 1e-3, 3e-4, 1e-4}, small, middle})}};
  return all;
}

}  // namespace

std::optional<Rates> paper_start(const PaperSeries& series) {
  const bool both = series.pretraining == "MMCL+SSL";
  if (series.data == "CC3M") return both ? Rates{17.04, 99.03} : Rates{16.00, 99.88};
  if (series.data.starts_with("CC6M")) return both ? Rates{23.86, 99.45} : Rates{23.76, 99.98};
  return std::nullopt;
}

std::vector<PaperRun> paper_runs(const PaperSeries& series) {
  std::vector<PaperRun> runs;
  if (!series.main()) return runs;
  for (const auto& grid : grids()) {
    const bool model = *grid.pretraining == '\0' || series.pretraining == grid.pretraining;
    if (series.data != grid.data || series.cleaning != grid.cleaning || !model ||
        series.points.size() != grid.measurements * grid.rates.size())
      continue;
    for (std::size_t i = 0; i < grid.rates.size(); ++i)
      runs.push_back({grid.rates[i], i * grid.measurements, grid.measurements});
  }
  std::sort(runs.begin(), runs.end(),
            [](const auto& a, const auto& b) { return a.learning_rate < b.learning_rate; });
  return runs;
}

}  // namespace theriac::report
