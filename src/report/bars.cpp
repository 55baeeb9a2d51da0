#include "report/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/escape.h"
#include "report/figures.h"
#include "report/plot.h"

namespace theriac::report {

namespace {

constexpr double kBarHeight = 190, kWidestBar = 90;
constexpr double kNumber = 16;  // room above the whisker for the number

double bar_legend(Drawing& d, const std::vector<std::string>& names, double y) {
  double x = 16;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string text = shortened(names[i], d.width - 50, 12);
    const double width = 16 + text_width(text, 12) + 18;
    if (x > 16 && x + width > d.width - 16) {
      x = 16;
      y += 20;
    }
    d.box(x, y - 9, 11, 11, series(i));
    d.text({x + 16, y}, text, kInk);
    x += width;
  }
  return y;
}

void one_bar(Drawing& d, const Bar& bar, const Frame& frame, double left, double each, int colour) {
  const double width = each * 0.88, center = left + width / 2;
  const bool room = each >= 24;
  if (!bar.value) {
    if (!bar.label.empty())
      d.text({center, frame.bottom() - 5}, bar.label, kMuted, 10, room ? 0.5 : 0).upright = !room;
    return;
  }
  const auto at = [&](double v) { return frame.at(0, std::clamp(v, 0.0, 100.0)).y; };
  const auto& [value, low, high] = *bar.value;
  d.box(left, at(value), width, frame.bottom() - at(value), colour, 0.85);
  const double cap = std::min(width / 4, 5.0);
  double top = at(value);
  if (high > low) {
    d.line({{center, at(low)}, {center, at(high)}}, kInk, 1.2);
    for (const double end : {low, high})
      d.line({{center - cap, at(end)}, {center + cap, at(end)}}, kInk, 1.2);
  }
  if (!room) return;
  // The number stands at the bar's top: beside the whisker, else above it where it is short, else
  // across it.
  const std::string number = percent(value);
  const double wide = text_width(number, 10), rise = high > low ? at(value) - at(high) : 0;
  const bool beside = rise > 0 && center + cap + 3 + wide <= left + each;
  if (!beside && rise <= kNumber) top -= std::max(rise, 0.0);
  const double x = beside ? center + cap + 3 : center - wide / 2;
  d.box(x, top - 13, wide, 10, kSurface);  // no line through the number
  d.text({x, top - 5}, number, kMuted, 10);
}

void bar_panel(Drawing& d, const BarFigure& f, const BarPanel& panel, Frame frame) {
  double high = 1;
  for (const auto& row : panel.bars)
    for (const auto& bar : row)
      if (bar.value) high = std::max({high, bar.value->value, bar.value->high});
  frame.x = {0, static_cast<double>(std::max<std::size_t>(f.categories.size(), 1))};
  frame.y = {0, std::min(high, 100.0) / (1 - kNumber / frame.height)};
  for (const double v : ticks({0, std::min(frame.y.high, 100.0)}, 5)) {
    const double y = frame.at(0, v).y;
    d.line({{frame.left, y}, {frame.right(), y}}, kGrid);
    d.text({frame.left - 7, y + 4}, fmt::format("{:g}", std::round(v * 1e6) / 1e6), kMuted, 11, 1);
  }
  const bool narrow = frame.width < 400;
  const double left = narrow ? 16 : frame.left, size = narrow ? 12 : 13;
  d.text({left, frame.top - 8}, shortened(panel.title, frame.right() - left, size, true), kInk,
         size)
      .bold = true;
  const double group = frame.width / frame.x.high,
               each = std::min(
                   group * 0.8 / static_cast<double>(std::max<std::size_t>(f.series.size(), 1)),
                   kWidestBar);
  for (std::size_t c = 0; c < f.categories.size(); ++c) {
    const double middle = static_cast<double>(c) + 0.5;
    frame.tick(d, middle, shortened(f.categories[c], group - 6, 11));
    for (std::size_t s = 0; s < panel.bars.size(); ++s)
      one_bar(d, panel.bars[s][c], frame,
              frame.at(middle, 0).x +
                  each * (static_cast<double>(s) - static_cast<double>(f.series.size()) / 2 + 0.06),
              each, series(s));
  }
  d.line({{frame.left, frame.bottom()}, {frame.right(), frame.bottom()}}, kMuted);
}

}  // namespace

Drawing draw(const BarFigure& f, Layout layout) {
  Drawing d;
  d.width = figure_width(layout);
  d.title = f.title;
  d.description = f.description;
  const bool file = layout == Layout::kFile;
  if (file) d.text({16, 26}, shortened(f.title, d.width - 32, 15, true), kInk, 15).bold = true;
  double top = bar_legend(d, f.series, file ? 50 : 16) + 44;
  for (const auto& panel : f.panels) {
    bar_panel(d, f, panel, {46, top, d.width - 60, kBarHeight, {}, {}});
    top += kBarHeight + 58;
  }
  d.text({d.width - 14, top - 18}, f.x_title, kMuted, 12, 1);
  d.height = top - 6;
  return d;
}

std::string to_csv(const BarFigure& f) {
  std::string out = "panel,series,category,value,low,high,seeds\n";
  for (const auto& panel : f.panels)
    for (std::size_t s = 0; s < panel.bars.size(); ++s)
      for (std::size_t c = 0; c < panel.bars[s].size(); ++c) {
        out += csv_field(panel.title) + "," + csv_field(f.series[s]) + "," +
               csv_field(f.categories[c]) + ",";
        const auto& [value, label, seeds] = panel.bars[s][c];
        out += value ? fmt::format("{:.6g},{:.6g},{:.6g},{}\n", value->value, value->low,
                                   value->high, seeds)
                     : std::string(",,,\n");
      }
  return out;
}

}  // namespace theriac::report
