#pragma once

#include <filesystem>
#include <map>
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

// What of a plan runs at once on this machine.
struct SideBySide {
  std::vector<std::string> devices;
  int jobs = 1;     // stages side by side
  int threads = 1;  // of each stage
};
// `jobs` 0: one a core on a CPU, one on each GPU. `device` "": the plan's.
SideBySide side_by_side(const Plan& plan, int jobs, const std::string& device);

// How fast work goes, as far as it is known.
struct Throughput {
  std::optional<double> given_teraflops;  // goes before everything else
  // By finished stages: pairs of training a second by kind of work, and pictures of evaluation a
  // second by model.
  std::map<std::string, double> pairs, pictures;
  std::map<std::string, double> teraflops;  // by steps that were measured, by model and batch
};
// What the stages of the plan in `stages_folder` reached.
Throughput finished_throughput(const Plan& plan, const std::filesystem::path& stages_folder);
// Adds a measurement of each step that no finished stage has told of: a few steps with random
// pictures and captions on the first device, without the loading of data.
void measure_throughput(const Plan& plan, const SideBySide& machine, Throughput& throughput);

struct Price {
  double flops = 0;   // of training and evaluation, captions taken as long as the context
  double hours = -1;  // of training and evaluation; < 0: nothing of this kind was measured yet
  std::uint64_t disk_bytes = 0;  // while it runs
  std::uint64_t kept_bytes = 0;  // once it is finished
  bool exists = false;           // finished already, with this evaluation
};
// Hours by `throughput`; disk by the model's parameters and the checkpoints that are kept.
std::vector<Price> prices(const Plan& plan, const std::filesystem::path& stages_folder,
                          const Throughput& throughput);
// Hours of the longest chain of stages that are still to run: what is left with enough devices.
double critical_path(const Plan& plan, const std::vector<Price>& prices);

}  // namespace theriac::experiment
