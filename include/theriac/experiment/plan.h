#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "theriac/core/run.h"
#include "theriac/experiment/stage.h"
#include "theriac/experiment/sweep.h"

namespace theriac::experiment {

// The cells of a sweep as a graph of stages, each once.
struct Plan {
  core::PlanFile file;
  std::vector<Stage> stages;  // parents before children; same order as file.stages
};

Plan make_plan(const Sweep& sweep, const std::filesystem::path& file);

// Stages of one kind of work take the same time per pair: kind, model, batch, number of views, and
// whether there is a backward pass (learning rate 0 needs none).
std::string work_kind(const Stage& stage);

struct Price {
  double hours = -1;  // < 0: nothing of this kind has been measured yet
  std::uint64_t disk_bytes = 0;
  bool exists = false;  // finished already, with this evaluation
};
// Time from the pairs per second that finished stages with the same model and kind reached in
// `stages_folder`; disk from the model's parameters and the checkpoints that are kept.
std::vector<Price> prices(const Plan& plan, const std::filesystem::path& stages_folder);

}  // namespace theriac::experiment
