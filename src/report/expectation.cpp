#include "report/expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "report/figures.h"
#include "report/measure.h"
#include "theriac/core/text.h"

namespace theriac::report {

using core::Expectation;
using Outcome = Verdict::Outcome;

namespace {

bool matches(const core::PlanCell& cell, const Expectation& expectation) {
  return std::all_of(expectation.cell.begin(), expectation.cell.end(), [&](const auto& wanted) {
    return std::any_of(cell.values.begin(), cell.values.end(), [&](const auto& value) {
      return value.first == wanted.first && value.second == wanted.second;
    });
  });
}

bool holds(const Expectation& e, double value) {
  if (!std::isfinite(value)) return false;
  if (e.at_least && value < *e.at_least) return false;
  if (e.at_most && value > *e.at_most) return false;
  return !e.value || std::abs(value - *e.value) <= e.tolerance.value_or(0) + 1e-9;
}

std::string bounds(const Expectation& e) {
  std::vector<std::string> parts;
  if (e.at_least) parts.push_back(fmt::format("at least {:g}", *e.at_least));
  if (e.at_most) parts.push_back(fmt::format("at most {:g}", *e.at_most));
  if (e.value) parts.push_back(fmt::format("{:g} ± {:g}", *e.value, e.tolerance.value_or(0)));
  return core::join(parts, ", ");
}

std::string place(const Expectation& e) {
  std::string text = e.stage.empty() ? "every stage" : e.stage;
  for (const auto& [axis, value] : e.cell) text += " " + core::value_text(axis, value);
  text += ": " + e.metric + " on " + e.data;
  if (e.at == "epoch-0") return text + " at epoch 0";
  if (e.at == "best") return text + fmt::format(" of the best with ASR <= {:g} %", e.bound);
  return e.at == "lowest" ? text + " of the lowest ASR" : text;
}

// `at: best` or `at: lowest`: the model is chosen on the plan's selection data.
Finding find_chosen(const Experiment& e, const Expectation& expectation) {
  Finding finding{&expectation, place(expectation), bounds(expectation), "", Outcome::kNotMeasured};
  std::vector<const Cell*> cells;
  bool done = true;
  for (std::size_t i = 0; i < e.cells.size(); ++i)
    if (matches(e.plan.cells[i], expectation)) {
      cells.push_back(&e.cells[i]);
      for (const Stage* stage : e.cells[i].chain) done &= stage->done();
    }
  const std::string data =
      cells.empty() ? e.plan.selection_data : chosen_on(e, e.groups[cells.front()->group]);
  const auto pool = candidates(cells, data);
  const auto point =
      expectation.at == "best" ? best_within(pool, expectation.bound) : lowest_attack(pool);
  if (!point) {
    finding.measured = pool.empty() ? "no cleaned model is measured" : "none is within the bound";
    if (done && !pool.empty()) finding.outcome = Outcome::kMissed;
    return finding;
  }
  const auto* record = point->stage->find(expectation.metric, expectation.data, point->epoch);
  if (!record) {
    finding.measured = "no such measurement";
    return finding;
  }
  finding.measured = fmt::format("{} ({}, epoch {}; chosen on {})", percent(record->value),
                                 point->cell->name, point->epoch, data);
  if (!done)
    finding.measured += "; some cells are not done";
  else
    finding.outcome = holds(expectation, record->value) ? Outcome::kMet : Outcome::kMissed;
  return finding;
}

// The stages that the expectation is about, each once.
std::vector<const Stage*> subjects(const Experiment& e, const Expectation& expectation) {
  std::vector<const Stage*> result;
  for (std::size_t i = 0; i < e.cells.size(); ++i) {
    if (!matches(e.plan.cells[i], expectation)) continue;
    const Stage* stage = expectation.at == "epoch-0" ? e.cells[i].first(expectation.stage)
                                                     : e.cells[i].last(expectation.stage);
    if (stage && std::find(result.begin(), result.end(), stage) == result.end())
      result.push_back(stage);
  }
  return result;
}

const Measurement* measurement(const Stage& stage, const Expectation& expectation) {
  if (expectation.at == "epoch-0") return stage.find(expectation.metric, expectation.data, 0);
  const auto epoch = stage.last_epoch(expectation.metric, expectation.data);
  return epoch && stage.done() ? stage.find(expectation.metric, expectation.data, *epoch) : nullptr;
}

Finding find(const Experiment& e, const Expectation& expectation) {
  Finding finding{&expectation, place(expectation), bounds(expectation), "", Outcome::kMet};
  const auto stages = subjects(e, expectation);
  std::vector<double> values;
  std::string missing;
  for (const Stage* stage : stages) {
    if (const auto* record = measurement(*stage, expectation)) {
      values.push_back(record->value);
      if (!holds(expectation, record->value)) finding.outcome = Outcome::kMissed;
    } else {
      missing =
          stage->done() ? "no such measurement" : "stage is " + core::word(stage->status.state);
    }
  }
  if (stages.empty()) missing = "no such stage in the plan";
  if (!missing.empty() && finding.outcome == Outcome::kMet) finding.outcome = Outcome::kNotMeasured;
  if (!values.empty()) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    finding.measured = percent(*low);
    if (values.size() > 1)
      finding.measured += fmt::format(" to {} ({} models)", percent(*high), values.size());
  }
  if (!missing.empty()) finding.measured += (values.empty() ? "" : "; ") + missing;
  return finding;
}

}  // namespace

std::vector<Finding> findings(const Experiment& e) {
  std::vector<Finding> result;
  for (const auto& expectation : e.plan.expect) {
    const bool choice = expectation.at == "best" || expectation.at == "lowest";
    result.push_back(choice ? find_chosen(e, expectation) : find(e, expectation));
  }
  return result;
}

std::string word(Outcome outcome) {
  if (outcome == Outcome::kMet) return "met";
  return outcome == Outcome::kMissed ? "missed" : "not measured";
}

std::vector<Verdict> check(const std::filesystem::path& folder,
                           const std::filesystem::path& stages) {
  Experiment e;
  load(folder, stages, e);
  std::vector<Verdict> result;
  for (const auto& f : findings(e)) {
    std::string text = f.where + " " + f.expected;
    text += f.outcome == Outcome::kNotMeasured ? ": not measured (" + f.measured + ")"
                                               : ": measured " + f.measured;
    if (!f.expectation->source.empty() && f.outcome == Outcome::kMissed)
      text += " (source: " + f.expectation->source + ")";
    result.push_back({text, f.outcome});
  }
  return result;
}

}  // namespace theriac::report
