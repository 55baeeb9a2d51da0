#include "report/bars.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/escape.h"
#include "report/figures.h"
#include "report/plot.h"

namespace theriac::report {

namespace {

constexpr double kBarWidth = 860, kBarHeight = 190, kWidestBar = 90;

double bar_legend(Drawing& d, const std::vector<std::string>& names) {
  double x = 16, y = 50;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double width = 16 + text_width(names[i], 12) + 18;
    if (x > 16 && x + width > kBarWidth - 16) {
      x = 16;
      y += 20;
    }
    d.box(x, y - 9, 11, 11, series(i));
    d.text({x + 16, y}, names[i], kInk);
    x += width;
  }
  return y;
}

void bar_panel(Drawing& d, const BarFigure& f, const BarPanel& panel, Frame frame) {
  double high = 1;
  for (const auto& row : panel.bars)
    for (const auto& bar : row)
      if (bar.value) high = std::max({high, bar.value->value, bar.value->high});
  frame.x = {0, static_cast<double>(std::max<std::size_t>(f.categories.size(), 1))};
  frame.y = {0, std::min(high * 1.08, 108.0)};
  frame.grid(d, 0, 5);
  d.text({frame.left, frame.top - 8}, panel.title, kInk, 13).bold = true;
  const double group = frame.width / frame.x.high,
               each = std::min(
                   group * 0.8 / static_cast<double>(std::max<std::size_t>(f.series.size(), 1)),
                   kWidestBar);
  for (std::size_t c = 0; c < f.categories.size(); ++c) {
    const double middle = static_cast<double>(c) + 0.5;
    frame.tick(d, middle, f.categories[c]);
    for (std::size_t s = 0; s < panel.bars.size(); ++s) {
      const Bar& bar = panel.bars[s][c];
      const double left =
          frame.at(middle, 0).x +
          each * (static_cast<double>(s) - static_cast<double>(f.series.size()) / 2 + 0.06);
      const double width = each * 0.88, center = left + width / 2;
      if (!bar.value) {
        if (!bar.label.empty())
          d.text({center, frame.bottom() - 5}, bar.label, kMuted, 10, each < 24 ? 0 : 0.5).upright =
              each < 24;
        continue;
      }
      const double top = frame.at(0, std::max(bar.value->value, 0.0)).y;
      d.box(left, top, width, frame.bottom() - top, series(s), 0.85);
      if (bar.value->high > bar.value->low)
        d.line({{center, frame.at(0, std::max(bar.value->low, 0.0)).y},
                {center, frame.at(0, std::min(bar.value->high, frame.y.high)).y}},
               kInk, 1.2);
      if (each >= 24)
        d.text({center, frame.at(0, std::min(bar.value->high, frame.y.high)).y - 4},
               percent(bar.value->value), kMuted, 10, 0.5);
    }
  }
  d.line({{frame.left, frame.bottom()}, {frame.right(), frame.bottom()}}, kMuted);
}

}  // namespace

Drawing draw(const BarFigure& f) {
  Drawing d;
  d.width = kBarWidth;
  d.title = f.title;
  d.description = f.description;
  d.text({16, 26}, f.title, kInk, 15).bold = true;
  double top = bar_legend(d, f.series) + 44;
  for (const auto& panel : f.panels) {
    bar_panel(d, f, panel, {46, top, kBarWidth - 60, kBarHeight, {}, {}});
    top += kBarHeight + 58;
  }
  d.text({kBarWidth - 14, top - 18}, f.x_title, kMuted, 12, 1);
  d.height = top - 6;
  return d;
}

std::string to_csv(const BarFigure& f) {
  std::string out = "panel,series,category,value,low,high\n";
  for (const auto& panel : f.panels)
    for (std::size_t s = 0; s < panel.bars.size(); ++s)
      for (std::size_t c = 0; c < panel.bars[s].size(); ++c) {
        out += csv_field(panel.title) + "," + csv_field(f.series[s]) + "," +
               csv_field(f.categories[c]) + ",";
        const auto& value = panel.bars[s][c].value;
        out += value ? fmt::format("{:.6g},{:.6g},{:.6g}\n", value->value, value->low, value->high)
                     : std::string(",,\n");
      }
  return out;
}

}  // namespace theriac::report
