#include "report/sweep_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/figures.h"
#include "report/panels.h"
#include "theriac/core/text.h"

namespace theriac::report {

std::vector<Figure> axis_figures(const Experiment& experiment);  // sweep_bars.cpp

namespace {

constexpr std::size_t kMostRunPanels = 48, kMostRunFigures = 12;

Spot spot_of(const Point& p) { return {p.attack->value, p.accuracy->value}; }

Figure finished(const std::string& name, const PanelFigure& f) {
  return {name, [f](Layout layout) { return draw(f, layout); }, to_csv(f)};
}

PanelFigure against_attack(const std::string& title, const std::string& description) {
  PanelFigure f;
  f.title = title;
  f.description = description;
  f.x_title = "Attack success rate, %";
  f.y_title = "Accuracy, %";
  f.bound = kBound;
  f.x = Range{-4, 104};
  return f;
}

// Models have marks of their own, or where there are several seeds, these.
std::size_t mark_of(const Experiment& e, std::size_t group) {
  return e.models.size() < e.groups.size() ? nth_seed(e, group) : group;
}

void add_dynamics(const Experiment& e, std::vector<Figure>& out) {
  PanelFigure f;
  f.title = "Pre-training: accuracy and attack success over the epochs on " + e.plan.report_data;
  f.description = "A line for each pre-trained model.";
  f.x_title = "Epoch";
  f.own_y = true;
  f.whole_x = true;
  Range epochs{0, 1};
  CloudPanel accuracy{"Accuracy, %", {}}, attack{"Attack success rate, %", {}};
  for (std::size_t g = 0; g < e.groups.size(); ++g) {
    std::vector<Spot> a, b;
    double first = 0;
    for (const auto& p : points(*e.groups[g].cells.front(), e.plan.report_data)) {
      if (p.cleaning) continue;
      if (a.empty() && b.empty()) first = p.time - static_cast<double>(p.epoch);
      if (p.accuracy) a.push_back({p.time - first, p.accuracy->value});
      if (p.attack) b.push_back({p.time - first, p.attack->value});
      epochs.high = std::max(epochs.high, p.time - first);
    }
    const auto add = [&](CloudPanel& panel, std::vector<Spot> spots) {
      if (spots.size() > 1)
        panel.clouds.push_back({e.groups[g].label,
                                colour_of(e.groups[g]),
                                mark_of(e, g),
                                std::move(spots),
                                true,
                                false,
                                {},
                                {}});
    };
    add(accuracy, std::move(a));
    add(attack, std::move(b));
  }
  if (accuracy.clouds.empty() && attack.clouds.empty()) return;
  f.x = epochs;
  f.panels = {std::move(accuracy), std::move(attack)};
  out.push_back(finished("dynamics", f));
}

void add_frontier(const Experiment& e, std::vector<Figure>& out) {
  auto f =
      against_attack("Best accuracy at every ASR on " + e.plan.report_data,
                     "The highest accuracy measured up to each ASR, of each pre-trained model and "
                     "cleaning method. Drawn on " +
                         e.plan.report_data + ": a picture of what was possible, not a choice.");
  CloudPanel panel{"", {}};
  const auto all = pools(e);
  const bool methods = std::any_of(all.begin(), all.end(), [&](const Pool& pool) {
    return pool.group == all.front().group && pool.method != all.front().method;
  });
  // One colour for a model, or for each of its cleaning methods where there are several; a mark for
  // each seed.
  std::map<std::pair<std::size_t, std::string>, std::size_t> styles;
  for (const auto& pool : all) {
    const auto g = static_cast<std::size_t>(pool.group - e.groups.data());
    const std::size_t style =
        styles.emplace(std::pair{pool.group->model, pool.method}, styles.size()).first->second;
    const int colour = methods ? series(style) : colour_of(*pool.group);
    std::vector<Spot> spots;
    for (const auto& c : pool.candidates)
      if (c.on_report) spots.push_back(spot_of(*c.on_report));
    if (!spots.empty())
      panel.clouds.push_back({pool.name(),
                              colour,
                              e.models.size() < e.groups.size() ? nth_seed(e, g) : style,
                              frontier(spots),
                              true,
                              false,
                              {},
                              {},
                              true});
  }
  if (panel.clouds.empty()) return;
  f.columns = 1;
  f.panel_height = 320;
  f.panels.push_back(std::move(panel));
  out.push_back(finished("pareto", f));
}

void add_runs(const Experiment& e, std::vector<Figure>& out) {
  std::size_t figures = 0;
  for (std::size_t g = 0; g < e.groups.size() && figures < kMostRunFigures; ++g) {
    const Group& group = e.groups[g];
    auto f = against_attack(group.label + ": every cleaning run on " + e.plan.report_data,
                            "A panel for each run, a mark for each epoch, growing over the epochs; "
                            "star: before cleaning; dashed: control at learning rate 0.");
    f.columns = 4;
    f.panel_height = 130;
    const auto before = start(group, e.plan.report_data);
    for (const Cell* cell : group.cells) {
      std::vector<Spot> spots;
      for (const auto& p : points(*cell, e.plan.report_data))
        if (p.cleaning && p.time > 0 && p.complete()) spots.push_back(spot_of(p));
      if (spots.empty() || f.panels.size() == kMostRunPanels) continue;
      CloudPanel panel{cut(cell->description.empty() ? cell->name : cell->description, 28), {}};
      if (before) panel.star = spot_of(*before);
      panel.clouds.push_back(
          {"", colour_of(group), 0, std::move(spots), true, cell->control, {}, {}});
      f.panels.push_back(std::move(panel));
    }
    if (f.panels.empty()) continue;
    ++figures;
    out.push_back(finished("runs_" + file_stem(group.label), f));
  }
}

// Two labels may have one stem.
void make_unique(std::vector<Figure>& figures) {
  std::set<std::string> seen;
  for (auto& figure : figures) {
    const std::string stem = figure.name;
    for (int i = 2; !seen.insert(figure.name).second; ++i)
      figure.name = stem + "_" + std::to_string(i);
  }
}

}  // namespace

std::vector<Spot> frontier(std::vector<Spot> spots) {
  std::sort(spots.begin(), spots.end(),
            [](const Spot& a, const Spot& b) { return a.x != b.x ? a.x < b.x : a.y > b.y; });
  std::vector<Spot> result;
  for (const auto& spot : spots)
    if (result.empty() || spot.y > result.back().y) result.push_back(spot);
  return result;
}

std::vector<Figure> overview_figures(const Experiment& e) {
  std::vector<Figure> figures;
  add_frontier(e, figures);
  add_dynamics(e, figures);
  for (auto& figure : axis_figures(e)) figures.push_back(std::move(figure));
  return figures;
}

std::vector<Figure> sweep_figures(const Experiment& e) {
  auto figures = overview_figures(e);
  add_runs(e, figures);
  make_unique(figures);
  return figures;
}

std::vector<std::function<Figure()>> all_figures(const Experiment& e) {
  std::vector<std::function<Figure()>> figures;
  for (const auto& data : e.data_sets)
    if (has_scatter(e, data))
      figures.push_back([&e, &data] {
        return Figure{data == e.plan.report_data ? "scatter" : "scatter_" + file_stem(data),
                      [&e, &data](Layout layout) {
                        Tips none(false);
                        return scatter(e, data, layout, none);
                      },
                      measured_csv(e, data)};
      });
  if (!e.data_sets.empty())
    figures.push_back([&e] {
      return Figure{"trajectories",
                    [&e](Layout layout) {
                      Tips none(false);
                      return trajectories(e, e.data_sets.front(), layout, none);
                    },
                    measured_csv(e, e.data_sets.front())};
    });
  if (has_curves(e))
    figures.push_back([&e] {
      return Figure{"training", [&e](Layout layout) { return curves(e, layout); }, curves_csv(e)};
    });
  for (auto& figure : sweep_figures(e))
    figures.push_back([figure = std::move(figure)] { return figure; });
  return figures;
}

}  // namespace theriac::report
