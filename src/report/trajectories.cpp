#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figures.h"
#include "report/plot.h"

// Attack success and accuracy over the epochs: a column of two panels per pre-trained model;
// pre-training left of the line, cleaning right of it.

namespace theriac::report {

namespace {

constexpr std::size_t kMostGroups = 12, kMostDots = 4000, kMostLabels = 40;
constexpr double kAxis = 20;    // room for the labels of the y axis, with the gap to the left
constexpr double kLabels = 62;  // room for the names at the ends of the lines

class Trajectories {
 public:
  Trajectories(const Experiment& e, const std::string& data, Layout layout, Tips& tips)
      : e_(e), data_(data), layout_(layout), tips_(tips) {}

  Drawing draw() {
    const std::size_t groups = std::min(e_.groups.size(), kMostGroups);
    const std::size_t columns =
        layout_ == Layout::kNarrow ? 1 : std::min<std::size_t>(std::max<std::size_t>(groups, 1), 3);
    d_.width = figure_width(layout_);
    d_.title = "Attack success and accuracy over the epochs on " + data_;
    d_.description = "Left of the vertical line pre-training, right of it cleaning.";
    double top = 8;
    if (layout_ == Layout::kFile) {
      d_.text({16, 26}, d_.title, kInk, 15).bold = true;
      top = legend(d_, e_, 16, 50) + 8;
    }
    scale();
    if (time_.low == time_.high) time_.high = 1;
    const double pair = layout_ == Layout::kNarrow ? 372 : 412;
    for (std::size_t g = 0; g < groups; ++g) {
      const double width = (d_.width - 22) / static_cast<double>(columns);
      const double left = 22 + width * static_cast<double>(g % columns);
      column(g, left, top + pair * static_cast<double>(g / columns), width, pair);
    }
    d_.height = top + pair * std::ceil(static_cast<double>(groups) / static_cast<double>(columns));
    if (groups < e_.groups.size()) {
      d_.text({d_.width - 16, d_.height + 8},
              fmt::format("the first {} of {} models", groups, e_.groups.size()), kMuted, 12, 1);
      d_.height += 18;
    }
    return std::move(d_);
  }

 private:
  // The accuracy panels look at what cleaning does; of pre-training they show the end.
  void scale() {
    Range all{100, 0}, late{100, 0};
    const auto add = [](Range& range, double value) {
      range = {std::min(range.low, value), std::max(range.high, value)};
    };
    for (const auto& cell : e_.cells) {
      for (const auto& p : points(cell, data_)) {
        crowded_ = ++count_ > kMostDots;
        add(time_, p.time);
        if (!p.accuracy) continue;
        add(all, p.accuracy->value);
        if (p.cleaning) add(late, p.accuracy->value);
      }
      if (const auto p = start(cell, data_)) add(late, p->accuracy->value);
    }
    if (all.low > all.high) all = {0, 100};
    accuracy_ = padded(time_.high > 0.5 && late.low <= late.high ? late : all, 0.25, {-2, 102});
  }

  void column(std::size_t g, double left, double top, double width, double height) {
    const Group& group = e_.groups[g];
    d_.box(left + kAxis, top + 8, 11, 11, colour_of(group));
    d_.text({left + kAxis + 16, top + 18}, shortened(group.label, width - kAxis - 26, 13, true),
            kInk, 13)
        .bold = true;
    const double each = (height - 124) / 2;
    panel(group, kAttack, "ASR, %",
          {left + kAxis, top + 44, width - kAxis - kLabels, each, time_, {-2, 102}});
    panel(group, kAccuracy, "Accuracy, %",
          {left + kAxis, top + 44 + each + 46, width - kAxis - kLabels, each, time_, accuracy_});
    d_.text({left + width - 6, top + 44 + 2 * each + 63}, "epoch", kMuted, 11, 1);
  }

  void panel(const Group& group, const char* metric, const char* title, const Frame& frame) {
    const bool attack = metric == kAttack;
    if (attack) {
      const double y = frame.at(0, kBound).y;
      d_.box(frame.left, y, frame.width, frame.bottom() - y, kGood, 0.12);
    }
    frame.grid(d_, 0, 5);
    time_ticks(frame);
    if (time_.low < 0 && time_.high > 0) {
      const double x = frame.at(0, 0).x;
      d_.line({{x, frame.top}, {x, frame.bottom()}}, kMuted, 1).dashed = true;
    }
    d_.text({frame.left, frame.top - 7}, title, kMuted, 11);
    if (attack && group.cleaned && time_.low < 0 && time_.high > 0)
      d_.text(
          {std::max(frame.at(0, 0).x + 4, frame.left + text_width(title, 11) + 12), frame.top - 7},
          "cleaning", kMuted, 11);
    const Cell* longest = group.cells.front();
    for (const Cell* cell : group.cells)
      if (points(*cell, data_).size() > points(*longest, data_).size()) longest = cell;
    if (longest) before(*longest, attack, frame);
    std::vector<std::pair<const Cell*, Spot>> ends;
    for (const Cell* cell : group.cells)
      if (const auto end = after(*cell, attack, frame)) ends.emplace_back(cell, *end);
    labels(ends, frame);
  }

  // Epochs are counted within pre-training and cleaning; what would touch its left neighbour goes.
  void time_ticks(const Frame& frame) {
    std::vector<std::pair<double, std::string>> all;
    for (const double v : ticks({0, -time_.low}, 4, true))
      all.emplace_back(v + time_.low, label(v));
    for (const double v : ticks({0, time_.high}, 4, true))
      if (v > 0 || time_.low == 0) all.emplace_back(v, label(v));
    double free = -1e9;
    for (const auto& [time, text] : all) {
      const double x = frame.at(time, 0).x, half = text_width(text, 11) / 2;
      if (x - half < free) continue;
      frame.tick(d_, time, text);
      free = x + half + 4;
    }
  }

  static std::string label(double epoch) { return fmt::format("{:g}", epoch); }

  const Measurement* row(const Point& p, bool attack) const {
    return attack ? p.attack : p.accuracy;
  }

  void dot(const Point& p, Spot at, const Cell& cell) {
    if (crowded_) return;
    Shape& dot = d_.circle(at, 2.2, colour_of(e_, cell), 0.8);
    dot.classes = fmt::format("p g{}", e_.groups[cell.group].model);
    dot.tip = tips_.add(p, data_);
  }

  void before(const Cell& cell, bool attack, const Frame& frame) {
    std::vector<Spot> path;
    std::optional<Spot> below;  // the last point under the frame
    for (const auto& p : points(cell, data_)) {
      const auto* record = row(p, attack);
      if (!record || p.cleaning) continue;
      const Spot spot = frame.at(p.time, record->value);
      if (spot.y > frame.bottom()) {
        below = spot;
        continue;
      }
      if (path.empty() && below) {
        const double share = (below->y - frame.bottom()) / (below->y - spot.y);
        path.push_back({below->x + (spot.x - below->x) * share, frame.bottom()});
      }
      path.push_back(spot);
      dot(p, spot, cell);
    }
    if (path.size() > 1) d_.line(path, colour_of(e_, cell), 1.6, 0.85);
  }

  std::optional<Spot> after(const Cell& cell, bool attack, const Frame& frame) {
    std::vector<Spot> path;
    for (const auto& p : points(cell, data_)) {
      const auto* record = row(p, attack);
      if (!record || !p.cleaning) continue;
      path.push_back(frame.at(p.time, record->value));
      if (p.time > 0) dot(p, path.back(), cell);
    }
    if (path.size() < 2) return std::nullopt;
    Shape& line = d_.line(path, colour_of(e_, cell), 1.6, 0.85);
    line.dashed = cell.control;
    line.classes = fmt::format("g{} m{}", e_.groups[cell.group].model, e_.mark(cell));
    return path.back();
  }

  void labels(const std::vector<std::pair<const Cell*, Spot>>& ends, const Frame& frame) {
    if (ends.size() > kMostLabels) return;  // they would cover each other
    std::vector<double> wanted;
    for (const auto& [cell, end] : ends) wanted.push_back(end.y);
    const auto ys = spread(wanted, 12, frame.top + 2, frame.bottom());
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto& [cell, end] = ends[i];
      const int colour = colour_of(e_, *cell);
      Shape& mark =
          d_.mark(e_.mark(*cell), {end.x + 9, ys[i]}, 3.6, cell->control ? kSurface : colour);
      mark.stroke = cell->control ? colour : kNone;
      d_.text({end.x + 17, ys[i] + 4}, shortened(cell->cleaning, 42, 10.5), kMuted, 10.5);
    }
  }

  const Experiment& e_;
  const std::string& data_;
  Layout layout_;
  Tips& tips_;
  Drawing d_;
  Range time_{0, 0}, accuracy_;
  std::size_t count_ = 0;
  bool crowded_ = false;  // lines only
};

}  // namespace

Drawing trajectories(const Experiment& experiment, const std::string& data, Layout layout,
                     Tips& tips) {
  return Trajectories(experiment, data, layout, tips).draw();
}

}  // namespace theriac::report
