#pragma once

#include <filesystem>
#include <optional>
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

// Stages of one kind of work take the same time per pair: kind, model, batch, views of a pair, and
// whether there is a backward pass (learning rate 0 needs none).
std::string work_kind(const Stage& stage);

struct Price {
  double flops = 0;   // of training and evaluation, captions taken as long as the context
  double hours = -1;  // < 0: nothing of this kind has been measured yet
  std::uint64_t disk_bytes = 0;  // while it runs
  std::uint64_t kept_bytes = 0;  // once it is finished
  bool exists = false;           // finished already, with this evaluation
};
// Hours: `flops` at `teraflops` a second where that is given; else the stage's pairs at the pairs
// per second that finished stages of the same kind of work reached in `stages_folder`. Disk from
// the model's parameters and the checkpoints that are kept.
std::vector<Price> prices(const Plan& plan, const std::filesystem::path& stages_folder,
                          std::optional<double> teraflops = {});
// Hours of the longest chain of stages that are still to run: what is left with enough devices.
double critical_path(const Plan& plan, const std::vector<Price>& prices);

}  // namespace theriac::experiment
