#include <fmt/chrono.h>

#include <ctime>
#include <functional>

#include "report/figures.h"
#include "report/files.h"
#include "report/page.h"
#include "report/seeds.h"
#include "report/sweep_figures.h"
#include "report/tables.h"
#include "theriac/core/files.h"
#include "theriac/report/report.h"

namespace theriac::report {

namespace {

namespace fs = std::filesystem;

std::vector<std::function<Figure()>> figures_of(const Experiment& e) {
  std::vector<std::function<Figure()>> figures;
  for (const auto& data : e.data_sets)
    if (has_scatter(e, data))
      figures.push_back([&e, &data] {
        return Figure{data == e.plan.report_data ? "scatter" : "scatter_" + file_stem(data),
                      [&e, &data](Layout layout) {
                        Tips none(false);
                        return scatter(e, data, layout, none);
                      },
                      measured_csv(e, data)};
      });
  if (!e.data_sets.empty())
    figures.push_back([&e] {
      return Figure{"trajectories",
                    [&e](Layout layout) {
                      Tips none(false);
                      return trajectories(e, e.data_sets.front(), layout, none);
                    },
                    measured_csv(e, e.data_sets.front())};
    });
  if (has_curves(e))
    figures.push_back([&e] {
      return Figure{"training", [&e](Layout layout) { return curves(e, layout); }, curves_csv(e)};
    });
  for (auto& figure : sweep_figures(e))
    figures.push_back([figure = std::move(figure)] { return figure; });
  return figures;
}

void write_tables(const fs::path& folder, const Experiment& e) {
  put_file(folder / "best.csv", best_csv(e));
  put_file(folder / "final.csv", final_csv(e));
  put_file(folder / "points.csv", points_csv(e));
  write_texts(folder, best_table(e));
  write_texts(folder, final_table(e));
  for (const auto& table : choice_tables(pools(e))) write_table(folder, table);
  if (e.plan.expect.empty()) return;
  put_file(folder / "expectations.csv", expectation_csv(e));
  write_texts(folder, expectation_table(e));
}

}  // namespace

void write(const fs::path& folder, const fs::path& stages) {
  Experiment e;
  load(folder, stages, e);
  core::StagedFolder staged(folder / "report");
  write_figures(staged.path() / "figures", figures_of(e), report_command(e));
  write_tables(staged.path() / "tables", e);
  const std::string written = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  put_file(staged.path() / "index.html", page(e, written));
  staged.commit();
}

}  // namespace theriac::report
