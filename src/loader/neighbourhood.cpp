// Operations that look at neighbouring pixels. Sharpness: away from (factor > 1) or towards the
// picture smoothed with [1 1 1; 1 5 1; 1 1 1] / 13, whose border stays (ImageFilter.SMOOTH).
// Blur: Pillow's GaussianBlur, three box blurs in each direction whose width may be a fraction
// (BoxBlur.c after Gwosdek et al. 2011), 8 bits between the passes, borders repeated.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "loader/operations.h"

namespace theriac::loader {
namespace {

struct Box {
  int radius;                 // whole pixels on either side
  std::uint32_t inner, edge;  // weights with 24 bits; `edge` for the next pixel on either side
};

Box box_for(float sigma) {
  constexpr int kPasses = 3;
  const float variance = sigma * sigma / kPasses;
  const auto length = static_cast<float>(std::sqrt(12.0 * variance + 1.0));
  const auto whole = static_cast<float>(std::floor((length - 1.0) / 2.0));
  float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
  part /= 6 * (variance - (whole + 1) * (whole + 1));
  const float radius = whole + part;
  Box box{static_cast<int>(radius), 0, 0};
  box.inner = static_cast<std::uint32_t>(static_cast<float>(1 << 24) / (radius * 2 + 1));
  box.edge = ((1U << 24) - static_cast<std::uint32_t>(box.radius * 2 + 1) * box.inner) / 2;
  return box;
}

// One pass along `count` items of `width` bytes each, which are averaged byte by byte.
void pass(const std::uint8_t* in, std::uint8_t* out, int count, int width, const Box& box,
          std::vector<std::uint32_t>& sums) {
  const auto item = [&](int i) {
    return in + static_cast<std::ptrdiff_t>(std::clamp(i, 0, count - 1)) * width;
  };
  sums.assign(static_cast<std::size_t>(width), 0);
  auto* const sum = sums.data();
  for (int i = -box.radius - 1; i < box.radius; ++i)
    for (int j = 0; j < width; ++j) sum[j] += item(i)[j];
  for (int i = 0; i < count; ++i, out += width) {
    const auto *left = item(i - box.radius - 1), *right = item(i + box.radius + 1);
    const auto* next = item(i + box.radius);
    for (int j = 0; j < width; ++j) {
      sum[j] += static_cast<std::uint32_t>(next[j]) - left[j];
      const std::uint32_t ends = std::uint32_t{left[j]} + right[j];
      out[j] = static_cast<std::uint8_t>((sum[j] * box.inner + ends * box.edge + (1U << 23)) >> 24);
    }
  }
}

std::uint8_t smooth(const std::uint8_t* above, const std::uint8_t* here,
                    const std::uint8_t* below) {
  int sum = 4 * here[0];
  for (const auto* row : {above, here, below}) sum += row[-3] + row[0] + row[3];
  return static_cast<std::uint8_t>((2 * sum + 13) / 26);
}

}  // namespace

cv::Mat sharpness(const cv::Mat& rgb, std::span<const double> factor) {
  cv::Mat result = rgb.clone();
  const auto f = static_cast<float>(factor[0]);
  for (int y = 1; y + 1 < rgb.rows; ++y) {
    const auto *above = rgb.ptr<std::uint8_t>(y - 1), *here = rgb.ptr<std::uint8_t>(y),
               *below = rgb.ptr<std::uint8_t>(y + 1);
    auto* out = result.ptr<std::uint8_t>(y);
    for (int x = 3; x < 3 * (rgb.cols - 1); ++x)
      out[x] = blend(smooth(above + x, here + x, below + x), here[x], f);
  }
  return result;
}

cv::Mat blur(const cv::Mat& rgb, std::span<const double> sigma) {
  cv::Mat from = rgb.clone(), to(rgb.size(), CV_8UC3);
  const Box box = box_for(static_cast<float>(sigma[0]));
  std::vector<std::uint32_t> sums;
  for (int i = 0; i < 3; ++i, std::swap(from, to))
    for (int y = 0; y < rgb.rows; ++y) pass(from.ptr(y), to.ptr(y), rgb.cols, 3, box, sums);
  for (int i = 0; i < 3; ++i, std::swap(from, to))
    pass(from.ptr(), to.ptr(), rgb.rows, 3 * rgb.cols, box, sums);
  return from;
}

}  // namespace theriac::loader
