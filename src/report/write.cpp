#include <fmt/chrono.h>

#include <cctype>
#include <ctime>

#include "report/escape.h"
#include "report/figures.h"
#include "report/page.h"
#include "report/raster.h"
#include "report/tables.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"
#include "theriac/report/report.h"

namespace theriac::report {

namespace {

namespace fs = std::filesystem;

constexpr double kPixels = 2;  // of a PNG, for each unit of the drawing

bool write_figure(const fs::path& folder, const std::string& name, const Drawing& drawing) {
  core::write_file(folder / (name + ".svg"), to_svg(drawing));
  const auto png = to_png(drawing, kPixels);
  if (png) core::write_file(folder / (name + ".png"), *png);
  return png.has_value();
}

std::string file_name(std::string data) {
  for (char& c : data)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-') c = '_';
  return data;
}

bool write_figures(const fs::path& folder, const Experiment& e) {
  Tips unused;
  bool complete = true;
  for (const auto& data : e.data_sets)
    if (has_scatter(e, data))
      complete &= write_figure(
          folder, data == e.plan.report_data ? "scatter" : "scatter_" + file_name(data),
          scatter(e, data, Layout::kFile, unused));
  if (!e.data_sets.empty())
    complete &= write_figure(folder, "trajectories",
                             trajectories(e, e.data_sets.front(), Layout::kFile, unused));
  if (has_curves(e)) complete &= write_figure(folder, "training", curves(e, Layout::kFile));
  return complete;
}

void write_tables(const fs::path& folder, const Experiment& e) {
  core::write_file(folder / "best.csv", best_csv(e));
  core::write_file(folder / "final.csv", final_csv(e));
  core::write_file(folder / "points.csv", points_csv(e));
  core::write_file(folder / "best.tex", to_latex(best_table(e)));
  core::write_file(folder / "final.tex", to_latex(final_table(e)));
  if (e.plan.expect.empty()) return;
  core::write_file(folder / "expectations.csv", expectation_csv(e));
  core::write_file(folder / "expectations.tex", to_latex(expectation_table(e)));
}

}  // namespace

void write(const fs::path& folder, const fs::path& stages) {
  Experiment e;
  load(folder, stages, e);
  core::StagedFolder staged(folder / "report");
  if (!write_figures(staged.path() / "figures", e))
    core::warn(
        "report: no PNG figures: the font DejaVu Sans is not installed (Debian's "
        "package fonts-dejavu-core); the SVG figures and the page are complete");
  write_tables(staged.path() / "tables", e);
  const std::string written = fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr)));
  core::write_file(staged.path() / "index.html", page(e, written));
  staged.commit();
}

}  // namespace theriac::report
