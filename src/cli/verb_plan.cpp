#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/experiment_file.h"
#include "cli/plan_lines.h"
#include "cli/verb.h"
#include "theriac/core/files.h"
#include "theriac/core/program.h"
#include "theriac/core/progress.h"
#include "theriac/core/text.h"
#include "theriac/experiment/plan.h"

namespace theriac::cli {

namespace {

struct PlanState : ExperimentFile {
  std::string runs = "runs";
  bool json = false, measure = false;
  std::string device;
  std::string format = "table";
  double teraflops = 0, hourly_rate = 0;
};

std::string commands(const PlanState& s, const core::PlanFile& plan) {
  const auto absolute = [](const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal().string();
  };
  const PlanCommand command{core::program_path(),
                            absolute(s.file),
                            absolute(s.runs),
                            std::filesystem::current_path().string(),
                            s.sets,
                            s.smoke};
  return s.format == "shell" ? shell_lines(plan, command) : makefile(plan, command);
}

std::string hours_text(const experiment::Price& price) {
  if (price.exists) return "done";
  return price.hours < 0 ? "not measured" : core::human_duration(price.hours * 3600);
}

std::string work_text(double hours, int unknown) {
  if (unknown > 0 && hours <= 0)
    return "time unknown (nothing of these kinds was measured yet; --measure tries a few steps)";
  const auto known = core::human_duration(hours * 3600) + " of work on one device";
  if (unknown == 0) return known;
  return fmt::format(
      "{} and {} stage(s) of a kind that was not measured yet; --measure tries a few steps of "
      "them",
      known, unknown);
}

int show(const PlanState& s) {
  const auto plan = experiment::make_plan(s.load(), s.file);
  if (s.format == "shell" || s.format == "makefile") {
    fmt::print("{}", commands(s, plan.file));
    return 0;
  }
  const auto stages = std::filesystem::path(s.runs) / "stages";
  auto throughput = experiment::finished_throughput(plan, stages);
  if (s.teraflops > 0) throughput.given_teraflops = s.teraflops;
  std::optional<experiment::SideBySide> machine;
  if (s.measure) {
    machine = experiment::side_by_side(plan, 0, s.device);
    experiment::measure_throughput(plan, *machine, throughput);
  }
  const auto prices = experiment::prices(plan, stages, throughput);
  const double longest = experiment::critical_path(plan, prices);
  if (s.json) {
    nlohmann::json out = plan.file;
    for (std::size_t i = 0; i < prices.size(); ++i) {
      auto& stage = out["stages"][i];
      stage["exists"] = prices[i].exists;
      stage["hours"] = prices[i].hours < 0 ? nlohmann::json() : nlohmann::json(prices[i].hours);
      stage["flops"] = prices[i].flops;
      stage["disk_bytes"] = prices[i].disk_bytes;
    }
    out["critical_path_hours"] = longest;
    fmt::print("{}\n", out.dump(1));
    return 0;
  }
  std::size_t width = 5;
  for (const auto& stage : plan.file.stages) width = std::max(width, stage.label.size());
  fmt::print("{}: {} cell(s), {} stage(s)\n\n", plan.file.name, plan.file.cells.size(),
             plan.file.stages.size());
  fmt::print("{:<{}}  {:>7} {:>9} {:>12}  {:>14} {:>10}  {}\n", "stage", width, "epochs", "steps",
             "pairs", "time", "disk", "folder");
  double hours = 0, flops = 0;
  std::uint64_t disk = 0;
  int unknown = 0, done = 0;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    const auto& stage = plan.file.stages[i];
    fmt::print("{:<{}}  {:>7} {:>9} {:>12}  {:>14} {:>10}  {}\n", stage.label, width, stage.epochs,
               stage.steps, stage.samples, hours_text(prices[i]),
               core::human_bytes(prices[i].disk_bytes), stage.id);
    done += prices[i].exists;
    if (prices[i].exists) continue;
    disk += prices[i].disk_bytes;
    flops += prices[i].flops;
    if (prices[i].hours < 0)
      ++unknown;
    else
      hours += prices[i].hours;
  }
  fmt::print("\nto run: {} stage(s), {:.2g} FLOP, {}, {} of disk\n",
             prices.size() - static_cast<std::size_t>(done), flops, work_text(hours, unknown),
             core::human_bytes(disk));
  if (machine && unknown == 0)
    fmt::print("here, {} at a time: {} or more\n", machine->jobs,
               core::human_duration(3600 * std::max(longest, hours / machine->jobs)));
  if (hours > 0)
    fmt::print("with enough devices: {}, the longest chain of stages\n",
               core::human_duration(longest * 3600));
  if (s.hourly_rate > 0)
    fmt::print("at {} an hour: {:.2f}\n", s.hourly_rate, hours * s.hourly_rate);
  return 0;
}

}  // namespace

Verb plan_verb() {
  auto s = std::make_shared<PlanState>();
  Verb verb{"plan",
            "what a run would do, what exists already, and its price",
            "theriac plan configs/quickstart.yaml",
            s->options(),
            [s] { return show(*s); },
            {},
            false,
            s};
  verb.options.push_back({"--runs", "folder for results", &s->runs, false, {}});
  verb.options.push_back(
      {"--teraflops",
       "price by this many 10^12 operations a second, which `theriac bench step` "
       "reports, instead of by what was measured",
       &s->teraflops,
       false,
       {}});
  verb.options.push_back({"--measure",
                          "measure a few steps of each kind that no finished stage has told of, on "
                          "this machine, and price by them",
                          &s->measure,
                          false,
                          {}});
  verb.options.push_back(
      {"--device", "with --measure: auto, cpu, cuda or cuda:N", &s->device, false, {}});
  verb.options.push_back({"--hourly-rate", "price of a device's hour", &s->hourly_rate, false, {}});
  verb.options.push_back({"--format",
                          "table for people; shell or makefile: commands that run the stages "
                          "one by one",
                          &s->format,
                          false,
                          {"table", "shell", "makefile"}});
  verb.options.push_back({"--json", "for programs", &s->json, false, {}});
  return verb;
}

}  // namespace theriac::cli
