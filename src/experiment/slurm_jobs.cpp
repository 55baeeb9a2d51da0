#include "experiment/slurm_jobs.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "experiment/command.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/text.h"
#include "theriac/experiment/slurm.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

constexpr int kJobsVersion = 1;

fs::path jobs_file(const fs::path& experiment_folder) {
  return experiment_folder / "slurm" / "jobs.json";
}

}  // namespace

SlurmJobs read_slurm_jobs(const fs::path& experiment_folder) {
  const fs::path file = jobs_file(experiment_folder);
  if (!fs::exists(file)) return {};
  try {
    const auto json = nlohmann::json::parse(core::read_file(file));
    if (json.at("version") != kJobsVersion)
      throw Error("slurm: " + file.string() +
                  " was written by another version; move it away once its jobs have ended");
    SlurmJobs jobs;
    for (const auto& [stage, task] : json.at("jobs").items())
      jobs[stage] = {task.at("job").get<std::string>(), task.at("index").get<int>()};
    return jobs;
  } catch (const nlohmann::json::exception& error) {
    throw Error("slurm: " + file.string() + " is broken (" + error.what() +
                "); move it away once its jobs have ended");
  }
}

void write_slurm_jobs(const fs::path& experiment_folder, const SlurmJobs& jobs) {
  nlohmann::json json = {{"version", kJobsVersion}, {"jobs", nlohmann::json::object()}};
  for (const auto& [stage, task] : jobs)
    json["jobs"][stage] = {{"job", task.job}, {"index", task.index}};
  core::write_file(jobs_file(experiment_folder), json.dump(1) + "\n");
}

SlurmQueue parse_squeue(const std::string& text) {
  SlurmQueue queue;
  for (const auto& line : core::split(text, '\n')) {
    const auto fields = core::split(core::trim(line), '|');
    if (fields.size() == 3 && fields[2] != "DependencyNeverSatisfied")
      queue[fields[0]] = {fields[1], fields[2]};
  }
  return queue;
}

SlurmQueue read_slurm_queue() {
  const auto answer = run_command({"squeue", "--noheader", "--array", "--format=%F_%K|%T|%r",
                                   "--user=" + std::to_string(getuid())});
  return answer && answer->code == 0 ? parse_squeue(answer->out) : SlurmQueue();
}

SlurmJobs queued_in_runs(const fs::path& runs, const SlurmQueue& queue) {
  SlurmJobs result;
  if (queue.empty() || !fs::is_directory(runs)) return result;
  for (const auto& experiment : fs::directory_iterator(runs))
    for (const auto& [stage, task] : read_slurm_jobs(experiment.path()))
      if (queue.contains(task.name())) result[stage] = task;
  return result;
}

std::map<std::string, std::string> slurm_states(const fs::path& experiment_folder) {
  const auto jobs = read_slurm_jobs(experiment_folder);
  std::map<std::string, std::string> states;
  if (jobs.empty()) return states;
  const auto queue = read_slurm_queue();
  for (const auto& [stage, task] : jobs) {
    const auto found = queue.find(task.name());
    if (found == queue.end()) continue;
    const auto& [state, reason] = found->second;
    const bool pending = state == "PENDING";
    std::string text = pending ? "queued" : core::lower_ascii(state);
    if (pending && reason == "Dependency")
      text += " behind its parent";
    else if (pending && reason != "None")
      text += " (" + reason + ")";
    states[stage] = text + ", job " + task.name();
  }
  return states;
}

}  // namespace theriac::experiment
