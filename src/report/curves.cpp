#include <algorithm>
#include <cmath>
#include <set>

#include "report/figures.h"
#include "report/plot.h"

// Training loss by step: a panel for pre-training and one for cleaning.

namespace theriac::report {

namespace {

constexpr std::size_t kBuckets = 160;

// Means over equal spans of steps; values that are not finite are left out.
std::vector<Spot> thinned(const std::vector<core::StepMetrics>& metrics) {
  std::vector<Spot> result;
  const std::size_t each = std::max<std::size_t>(1, (metrics.size() + kBuckets - 1) / kBuckets);
  for (std::size_t i = 0; i < metrics.size(); i += each) {
    double step = 0, loss = 0, n = 0;
    for (std::size_t k = i; k < std::min(i + each, metrics.size()); ++k) {
      if (!std::isfinite(metrics[k].loss)) continue;
      step += static_cast<double>(metrics[k].step);
      loss += metrics[k].loss;
      ++n;
    }
    if (n > 0) result.push_back({step / n, loss / n});
  }
  return result;
}

void panel(Drawing& d, const Experiment& e, const std::string& kind, Frame frame) {
  struct Line {
    const Cell* cell;
    std::vector<Spot> spots;
  };
  std::vector<Line> lines;
  std::set<const Stage*> seen;
  Range loss{1e300, -1e300};
  for (const auto& cell : e.cells) {
    const Stage* stage = cell.last(kind);
    if (!stage || !seen.insert(stage).second) continue;
    lines.push_back({&cell, thinned(stage->metrics)});
    for (const auto& [x, y] : lines.back().spots) {
      frame.x.high = std::max(frame.x.high, x);
      loss = {std::min(loss.low, y), std::max(loss.high, y)};
    }
  }
  frame.y = loss.low > loss.high ? Range{0, 1} : Range{std::min(0.0, loss.low), loss.high * 1.04};
  if (!(frame.y.high > frame.y.low)) frame.y.high = frame.y.low + 1;
  frame.grid(d, 5, 5);
  d.text({frame.left, frame.top - 9}, kind == "clean" ? "Cleaning: loss" : "Pre-training: loss",
         kInk, 12);
  d.text({frame.right(), frame.bottom() + 32}, "step", kMuted, 11, 1);
  for (const auto& [cell, spots] : lines) {
    if (spots.empty()) continue;
    std::vector<Spot> path;
    for (const auto& [x, y] : spots) path.push_back(frame.at(x, y));
    Shape& line = d.line(path, colour_of(e, *cell), 1.5, 0.85);
    line.classes = "g" + std::to_string(e.groups[cell->group].model);
    if (kind == "clean") {
      line.dashed = cell->control;
      Shape& mark =
          d.mark(e.mark(*cell), path.back(), 4, cell->control ? kSurface : colour_of(e, *cell));
      mark.stroke = cell->control ? colour_of(e, *cell) : kSurface;
    }
  }
}

bool has_metrics(const Experiment& e, const std::string& kind) {
  const auto stages = all_stages(e);
  return std::any_of(stages.begin(), stages.end(), [&](const Stage* stage) {
    return stage->plan.kind == kind && !stage->metrics.empty();
  });
}

}  // namespace

bool has_curves(const Experiment& e) {
  return has_metrics(e, "pretrain") || has_metrics(e, "clean");
}

Drawing curves(const Experiment& e, Layout layout) {
  Drawing d;
  const bool narrow = layout == Layout::kNarrow;
  d.width = figure_width(layout);
  d.title = "Training loss by step";
  d.description = "Means over spans of steps.";
  double top = 30;
  if (layout == Layout::kFile) {
    d.text({16, 26}, d.title, kInk, 15).bold = true;
    top = legend(d, e, 16, 50) + 26;
  }
  std::vector<std::string> kinds;
  for (const char* kind : {"pretrain", "clean"})
    if (has_metrics(e, kind)) kinds.emplace_back(kind);
  const double width =
      narrow ? d.width : d.width / static_cast<double>(std::max<std::size_t>(kinds.size(), 1));
  const double height = narrow ? 200 : 240;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const double step = static_cast<double>(i);
    const Frame frame{narrow ? 38 : width * step + 44,
                      narrow ? top + step * (height + 74) : top,
                      width - 60,
                      height,
                      {0, 1},
                      {0, 1},
                      true};
    panel(d, e, kinds[i], frame);
  }
  d.height = top + (narrow ? static_cast<double>(kinds.size()) * (height + 74) - 34 : height + 40);
  return d;
}

}  // namespace theriac::report
