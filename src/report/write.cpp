#include <fmt/chrono.h>

#include <ctime>

#include "report/figures.h"
#include "report/files.h"
#include "report/metrics_table.h"
#include "report/page.h"
#include "report/seeds.h"
#include "report/sweep_figures.h"
#include "report/tables.h"
#include "theriac/core/files.h"
#include "theriac/report/report.h"

namespace theriac::report {

namespace {

namespace fs = std::filesystem;

void write_tables(const fs::path& folder, const Experiment& e) {
  put_file(folder / "best.csv", best_csv(e));
  put_file(folder / "final.csv", final_csv(e));
  put_file(folder / "points.csv", [&](std::ostream& out) { write_points_csv(e, out); });
  write_texts(folder, best_table_of_bounds(e));
  write_texts(folder, final_table(e));
  for (const auto& table : choice_tables(pools(e))) write_table(folder, table);
  if (const Table metrics = metrics_table(e); !metrics.rows.empty()) write_table(folder, metrics);
  if (e.plan.expect.empty()) return;
  put_file(folder / "expectations.csv", expectation_csv(e));
  write_texts(folder, expectation_table(e));
}

void write_all(const fs::path& folder, const Experiment& e) {
  write_figures(folder / "figures", all_figures(e), report_command(e));
  write_tables(folder / "tables", e);
  const std::string written = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  put_file(folder / "index.html", page(e, written));
}

}  // namespace

std::vector<std::string> write(const fs::path& folder, const fs::path& stages,
                               const fs::path& out) {
  Experiment e;
  load(folder, stages, e);
  if (!out.empty()) {
    core::make_folder(out);
    write_all(out, e);
    return e.problems;
  }
  core::StagedFolder staged(folder / "report");
  write_all(staged.path(), e);
  staged.commit();
  return e.problems;
}

}  // namespace theriac::report
