// The second view of a picture: crop, flip and rotation as one bilinear warp (OpenCV, reflected
// border), then brightness, contrast and saturation. Output point q maps to the input point
//   p = c + s F R(-angle) (q - S/2)     S side, s crop's share of it, c its centre, F the flip
// Colours as in torchvision's ColorJitter for 8 bits: t = d + f (x - d), truncated and clamped,
// with d = 0 (brightness), the mean grey (contrast), the pixel's grey (saturation), in this order
// (there it is random). Deviations: a rotated corner shows the picture around the crop where there
// is one, and one interpolation is done instead of two; brightness and contrast are one table per
// picture; the mean grey is that of the channel means; saturation uses fixed point with 15 bits.
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "theriac/loader/transform.h"

namespace theriac::loader {
namespace {

using Table = std::array<std::uint8_t, 256>;

// All random choices of a view, always the same number of draws.
struct Draw {
  double side, left, top;  // the crop, as fractions of the picture's side
  bool flip;
  double angle;  // radians
  double brightness, contrast, saturation;
};

Draw draw(const ViewConfig& config, core::Stream& random) {
  const auto factor = [&](double range) { return random.uniform(1 - range, 1 + range); };
  Draw result{};
  result.side = random.uniform(config.crop_min, 1);
  result.left = random.uniform() * (1 - result.side);
  result.top = random.uniform() * (1 - result.side);
  result.flip = random.chance(config.flip);
  result.angle = random.uniform(-config.rotation, config.rotation) * std::numbers::pi / 180;
  result.brightness = factor(config.brightness);
  result.contrast = factor(config.contrast);
  result.saturation = factor(config.saturation);
  return result;
}

// Output to input, in continuous coordinates (a pixel covers [i, i+1)), relative to the centres.
struct Map {
  double xx, xy, yx, yy, centre_x, centre_y;
};

Map map_of(const Draw& view, cv::Size size) {
  const double cos = view.side * std::cos(view.angle), sin = view.side * std::sin(view.angle);
  const double mirror = view.flip ? -1 : 1;
  return {mirror * cos,
          mirror * sin,
          -sin,
          cos,
          (view.left + view.side / 2) * size.width,
          (view.top + view.side / 2) * size.height};
}

cv::Mat warp(const cv::Mat& rgb, const Draw& view) {
  const Map m = map_of(view, rgb.size());
  const double half_w = (rgb.cols - 1) / 2.0, half_h = (rgb.rows - 1) / 2.0;
  const cv::Matx23d matrix(m.xx, m.xy, m.centre_x - 0.5 - m.xx * half_w - m.xy * half_h,  //
                           m.yx, m.yy, m.centre_y - 0.5 - m.yx * half_w - m.yy * half_h);
  cv::Mat result;
  cv::warpAffine(rgb, result, matrix, rgb.size(), cv::INTER_LINEAR | cv::WARP_INVERSE_MAP,
                 cv::BORDER_REFLECT_101);
  return result;
}

std::uint8_t to_byte(double value) {
  return static_cast<std::uint8_t>(std::clamp(static_cast<int>(value), 0, 255));
}

Table brightness_table(double factor) {
  Table table;
  for (std::size_t x = 0; x < table.size(); ++x)
    table[x] = to_byte(factor * static_cast<double>(x));
  return table;
}

// The table followed by contrast; `grey` is the mean grey of the picture under the table.
Table with_contrast(const Table& table, double factor, int grey) {
  Table result;
  for (std::size_t x = 0; x < table.size(); ++x)
    result[x] = to_byte(grey + factor * (table[x] - grey));
  return result;
}

int mean_grey(const cv::Mat& rgb, const Table& table) {
  std::array<std::uint32_t, 3> sum{};
  const auto* byte = rgb.ptr<std::uint8_t>();
  for (std::size_t i = 0; i < rgb.total(); ++i, byte += 3) {
    sum[0] += table[byte[0]];
    sum[1] += table[byte[1]];
    sum[2] += table[byte[2]];
  }
  const double grey = 19595.0 * sum[0] + 38470.0 * sum[1] + 7471.0 * sum[2];
  return static_cast<int>(grey / (65536.0 * static_cast<double>(rgb.total())) + 0.5);
}

void recolour(cv::Mat& rgb, const Table& table, double saturation) {
  constexpr int kFraction = 15;
  const int factor = static_cast<int>(std::lround(saturation * (1 << kFraction)));
  auto* byte = rgb.ptr<std::uint8_t>();
  for (std::size_t i = 0; i < rgb.total(); ++i, byte += 3) {
    const int r = table[byte[0]], g = table[byte[1]], b = table[byte[2]];
    const int grey = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    const auto blend = [&](int x) {
      return static_cast<std::uint8_t>(
          std::clamp(((grey << kFraction) + factor * (x - grey)) >> kFraction, 0, 255));
    };
    byte[0] = blend(r);
    byte[1] = blend(g);
    byte[2] = blend(b);
  }
}

void jitter(cv::Mat& rgb, const Draw& view) {
  Table table = brightness_table(view.brightness);
  if (view.contrast != 1) table = with_contrast(table, view.contrast, mean_grey(rgb, table));
  if (view.brightness != 1 || view.contrast != 1 || view.saturation != 1)
    recolour(rgb, table, view.saturation);
}

// The part of a convex polygon where a x + b y <= c.
std::vector<cv::Point2d> cut(const std::vector<cv::Point2d>& polygon, double a, double b,
                             double c) {
  std::vector<cv::Point2d> result;
  for (std::size_t i = 0; i < polygon.size(); ++i) {
    const auto p = polygon[i], q = polygon[(i + 1) % polygon.size()];
    const double over_p = a * p.x + b * p.y - c, over_q = a * q.x + b * q.y - c;
    if (over_p <= 0) result.push_back(p);
    if ((over_p < 0 && over_q > 0) || (over_p > 0 && over_q < 0))
      result.push_back(p + (q - p) * (over_p / (over_p - over_q)));
  }
  return result;
}

double area(const std::vector<cv::Point2d>& polygon) {
  double twice = 0;
  for (std::size_t i = 0; i < polygon.size(); ++i)
    twice += polygon[i].cross(polygon[(i + 1) % polygon.size()]);
  return std::abs(twice) / 2;
}

}  // namespace

void ViewConfig::describe(config::Fields& fields) {
  fields.value("crop_min", crop_min,
               "smallest side of the random crop as a share of the picture's; 1 = no crop",
               {0.05, 1});
  fields.value("flip", flip, "probability of a horizontal flip", {0, 1});
  fields.value("rotation", rotation, "degrees, uniform in +-", {0, 180});
  fields.value("brightness", brightness, "factor uniform in 1 +- this", {0, 1});
  fields.value("contrast", contrast, "factor uniform in 1 +- this", {0, 1});
  fields.value("saturation", saturation, "factor uniform in 1 +- this", {0, 1});
}

cv::Mat augment(const cv::Mat& rgb, const ViewConfig& config, core::Stream& random) {
  CV_Assert(rgb.type() == CV_8UC3 && rgb.cols == rgb.rows);
  const Draw view = draw(config, random);
  cv::Mat result = warp(rgb, view);
  jitter(result, view);
  return result;
}

double visible(cv::Rect mark, cv::Size picture, const ViewConfig& config, core::Stream random) {
  if (mark.empty()) mark = cv::Rect({}, picture);
  const Map m = map_of(draw(config, random), picture);
  std::vector<cv::Point2d> view;
  for (const auto& [x, y] : {std::pair{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}) {
    const double u = x * picture.width, v = y * picture.height;
    view.emplace_back(m.centre_x + m.xx * u + m.xy * v, m.centre_y + m.yx * u + m.yy * v);
  }
  view = cut(view, -1, 0, -mark.x);
  view = cut(view, 1, 0, mark.x + mark.width);
  view = cut(view, 0, -1, -mark.y);
  view = cut(view, 0, 1, mark.y + mark.height);
  return area(view) / static_cast<double>(mark.area());
}

}  // namespace theriac::loader
