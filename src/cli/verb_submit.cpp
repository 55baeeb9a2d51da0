#include <fmt/format.h>

#include <cstdio>

#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"
#include "theriac/core/text.h"
#include "theriac/experiment/slurm.h"

namespace theriac::cli {

namespace fs = std::filesystem;

namespace {

struct SubmitState : ExperimentFile {
  experiment::SlurmOptions options;
  std::string runs = "runs";
};

int submit(SubmitState& s) {
  s.options.file = s.file;
  s.options.sets = s.sets;
  s.options.smoke = s.smoke;
  s.options.runs = s.runs;
  const auto sweep = s.load();
  const auto plan = experiment::make_plan(sweep, s.file);
  const auto& stages = plan.stages;
  if (s.options.gpus > 0 && !stages.empty() && stages.front().config->device == "cpu")
    core::warn(
        "submit: --gpus {} asks for GPUs, but `device: cpu` leaves them idle; add "
        "--set device=auto",
        s.options.gpus);
  const auto result = experiment::submit_to_slurm(plan, sweep, s.options);
  if (s.options.dry_run) fmt::print("{}", core::join(result.texts, "\n"));
  const std::string left_out = fmt::format("{} done, {} queued", result.done, result.queued);
  if (result.stages == 0)
    core::info("nothing to submit: {}", left_out);
  else if (s.options.dry_run)
    core::info("would submit {} stage(s) as {} job array(s); {}", result.stages, result.arrays,
               left_out);
  else
    fmt::print("submitted {} stage(s) as {} job array(s); {}\nprogress: theriac status {}\n",
               result.stages, result.arrays, left_out,
               core::shell_quoted((fs::path(s.runs) / plan.file.name).string()));
  return 0;
}

struct CancelState {
  std::string name, runs = "runs";
};

int cancel(const CancelState& s) {
  const fs::path given = s.name;
  const bool is_folder = fs::exists(given / "slurm" / "jobs.json");
  const fs::path folder = is_folder ? given : fs::path(s.runs) / given;
  const int count = experiment::cancel_in_slurm(folder);
  if (count == 0)
    fmt::print("no job of {} is queued or running\n", s.name);
  else
    fmt::print(
        "cancelled {} job(s); running ones save first, and `theriac submit` goes on from "
        "there\n",
        count);
  return 0;
}

}  // namespace

Verb submit_verb() {
  auto s = std::make_shared<SubmitState>();
  Verb verb{
      "submit",
      "run an experiment on SLURM: job arrays that depend on each other, and resume",
      "theriac submit configs/quickstart.yaml --partition gpu --gpus 1 --cpus 8 --time 8:00:00",
      s->ExperimentFile::options(),
      [s] { return submit(*s); },
      {},
      false,
      s};
  auto& o = s->options;
  const std::vector<Option> options = {
      {"--runs", "folder for results, seen by all nodes", &s->runs, false, {}},
      {"--partition", "partition (queue) of the cluster", &o.partition, true, {}},
      {"--time", "time of one task: minutes, H:M:S or D-H:M:S", &o.time, false, {}},
      {"--gpus", "GPUs of one task", &o.gpus, false, {}},
      {"--cpus", "cores of one task, and threads to compute with", &o.cpus, false, {}},
      {"--mem", "memory of one task, such as 64G", &o.memory, false, {}},
      {"--account", "account", &o.account, false, {}},
      {"--qos", "quality of service", &o.qos, false, {}},
      {"--constraint", "features of the nodes", &o.constraint, false, {}},
      {"--dependency",
       "what the first stages wait for, such as afterok:123",
       &o.dependency,
       false,
       {}},
      {"--max-array",
       "tasks of an array at most (0: the cluster's MaxArraySize, else 1000)",
       &o.max_array,
       false,
       {}},
      {"--throttle", "tasks of an array at the same time (0: all)", &o.throttle, false, {}},
      {"--set-up",
       "shell command before each task, such as 'module load cuda' (repeatable)",
       &o.set_up,
       false,
       {}},
      {"--sbatch",
       "a further option of sbatch, as in --sbatch=--exclusive (repeatable)",
       &o.raw,
       false,
       {}},
      {"--local-data",
       "KEY=FOLDER: copy what KEY names to FOLDER on the node and read it there, as in "
       "'data.train.path=/scratch/$USER' (repeatable)",
       &o.near_data,
       false,
       {}},
      {"--dry-run", "print the scripts; write and submit nothing", &o.dry_run, false, {}}};
  verb.options.insert(verb.options.end(), options.begin(), options.end());
  return verb;
}

Verb cancel_verb() {
  auto s = std::make_shared<CancelState>();
  return {"cancel",
          "cancel an experiment's jobs on SLURM that are queued or running",
          "theriac cancel quickstart",
          {{"NAME", "the experiment's name or folder", &s->name, true, {}},
           {"--runs", "folder for results", &s->runs, false, {}}},
          [s] { return cancel(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
