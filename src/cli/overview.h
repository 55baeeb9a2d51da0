#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "theriac/core/run.h"

namespace theriac::cli {

// How far an experiment is, from its folders alone.
struct StageView {
  core::PlanStage plan;
  core::StageStatus status;
  std::string holder;  // who runs it: "host H, pid N"; "" when nobody is known to
  std::string queued;  // what SLURM says of it
  // "done", "running", "failed", "waiting", "interrupted", "killed" (it says that it runs, and
  // nobody does), "queued", "blocked" (what it starts from has failed)
  std::string state;
};

struct Overview {
  std::string name, file;
  std::vector<StageView> stages;
  std::map<std::string, int> counts;  // by state
  double pairs_per_second = 0;        // of what runs
  double eta_seconds = -1;            // of everything; < 0: nothing was measured yet
  double seconds = 0, training_seconds = 0, evaluation_seconds = 0;  // of all stages together
  bool ended = false;  // nothing runs, is queued, or can start
};
Overview overview(const std::filesystem::path& experiment);

}  // namespace theriac::cli
