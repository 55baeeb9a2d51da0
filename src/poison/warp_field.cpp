// Elastic warping as in WaNet (Nguyen and Tran, ICLR 2021) and backdoor/utils.py of the reference.
// Field F ~ U(-1, 1), [2, k, k], divided by mean |F|; up to the picture's W x H by bicubic
// interpolation (A = -0.75, corners aligned, borders repeated); sampling grid on [-1, 1]^2
//   g(x, y) = clamp(identity(x, y) + strength F(x, y) / (W, H), -1, 1),
// corners aligned, so that pixel (x, y) is read at x + strength F_x (W - 1) / (2 W), and y alike.
// Bilinear; places are rounded to 1/1024 pixel and the rest is integers, so that every machine
// gives the same bytes, within one grey level of torch's interpolate and grid_sample.
#include "poison/warp_field.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>

#include "theriac/core/random.h"

namespace theriac::poison {
namespace {

constexpr int kWarpBits = 10;
constexpr std::uint32_t kWarpOne = 1u << kWarpBits;

// Four control points and their weights, for one row or column of the picture.
struct Cubic {
  std::array<std::size_t, 4> at;
  std::array<double, 4> weight;
};

// Keys' kernel, A = -0.75.
double keys(double distance) {
  constexpr double a = -0.75;
  const double d = std::abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return 0;
}

std::vector<Cubic> cubics(int k, int side) {
  std::vector<Cubic> result(static_cast<std::size_t>(side));
  const double step = side > 1 ? static_cast<double>(k - 1) / (side - 1) : 0;
  for (int i = 0; i < side; ++i) {
    const double place = step * i;
    const int base = static_cast<int>(place);
    auto& cubic = result[static_cast<std::size_t>(i)];
    for (int n = 0; n < 4; ++n) {
      const int point = base + n - 1;
      cubic.at[static_cast<std::size_t>(n)] = static_cast<std::size_t>(std::clamp(point, 0, k - 1));
      cubic.weight[static_cast<std::size_t>(n)] = keys(place - point);
    }
  }
  return result;
}

double interpolate(const float* plane, int k, const Cubic& x, const Cubic& y) {
  double sum = 0;
  for (std::size_t v = 0; v < 4; ++v) {
    const float* row = plane + y.at[v] * static_cast<std::size_t>(k);
    double line = 0;
    for (std::size_t u = 0; u < 4; ++u) line += x.weight[u] * row[x.at[u]];
    sum += y.weight[v] * line;
  }
  return sum;
}

// The place to read at: the first of two neighbours, and the share of the second in 1/1024.
struct Between {
  int first;
  std::uint16_t share;
};

Between between(double place, int side) {
  const double inside = std::clamp(place, 0.0, static_cast<double>(side - 1));
  const auto fixed = static_cast<int>(std::lround(inside * kWarpOne));
  const int first = std::min(fixed >> kWarpBits, side - 2);
  return {first, static_cast<std::uint16_t>(fixed - (first << kWarpBits))};
}

}  // namespace

WarpField make_warp_field(int k, std::uint64_t seed) {
  WarpField field{k, std::vector<float>(2 * static_cast<std::size_t>(k) * k)};
  auto random = core::stream(seed, "warped");
  std::vector<double> values(field.values.size());
  double sum = 0;
  for (auto& value : values) {
    value = random.uniform(-1, 1);
    sum += std::abs(value);
  }
  const double mean = sum / static_cast<double>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    field.values[i] = static_cast<float>(values[i] / mean);
  return field;
}

std::vector<WarpTap> make_warp_taps(const WarpField& field, double strength, cv::Size size) {
  CV_Assert(size.width > 1 && size.height > 1);
  const auto columns = cubics(field.k, size.width), rows = cubics(field.k, size.height);
  const float* in_x = field.values.data();
  const float* in_y = in_x + field.values.size() / 2;
  const auto factor = [&](int side) { return strength * (side - 1) / (2.0 * side); };
  std::vector<WarpTap> taps;
  taps.reserve(static_cast<std::size_t>(size.area()));
  for (int y = 0; y < size.height; ++y) {
    const auto& row = rows[static_cast<std::size_t>(y)];
    for (int x = 0; x < size.width; ++x) {
      const auto& column = columns[static_cast<std::size_t>(x)];
      const auto u =
          between(x + factor(size.width) * interpolate(in_x, field.k, column, row), size.width);
      const auto v =
          between(y + factor(size.height) * interpolate(in_y, field.k, column, row), size.height);
      taps.push_back({3 * (v.first * size.width + u.first), u.share, v.share});
    }
  }
  return taps;
}

void warp(cv::Mat& rgb, const std::vector<WarpTap>& taps) {
  CV_Assert(rgb.type() == CV_8UC3 && taps.size() == rgb.total());
  const cv::Mat source = rgb.clone();
  const int below = 3 * rgb.cols;
  const auto* tap = taps.data();
  for (int y = 0; y < rgb.rows; ++y) {
    auto* out = rgb.ptr<std::uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x, ++tap) {
      const std::uint8_t* in = source.data + tap->offset;
      const std::uint32_t right = tap->right, left = kWarpOne - right;
      const std::uint32_t down = tap->down, up = kWarpOne - down;
      for (int c = 0; c < 3; ++c, ++in) {
        const std::uint32_t upper = in[0] * left + in[3] * right;
        const std::uint32_t lower = in[below] * left + in[below + 3] * right;
        *out++ = static_cast<std::uint8_t>((upper * up + lower * down + kWarpOne * kWarpOne / 2) >>
                                           (2 * kWarpBits));
      }
    }
  }
}

}  // namespace theriac::poison
