#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/bars.h"
#include "report/rules.h"
#include "report/sweep_figures.h"
#include "theriac/core/text.h"

// Bars over an axis of a sweep: a group of bars for each of its values, a bar for each combination
// of the other axes; learning rates and seeds are what a bar is chosen from and averaged over.

namespace theriac::report {

namespace {

constexpr std::size_t kMostCategories = 24, kMostSeries = 8;

bool inside(const core::PlanAxis& axis) {
  return axis.key.ends_with("learning_rate") || axis.replicates();
}

std::string value_of(const core::PlanCell& cell, const std::string& axis) {
  for (const auto& [name, value] : cell.values)
    if (name == axis) return value;
  return "";
}

std::string others_of(const core::PlanFile& plan, const core::PlanCell& cell,
                      const std::string& axis) {
  std::vector<std::string> parts;
  for (const auto& other : plan.axes)
    if (other.name != axis && !inside(other))
      if (const auto value = value_of(cell, other.name); !value.empty())
        parts.push_back(core::value_text(other.name, value));
  return core::join(parts, ", ");
}

std::size_t index_in(std::vector<std::string>& names, const std::string& name) {
  const auto it = std::find(names.begin(), names.end(), name);
  if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

// The cells of one bar, by pre-trained model and seed of cleaning.
using BarCells = std::map<std::pair<std::size_t, std::string>, std::vector<const Cell*>>;

// Of each seed what the rule chooses; the interval is Wilson's for one seed, of t above.
Bar bar_of(const Experiment& e, const BarCells& cells, const Rule& rule, bool attack) {
  std::vector<std::pair<std::string, double>> found;  // by model
  const Measurement* single = nullptr;
  std::string protocol;
  bool measured = false;
  for (const auto& [seed, list] : cells) {
    const Pool pool = pool_of(e, list);
    measured |= !pool.candidates.empty();
    const Choice choice = choose(pool, rule);
    if (!choice || !pool.candidates[*choice].on_report) continue;
    const auto& point = *pool.candidates[*choice].on_report;
    const auto* record = attack ? point.attack : point.accuracy;
    if (!protocol.empty() && protocol != comparable(*record)) continue;
    protocol = comparable(*record);
    found.emplace_back(std::to_string(seed.first), record->value);
    single = record;
  }
  const auto values = independent(found);
  if (values.empty()) return {{}, measured ? "none" : "", 0};
  if (values.size() > 1) return {rate_over_seeds(values), "", values.size()};
  return {Estimate{single->value, single->low, single->high}, "", 1};
}

// ": 3", ": 2 to 3", or nothing where no bar is of several.
std::string seeds_of(const BarFigure& f) {
  std::size_t fewest = SIZE_MAX, most = 0;
  for (const auto& panel : f.panels)
    for (const auto& row : panel.bars)
      for (const auto& bar : row)
        if (bar.value) {
          fewest = std::min(fewest, bar.seeds);
          most = std::max(most, bar.seeds);
        }
  if (most < 2) return "";
  return fewest == most ? fmt::format(": {}", most) : fmt::format(": {} to {}", fewest, most);
}

}  // namespace

std::vector<Figure> axis_figures(const Experiment& e) {
  std::vector<Figure> figures;
  for (const auto& axis : e.plan.axes) {
    if (inside(axis)) continue;
    BarFigure f;
    std::map<std::pair<std::size_t, std::size_t>, BarCells> cells;  // series, category
    for (std::size_t i = 0; i < e.cells.size(); ++i) {
      const std::string value = value_of(e.plan.cells[i], axis.name);
      if (value.empty() || !e.cells[i].cleaned() || e.cells[i].control) continue;
      const auto s = index_in(f.series, others_of(e.plan, e.plan.cells[i], axis.name));
      const auto c = index_in(f.categories, value);
      cells[{s, c}][{e.cells[i].group, e.cells[i].seed}].push_back(&e.cells[i]);
    }
    if (f.categories.size() < 2 || f.categories.size() > kMostCategories ||
        f.series.size() > kMostSeries)
      continue;
    const Rule near{Rule::Kind::kLowestWithin, 1};
    for (const auto& [rule, attack, title] :
         {std::tuple{rules().front(), false,
                     std::string("Accuracy, %, of: ") + rules().front().name()},
          {near, true, "ASR, %, of: " + near.name()}}) {
      BarPanel panel{title, {}};
      panel.bars.assign(f.series.size(), std::vector<Bar>(f.categories.size()));
      for (const auto& [place, list] : cells)
        panel.bars[place.first][place.second] = bar_of(e, list, rule, attack);
      f.panels.push_back(std::move(panel));
    }
    std::string name = axis.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    f.title = "By " + name + ", on " + e.plan.report_data;
    f.description = "In percent; chosen on " + e.plan.selection_data +
                    "; lines: 95 % interval (Wilson; of t over seeds, cut at 0 and 100, where "
                    "there are several" +
                    seeds_of(f) +
                    "). "
                    "\"none\": no measured model qualifies.";
    f.x_title = name;
    if (f.series.size() == 1 && f.series[0].empty()) f.series[0] = e.plan.name;
    figures.push_back(
        {file_stem("by_" + axis.name), [f](Layout layout) { return draw(f, layout); }, to_csv(f)});
  }
  return figures;
}

}  // namespace theriac::report
