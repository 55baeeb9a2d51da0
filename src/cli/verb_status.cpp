#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/overview.h"
#include "cli/run_folders.h"
#include "cli/verb.h"
#include "theriac/core/interrupt.h"
#include "theriac/core/progress.h"

namespace theriac::cli {

namespace {

constexpr std::size_t kShort = 40;  // stages; of more, only what asks for attention is listed
constexpr double kLong = 300;       // seconds
constexpr auto kEvery = std::chrono::seconds(2);

struct StatusState {
  std::string folder = "runs";
  bool json = false, watch = false, all = false;
};

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string summary(const Overview& view) {
  std::string text =
      fmt::format("{} of {} stages done", view.counts.contains("done") ? view.counts.at("done") : 0,
                  view.stages.size());
  for (const auto& [state, count] : view.counts)
    if (state != "done") text += fmt::format(", {} {}", count, state);
  if (view.pairs_per_second > 0) text += fmt::format("; {:.0f} pairs/s", view.pairs_per_second);
  if (view.eta_seconds > 0)
    text += fmt::format("; about {} left", core::human_duration(view.eta_seconds));
  return text;
}

// Where the time of the stages went; "" while there is none to tell of.
std::string time_spent(const Overview& view) {
  if (view.seconds < 1) return {};
  const auto percent = [&](double seconds) { return 100 * seconds / view.seconds; };
  return fmt::format(
      "stages took {} together: training {:.1f} %, evaluation {:.1f} %, preparing, loading and "
      "saving {:.1f} %",
      core::human_duration(view.seconds), percent(view.training_seconds),
      percent(view.evaluation_seconds),
      percent(view.seconds - view.training_seconds - view.evaluation_seconds));
}

std::string line(const StageView& stage, std::size_t width) {
  const auto& status = stage.status;
  std::string text = fmt::format("  {:<{}}  {:<11} epoch {}/{}", stage.plan.label, width,
                                 stage.state, status.epoch, status.epochs);
  text += core::rates_text(status);
  if (stage.state == "running") {
    if (status.pairs_per_second > 0)
      text += fmt::format("  {:.0f} pairs/s", status.pairs_per_second);
    if (status.eta_seconds >= 0)
      text += fmt::format("  {} left", core::human_duration(status.eta_seconds));
    text += fmt::format("  (host {}, pid {})", status.host, status.pid);
    const double silent = now() - status.updated;  // evaluation of a large set takes a while, too
    if (silent > kLong) text += fmt::format("  last news {} ago", core::human_duration(silent));
    if (silent < -kLong)
      text +=
          fmt::format("  its clock is {} ahead of this machine's", core::human_duration(-silent));
  }
  if (stage.state == "killed")
    text += "  nobody runs it; `theriac run` goes on from its last checkpoint";
  if (!stage.queued.empty()) text += "  " + stage.queued;
  if (!status.error.empty()) text += "  " + status.error;
  return text;
}

nlohmann::json as_json(const Overview& view) {
  nlohmann::json rows = nlohmann::json::array();
  for (const auto& stage : view.stages) {
    nlohmann::json row = stage.status;
    row["label"] = stage.plan.label;
    row["now"] = stage.state;
    if (!stage.holder.empty()) row["holder"] = stage.holder;
    if (!stage.queued.empty()) row["slurm"] = stage.queued;
    rows.push_back(std::move(row));
  }
  nlohmann::json result = {{"name", view.name},
                           {"counts", view.counts},
                           {"pairs_per_second", view.pairs_per_second},
                           {"seconds", view.seconds},
                           {"training_seconds", view.training_seconds},
                           {"evaluation_seconds", view.evaluation_seconds},
                           {"stages", rows}};
  result["eta_seconds"] =
      view.eta_seconds < 0 ? nlohmann::json() : nlohmann::json(view.eta_seconds);
  return result;
}

std::string text_of(const Overview& view, bool all) {
  std::size_t width = 5;
  for (const auto& stage : view.stages) width = std::max(width, stage.plan.label.size());
  std::string text = fmt::format("{} ({})\n  {}\n", view.name, view.file, summary(view));
  std::size_t left_out = 0;
  for (const auto& stage : view.stages) {
    const bool quiet = stage.state == "done" || stage.state == "waiting" || stage.state == "queued";
    if (!all && view.stages.size() > kShort && quiet)
      ++left_out;
    else
      text += line(stage, width) + "\n";
  }
  if (const auto spent = time_spent(view); !spent.empty()) text += "  " + spent + "\n";
  if (left_out > 0) text += fmt::format("  and {} done or waiting (--all lists them)\n", left_out);
  return text;
}

// One look at everything; whether all of it has ended.
bool look(const StatusState& s) {
  bool ended = true;
  std::string text;
  nlohmann::json out = nlohmann::json::array();
  for (const auto& folder : experiments(s.folder)) {
    const auto view = overview(folder);
    ended = ended && view.ended;
    if (s.json)
      out.push_back(as_json(view));
    else
      text += text_of(view, s.all);
  }
  if (s.json) text = out.dump(s.watch ? -1 : 1) + "\n";
  const bool redraw = s.watch && !s.json && ::isatty(STDOUT_FILENO);
  fmt::print("{}{}", redraw ? "\033[H\033[J" : "", text);
  std::fflush(stdout);
  return ended;
}

int status(const StatusState& s) {
  bool ended = look(s);
  while (s.watch && !ended && !core::stop_requested()) {
    for (std::chrono::milliseconds waited{0}; waited < kEvery && !core::stop_requested();
         waited += std::chrono::milliseconds(100))
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (!core::stop_requested()) ended = look(s);
  }
  return 0;
}

}  // namespace

Verb status_verb() {
  auto s = std::make_shared<StatusState>();
  return {
      "status",
      "progress of one experiment, or of all: from the run folders alone, on any machine",
      "theriac status runs/quickstart --watch",
      {{"RUNS",
        "an experiment's folder or a folder of runs (default: runs)",
        &s->folder,
        false,
        {}},
       {"--watch", "look again every 2 seconds until everything has ended", &s->watch, false, {}},
       {"--all", "list every stage of a large sweep", &s->all, false, {}},
       {"--json", "for programs; with --watch one line a look", &s->json, false, {}}},
      [s] { return status(*s); },
      {},
      false,
      s};
}

}  // namespace theriac::cli
