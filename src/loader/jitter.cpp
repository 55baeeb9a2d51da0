// The quickstart's second view: crop, flip and rotation as one bilinear warp (OpenCV, reflected
// border), then brightness, contrast and saturation. Output point q maps to the input point
//   p = c + s F R(-angle) (q - S/2)     S side, s crop's share of it, c its centre, F the flip
// Colours as in torchvision's ColorJitter for 8 bits: t = d + f (x - d), truncated and clamped,
// with d = 0 (brightness), the mean grey (contrast), the pixel's grey (saturation), in this order
// (there it is random). Deviations: a rotated corner shows the picture around the crop where there
// is one, and one interpolation is done instead of two; brightness and contrast are one table per
// picture; the mean grey is that of the channel means; saturation uses fixed point with 15 bits.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <span>
#include <vector>

#include "loader/views.h"

namespace theriac::loader {
namespace {

using Table = std::array<std::uint8_t, 256>;

// Values of the two steps.
enum Warp { kSide, kLeft, kTop, kFlip, kAngle };  // crop in fractions of the side, 0 or 1, radians
enum Colours { kBrightness, kContrast, kSaturation };  // factors

// Output to input; `corner` is the place of a picture's corner: 0, or -0.5 where whole numbers are
// pixel centres.
cv::Matx23d map_of(cv::Size size, std::span<const double> v, double corner) {
  const double cos = v[kSide] * std::cos(v[kAngle]), sin = v[kSide] * std::sin(v[kAngle]);
  const double mirror = v[kFlip] != 0 ? -1 : 1;
  const double xx = mirror * cos, xy = mirror * sin, yx = -sin, yy = cos;
  const double half_w = size.width / 2.0 + corner, half_h = size.height / 2.0 + corner;
  const double centre_x = (v[kLeft] + v[kSide] / 2) * size.width + corner;
  const double centre_y = (v[kTop] + v[kSide] / 2) * size.height + corner;
  return {xx, xy, centre_x - xx * half_w - xy * half_h,  //
          yx, yy, centre_y - yx * half_w - yy * half_h};
}

cv::Matx23d warp_source(cv::Size size, std::span<const double> v) { return map_of(size, v, 0); }

cv::Mat warp(const cv::Mat& rgb, std::span<const double> v) {
  const cv::Matx23d matrix = map_of(rgb.size(), v, -0.5);
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

cv::Mat jitter_colours(const cv::Mat& rgb, std::span<const double> v) {
  cv::Mat result = rgb.clone();
  Table table = brightness_table(v[kBrightness]);
  if (v[kContrast] != 1) table = with_contrast(table, v[kContrast], mean_grey(result, table));
  if (v[kBrightness] != 1 || v[kContrast] != 1 || v[kSaturation] != 1)
    recolour(result, table, v[kSaturation]);
  return result;
}

constexpr Operation kWarp{"warp", warp, warp_source}, kColours{"colours", jitter_colours};

class Jitter final : public View {
 public:
  explicit Jitter(const JitterConfig& config) : config_(config) {}

  // Always the same number of draws.
  std::vector<Step> draw(cv::Size, core::Stream& random) const override {
    const auto factor = [&](double range) { return random.uniform(1 - range, 1 + range); };
    const double side = random.uniform(config_.crop_min, 1);
    const double left = random.uniform() * (1 - side), top = random.uniform() * (1 - side);
    const bool flip = random.chance(config_.flip);
    const double angle =
        random.uniform(-config_.rotation, config_.rotation) * std::numbers::pi / 180;
    const double brightness = factor(config_.brightness), contrast = factor(config_.contrast),
                 saturation = factor(config_.saturation);
    return {{&kWarp, {side, left, top, flip ? 1.0 : 0.0, angle}},
            {&kColours, {brightness, contrast, saturation}}};
  }

 private:
  const JitterConfig config_;
};

}  // namespace

void JitterConfig::describe(config::Fields& fields) {
  fields.value("crop_min", crop_min,
               "smallest side of the random crop as a share of the picture's; 1 = no crop",
               {0.05, 1});
  fields.value("flip", flip, "probability of a horizontal flip", {0, 1});
  fields.value("rotation", rotation, "degrees, uniform in +-", {0, 180});
  fields.value("brightness", brightness, "factor uniform in 1 +- this", {0, 1});
  fields.value("contrast", contrast, "factor uniform in 1 +- this", {0, 1});
  fields.value("saturation", saturation, "factor uniform in 1 +- this", {0, 1});
}

std::unique_ptr<View> JitterConfig::build() const { return std::make_unique<Jitter>(*this); }

}  // namespace theriac::loader
