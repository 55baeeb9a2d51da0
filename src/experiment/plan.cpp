#include "theriac/experiment/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "theriac/config/document.h"
#include "theriac/core/build_info.h"
#include "theriac/core/text.h"
#include "theriac/experiment/preflight.h"

namespace theriac::experiment {

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

// A stage is named after the values that all of its cells share.
void keep_common(Values& label, const Values& other) {
  std::erase_if(label, [&](const auto& value) {
    return std::find(other.begin(), other.end(), value) == other.end();
  });
}

// Whether an axis that sets these sections can change the stage; an axis of another stage is no
// part of its label, though it may have one value in all cells of the stage.
bool concerns(const std::set<std::string>& sections, Kind kind) {
  std::set<std::string> others;
  if (kind != Kind::kClean) others = {"clean", "data.cleaning"};
  if (kind == Kind::kPoison)
    others.insert({"pretrain", "tokenizer", "loader", "evaluate", "data.validation", "data.test"});
  return sections.empty() ||
         !std::includes(others.begin(), others.end(), sections.begin(), sections.end());
}

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// Pictures and captions of a pair.
nlohmann::json views_of(const Stage& stage) {
  const auto* training = training_of(stage);
  if (!training) return nullptr;
  const auto views = objective::Objective(training->objective).views();
  return {views.images(), views.captions()};
}

}  // namespace

std::string work_kind(const Stage& stage) {
  if (stage.kind == Kind::kPoison) return "poison";
  const auto& training = stage.settings.at(stage.kind == Kind::kPretrain ? "training" : "cleaner");
  const nlohmann::json optimizer = training.value("optimizer", nlohmann::json::object());
  auto model = stage.config->model.resolved();
  return nlohmann::json({config::to_json(model), training.value("batch_size", 0),
                         training.value("precision", ""), views_of(stage),
                         optimizer.value("learning_rate", 0.0) == 0})
      .dump();
}

Plan make_plan(const Sweep& sweep, const std::filesystem::path& file) {
  Plan plan;
  plan.file.name = sweep.name;
  plan.file.file = std::filesystem::absolute(file).lexically_normal().string();
  plan.file.theriac_version = core::build_info().version;
  plan.file.axes = sweep.axes;
  plan.file.expect = sweep.expect;

  DataCache cache;
  std::unordered_set<std::string> known;
  std::map<std::string, Values> labels;
  std::unordered_map<std::string, std::string> marks;  // alike() by id
  std::vector<std::string> targets;
  plan.stages.reserve(sweep.cells.size());
  plan.file.stages.reserve(sweep.cells.size());
  for (const auto& cell : sweep.cells) {
    const ExperimentConfig& config = *cell.config;
    Workspace workspace(config, cache);
    core::PlanCell planned{cell.values, {}};
    if (config.poison) add(targets, config.poison->target);
    plan.file.selection_data = selection_data(config);
    plan.file.report_data = report_data(config);
    preflight(workspace);
    const std::string evaluation = evaluation_id(workspace);
    for (auto& stage : make_chain(cell.config, workspace)) {
      planned.stages.push_back(stage.id);
      if (!known.insert(stage.id).second) {
        keep_common(labels[stage.id], cell.values);
        continue;
      }
      const auto& mark = marks[stage.id] =
          alike(stage, stage.parent.empty() ? "" : marks.at(stage.parent), workspace);
      auto& label = labels[stage.id] = cell.values;
      std::erase_if(label, [&](const auto& value) {
        const auto set = sweep.sections.find(value.first);
        return set != sweep.sections.end() && !concerns(set->second, stage.kind);
      });
      plan.file.stages.push_back({stage.id, word(stage.kind), stage.parent, "", stage.epochs,
                                  stage.steps, stage.samples, stage.settings,
                                  stage.kind == Kind::kPoison ? "" : evaluation, mark});
      plan.stages.push_back(std::move(stage));
    }
    plan.file.cells.push_back(std::move(planned));
  }
  plan.file.target = core::join(targets, ", ");
  for (auto& stage : plan.file.stages) {
    stage.label = stage.kind;
    std::string separator = " ";
    for (const auto& [axis, value] : labels[stage.id]) {
      stage.label += separator + core::value_text(axis, value);
      separator = ", ";
    }
  }
  return plan;
}

}  // namespace theriac::experiment
