#include <fmt/format.h>

#include <cstdio>

#include "cli/experiment_file.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/core/screen.h"
#include "theriac/core/text.h"
#include "theriac/experiment/runner.h"
#include "theriac/experiment/stage_run.h"
#include "theriac/report/report.h"

namespace theriac::cli {

namespace {

struct RunState : ExperimentFile {
  experiment::RunOptions options;
  std::string runs = "runs";
  std::string disk_limit;
  bool no_wait = false, no_disk_check = false;
  std::string stage;
  experiment::StageOptions stage_options;
};

// Processes that share the work share the report, too: one of them at a time writes it.
void write_report(const std::filesystem::path& folder, const std::filesystem::path& stages) {
  const auto turn = core::FileLock::acquire(folder / "report.lock", nullptr);
  report::write(folder, stages);
}

// One stage, in this process: what a task of a scheduler does, beside many others. The experiment's
// files are written by whichever comes first, the report by each in turn.
int run_one_stage(const RunState& s) {
  const auto sweep = s.load();
  const auto plan = experiment::make_plan(sweep, s.file);
  const std::filesystem::path runs = std::filesystem::absolute(s.runs).lexically_normal();
  const auto folder = runs / plan.file.name, stages = runs / "stages";
  core::make_folder(folder);
  if (const auto lock = core::FileLock::try_acquire(folder / "lock"))
    experiment::write_experiment(plan, sweep, folder);
  auto options = s.stage_options;
  options.device = s.options.device;
  if (!experiment::run_planned_stage(plan, stages, s.stage, options))
    core::info("{}: done already", s.stage);
  write_report(folder, stages);
  return 0;
}

void check(const RunState& s) {
  if (s.options.jobs < 0)
    throw Error(
        fmt::format("run: --jobs is {}; expected 1 or more, or 0: one a core on a CPU, one "
                    "on each GPU",
                    s.options.jobs));
  if (s.options.retries < 0)
    throw Error(fmt::format("run: --retries is {}; expected 0 or more", s.options.retries));
}

int run_experiment(RunState& s) {
  check(s);
  if (!s.stage.empty()) return run_one_stage(s);
  if (!s.stage_options.local.empty() || s.stage_options.threads != 0)
    throw Error("run: --local and --threads have an effect only with --stage");
  const auto sweep = s.load();
  const auto plan = experiment::make_plan(sweep, s.file);
  s.options.runs = s.runs;
  s.options.wait = !s.no_wait;
  s.options.check_disk = !s.no_disk_check;
  if (!s.disk_limit.empty()) s.options.disk_limit = core::parse_bytes(s.disk_limit);
  const std::filesystem::path runs = std::filesystem::absolute(s.runs).lexically_normal();
  const auto folder = runs / plan.file.name, stages = runs / "stages";
  s.options.refresh = [&] {
    if (const auto mine = core::FileLock::try_acquire(folder / "report.lock"))
      report::write(folder, stages);
  };
  const auto result = experiment::run(plan, sweep, s.options);
  write_report(folder, stages);
  fmt::print("{}\n", report::terminal_table(folder, stages, core::columns_of_output()));
  for (const auto& failed : result.failed)
    fmt::print("failed: {} ({}): {}\n  needed by: {}\n", failed.label, failed.id, failed.reason,
               core::join(failed.cells, "; "));
  if (!result.failed.empty())
    fmt::print("The same command tries the failed stages again; finished ones are kept.\n");
  std::fflush(stdout);  // what goes to stderr comes after it
  core::info("{} stage(s) ran, {} reused", result.ran, result.reused);
  fmt::print("report: {}\n", (folder / "report" / "index.html").string());
  return result.exit_code;
}

}  // namespace

Verb run_verb() {
  auto s = std::make_shared<RunState>();
  Verb verb{"run",
            "run an experiment: poison, pre-train, clean, evaluate, report; resumes and reuses",
            "theriac run configs/quickstart.yaml --set pretrain.epochs=4",
            s->ExperimentFile::options(),
            [s] { return run_experiment(*s); },
            {},
            false,
            s};
  verb.options.push_back({"--runs", "folder for results", &s->runs, false, {}});
  verb.options.push_back(
      {"--only",
       "only stages of this kind, and those they start from where these are not done yet",
       &s->options.only,
       false,
       {"poison", "pretrain", "clean"}});
  verb.options.push_back({"--jobs,-j",
                          "stages side by side (0: one a core on a CPU, one on each GPU)",
                          &s->options.jobs,
                          false,
                          {}});
  verb.options.push_back({"--device",
                          "auto, cpu, cuda or cuda:N instead of the file's",
                          &s->options.device,
                          false,
                          {}});
  verb.options.push_back(
      {"--no-wait",
       "refuse, instead of waiting, when another process runs this experiment with other settings",
       &s->no_wait,
       false,
       {}});
  verb.options.push_back({"--retries",
                          "how often a stage that crashed is tried again",
                          &s->options.retries,
                          false,
                          {}});
  verb.options.push_back(
      {"--disk-limit",
       "what the stages of this experiment may take, such as 200GiB; stages wait "
       "for room",
       &s->disk_limit,
       false,
       {}});
  verb.options.push_back({"--no-disk-check",
                          "start even when the plan needs more disk than is free",
                          &s->no_disk_check,
                          false,
                          {}});
  verb.options.push_back({"--stage",
                          "exactly this stage, in this process, once its parent is done; for "
                          "schedulers (exit code 75: interrupted, run it again)",
                          &s->stage,
                          false,
                          {}});
  verb.options.push_back({"--threads",
                          "with --stage: threads to compute with (0: all cores)",
                          &s->stage_options.threads,
                          false,
                          {}});
  verb.options.push_back({"--local",
                          "with --stage: a setting of this machine only, such as where its copy of "
                          "the data is; not recorded (repeatable)",
                          &s->stage_options.local,
                          false,
                          {}});
  return verb;
}

Verb worker_verb() {
  struct Worker {
    std::string stages;
    experiment::StageOptions options;
  };
  auto s = std::make_shared<Worker>();
  return {"_worker",
          "run the planned stages that are named on stdin",
          "",
          {{"STAGES", "the runs' stages folder", &s->stages, true, {}},
           {"--device", "device", &s->options.device, false, {}},
           {"--threads", "threads", &s->options.threads, false, {}}},
          [s] {
            core::set_stderr_level(core::Level::kError);  // the rest stands in a stage's log.txt
            experiment::serve(s->stages, s->options);
            return 0;
          },
          {},
          true,
          s};
}

}  // namespace theriac::cli
