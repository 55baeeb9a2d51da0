#include "report/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace theriac::report {

namespace {

std::string exact(const Point& p) {
  const auto key = [](const Measurement& r) { return comparable(r) + "|" + r.protocol_id.str(); };
  return key(*p.accuracy) + "|" + key(*p.attack);
}

// The cleaned cells of each method, in plan order.
std::vector<std::vector<const Cell*>> methods_of(const Group& group) {
  std::vector<std::vector<const Cell*>> methods;
  for (const Cell* cell : group.cells) {
    if (!cell->cleaned() || cell->control) continue;
    auto same = std::find_if(methods.begin(), methods.end(), [&](const auto& cells) {
      return cells.front()->method == cell->method;
    });
    if (same == methods.end()) same = methods.insert(methods.end(), std::vector<const Cell*>());
    same->push_back(cell);
  }
  return methods;
}

std::vector<Candidate> candidates_in(const std::vector<const Cell*>& cells, const std::string& data,
                                     const std::string& report_data) {
  std::vector<Candidate> result;
  for (const Cell* cell : cells) {
    const std::size_t first = result.size();
    const auto reported = points(*cell, report_data);
    for (const auto& p : points(*cell, data)) {
      if (!p.cleaning || p.time <= 0 || !p.complete()) continue;
      Candidate c{p, {}, cell->learning_rate, false};
      for (const auto& r : reported)
        if (r.stage == p.stage && r.epoch == p.epoch && r.complete()) c.on_report = r;
      result.push_back(c);
    }
    if (result.size() > first) result.back().last = true;
  }
  return result;
}

// Keeps the candidates of the commonest protocol and returns how many went.
std::size_t keep_one_protocol(std::vector<Candidate>& candidates) {
  std::map<std::string, std::size_t> counts;
  for (const auto& c : candidates) ++counts[exact(c.on_selection)];
  if (counts.size() < 2) return 0;
  const auto commonest = std::max_element(counts.begin(), counts.end(),
                                          [](auto& a, auto& b) { return a.second < b.second; });
  return std::erase_if(candidates,
                       [&](const auto& c) { return exact(c.on_selection) != commonest->first; });
}

}  // namespace

Rates Candidate::selection() const {
  return {on_selection.accuracy->value, on_selection.attack->value};
}

std::optional<Rates> Candidate::report() const {
  if (!on_report) return std::nullopt;
  return Rates{on_report->accuracy->value, on_report->attack->value};
}

std::string Pool::name() const {
  return method.empty() ? group->label : group->label + ", " + method;
}

std::string Pool::seed() const {
  if (cleaning_seed.empty()) return group->seed;
  return (group->seed.empty() ? "" : group->seed + ", ") + "cleaning " + cleaning_seed;
}

Pool pool_of(const Experiment& e, const std::vector<const Cell*>& all) {
  const Group& group = e.groups[all.front()->group];
  Pool pool;
  pool.experiment = &e;
  pool.group = &group;
  pool.method = all.front()->method;
  pool.treatment = all.front()->treatment;
  pool.cleaning_seed = all.front()->seed;
  pool.selection_data = chosen_on(e, group);
  pool.report_data = e.plan.report_data;
  std::vector<const Cell*> cells;
  for (const Cell* cell : all)
    if (cell->cleaned() && !cell->control && cell->method == pool.method) cells.push_back(cell);
  pool.runs = cells.size();
  for (const Cell* cell : cells)
    if (!std::all_of(cell->chain.begin(), cell->chain.end(), [](auto* s) { return s->done(); }))
      pool.unfinished.push_back(cell->name);
  pool.candidates = candidates_in(cells, pool.selection_data, pool.report_data);
  pool.left_out = keep_one_protocol(pool.candidates);
  pool.start = start(group, pool.selection_data);
  pool.report_start = start(group, pool.report_data);
  return pool;
}

std::vector<Pool> pools(const Experiment& e) {
  std::vector<Pool> result;
  for (const auto& group : e.groups)
    if (group.cleaned)
      for (const auto& cells : methods_of(group)) result.push_back(pool_of(e, cells));
  return result;
}

std::string comparable(const Measurement& r) {
  return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|{}", r.metric.str(), r.protocol.str(), r.data.str(),
                     r.data_id.str(), r.n, r.excluded, r.target.str(), r.trigger.str(),
                     r.prompts.str());
}

std::string comparable(const Point& p) {
  return (p.accuracy ? comparable(*p.accuracy) : "") + "\n" +
         (p.attack ? comparable(*p.attack) : "");
}

}  // namespace theriac::report
