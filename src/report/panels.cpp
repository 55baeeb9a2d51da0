#include "report/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "report/escape.h"

namespace theriac::report {

namespace {

constexpr double kLeftRoom = 46, kGapBetween = 36;

void include(Range& range, double value) {
  if (!std::isfinite(value)) return;
  range = {std::min(range.low, value), std::max(range.high, value)};
}

const int kStar = series(6);

class PanelPainter {
 public:
  PanelPainter(const PanelFigure& f, Layout layout) : f_(f), layout_(layout) {}

  Drawing draw() {
    d_.width = figure_width(layout_);
    d_.title = f_.title;
    d_.description = f_.description;
    if (layout_ == Layout::kFile)
      d_.text({16, 26}, shortened(f_.title, d_.width - 32, 15, true), kInk, 15).bold = true;
    const double top = legend(layout_ == Layout::kFile ? 50 : 16) + (f_.y_title.empty() ? 38 : 52);
    std::tie(x_, y_) = scale(f_.panels);
    const std::size_t wanted = layout_ == Layout::kNarrow ? (f_.columns > 3 ? 2 : 1) : f_.columns;
    const std::size_t columns =
        std::clamp<std::size_t>(wanted, 1, std::max<std::size_t>(f_.panels.size(), 1));
    const double width = (d_.width - 14 - kLeftRoom + kGapBetween) / static_cast<double>(columns);
    const double pitch = f_.panel_height + 56;
    for (std::size_t i = 0; i < f_.panels.size(); ++i) {
      const std::size_t row = i / columns, column = i % columns;
      panel(f_.panels[i], {kLeftRoom + width * static_cast<double>(column),
                           top + pitch * static_cast<double>(row), width - kGapBetween,
                           f_.panel_height, x_, y_, f_.whole_x});
    }
    const std::size_t rows = (f_.panels.size() + columns - 1) / columns;
    const double bottom = top + pitch * static_cast<double>(rows) - 22;
    d_.text({kLeftRoom - 30, top - 25}, f_.y_title, kMuted, 12);
    d_.text({d_.width - 14, bottom + 8}, f_.x_title, kMuted, 12, 1);
    d_.height = bottom + 20;
    return std::move(d_);
  }

 private:
  double legend(double y) {
    double x = 16;
    const auto place = [&](const std::string& label) {  // of the next mark
      const std::string text = shortened(label, d_.width - 46, 12);
      const double width = 14 + text_width(text, 12) + 18;
      if (x > 16 && x + width > d_.width - 16) {
        x = 16;
        y += 20;
      }
      d_.text({x + 14, y}, text, kInk);
      x += width;
      return Spot{x - width + 5, y - 4};
    };
    std::vector<std::string> seen;
    bool starred = false;
    for (const auto& panel : f_.panels)
      for (const auto& cloud : panel.clouds) {
        if (cloud.label.empty() || std::count(seen.begin(), seen.end(), cloud.label)) continue;
        seen.push_back(cloud.label);
        d_.mark(cloud.mark, place(cloud.label), 4.5, cloud.colour);
      }
    for (const auto& panel : f_.panels) starred |= panel.star.has_value();
    if (starred) d_.star(place("before cleaning"), 6.5, kStar);
    return y;
  }

  std::pair<Range, Range> scale(const std::vector<CloudPanel>& panels) const {
    Range x{1e300, -1e300}, y{1e300, -1e300};
    for (const auto& panel : panels) {
      if (panel.star) {
        include(x, panel.star->x);
        include(y, panel.star->y);
      }
      for (const auto& cloud : panel.clouds) {
        for (const auto& p : cloud.points) {
          include(x, p.x);
          include(y, p.y);
        }
        for (const auto* bars : {&cloud.low, &cloud.high})
          for (const double v : *bars) include(y, v);
      }
    }
    if (x.low > x.high) x = {0, 1};
    if (y.low > y.high) y = {0, 1};
    return {f_.x ? *f_.x : padded(x, 0.04, {-1e300, 1e300}),
            f_.y ? *f_.y : padded(y, 0.06, {-1e300, 1e300})};
  }

  void panel(const CloudPanel& panel, Frame frame) {
    if (f_.own_y) frame.y = scale({panel}).second;
    if (f_.bound) {
      const double edge = frame.at(*f_.bound, 0).x;
      d_.box(frame.left, frame.top, edge - frame.left, frame.height, kGood, 0.12);
      d_.line({{edge, frame.top}, {edge, frame.bottom()}}, kGood, 1).dashed = true;
    }
    const bool small = frame.width < 260;
    frame.grid(d_, f_.x_ticks.empty() ? (small ? 4 : 6) : 0, 5);
    for (const auto& [value, label] : f_.x_ticks) frame.tick(d_, value, label);
    const double size = small ? 11 : 13;
    d_.text({frame.left, frame.top - 8}, shortened(panel.title, frame.width + 12, size, true), kInk,
            size)
        .bold = true;
    if (small) star(panel, frame, 7);  // beneath the marks, which it would hide
    for (const auto& cloud : panel.clouds) paint(cloud, frame);
    if (!small) star(panel, frame, 9);
  }

  void star(const CloudPanel& panel, const Frame& frame, double radius) {
    if (panel.star)
      d_.star(frame.at(panel.star->x, panel.star->y), radius, kStar).stroke = kSurface;
  }

  static std::vector<Spot> stairs(const std::vector<Spot>& spots, double end) {
    std::vector<Spot> way;
    for (const auto& spot : spots) {
      if (!way.empty()) way.push_back({spot.x, way.back().y});
      way.push_back(spot);
    }
    if (!way.empty()) way.push_back({end, way.back().y});
    return way;
  }

  void paint(const Cloud& cloud, const Frame& frame) {
    std::vector<Spot> spots;
    for (const auto& p : cloud.points)
      if (std::isfinite(p.x) && std::isfinite(p.y)) spots.push_back(frame.at(p.x, p.y));
    const auto way = cloud.steps ? stairs(spots, frame.right()) : spots;
    if (cloud.path && way.size() > 1) d_.line(way, cloud.colour, 1.4, 0.55).dashed = cloud.dashed;
    for (std::size_t i = 0; i < cloud.low.size() && i < cloud.points.size(); ++i)
      d_.line(
          {frame.at(cloud.points[i].x, cloud.low[i]), frame.at(cloud.points[i].x, cloud.high[i])},
          cloud.colour, 1.4, 0.8);
    const bool many = spots.size() > 60;
    for (std::size_t i = 0; i < spots.size(); ++i) {
      const double share = static_cast<double>(i + 1) / static_cast<double>(spots.size());
      const double radius = cloud.path ? 1.8 + 2 * share : many ? 2.8 : 3.6;
      d_.mark(cloud.mark, spots[i], radius, cloud.colour,
              cloud.path ? 0.35 + 0.6 * share
              : many     ? 0.55
                         : 0.85);
    }
  }

  const PanelFigure& f_;
  Layout layout_;
  Drawing d_;
  Range x_, y_;
};

}  // namespace

Drawing draw(const PanelFigure& figure, Layout layout) {
  return PanelPainter(figure, layout).draw();
}

std::string to_csv(const PanelFigure& figure) {
  bool bars = false;
  for (const auto& panel : figure.panels)
    for (const auto& cloud : panel.clouds) bars |= !cloud.low.empty();
  std::string out = bars ? "panel,series,index,x,y,low,high\n" : "panel,series,index,x,y\n";
  for (const auto& panel : figure.panels) {
    if (panel.star)
      out += fmt::format("{},start,0,{:.6g},{:.6g}{}\n", csv_field(panel.title), panel.star->x,
                         panel.star->y, bars ? ",," : "");
    for (const auto& cloud : panel.clouds)
      for (std::size_t i = 0; i < cloud.points.size(); ++i) {
        out += fmt::format("{},{},{},{:.6g},{:.6g}", csv_field(panel.title), csv_field(cloud.label),
                           i + 1, cloud.points[i].x, cloud.points[i].y);
        if (bars && i < cloud.low.size())
          out += fmt::format(",{:.6g},{:.6g}", cloud.low[i], cloud.high[i]);
        else if (bars)
          out += ",,";
        out += '\n';
      }
  }
  return out;
}

}  // namespace theriac::report
