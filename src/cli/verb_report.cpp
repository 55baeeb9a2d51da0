#include <fmt/format.h>

#include <cstdio>

#include "cli/run_folders.h"
#include "cli/verb.h"
#include "theriac/core/error.h"
#include "theriac/core/log.h"
#include "theriac/core/screen.h"
#include "theriac/report/compare.h"
#include "theriac/report/paper.h"
#include "theriac/report/report.h"

namespace theriac::cli {

namespace {

namespace fs = std::filesystem;

struct ReportState {
  std::vector<std::string> folders;
  std::string out;
  bool check = false, paper = false;
};

int paper_report(const ReportState& s) {
  if (s.check) throw Error("report: --check is about runs; --paper has no expectations");
  if (s.out.empty())
    throw Error("report: --paper needs --out DIR, the folder for tables, figures and index.html");
  fmt::print("{}", report::write_paper({s.folders.begin(), s.folders.end()}, s.out,
                                       core::columns_of_output()));
  fmt::print("report: {}\n", (fs::path(s.out) / "index.html").string());
  return 0;
}

int report_one(const fs::path& folder, const fs::path& out, bool check) {
  int code = 0;
  for (const auto& problem : report::write(folder, stages_of(folder), out))
    core::warn("{}", problem);
  fmt::print("{}\n", report::terminal_table(folder, stages_of(folder), core::columns_of_output()));
  if (check) {
    const auto verdicts = report::check(folder, stages_of(folder));
    if (verdicts.empty())
      fmt::print("nothing to check in {}: its file has no `expect:`\n", folder.string());
    for (const auto& verdict : verdicts) {
      const bool met = verdict.outcome == report::Verdict::Outcome::kMet;
      fmt::print("{} {}\n", met ? "met   " : "MISSED", verdict.text);
      if (!met) code = static_cast<int>(Exit::kFailedCells);
    }
  }
  fmt::print("report: {}\n", ((out.empty() ? folder / "report" : out) / "index.html").string());
  return code;
}

int report(const ReportState& s) {
  if (s.paper) return paper_report(s);
  int code = 0;
  std::vector<report::RunFolders> runs;
  const auto given = s.folders.empty() ? std::vector<std::string>{"runs"} : s.folders;
  for (const auto& folder : given)
    for (const auto& experiment : experiments(folder))
      runs.push_back({experiment, stages_of(experiment)});
  if (runs.size() == 1) return report_one(runs.front().experiment, s.out, s.check);
  for (const auto& run : runs) code = std::max(code, report_one(run.experiment, {}, s.check));
  fmt::print("\n{}", report::compare(runs, s.out, core::columns_of_output()));
  if (!s.out.empty()) fmt::print("report: {}\n", (fs::path(s.out) / "index.html").string());
  return code;
}

}  // namespace

Verb report_verb() {
  auto s = std::make_shared<ReportState>();
  return {"report",
          "write the report of runs, or of the paper's results: tables, figures, HTML",
          "theriac report runs/quickstart --check\n"
          "  theriac report runs/seed_1 runs/seed_2 --out together\n"
          "  theriac report --paper results_plots/cleaning_plot_data_*.json --out paper",
          {{"RUNS",
            "experiments' folders or folders of runs (default: runs); with --paper result files",
            &s->folders,
            false,
            {}},
           {"--check", "exit 5 when an expectation of the file is missed", &s->check, false, {}},
           {"--paper",
            "the files are the paper authors' results, cleaning_plot_data_*.json; needs --out",
            &s->paper,
            false,
            {}},
           {"--out",
            "folder for the report of --paper, or of all RUNS together; of one: instead of its own",
            &s->out,
            false,
            {}}},
          [s] { return report(*s); },
          {},
          false,
          s};
}

}  // namespace theriac::cli
