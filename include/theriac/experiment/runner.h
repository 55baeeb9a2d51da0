#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "theriac/experiment/plan.h"

namespace theriac::experiment {

struct RunOptions {
  std::filesystem::path runs = "runs";
  std::string only;  // run stages of this kind and what they start from; "" = all
  int jobs = 0;      // stages side by side; 0 = one a GPU, or one a core
  bool wait = true;  // for a process that runs other settings here; false: refuse
  int retries = 2;   // of a stage that crashed
  std::chrono::duration<double> retry_pause{5};  // before the first retry; doubles each time
  std::uint64_t disk_limit = 0;                  // bytes that the plan's stages may take; 0 = any
  bool check_disk = true;                        // refuse a plan that needs more than is free
  std::string device;                            // overrides the file's; "" = the file's
  std::function<void()> refresh;  // called after stages, not too often; renews the report
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

// Runs a plan: writes runs/<name>/ and runs/stages/<id>/, reuses finished stages, and runs each
// other one in a worker process as soon as its parent is done. Processes that run the same plan, on
// any machine that shares the folder, share the stages. A crash is tried again; a failed stage
// stops only what depends on it. SIGINT and SIGTERM are passed on; stages save and end, and
// Interrupted is thrown. Error (Exit::kCannotWrite) when the plan is too large for the disk.
RunResult run(const Plan& plan, const Sweep& sweep, const RunOptions& options);

// Writes what the experiment's folder holds: plan.json, experiment.resolved.yaml; earlier ones that
// differ go to history/.
void write_experiment(const Plan& plan, const Sweep& sweep, const std::filesystem::path& folder);

}  // namespace theriac::experiment
