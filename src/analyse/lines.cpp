#include <fmt/format.h>

#include <algorithm>

#include "analyse/analysis.h"

namespace theriac::analyse {

std::vector<std::size_t> spaced(std::size_t n, std::size_t most) {
  std::vector<std::size_t> result;
  const auto count = std::min(n, most);
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(count == 1 ? n - 1 : i * (n - 1) / (count - 1));
  return result;
}

std::string shown_note(std::size_t n, std::size_t most) {
  if (n <= most) return "";
  return fmt::format(" {} of the {} checkpoints are shown; the CSV file has all.", most, n);
}

std::size_t columns_for(std::size_t panels) { return panels == 2 || panels == 4 ? 2 : 3; }

std::string number(double value) { return fmt::format("{:.6g}", value); }

void Lines::add(const Snapshot& snapshot, double value) {
  auto found = std::find_if(runs_.begin(), runs_.end(),
                            [&](const report::Series& s) { return s.name == snapshot.run; });
  if (found == runs_.end()) {
    runs_.push_back({snapshot.run, report::Series::Kind::kLine, {}, {}, {}, {}});
    found = runs_.end() - 1;
  }
  found->x.push_back(static_cast<double>(snapshot.epoch));
  found->y.push_back(value);
}

void Lines::add(const Snapshot& snapshot, double value, double low, double high) {
  add(snapshot, value);
  for (auto& run : runs_)
    if (run.name == snapshot.run) {
      run.low.push_back(low);
      run.high.push_back(high);
    }
}

report::Panel Lines::panel(std::string title) const {
  return {.title = std::move(title),
          .x_label = "epoch",
          .y_label = "",
          .series = runs_,
          .whole_x = true};
}

}  // namespace theriac::analyse
