#pragma once

#include <filesystem>
#include <string>

#include "theriac/core/run.h"

namespace theriac::experiment {

struct StageOptions {
  std::string device = "auto";
  int threads = 0;  // intra-op threads of this process; 0 = all cores
};

struct StageCache;  // what the stages of one process share

// Runs one stage in its folder <stages>/<id>, which holds the experiment's config.resolved.yaml:
// finishes what is missing of it, training first, then evaluations of kept checkpoints, and
// returns. Waits while another process works on it. Leaves status.json at done, interrupted or
// failed; throws what stopped it.
void run_stage(const std::filesystem::path& stages, const std::string& id,
               const StageOptions& options, StageCache& cache);

// The whole life of a worker process: runs the stages that its parent names, until there are no
// more or SIGTERM comes.
void serve(const std::filesystem::path& stages, const StageOptions& options);

}  // namespace theriac::experiment
