#include "theriac/experiment/plan.h"

#include <algorithm>
#include <map>

#include "theriac/config/document.h"
#include "theriac/core/build_info.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/experiment/preflight.h"
#include "theriac/model/clip.h"

namespace theriac::experiment {

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

// A stage is named after the values that all of its cells share.
void keep_common(Values& label, const Values& other) {
  std::erase_if(label, [&](const auto& value) {
    return std::find(other.begin(), other.end(), value) == other.end();
  });
}

// An upper bound where the tokenizer is yet to be trained; CLIP's own otherwise.
std::int64_t vocabulary(const ExperimentConfig& config) {
  return choice_json(config.tokenizer).value("vocabulary", std::int64_t{49408});
}

}  // namespace

std::string work_kind(const Stage& stage) {
  if (stage.kind == Kind::kPoison) return "poison";
  const auto& training = stage.settings.at(stage.kind == Kind::kPretrain ? "training" : "cleaner");
  const nlohmann::json optimizer = training.value("optimizer", nlohmann::json::object());
  auto model = stage.config.model.resolved();
  return nlohmann::json({config::to_json(model), training.value("batch_size", 0),
                         stage.settings.contains("augment"),
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

  IndexCache cache;
  std::map<std::string, std::size_t> known;
  std::map<std::string, Values> labels;
  for (const auto& cell : sweep.cells) {
    const ExperimentConfig config = read_config(cell.document);
    core::PlanCell planned{cell.values, {}};
    if (config.poison) plan.file.target = config.poison->target;
    const bool test = config.selection == Selection::kTest || !config.data.validation;
    plan.file.selection_data = test ? "test" : "validation";
    plan.file.report_data = config.data.test ? "test" : "validation";
    preflight(config, cache);
    const std::string evaluation = evaluation_id(config, cache);
    for (auto& stage : make_chain(config, cache)) {
      planned.stages.push_back(stage.id);
      if (const auto found = known.find(stage.id); found != known.end()) {
        keep_common(labels[stage.id], cell.values);
        continue;
      }
      known[stage.id] = plan.stages.size();
      labels[stage.id] = cell.values;
      plan.file.stages.push_back({stage.id, word(stage.kind), stage.parent, "", stage.epochs,
                                  stage.steps, stage.samples, stage.settings,
                                  stage.kind == Kind::kPoison ? "" : evaluation});
      plan.stages.push_back(std::move(stage));
    }
    plan.file.cells.push_back(std::move(planned));
  }
  for (auto& stage : plan.file.stages) {
    stage.label = stage.kind;
    for (const auto& [axis, value] : labels[stage.id]) stage.label += " " + value;
  }
  return plan;
}

std::vector<Price> prices(const Plan& plan, const std::filesystem::path& stages_folder) {
  // Pairs per second by kind of work, of stages that ran here before.
  std::map<std::string, double> rates;
  std::vector<Price> result(plan.stages.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto& stage = plan.file.stages[i];
    const auto status = core::read_status(stages_folder / stage.id);
    if (!status || stage.kind == "poison") {
      result[i].exists = status && status->state == core::StageState::kDone;
      continue;
    }
    result[i].exists =
        status->state == core::StageState::kDone && status->evaluation == stage.evaluation;
    if (status->pairs_per_second > 0) rates[work_kind(plan.stages[i])] = status->pairs_per_second;
  }
  std::map<std::string, std::int64_t> parameters;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto& stage = plan.file.stages[i];
    if (stage.kind == "poison") {
      result[i].hours = 0;
      continue;
    }
    const auto& config = plan.stages[i].config;
    if (const auto rate = rates.find(work_kind(plan.stages[i])); rate != rates.end())
      result[i].hours = static_cast<double>(stage.samples) / rate->second / 3600;
    auto model = config.model;
    const std::string key = config::to_json(model).dump();
    if (!parameters.contains(key))
      parameters[key] = model::parameter_count(model::Clip(model, vocabulary(config), 0, 0));
    const train::TrainConfig* training = stage.kind == "pretrain"
                                             ? &*config.pretrain
                                             : config.clean[plan.stages[i].cleaner]->training();
    std::int64_t kept = 1;
    if (training) {
      kept = std::max<std::int64_t>(1, stage.epochs / std::max<std::int64_t>(1, training->every));
      if (training->keep > 0) kept = std::min(kept, training->keep);
    }
    // Weights of each kept epoch, and the two moments of the newest two.
    result[i].disk_bytes = static_cast<std::uint64_t>(parameters[key]) * 4 *
                           static_cast<std::uint64_t>(kept + 2 * std::min<std::int64_t>(kept, 2));
  }
  return result;
}

}  // namespace theriac::experiment
