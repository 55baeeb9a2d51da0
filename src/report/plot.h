#pragma once

#include <string>
#include <vector>

#include "report/drawing.h"

namespace theriac::report {

struct Range {
  double low = 0, high = 1;
};

// Round numbers in the range, some `about` of them; of a count only whole ones.
std::vector<double> ticks(Range range, int about, bool whole = false);
Range padded(Range range, double share, Range limits);  // wider by share on both sides

// A rectangle of a drawing with a linear scale on both sides.
struct Frame {
  double left, top, width, height;
  Range x, y;
  bool whole_x = false;  // x counts something

  Spot at(double vx, double vy) const;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
  // Grid lines with labels. No ticks on x when x_ticks is 0.
  void grid(Drawing& drawing, int x_ticks, int y_ticks) const;
  void tick(Drawing& drawing, double vx, const std::string& label) const;
};

// Moves labels apart so that neighbours are at least `gap` away; keeps them in [low, high].
std::vector<double> spread(std::vector<double> wanted, double gap, double low, double high);

}  // namespace theriac::report
