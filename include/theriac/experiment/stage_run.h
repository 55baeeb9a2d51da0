#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "theriac/core/run.h"
#include "theriac/experiment/plan.h"

namespace theriac::experiment {

struct StageOptions {
  std::string device = "auto";
  int threads = 0;  // intra-op threads of this process; 0 = all cores
  // a.b=c, of this machine only, such as where its copy of the data is. Not recorded; one that
  // changes the stage is an Error.
  std::vector<std::string> local;
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

// The same for one stage of a plan whose folder need not be there yet: how a scheduler runs a plan,
// stage by stage, in many processes at once. True when it ran, false when it was done before.
// Errors: no such stage, its parent is not done.
bool run_planned_stage(const Plan& plan, const std::filesystem::path& stages, const std::string& id,
                       const StageOptions& options);

}  // namespace theriac::experiment
