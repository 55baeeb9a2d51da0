#include "report/files.h"
#include "report/raster.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"

namespace theriac::report {

namespace {

constexpr double kPixels = 2;  // of a PNG, for each unit of the drawing

}  // namespace

void write_figures(const std::filesystem::path& folder, const std::vector<Figure>& figures,
                   const std::string& command) {
  if (figures.empty()) return;
  bool fonts = true;
  std::string list = "# Figures\n\nAll of them are drawn by\n\n```sh\n" + command + "\n```\n\n";
  for (const auto& figure : figures) {
    core::write_file(folder / (figure.name + ".svg"), to_svg(figure.drawing));
    core::write_file(folder / (figure.name + ".pdf"), to_pdf(figure.drawing));
    core::write_file(folder / (figure.name + ".csv"), figure.csv);
    const auto png = to_png(figure.drawing, kPixels);
    if (png) core::write_file(folder / (figure.name + ".png"), *png);
    fonts &= png.has_value();
    list += "* `" + figure.name + "` (" + (png ? "svg, png, pdf" : "svg, pdf") +
            "; its numbers: [" + figure.name + ".csv](" + figure.name +
            ".csv)): " + figure.drawing.title + ". " + figure.drawing.description + "\n";
  }
  core::write_file(folder / "README.md", list);
  if (!fonts)
    core::warn(
        "report: no PNG figures: the font DejaVu Sans is not installed (Debian's "
        "package fonts-dejavu-core); the SVG and PDF figures and the page are complete");
}

}  // namespace theriac::report
