#include <fmt/format.h>

#include "experiment/sweep_block.h"
#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::experiment {

using config::Document;

namespace {

struct ExpectSection final : config::Section {
  core::Expectation value;
  void describe(config::Fields& f) override {
    f.value("stage", value.stage, "pretrain or clean", config::Need::kRequired);
    f.value("metric", value.metric, "name of the metric", config::Need::kRequired);
    f.value("data", value.data, "data set it was measured on");
    f.value("at", value.at, "last, epoch-0, best (accuracy with ASR <= bound) or lowest (ASR)");
    f.value("bound", value.bound, "with at: best, the largest attack success, in percent",
            {0, 100});
    f.value("at_least", value.at_least, "smallest value expected");
    f.value("at_most", value.at_most, "largest value expected");
    f.value("value", value.value, "value expected, within `tolerance`");
    f.value("tolerance", value.tolerance, "largest difference from `value`", {0, 1e9});
    f.value("source", value.source, "where the expectation comes from");
  }
  void check(config::Problems& problems) const override {
    if (value.stage != "pretrain" && value.stage != "clean")
      problems.add("stage", "expected one of pretrain clean, got '" + value.stage + "'");
    const bool chosen = value.at == "best" || value.at == "lowest";
    if (value.at != "last" && value.at != "epoch-0" && !chosen)
      problems.add("at", "expected last, epoch-0, best or lowest, got '" + value.at + "'");
    if (chosen && value.stage != "clean")
      problems.add("at", value.at + " is chosen from cleaned models; it needs stage: clean");
    if (value.at != "best" && value.bound != core::Expectation().bound)
      problems.add("bound", "has an effect only with at: best");
    if (!value.at_least && !value.at_most && !value.value)
      problems.add("at_least", "give at least one of at_least, at_most, value");
    if (value.value && !value.tolerance) problems.add("tolerance", "missing beside `value`");
  }
};

}  // namespace

std::vector<core::Expectation> read_expectations(const Document& list, const Sweep& sweep,
                                                 Collector& problems) {
  std::vector<core::Expectation> result;
  if (!list.empty() && !list.is_list())
    problems.add(list.position() + ": expect: expected a list of expectations");
  for (auto item : list.items()) {
    const Document cell = item.take("cell");
    ExpectSection section;
    for (const auto& problem : config::problems(item, section)) problems.add(problem);
    for (const auto& axis : cell.keys()) {
      const Document value = cell.at(axis);
      const auto found =
          std::find_if(sweep.axes.begin(), sweep.axes.end(),
                       [&](const auto& candidate) { return candidate.name == axis; });
      const std::string text = compact(value);
      if (found == sweep.axes.end())
        problems.add(fmt::format("{}: expect.cell.{}: the sweep has no axis of this name",
                                 value.position(), axis));
      else if (std::find(found->values.begin(), found->values.end(), text) == found->values.end())
        problems.add(fmt::format("{}: expect.cell.{}: the axis has no value '{}'; it has: {}",
                                 value.position(), axis, text, core::join(found->values, ", ")));
      section.value.cell[axis] = text;
    }
    result.push_back(section.value);
  }
  return result;
}

}  // namespace theriac::experiment
