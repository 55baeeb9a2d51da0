#include <fmt/format.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "report/files.h"
#include "report/raster.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"

namespace theriac::report {

namespace {

constexpr double kPixels = 2;  // of a PNG, for each unit of the drawing

}  // namespace

void put_file(const std::filesystem::path& path, const std::string& bytes) {
  core::make_folder(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file)
    throw Error(
        fmt::format("report: cannot write {}: {} ({} free)", path.string(), std::strerror(errno),
                    core::human_bytes(core::free_bytes(path.parent_path()))),
        Exit::kCannotWrite);
}

std::string file_stem(const std::string& text) {
  std::string result;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-')
      result += c;
    else if (result.empty() || result.back() != '_')
      result += '_';
  return result;
}

void write_figures(const std::filesystem::path& folder, const std::vector<Figure>& figures,
                   const std::string& command) {
  if (figures.empty()) return;
  bool fonts = true;
  std::string list = "# Figures\n\nAll of them are drawn by\n\n```sh\n" + command + "\n```\n\n";
  for (const auto& figure : figures) {
    put_file(folder / (figure.name + ".svg"), to_svg(figure.drawing));
    put_file(folder / (figure.name + ".pdf"), to_pdf(figure.drawing));
    put_file(folder / (figure.name + ".csv"), figure.csv);
    const auto png = to_png(figure.drawing, kPixels);
    if (png) put_file(folder / (figure.name + ".png"), *png);
    fonts &= png.has_value();
    list += "* `" + figure.name + "` (" + (png ? "svg, png, pdf" : "svg, pdf") +
            "; its numbers: [" + figure.name + ".csv](" + figure.name +
            ".csv)): " + figure.drawing.title + ". " + figure.drawing.description + "\n";
  }
  put_file(folder / "README.md", list);
  if (!fonts)
    core::warn(
        "report: no PNG figures: the font DejaVu Sans is not installed (Debian's "
        "package fonts-dejavu-core); the SVG and PDF figures and the page are complete");
}

}  // namespace theriac::report
