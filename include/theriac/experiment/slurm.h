#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "theriac/experiment/plan.h"

namespace theriac::experiment {

// A plan as jobs of SLURM. Stages become tasks of job arrays: one array of those that can start,
// and one for the children of each parent, which starts when that parent's task has ended well.
// Each task runs `theriac run FILE --stage ID`.
struct SlurmOptions {
  std::filesystem::path runs = "runs";
  std::string file;               // as given to `run`
  std::vector<std::string> sets;  // --set, of the whole experiment
  bool smoke = false;
  std::string partition, time, memory, account, qos, constraint;  // sbatch's own words
  std::string dependency;           // of the first stages, in sbatch's own words
  int gpus = 0, cpus = 0;           // a task; 0: the cluster's default
  int max_array = 0;                // tasks an array at most; 0: what the cluster says, else 1000
  int throttle = 0;                 // tasks of one array that run at once; 0: all
  std::vector<std::string> set_up;  // shell commands before each task
  std::vector<std::string> raw;     // further options of sbatch
  std::vector<std::string> near_data;  // KEY=FOLDER: copy what KEY names to the node's FOLDER
  bool dry_run = false;                // write and submit nothing
};

struct SlurmSubmission {
  int stages = 0, arrays = 0;      // submitted now, or in a dry run: would be
  int done = 0, queued = 0;        // left out
  std::vector<std::string> texts;  // the scripts, in order of submission
};

// Submits what is neither done nor queued (by any experiment of these runs). Scripts, logs and
// jobs.json are in runs/<name>/slurm/. Errors: an option out of range, no sbatch, what sbatch said.
SlurmSubmission submit_to_slurm(const Plan& plan, const Sweep& sweep, const SlurmOptions& options);

// Cancels the experiment's jobs that are queued or running; returns how many. Errors: never
// submitted, no scancel, what scancel said.
int cancel_in_slurm(const std::filesystem::path& experiment_folder);

// Stage id -> "queued, job 12_3", for the stages that SLURM holds; empty where nothing was
// submitted or there is no SLURM to ask.
std::map<std::string, std::string> slurm_states(const std::filesystem::path& experiment_folder);

}  // namespace theriac::experiment
