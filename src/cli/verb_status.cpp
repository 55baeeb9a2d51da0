#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/progress.h"
#include "theriac/core/run.h"
#include "theriac/experiment/slurm.h"
#include "theriac/report/report.h"

namespace theriac::cli {

namespace fs = std::filesystem;

namespace {

struct StatusState {
  std::string folder = "runs";
  bool json = false, check = false;
};

// `folder` is an experiment's folder, or a folder of runs with one or more of them.
std::vector<fs::path> experiments(const fs::path& folder) {
  if (fs::exists(folder / "plan.json")) return {folder};
  std::vector<fs::path> result;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (fs::exists(entry.path() / "plan.json")) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  if (result.empty())
    throw Error("no experiment in " + folder.string() +
                "; name runs/<name> or a folder that holds such folders");
  return result;
}

fs::path stages_of(const fs::path& experiment) {
  return fs::absolute(experiment).lexically_normal().parent_path() / "stages";
}

int status(const StatusState& s) {
  nlohmann::json out = nlohmann::json::array();
  for (auto folder : experiments(s.folder)) {
    if (folder.filename().empty()) folder = folder.parent_path();
    const auto plan = core::read_plan(folder);
    std::size_t width = 5;
    for (const auto& stage : plan.stages) width = std::max(width, stage.label.size());
    if (!s.json) fmt::print("{} ({})\n", plan.name, plan.file);
    nlohmann::json rows = nlohmann::json::array();
    const auto queue = experiment::slurm_states(folder);
    for (const auto& stage : plan.stages) {
      core::StageStatus status;
      status.id = stage.id;
      status.kind = stage.kind;
      if (const auto found = core::read_status(stages_of(folder) / stage.id)) status = *found;
      rows.push_back(status);
      const auto queued = queue.find(stage.id);
      if (queued != queue.end()) rows.back()["slurm"] = queued->second;
      if (s.json) continue;
      fmt::print("  {:<{}}  {:<11} epoch {}/{}", stage.label, width, core::word(status.state),
                 status.epoch, status.epochs ? status.epochs : stage.epochs);
      if (status.accuracy) fmt::print("  accuracy {:.1f}", *status.accuracy);
      if (status.attack_success) fmt::print("  ASR {:.1f}", *status.attack_success);
      if (status.state == core::StageState::kRunning && status.eta_seconds >= 0)
        fmt::print("  {} left ({}, pid {})", core::human_duration(status.eta_seconds), status.host,
                   status.pid);
      if (queued != queue.end()) fmt::print("  {}", queued->second);
      if (!status.error.empty()) fmt::print("  {}", status.error);
      fmt::print("\n");
    }
    out.push_back({{"name", plan.name}, {"stages", rows}});
  }
  if (s.json) fmt::print("{}\n", out.dump(1));
  return 0;
}

int report(const StatusState& s) {
  int code = 0;
  for (auto folder : experiments(s.folder)) {
    if (folder.filename().empty()) folder = folder.parent_path();
    report::write(folder, stages_of(folder));
    fmt::print("{}\n", report::terminal_table(folder, stages_of(folder), 100));
    if (s.check)
      for (const auto& verdict : report::check(folder, stages_of(folder))) {
        const bool met = verdict.outcome == report::Verdict::Outcome::kMet;
        fmt::print("{} {}\n", met ? "met   " : "MISSED", verdict.text);
        if (!met) code = static_cast<int>(Exit::kFailedCells);
      }
    fmt::print("report: {}\n", (folder / "report" / "index.html").string());
  }
  return code;
}

}  // namespace

Verb status_verb() {
  auto s = std::make_shared<StatusState>();
  return {"status",
          "progress of the stages of one experiment, or of all",
          "theriac status runs/quickstart",
          {{"RUNS",
            "an experiment's folder or a folder of runs (default: runs)",
            &s->folder,
            false,
            {}},
           {"--json", "for programs", &s->json, false, {}}},
          [s] { return status(*s); },
          {},
          false,
          s};
}

Verb report_verb() {
  auto s = std::make_shared<StatusState>();
  return {"report",
          "write the report of a run: tables, figures, HTML",
          "theriac report runs/quickstart --check",
          {{"RUNS",
            "an experiment's folder or a folder of runs (default: runs)",
            &s->folder,
            false,
            {}},
           {"--check", "exit 5 when an expectation of the file is missed", &s->check, false, {}}},
          [s] { return report(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
