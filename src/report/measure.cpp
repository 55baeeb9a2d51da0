#include "report/measure.h"

#include <algorithm>

#include "report/choice.h"

namespace theriac::report {

namespace {

using Measured = std::vector<Stage::Pair>;

const Measured& measured_on(const Stage& stage, const std::string& data) {
  static const Measured none;
  const auto it = stage.measured.find(data);
  return it == stage.measured.end() ? none : it->second;
}

// How long the stage is on the time axis.
std::int64_t length(const Stage& stage, const Measured& epochs) {
  const std::int64_t seen = epochs.empty() ? 0 : epochs.back().epoch;
  return stage.done() && seen > 0 ? seen : std::max(stage.plan.epochs, seen);
}

std::optional<Point> chosen_of(const std::vector<Point>& all, auto&& choose) {
  std::vector<Rates> rates;
  for (const auto& p : all) rates.push_back({p.accuracy->value, p.attack->value});
  const Choice choice = choose(rates);
  if (!choice) return std::nullopt;
  return all[*choice];
}

std::vector<Point> candidates_of(const Group& group, const std::string& method,
                                 const std::string& data) {
  std::vector<const Cell*> cells;
  for (const Cell* cell : group.cells)
    if (cell->method == method) cells.push_back(cell);
  return candidates(cells, data);
}

Best best_of(const Experiment& e, const Group& group, const std::string& method, double bound) {
  Best best{&group, method, bound, 0, 0, chosen_on(e, group), {}, {}, {}};
  const auto pool = candidates_of(group, method, best.chosen_on);
  best.before = start(group, e.plan.report_data);
  best.candidates = pool.size();
  if (pool.empty()) return best;
  best.within = static_cast<std::size_t>(std::count_if(
      pool.begin(), pool.end(), [&](const Point& p) { return p.attack->value <= bound; }));
  const auto within = best_within(pool, bound);
  best.choice = within ? within : lowest_attack(pool);
  for (const auto& p : points(*best.choice->cell, e.plan.report_data))
    if (p.stage == best.choice->stage && p.epoch == best.choice->epoch && p.complete())
      best.result = p;
  return best;
}

}  // namespace

std::string chosen_on(const Experiment& e, const Group& group) {
  std::vector<const Stage*> stages;
  for (const auto& stage : e.stages) stages.push_back(&stage);
  if (stages.empty())
    for (const Cell* cell : group.cells)
      stages.insert(stages.end(), cell->chain.begin(), cell->chain.end());
  const auto measured = [&](const std::string& data) {
    return std::any_of(stages.begin(), stages.end(),
                       [&](const Stage* stage) { return stage->measured.contains(data); });
  };
  const bool none = !measured(e.plan.selection_data) && measured(e.plan.report_data);
  return none ? e.plan.report_data : e.plan.selection_data;
}

std::vector<Point> points(const Cell& cell, const std::string& data) {
  std::vector<Point> result;
  std::int64_t before = 0;
  for (const Stage* stage : cell.chain)
    if (stage->plan.kind == "pretrain") before += length(*stage, measured_on(*stage, data));
  std::int64_t offset = -before;
  bool first_clean = true;
  for (const Stage* stage : cell.chain) {
    const bool cleaning = stage->plan.kind == "clean";
    if (!cleaning && stage->plan.kind != "pretrain") continue;
    const auto& epochs = measured_on(*stage, data);
    for (const auto& [epoch, accuracy, attack] : epochs)
      if (epoch > 0 || !cleaning || first_clean)
        result.push_back(
            {&cell, stage, epoch, static_cast<double>(offset + epoch), cleaning, accuracy, attack});
    offset += length(*stage, epochs);
    first_clean &= !cleaning;
  }
  return result;
}

std::vector<Point> candidates(const std::vector<const Cell*>& cells, const std::string& data) {
  std::vector<Point> result;
  for (const Cell* cell : cells) {
    if (cell->control) continue;
    for (const auto& p : points(*cell, data))
      if (p.cleaning && p.time > 0 && p.complete()) result.push_back(p);
  }
  return result;
}

std::optional<Point> best_within(const std::vector<Point>& candidates, double bound) {
  return chosen_of(candidates, [&](const auto& rates) { return best_within(rates, bound); });
}

std::optional<Point> lowest_attack(const std::vector<Point>& candidates) {
  return chosen_of(candidates, [](const auto& rates) { return lowest_attack(rates); });
}

std::string run_of(const Point& p) {
  const std::string& what = p.cell->description;
  return (what.empty() ? "" : what + ", ") + "epoch " + std::to_string(p.epoch);
}

std::optional<Point> start(const Cell& cell, const std::string& data) {
  std::optional<Point> result;
  for (const auto& p : points(cell, data))
    if (p.complete() && p.time <= 0) result = p;
  return result;
}

std::optional<Point> start(const Group& group, const std::string& data) {
  std::optional<Point> result;
  for (const Cell* cell : group.cells)
    if (const auto p = start(*cell, data); p && (!result || p->time > result->time)) result = p;
  return result;
}

std::optional<Point> newest(const Cell& cell, const std::string& data) {
  std::optional<Point> result;
  for (const auto& p : points(cell, data))
    if (cell.cleaned() ? p.cleaning && p.time > 0 : true) result = p;
  return result;
}

std::optional<Point> newest_so_far(const Cell& cell, const std::string& data) {
  if (const auto cleaned = newest(cell, data)) return cleaned;
  const auto all = points(cell, data);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<Best> best_under(const Experiment& e, double bound) {
  std::vector<Best> result;
  for (const auto& group : e.groups) {
    if (!group.cleaned) continue;
    std::vector<std::string> methods;
    for (const Cell* cell : group.cells)
      if (cell->cleaned() && !cell->control &&
          std::find(methods.begin(), methods.end(), cell->method) == methods.end())
        methods.push_back(cell->method);
    for (const auto& method : methods) result.push_back(best_of(e, group, method, bound));
  }
  return result;
}

}  // namespace theriac::report
