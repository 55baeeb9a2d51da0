#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/checkpoint_model.h"
#include "theriac/evaluate/metric.h"
#include "theriac/experiment/config.h"
#include "theriac/experiment/workspace.h"

namespace theriac::cli {

// The folder of the stage that a checkpoint's folder (or a stage's own) lies in; empty: in none.
std::filesystem::path stage_of(const std::string& path);

// The experiment a checkpoint belongs to: FILE, or what its stage's folder says. `verb` and
// `sections` are for the error: what a FILE has to say.
experiment::ExperimentConfig experiment_of(const std::string& checkpoint, const std::string& file,
                                           const std::vector<std::string>& sets,
                                           const std::string& verb, const std::string& sections);

// What the checkpoint was poisoned with, or the experiment's attack when that is asked for or the
// checkpoint has no record.
std::optional<evaluate::Attack> attack_of(const CheckpointModel& loaded,
                                          const experiment::Workspace& workspace,
                                          bool of_experiment);

}  // namespace theriac::cli
