#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include "report/files.h"
#include "report/raster.h"
#include "theriac/core/error.h"
#include "theriac/core/files.h"
#include "theriac/core/log.h"

namespace theriac::report {

namespace {

constexpr double kPixels = 2;         // of a PNG, for each unit of the drawing
constexpr unsigned kMostWorkers = 2;  // each holds a picture or two of some 15 MB

// work(0) to work(count - 1) on a few threads; the first exception is thrown here.
void side_by_side(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto worker = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::future<void>> others;
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, kMostWorkers);
  for (unsigned i = 1; i < cores && i < count; ++i)
    others.push_back(std::async(std::launch::async, worker));
  worker();
  for (auto& other : others) other.get();
}

}  // namespace

void put_file(const std::filesystem::path& path, const std::string& bytes) {
  put_file(path, [&](std::ostream& out) { out << bytes; });
}

void put_file(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write) {
  core::make_folder(path.parent_path());
  std::ofstream file(path, std::ios::binary);
  write(file);
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
  std::vector<std::function<Figure()>> makers;
  for (const auto& figure : figures) makers.push_back([&figure] { return figure; });
  write_figures(folder, makers, command);
}

void write_figures(const std::filesystem::path& folder,
                   const std::vector<std::function<Figure()>>& figures,
                   const std::string& command) {
  if (figures.empty()) return;
  std::vector<std::string> lines(figures.size());
  std::atomic<bool> fonts = true;
  side_by_side(figures.size(), [&](std::size_t i) {
    const Figure figure = figures[i]();
    const Drawing drawing = figure.draw(Layout::kFile);
    put_file(folder / (figure.name + ".svg"), to_svg(drawing));
    put_file(folder / (figure.name + ".pdf"), to_pdf(drawing));
    put_file(folder / (figure.name + ".csv"), figure.csv);
    const auto png = to_png(drawing, kPixels);
    if (png)
      put_file(folder / (figure.name + ".png"), *png);
    else
      fonts = false;
    lines[i] =
        fmt::format("* `{0}` ({1}; its numbers: [{0}.csv]({0}.csv)): {2}. {3}\n", figure.name,
                    png ? "svg, png, pdf" : "svg, pdf", drawing.title, drawing.description);
  });
  std::string list = "# Figures\n\nAll of them are drawn by\n\n```sh\n" + command + "\n```\n\n";
  for (const auto& line : lines) list += line;
  put_file(folder / "README.md", list);
  if (!fonts)
    core::warn(
        "report: no PNG figures: the font DejaVu Sans is not installed (Debian's "
        "package fonts-dejavu-core); the SVG and PDF figures and the page are complete");
}

}  // namespace theriac::report
