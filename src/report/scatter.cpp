#include <fmt/format.h>

#include <algorithm>

#include "report/figures.h"
#include "report/plot.h"

// Accuracy against attack success: one mark per cell and epoch of cleaning, a star where it starts.

namespace theriac::report {

namespace {

constexpr std::size_t kMostLines = 24;  // cells above which paths would only hide the marks

// Without any cleaning the epochs of pre-training are what there is to see.
std::vector<Point> shown(const Experiment& e, const Cell& cell, const std::string& data) {
  const bool any_cleaning =
      std::any_of(e.cells.begin(), e.cells.end(), [](const Cell& c) { return c.cleaned(); });
  auto all = points(cell, data);
  std::erase_if(all, [&](const Point& p) {
    return !p.complete() || (any_cleaning && !(p.cleaning && p.time > 0));
  });
  return all;
}

struct Extent {
  Range x{0, 8}, y{100, 0};
  void add(const Point& p) {
    x.high = std::max(x.high, p.attack->value);
    y.low = std::min(y.low, p.accuracy->value);
    y.high = std::max(y.high, p.accuracy->value);
  }
};

class Scatter {
 public:
  Scatter(const Experiment& e, const std::string& data, Layout layout, Tips& tips)
      : e_(e), data_(data), layout_(layout), tips_(tips) {}

  Drawing draw() {
    const bool narrow = layout_ == Layout::kNarrow;
    d_.width = figure_width(layout_);
    d_.height = narrow ? 400 : 460;
    d_.title = "Accuracy against attack success rate on " + data_;
    d_.description = "One mark per run and epoch; up and left is better.";
    double top = narrow ? 26 : 24;
    if (layout_ == Layout::kFile) {
      d_.text({16, 26}, d_.title, kInk, 15).bold = true;
      top = legend(d_, e_, 16, 50) + 22;
      d_.height += top - 24;
    }
    const double left = narrow ? 38 : 52, bottom = 46;
    frame_ = {left, top, d_.width - left - 18, d_.height - top - bottom, {}, {}};
    scale();
    background();
    for (const auto& cell : e_.cells) run(cell);
    for (std::size_t g = 0; g < e_.groups.size(); ++g) origin(g);
    choices();
    return std::move(d_);
  }

 private:
  void scale() {
    Extent extent;
    for (const auto& cell : e_.cells)
      for (const auto& p : shown(e_, cell, data_)) extent.add(p);
    for (const auto& group : e_.groups)
      if (const auto p = start(group, data_)) extent.add(*p);
    if (extent.x.high > 60) extent.x.high = 100;
    frame_.x = padded(extent.x, 0.02, {-2, 102});
    frame_.y = padded(extent.y, 0.08, {-1, 101});
  }

  void background() {
    const double zone = frame_.at(kBound, 0).x;
    d_.box(frame_.left, frame_.top, zone - frame_.left, frame_.height, kGood, 0.12);
    frame_.grid(d_, layout_ == Layout::kNarrow ? 5 : 10, 6);
    d_.line({{zone, frame_.top}, {zone, frame_.bottom()}}, kGood, 1).dashed = true;
    d_.text({zone + 5, frame_.top + 12}, "ASR ≤ 5 %", kGood, 11);
    d_.text({frame_.left - 30, frame_.top - 10}, "Accuracy, %", kMuted, 12);
    d_.text({frame_.right(), d_.height - 10}, "Attack success rate, %", kMuted, 12, 1);
  }

  std::string classes(const Cell& cell) const {
    return fmt::format("g{} m{}", e_.groups[cell.group].model, e_.mark(cell));
  }

  void run(const Cell& cell) {
    const auto all = shown(e_, cell, data_);
    if (all.empty()) return;
    const int colour = colour_of(e_, cell);
    if (e_.cells.size() <= kMostLines) {
      std::vector<Spot> path;
      if (const auto p = start(cell, data_); p && p->time < all.front().time)
        path.push_back(frame_.at(p->attack->value, p->accuracy->value));
      for (const auto& p : all) path.push_back(frame_.at(p.attack->value, p.accuracy->value));
      Shape& line = d_.line(path, colour, 1, 0.28);
      line.classes = "way " + classes(cell);
      line.dashed = cell.control;
    }
    const double last = std::max(all.back().time, 1.0);
    for (const auto& p : all) {
      const bool end = &p == &all.back();
      const double share = p.time > 0 ? p.time / last : 0.5;
      const double radius = end ? 5.5 : 2.6 + 1.8 * share;
      Shape& mark = d_.mark(e_.mark(cell), frame_.at(p.attack->value, p.accuracy->value), radius,
                            cell.control ? kSurface : colour, end || cell.control ? 1 : 0.45);
      mark.stroke = cell.control ? colour : end ? kSurface : kNone;
      mark.width = cell.control ? 1.6 : 1;
      mark.classes = "p " + classes(cell) + (end ? " last" : " mid");
      mark.tip = tips_.add(p, data_);
    }
  }

  void origin(std::size_t g) {
    const auto p = start(e_.groups[g], data_);
    if (!p) return;
    Shape& star =
        d_.star(frame_.at(p->attack->value, p->accuracy->value), 10, colour_of(e_.groups[g]));
    star.stroke = kSurface;
    star.width = 1.2;
    star.classes = fmt::format("p g{} last", e_.groups[g].model);
    star.tip = tips_.add(*p, data_);
  }

  void choices() {
    for (const auto& best : best_under(e_)) {
      if (best.within == 0) continue;
      for (const auto& p : points(*best.choice->cell, data_)) {
        if (p.stage != best.choice->stage || p.epoch != best.choice->epoch || !p.complete())
          continue;
        Shape& ring = d_.circle(frame_.at(p.attack->value, p.accuracy->value), 9.5, kNone);
        ring.stroke = kInk;
        ring.width = 1.6;
        ring.classes = "ring " + classes(*p.cell);
      }
    }
  }

  const Experiment& e_;
  const std::string& data_;
  Layout layout_;
  Tips& tips_;
  Drawing d_;
  Frame frame_{};
};

}  // namespace

bool has_scatter(const Experiment& e, const std::string& data) {
  return std::any_of(e.cells.begin(), e.cells.end(), [&](const Cell& cell) {
    return start(cell, data) || !shown(e, cell, data).empty();
  });
}

Drawing scatter(const Experiment& experiment, const std::string& data, Layout layout, Tips& tips) {
  return Scatter(experiment, data, layout, tips).draw();
}

}  // namespace theriac::report
