#include "theriac/experiment/preflight.h"

#include <fmt/format.h>

#include <algorithm>

#include "theriac/core/error.h"
#include "theriac/core/text.h"

namespace theriac::experiment {

namespace {

void check_batch(const char* section, const train::TrainConfig& training, const char* data,
                 std::int64_t rows) {
  if (training.batch_size > rows)
    throw Error(
        fmt::format("{}.batch_size: a batch of {} is larger than data.{}, which has {} "
                    "sample(s); choose a smaller batch or more data",
                    section, training.batch_size, data, rows));
  training.check_rows(rows);
}

// That what metrics name is there.
void check_data_sets(const ExperimentConfig& config, const Workspace& workspace) {
  const auto there = workspace.evaluation_sections();
  for (const auto& metric : config.evaluate)
    for (const auto& name : metric->data_sets()) {
      if (std::find(there.begin(), there.end(), name) != there.end()) continue;
      const bool training = name == "train" || name == "cleaning";
      throw Error(fmt::format(
          "evaluate: {}: there is no data set '{}' to evaluate on; there are: {}{}", metric.type,
          name, core::join(there, ", "),
          training ? fmt::format("; for a part of data.{0}, add data.extra: {{NAME: {{type: "
                                 "subset, of: {0}, count: N}}}} and name that",
                                 name)
                   : "; add it to data.extra: {" + name + ": {type: ...}}"));
    }
}

void check_target(const ExperimentConfig& config, Workspace& workspace) {
  const bool attacked =
      std::any_of(config.evaluate.begin(), config.evaluate.end(),
                  [](const auto& metric) { return metric.type == "attack_success"; });
  if (!attacked) return;
  if (!config.poison)
    throw Error(
        "evaluate: attack_success needs a poison section, which says target and trigger "
        "(count: 0 poisons nothing)");
  const std::string& target = config.poison->target;
  for (const auto& set : workspace.evaluation_data()) {
    const auto& classes = set.source->classes();
    if (set.by_name || classes.empty() ||
        std::find(classes.begin(), classes.end(), target) != classes.end())
      continue;
    const auto near = core::nearest(target, classes);
    throw Error(fmt::format(
        "poison.target: '{}' is not among the {} classes of data.{}{}; "
        "`theriac data show` lists them",
        target, classes.size(), set.name, near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
}

// That the data has what the objective needs of it.
void check_objective(const train::TrainConfig& training, Workspace& workspace,
                     const std::string& section, std::shared_ptr<const poison::Plan> plan) {
  const objective::Setup setup{.source = workspace.source(section), .plan = std::move(plan)};
  for (const auto& term : training.objective) term->check_data(setup);
}

}  // namespace

void preflight(Workspace& workspace) {
  const ExperimentConfig& config = workspace.config();
  check_data_sets(config, workspace);
  check_target(config, workspace);
  if (config.pretrain) {
    check_batch("pretrain", *config.pretrain, "train", workspace.source("train")->size());
    check_objective(*config.pretrain, workspace, "train", workspace.plan());
  }
  for (const auto& cleaner : config.clean)
    if (const auto* training = cleaner->training()) {
      check_batch("clean", *training, "cleaning", workspace.source("cleaning")->size());
      check_objective(*training, workspace, "cleaning", workspace.cleaning_plan());
    }
}

}  // namespace theriac::experiment
