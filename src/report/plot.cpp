#include "report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace theriac::report {

std::vector<double> ticks(Range range, int about, bool whole) {
  const double span = range.high - range.low;
  if (!(span > 0) || !std::isfinite(span)) return {range.low};
  const double raw = span / std::max(about, 1), power = std::pow(10, std::floor(std::log10(raw)));
  double step = power * 10;
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power * 1.0001) {
      step = factor * power;
      break;
    }
  if (whole) step = std::max(step, 1.0);
  std::vector<double> result;
  for (double i = std::ceil(range.low / step - 1e-9); i * step <= range.high + step * 1e-9; ++i)
    result.push_back(i * step + 0.0);  // never -0
  return result;
}

Range padded(Range range, double share, Range limits) {
  const double pad = std::max((range.high - range.low) * share, 0.5);
  return {std::max(range.low - pad, limits.low), std::min(range.high + pad, limits.high)};
}

Spot Frame::at(double vx, double vy) const {
  return {left + (vx - x.low) / (x.high - x.low) * width,
          bottom() - (vy - y.low) / (y.high - y.low) * height};
}

void Frame::grid(Drawing& d, int x_ticks, int y_ticks) const {
  const auto label = [](double v) { return fmt::format("{:g}", std::round(v * 1e6) / 1e6); };
  for (const double v : ticks(y, y_ticks)) {
    const double at_y = at(x.low, v).y;
    d.line({{left, at_y}, {right(), at_y}}, kGrid);
    d.text({left - 7, at_y + 4}, label(v), kMuted, 11, 1);
  }
  if (x_ticks > 0)
    for (const double v : ticks(x, x_ticks, whole_x)) tick(d, v, label(v));
}

void Frame::tick(Drawing& d, double vx, const std::string& label) const {
  const double at_x = at(vx, y.low).x;
  d.line({{at_x, bottom()}, {at_x, bottom() + 4}}, kGrid);
  d.text({at_x, bottom() + 17}, label, kMuted, 11, 0.5);
}

std::vector<double> spread(std::vector<double> wanted, double gap, double low, double high) {
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
  double next = low;
  for (const auto i : order) next = (wanted[i] = std::max(wanted[i], next)) + gap;
  next = high;
  for (auto i = order.rbegin(); i != order.rend(); ++i)
    next = (wanted[*i] = std::min(wanted[*i], next)) - gap;
  return wanted;
}

}  // namespace theriac::report
