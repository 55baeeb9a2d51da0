#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/run_folders.h"
#include "cli/verb.h"
#include "theriac/core/progress.h"
#include "theriac/core/run.h"
#include "theriac/experiment/slurm.h"

namespace theriac::cli {

namespace {

struct StatusState {
  std::string folder = "runs";
  bool json = false;
};

int status(const StatusState& s) {
  nlohmann::json out = nlohmann::json::array();
  for (const auto& folder : experiments(s.folder)) {
    const auto plan = core::read_plan(folder);
    std::size_t width = 5;
    for (const auto& stage : plan.stages) width = std::max(width, stage.label.size());
    if (!s.json) fmt::print("{} ({})\n", plan.name, plan.file);
    nlohmann::json rows = nlohmann::json::array();
    const auto queue = experiment::slurm_states(folder);
    for (const auto& stage : plan.stages) {
      core::StageStatus status;
      status.id = stage.id;
      status.kind = stage.kind;
      if (const auto found = core::read_status(stages_of(folder) / stage.id)) status = *found;
      rows.push_back(status);
      const auto queued = queue.find(stage.id);
      if (queued != queue.end()) rows.back()["slurm"] = queued->second;
      if (s.json) continue;
      fmt::print("  {:<{}}  {:<11} epoch {}/{}", stage.label, width, core::word(status.state),
                 status.epoch, status.epochs ? status.epochs : stage.epochs);
      if (status.accuracy) fmt::print("  accuracy {:.1f}", *status.accuracy);
      if (status.attack_success) fmt::print("  ASR {:.1f}", *status.attack_success);
      if (status.state == core::StageState::kRunning && status.eta_seconds >= 0)
        fmt::print("  {} left ({}, pid {})", core::human_duration(status.eta_seconds), status.host,
                   status.pid);
      if (queued != queue.end()) fmt::print("  {}", queued->second);
      if (!status.error.empty()) fmt::print("  {}", status.error);
      fmt::print("\n");
    }
    out.push_back({{"name", plan.name}, {"stages", rows}});
  }
  if (s.json) fmt::print("{}\n", out.dump(1));
  return 0;
}

}  // namespace

Verb status_verb() {
  auto s = std::make_shared<StatusState>();
  return {"status",
          "progress of the stages of one experiment, or of all",
          "theriac status runs/quickstart",
          {{"RUNS",
            "an experiment's folder or a folder of runs (default: runs)",
            &s->folder,
            false,
            {}},
           {"--json", "for programs", &s->json, false, {}}},
          [s] { return status(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
