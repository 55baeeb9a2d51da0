#include "cli/checkpoint_experiment.h"

#include "theriac/core/error.h"
#include "theriac/experiment/sweep.h"

namespace theriac::cli {

namespace fs = std::filesystem;

fs::path stage_of(const std::string& path) {
  for (const fs::path& folder : {fs::path(path), fs::path(path) / ".." / ".."})
    if (fs::exists(folder / "config.resolved.yaml")) return fs::weakly_canonical(folder);
  return {};
}

experiment::ExperimentConfig experiment_of(const std::string& checkpoint, const std::string& file,
                                           const std::vector<std::string>& sets,
                                           const std::string& verb, const std::string& sections) {
  if (!file.empty())
    return experiment::read_config(
        experiment::load_sweep(file, {sets, false}).cells.front().document);
  const auto stage = stage_of(checkpoint);
  if (stage.empty())
    throw Error(verb + ": " + checkpoint +
                " lies in no stage's folder, so its data is unknown; give an experiment FILE that "
                "says " +
                sections);
  auto document = config::Document::load(stage / "config.resolved.yaml");
  for (const auto& assignment : sets) document.set(assignment);
  return experiment::read_config(document);
}

std::optional<evaluate::Attack> attack_of(const CheckpointModel& loaded,
                                          const experiment::Workspace& workspace,
                                          bool of_experiment) {
  const auto& card = loaded.loaded.card;
  if (of_experiment || card.poison.is_null()) return workspace.attack();
  const auto plan = poison::plan_from_json(card.poison);
  return evaluate::Attack{plan.target, poison::trigger_from_json(plan.trigger_json),
                          plan.trigger_json, plan.geometry};
}

}  // namespace theriac::cli
