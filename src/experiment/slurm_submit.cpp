#include <fmt/format.h>

#include <charconv>

#include "experiment/command.h"
#include "experiment/records.h"
#include "experiment/slurm_jobs.h"
#include "experiment/slurm_script.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/core/program.h"
#include "theriac/core/text.h"
#include "theriac/experiment/runner.h"
#include "theriac/experiment/slurm.h"

namespace theriac::experiment {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kUsualMaxArray = 1000;

std::size_t max_array_size() {
  const auto answer = run_command({"scontrol", "show", "config"});
  if (!answer || answer->code != 0) return kUsualMaxArray;
  for (const auto& line : core::split(answer->out, '\n')) {
    const auto equals = line.find('=');
    if (!line.starts_with("MaxArraySize") || equals == std::string::npos) continue;
    const auto text = core::trim(std::string_view(line).substr(equals + 1));
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return std::max<std::size_t>(1, value);
  }
  return kUsualMaxArray;
}

std::set<std::string> done_stages(const core::PlanFile& plan, const fs::path& stages) {
  std::set<std::string> done;
  for (const auto& stage : plan.stages)
    if (is_finished(stages / stage.id, stage.evaluation)) done.insert(stage.id);
  return done;
}

class Submitter {
 public:
  Submitter(const Plan& plan, const SlurmOptions& options, fs::path folder, SlurmJobs queued)
      : plan_(plan), options_(options), folder_(std::move(folder)), jobs_(std::move(queued)) {
    options_.runs = fs::absolute(options_.runs).lexically_normal();
    options_.file = fs::absolute(options_.file).lexically_normal().string();
  }

  void run(const std::vector<SlurmArray>& arrays, SlurmSubmission& result) {
    std::vector<const Stage*> stages;
    for (const auto& stage : plan_.stages)
      for (const auto& array : arrays)
        if (std::count(array.stages.begin(), array.stages.end(), stage.id))
          stages.push_back(&stage);
    const fs::path scripts = folder_ / "slurm";
    const SlurmScripts all{plan_.file,
                           options_,
                           near_copies(options_.near_data, stages),
                           core::program_path(),
                           fs::current_path().string(),
                           scripts.string()};
    for (const auto& array : arrays) {
      const fs::path file = scripts / (array.name + ".sh");
      const std::string script = slurm_script(all, array), needs = dependency(array);
      std::string words = "#";
      for (const auto& word : sbatch(needs, file)) words += " " + core::shell_quoted(word);
      result.texts.push_back(words + "\n" + script);
      result.stages += static_cast<int>(array.stages.size());
      ++result.arrays;
      if (options_.dry_run) {
        for (const auto& id : array.stages) jobs_[id] = {"JOB-OF-" + array.name, 0};
        for (std::size_t i = 0; i < array.stages.size(); ++i)
          jobs_[array.stages[i]].index = static_cast<int>(i);
        continue;
      }
      core::write_file(file, script);
      record(array, submit(sbatch(needs, file)));
    }
  }

 private:
  std::string dependency(const SlurmArray& array) const {
    if (array.parent.empty()) return options_.dependency;
    return "afterok:" + jobs_.at(array.parent).name();
  }

  static std::vector<std::string> sbatch(const std::string& dependency, const fs::path& file) {
    std::vector<std::string> command = {"sbatch", "--parsable"};
    if (!dependency.empty()) command.push_back("--dependency=" + dependency);
    command.push_back(file.string());
    return command;
  }

  // The job's id.
  static std::string submit(const std::vector<std::string>& command) {
    const auto answer = run_command(command);
    if (!answer)
      throw Error(
          "submit: there is no sbatch here; log in to a machine of the cluster, or look at "
          "the scripts with --dry-run");
    if (answer->code != 0)
      throw Error("submit: sbatch refused " + command.back() + ": " + answer->said +
                  "; what was submitted before it stays queued, and the same command submits the "
                  "rest");
    if (!answer->said.empty()) core::warn("sbatch: {}", answer->said);
    const std::string id(core::trim(core::split(answer->out, ';').front()));
    if (id.empty() || id.find_first_not_of("0123456789") != std::string::npos)
      throw Error("submit: expected a job's number from sbatch, got '" + answer->out + "'");
    return id;
  }

  // After each array, so that jobs.json is right whatever happens to the next.
  void record(const SlurmArray& array, const std::string& job) {
    auto table = read_slurm_jobs(folder_);
    for (std::size_t i = 0; i < array.stages.size(); ++i)
      table[array.stages[i]] = jobs_[array.stages[i]] = {job, static_cast<int>(i)};
    write_slurm_jobs(folder_, table);
  }

  const Plan& plan_;
  SlurmOptions options_;
  fs::path folder_;
  SlurmJobs jobs_;  // of what is queued, and of what was submitted
};

}  // namespace

SlurmSubmission submit_to_slurm(const Plan& plan, const Sweep& sweep, const SlurmOptions& options) {
  check_slurm_options(options);
  const fs::path runs = fs::absolute(options.runs).lexically_normal();
  const fs::path folder = runs / plan.file.name;
  const auto done = done_stages(plan.file, runs / "stages");
  const auto queued_jobs = queued_in_runs(runs, read_slurm_queue());
  std::set<std::string> queued;
  SlurmSubmission result;
  for (const auto& stage : plan.file.stages) {
    if (done.contains(stage.id))
      ++result.done;
    else if (queued_jobs.contains(stage.id))
      queued.insert(stage.id);
  }
  result.queued = static_cast<int>(queued.size());
  const std::size_t largest =
      options.max_array > 0 ? static_cast<std::size_t>(options.max_array) : max_array_size();
  const auto arrays = slurm_arrays(plan.file, done, queued, largest);
  if (arrays.empty()) return result;
  if (!options.dry_run) {
    core::make_folder(folder / "slurm");
    if (const auto lock = core::FileLock::try_acquire(folder / "lock"))
      write_experiment(plan, sweep, folder);
  }
  Submitter(plan, options, folder, queued_jobs).run(arrays, result);
  return result;
}

int cancel_in_slurm(const fs::path& experiment_folder) {
  const auto jobs = read_slurm_jobs(experiment_folder);
  if (jobs.empty())
    throw Error("cancel: nothing of " + experiment_folder.string() +
                " was submitted: it has no slurm/jobs.json");
  const auto queue = read_slurm_queue();
  std::vector<std::string> command = {"scancel"};
  for (const auto& [stage, task] : jobs)
    if (queue.contains(task.name())) command.push_back(task.name());
  if (command.size() == 1) return 0;
  const auto answer = run_command(command);
  if (!answer) throw Error("cancel: there is no scancel here; log in to a machine of the cluster");
  if (answer->code != 0) throw Error("cancel: scancel refused: " + answer->said);
  return static_cast<int>(command.size()) - 1;
}

}  // namespace theriac::experiment
