#include "theriac/report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/escape.h"
#include "report/plot.h"
#include "report/raster.h"
#include "theriac/core/files.h"

namespace theriac::report {

namespace {

constexpr double kMargin = 16, kTitle = 26, kLine = 20;
constexpr double kBar = 15, kBarGap = 5;
constexpr double kPngScale = 2;

// Of the i-th name: colours come again after kSeriesColours, then with another mark.
std::size_t shape(std::size_t i) { return i + i / kSeriesColours; }

class Charting {
 public:
  explicit Charting(const Chart& chart) : chart_(chart) {
    for (const auto& panel : chart.panels)
      for (const auto& series : panel.series)
        if (std::find(names_.begin(), names_.end(), series.name) == names_.end())
          names_.push_back(series.name);
  }

  Drawing draw() {
    const auto columns = std::max<std::size_t>(1, std::min(chart_.columns, chart_.panels.size()));
    d_.width = columns == 1 ? 640 : 920;
    d_.title = chart_.title;
    d_.description = chart_.note;
    double y = kTitle;
    d_.text({kMargin, y}, chart_.title, kInk, 15).bold = true;
    for (const auto& line : wrapped(chart_.note)) d_.text({kMargin, y += kLine}, line, kMuted, 12);
    y = legend(y + kLine + 4);
    const double width = (d_.width - 2 * kMargin) / static_cast<double>(columns);
    for (std::size_t i = 0; i < chart_.panels.size(); i += columns) {
      double tallest = 0;
      const auto end = std::min(i + columns, chart_.panels.size());
      for (auto k = i; k < end; ++k) tallest = std::max(tallest, height(chart_.panels[k], width));
      for (auto k = i; k < end; ++k)
        panel(chart_.panels[k], kMargin + width * static_cast<double>(k - i), y, width,
              chart_.panels[k].categories.empty() ? tallest : height(chart_.panels[k], width));
      y += tallest + 66;
    }
    d_.height = y - 4;
    return std::move(d_);
  }

 private:
  std::vector<std::string> wrapped(const std::string& text) const {
    std::vector<std::string> lines;
    std::string word;
    for (const char c : text + " ") {
      if (c != ' ') {
        word += c;
        continue;
      }
      if (word.empty()) continue;
      if (!lines.empty() && text_width(lines.back() + " " + word, 12) <= d_.width - 2 * kMargin)
        lines.back() += " " + word;
      else
        lines.push_back(word);
      word.clear();
    }
    return lines;
  }

  std::size_t place(const std::string& name) const {
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
  }

  double legend(double y) {
    if (names_.size() < 2 && (names_.empty() || names_.front().empty())) return y;
    double x = kMargin;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string text = shortened(names_[i], d_.width - 2 * kMargin - 16, 12);
      const double width = 16 + text_width(text, 12) + 18;
      if (x > kMargin && x + width > d_.width - kMargin) {
        x = kMargin;
        y += kLine;
      }
      if (marked(names_[i]))
        d_.mark(shape(i), {x + 5, y - 4}, 4.5, series(i));
      else
        d_.line({{x, y - 4}, {x + 12, y - 4}}, series(i), 3);
      d_.text({x + 16, y}, text, kInk);
      x += width;
    }
    return y + kLine;
  }

  // Lines of many points have no marks.
  bool marked(const std::string& name) const {
    for (const auto& p : chart_.panels)
      for (const auto& s : p.series)
        if (s.name == name && (s.kind != Series::Kind::kLine || s.x.size() <= kMarked)) return true;
    return false;
  }

  // For the label of the y axis, which is a line below the title.
  static double label_room(const Panel& p) { return p.units && !p.y_label.empty() ? 16 : 0; }

  // Of the part between the axes, and of label_room().
  static double height(const Panel& p, double width) {
    if (!p.categories.empty())
      return (static_cast<double>(p.series.size()) * kBar + kBarGap) *
                 static_cast<double>(p.categories.size()) +
             label_room(p);
    return std::min(p.units ? 230.0 : 300.0, width - 60);
  }

  static Range extent(const Panel& p, bool of_x) {
    const auto& wanted = of_x ? p.x_range : p.y_range;
    if (wanted) return {wanted->first, wanted->second};
    Range range{INFINITY, -INFINITY};
    const auto add = [&](const std::vector<double>& values) {
      for (const double v : values)
        if (std::isfinite(v)) range = {std::min(range.low, v), std::max(range.high, v)};
    };
    for (const auto& s : p.series) {
      add(of_x ? s.x : s.y);
      if (!of_x) add(s.low), add(s.high);
    }
    if (range.low > range.high) return {0, 1};
    if (!p.categories.empty()) range = {std::min(range.low, 0.0), range.high};
    const double span = range.high - range.low;
    const double pad = span > 0 ? 0.05 * span : std::max(0.05 * std::abs(range.low), 1e-3);
    const bool whole = !p.categories.empty() && range.low >= 0;
    return {whole ? 0 : range.low - pad, range.high + pad};
  }

  void panel(const Panel& p, double left, double top, double width, double tall) {
    const bool bars = !p.categories.empty();
    double gutter = p.units ? 56 : 12;
    if (bars) {
      gutter = 0;
      for (const auto& c : p.categories) gutter = std::max(gutter, text_width(c, 11) + 14);
      gutter = std::min(gutter, width * 0.45);
    }
    d_.text({left + (bars || p.units ? 0 : 12), top + 12}, shortened(p.title, width - 14, 12, true),
            kInk, 12)
        .bold = true;
    const double above = label_room(p) + 22;
    if (above > 22) d_.text({left, top + 29}, shortened(p.y_label, width - 14, 11), kMuted, 11);
    Frame frame{left + gutter, top + above, width - gutter - 18, tall - (above - 22), {}, {},
                p.whole_x};
    frame.x = extent(p, true);
    frame.y = bars ? Range{0, 1} : extent(p, false);
    if (bars)
      lying(p, frame);
    else
      plane(p, frame);
    d_.text({frame.right(), frame.bottom() + (p.units ? 32 : 17)}, p.x_label, kMuted, 11, 1);
  }

  void lying(const Panel& p, const Frame& frame) {
    for (const double v : ticks(frame.x, 6)) {
      const double x = frame.at(v, 0).x;
      d_.line({{x, frame.top}, {x, frame.bottom()}}, kGrid);
      frame.tick(d_, v, fmt::format("{:g}", std::round(v * 1e6) / 1e6));
    }
    const double step = frame.height / static_cast<double>(p.categories.size());
    for (std::size_t i = 0; i < p.categories.size(); ++i) {
      const double top = frame.top + step * static_cast<double>(i) + kBarGap / 2;
      d_.text({frame.left - 7, top + (step - kBarGap) / 2 + 4},
              shortened(p.categories[i], frame.left - kMargin - 7, 11), kInk, 11, 1);
      for (std::size_t k = 0; k < p.series.size(); ++k) {
        const double from = frame.at(std::max(frame.x.low, 0.0), 0).x;
        const double to = frame.at(p.series[k].x[i], 0).x;
        d_.box(std::min(from, to), top + kBar * static_cast<double>(k) + 1, std::abs(to - from),
               kBar - 2, series(place(p.series[k].name)));
        d_.text({std::max(from, to) + 4, top + kBar * static_cast<double>(k) + kBar / 2 + 3},
                fmt::format("{:.1f}", p.series[k].x[i]), kMuted, 10);
      }
    }
    const double zero = frame.at(std::max(frame.x.low, 0.0), 0).x;
    d_.line({{zero, frame.top}, {zero, frame.bottom()}}, kMuted);
  }

  void plane(const Panel& p, const Frame& frame) {
    if (p.units) {
      frame.grid(d_, frame.width > 300 ? 6 : 4, 7);
    } else {
      d_.line({{frame.left, frame.top},
               {frame.right(), frame.top},
               {frame.right(), frame.bottom()},
               {frame.left, frame.bottom()},
               {frame.left, frame.top}},
              kGrid);
      d_.text({frame.left, frame.bottom() + 17}, p.y_label, kMuted, 11);
    }
    for (const auto& s : p.series) band(s, frame);
    for (const auto& s : p.series)
      s.kind == Series::Kind::kLine ? line(s, frame) : points(s, frame);
  }

  void band(const Series& s, const Frame& frame) {
    if (s.low.empty() || s.x.size() < 2) return;
    std::vector<Spot> outline;
    for (std::size_t i = 0; i < s.x.size(); ++i) outline.push_back(frame.at(s.x[i], s.high[i]));
    for (std::size_t i = s.x.size(); i-- > 0;) outline.push_back(frame.at(s.x[i], s.low[i]));
    d_.area(outline, series(place(s.name)), 0.1);
  }

  void line(const Series& s, const Frame& frame) {
    const auto i = place(s.name);
    std::vector<Spot> path;
    for (std::size_t k = 0; k < s.x.size(); ++k) path.push_back(frame.at(s.x[k], s.y[k]));
    if (path.size() > 1) d_.line(path, series(i), 1.6, 0.9);
    if (path.size() > kMarked) return;
    for (std::size_t k = 0; k < path.size(); ++k) {
      if (path.size() == 1 && !s.low.empty())
        d_.line({frame.at(s.x[k], s.low[k]), frame.at(s.x[k], s.high[k])}, series(i), 1.6, 0.5);
      d_.mark(shape(i), path[k], 3.6, series(i)).stroke = kSurface;
    }
  }

  void points(const Series& s, const Frame& frame) {
    const auto i = place(s.name);
    const bool few = s.x.size() <= kMarked;
    const double radius = s.x.size() > 800 ? 1.7 : s.x.size() > 200 ? 2.2 : few ? 4.5 : 3;
    for (std::size_t k = 0; k < s.x.size(); ++k) {
      Shape& mark = d_.mark(shape(i), frame.at(s.x[k], s.y[k]), radius, series(i), few ? 1 : 0.55);
      if (few) mark.stroke = kSurface;
    }
  }

  static constexpr std::size_t kMarked = 24;  // so few points stand out

  const Chart& chart_;
  std::vector<std::string> names_;
  Drawing d_;
};

}  // namespace

std::string to_svg(const Chart& chart) { return to_svg(Charting(chart).draw()); }

std::string to_csv(const Sheet& sheet) {
  std::string out;
  const auto add = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "," : "") + csv_field(row[i]);
    out += '\n';
  };
  add(sheet.columns);
  for (const auto& row : sheet.rows) add(row);
  return out;
}

bool write_chart(const std::filesystem::path& folder, const std::string& stem, const Chart& chart,
                 const Sheet& sheet) {
  const auto drawing = Charting(chart).draw();
  core::write_file(folder / (stem + ".csv"), to_csv(sheet));
  core::write_file(folder / (stem + ".svg"), to_svg(drawing));
  const auto png = to_png(drawing, kPngScale);
  if (png) core::write_file(folder / (stem + ".png"), *png);
  return png.has_value();
}

}  // namespace theriac::report
