#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace theriac::experiment {

// runs/<name>/slurm/jobs.json: the task that each stage was submitted as.
struct SlurmTask {
  std::string job;  // the array's id
  int index = 0;
  std::string name() const { return job + "_" + std::to_string(index); }  // SLURM's own: "12_3"
};
using SlurmJobs = std::map<std::string, SlurmTask>;  // by stage id

// Empty where there is no file. Error: a broken file, or one of another version.
SlurmJobs read_slurm_jobs(const std::filesystem::path& experiment_folder);
void write_slurm_jobs(const std::filesystem::path& experiment_folder, const SlurmJobs& jobs);

// What the queue says about one task: state PENDING, RUNNING, ...; reason Resources, Dependency,
// ...
struct SlurmState {
  std::string state, reason;
};
using SlurmQueue = std::map<std::string, SlurmState>;  // by the task's name

// The lines of `squeue --noheader --array --format=%F_%K|%T|%r`. Tasks that can never start,
// because what they depend on failed, are left out: SLURM is about to cancel them.
SlurmQueue parse_squeue(const std::string& text);

// This user's tasks that are queued or running; empty where there is no SLURM that answers.
SlurmQueue read_slurm_queue();

// Stages that are queued or running: the experiment's own, and those that other experiments of the
// same runs folder submitted.
SlurmJobs queued_in_runs(const std::filesystem::path& runs, const SlurmQueue& queue);

}  // namespace theriac::experiment
