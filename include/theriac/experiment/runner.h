#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "theriac/experiment/plan.h"

namespace theriac::experiment {

struct RunOptions {
  std::filesystem::path runs = "runs";
  std::string only;               // run only stages of this kind; "" = all
  int jobs = 0;                   // stages side by side; 0 = by device and cores
  bool wait = true;               // for another process that runs this experiment; false: refuse
  std::string device;             // overrides the file's; "" = the file's
  std::function<void()> refresh;  // called after each stage, for example to renew the report
};

struct FailedStage {
  std::string id, label, reason;
  std::vector<std::string> cells;  // names of the cells that need it
};

struct RunResult {
  std::filesystem::path experiment, stages;
  int ran = 0, reused = 0;
  std::vector<FailedStage> failed;
  bool single_cell = false;
  int exit_code = 0;  // of core/error.h
};

// Runs a plan: writes runs/<name>/ and runs/stages/<id>/, reuses finished stages, starts each
// other one in a process of its own (this program's hidden verb `_stage`) as soon as its parent is
// done. A failed stage stops only what depends on it. SIGINT and SIGTERM are passed on; stages save
// and end, and Interrupted is thrown.
RunResult run(const Plan& plan, const Sweep& sweep, const RunOptions& options);

// Writes what the experiment's folder holds: plan.json, experiment.resolved.yaml; earlier ones that
// differ go to history/.
void write_experiment(const Plan& plan, const Sweep& sweep, const std::filesystem::path& folder);

}  // namespace theriac::experiment
