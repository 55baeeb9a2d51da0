#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "cli/experiment_file.h"
#include "cli/plan_lines.h"
#include "cli/plan_prices.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/program.h"
#include "theriac/experiment/plan.h"

namespace theriac::cli {

namespace {

struct PlanState : ExperimentFile {
  std::string runs = "runs";
  bool json = false, measure = false, cells = false;
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

void check(const PlanState& s) {
  if (s.teraflops < 0 || s.hourly_rate < 0)
    throw Error(fmt::format("plan: {} is below 0; expected a positive number",
                            s.teraflops < 0 ? "--teraflops" : "--hourly-rate"));
  if (s.format != "table" && (s.json || s.cells || s.measure))
    throw Error(
        "plan: --format " + s.format +
        " prints commands; leave out --json, --cells and --measure, which are about prices");
  if (s.json && s.cells) throw Error("plan: --json has stages and cells; leave out --cells");
}

int show(const PlanState& s) {
  check(s);
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
  const PlanPrices prices(plan, experiment::prices(plan, stages, throughput), s.hourly_rate,
                          machine ? std::optional(machine->jobs) : std::nullopt);
  if (s.json) {
    fmt::print("{}", prices.json());
    return 0;
  }
  fmt::print("{}: {} cell(s), {} stage(s)\n\n{}\n{}", plan.file.name, plan.file.cells.size(),
             plan.file.stages.size(), s.cells ? prices.cells() : prices.stages(), prices.totals());
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
  verb.options.push_back(
      {"--cells", "list cells with their whole chains instead of stages", &s->cells, false, {}});
  verb.options.push_back({"--json", "for programs", &s->json, false, {}});
  return verb;
}

}  // namespace theriac::cli
