// Antialiased resampling with the arithmetic of Pillow's Image.resize (src/libImaging/Resample.c):
// Keys' cubic with a = -0.5 or a triangle, widened by the scale when shrinking; horizontal pass
// first, rounded to 8 bits between the passes; weights normalised in double, then fixed point with
// 22 bits, rounded half away from zero; sums in int32. Only the rows and columns that the window
// needs are computed, which changes no value.
// Bit-identical to Pillow up to 12; Pillow 13 does the vertical pass first where the height shrinks
// much more than the width (pictures more than about twice as high as wide: up to 3 levels). The
// sums are exact with 16-bit multiplications (loader/lanes.h), four values at a time.
#include "loader/resample.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "loader/lanes.h"

namespace theriac::loader {
namespace {

constexpr int kBits = 22;
// For each output place: the first input place, `taps` packed weights (zero beyond the last one
// used), and what the sum starts from.
struct Weights {
  std::size_t taps = 0;
  std::vector<std::size_t> first;
  std::vector<std::int32_t> weight;
  std::vector<std::int32_t> start;
};

// The filter's value at x, and where it ends.
struct Filter {
  double (*value)(double x);
  double support;
};

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

double triangle(double x) { return std::max(1 - std::abs(x), 0.0); }

constexpr Filter kCubic{cubic, 2}, kTriangle{triangle, 1};

Weights weights_for(int in, int out, int from, int count, const Filter& filter) {
  const double scale = static_cast<double>(in) / out;
  const double width = std::max(scale, 1.0);
  const double support = filter.support * width;
  Weights result;
  result.taps =
      static_cast<std::size_t>(std::min(static_cast<int>(std::ceil(support)) * 2 + 1, in));
  result.weight.resize(result.taps * static_cast<std::size_t>(count));
  std::vector<double> exact(result.taps);
  for (int i = 0; i < count; ++i) {
    const double centre = (from + i + 0.5) * scale;
    const int low = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int high = std::min(static_cast<int>(centre + support + 0.5), in);
    double sum = 0;
    for (int k = low; k < high; ++k) {
      const double w = filter.value((k - centre + 0.5) * (1.0 / width));
      exact[static_cast<std::size_t>(k - low)] = w;
      sum += w;
    }
    // Shifted left at the right border, so that all taps stay inside the picture.
    const int first = std::min(low, in - static_cast<int>(result.taps));
    result.first.push_back(static_cast<std::size_t>(first));
    auto* w = &result.weight[result.taps * static_cast<std::size_t>(i)] + (low - first);
    std::int32_t total = 0;
    for (int k = 0; k < high - low; ++k) {
      const double scaled = exact[static_cast<std::size_t>(k)] / sum * (1 << kBits);
      const auto fixed = static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
      w[k] = lanes::pack(fixed);
      total += fixed;
    }
    result.start.push_back((1 << (kBits - 1)) + lanes::kOffset * total);
  }
  return result;
}

// Rows of `stride` bytes, 3 bytes a column, then padding that may be overwritten.
struct Rows {
  Rows(int width, int height)
      : stride((3 * static_cast<std::size_t>(width) / 16 + 1) * 16),
        bytes(stride * static_cast<std::size_t>(height)) {}
  std::uint8_t* row(int y) { return bytes.data() + stride * static_cast<std::size_t>(y); }
  std::size_t stride;
  std::vector<std::uint8_t> bytes;
};

// One row of `words` (3 a column) to the columns of `weights`.
void horizontal(const std::int32_t* words, const Weights& weights, std::uint8_t* out) {
  const auto* w = weights.weight.data();
  for (std::size_t i = 0; i < weights.first.size(); ++i, out += 3) {
    const auto* column = words + 3 * weights.first[i];
    auto sum = lanes::fill(weights.start[i]);
    for (std::size_t k = 0; k < weights.taps; ++k, column += 3, ++w)
      sum = lanes::add(sum, lanes::load(column), *w);
    lanes::store(lanes::round(sum, kBits), out);
  }
}

// One output row from `taps` rows that are `stride` bytes (a multiple of 16) apart.
void vertical(const std::uint8_t* in, std::size_t stride, const std::int32_t* weight,
              std::size_t taps, std::int32_t start, std::uint8_t* out) {
  for (std::size_t x = 0; x < stride; x += 8) {
    const auto* row = in + x;
    auto left = lanes::fill(start), right = left;
    for (std::size_t k = 0; k < taps; ++k, row += stride) {
      const auto words = lanes::expand(row);
      left = lanes::add(left, words.left, weight[k]);
      right = lanes::add(right, words.right, weight[k]);
    }
    lanes::store(lanes::round(left, kBits), out + x);
    lanes::store(lanes::round(right, kBits), out + x + 4);
  }
}

// Rows top, ..., top + height - 1 of `rgb`, resized to the columns of `weights`.
Rows resize_rows(const cv::Mat& rgb, int top, int height, const Weights& weights) {
  Rows result(static_cast<int>(weights.first.size()), height), line(rgb.cols, 1);
  std::vector<std::int32_t> words(line.stride);
  for (int y = 0; y < height; ++y) {
    std::copy_n(rgb.ptr<std::uint8_t>(top + y), 3 * rgb.cols, line.row(0));
    for (std::size_t x = 0; x < line.stride; x += 8) {
      const auto both = lanes::expand(line.row(0) + x);
      lanes::save(both.left, &words[x]);
      lanes::save(both.right, &words[x + 4]);
    }
    horizontal(words.data(), weights, result.row(y));
  }
  return result;
}

Rows copy_rows(const cv::Mat& rgb, int top, int height, int left, int width) {
  Rows result(width, height);
  for (int y = 0; y < height; ++y)
    std::copy_n(rgb.ptr<std::uint8_t>(top + y, left), 3 * width, result.row(y));
  return result;
}

cv::Mat resize(const cv::Mat& rgb, cv::Size full, cv::Rect window, const Filter& filter) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty() && !window.empty());
  CV_Assert((window & cv::Rect({}, full)) == window);
  const bool resize_height = full.height != rgb.rows;
  Weights rows;
  int top = window.y, bottom = window.y + window.height;
  if (resize_height) {
    rows = weights_for(rgb.rows, full.height, window.y, window.height, filter);
    top = static_cast<int>(rows.first.front());
    bottom = static_cast<int>(rows.first.back() + rows.taps);
  }
  Rows wide = full.width == rgb.cols
                  ? copy_rows(rgb, top, bottom - top, window.x, window.width)
                  : resize_rows(rgb, top, bottom - top,
                                weights_for(rgb.cols, full.width, window.x, window.width, filter));

  cv::Mat result(window.size(), CV_8UC3);
  std::vector<std::uint8_t> line(wide.stride);
  for (int y = 0; y < window.height; ++y) {
    const std::uint8_t* from = wide.row(resize_height ? 0 : y);
    if (resize_height) {
      const auto i = static_cast<std::size_t>(y);
      vertical(wide.row(static_cast<int>(rows.first[i]) - top), wide.stride,
               rows.weight.data() + rows.taps * i, rows.taps, rows.start[i], line.data());
      from = line.data();
    }
    std::copy_n(from, 3 * window.width, result.ptr<std::uint8_t>(y));
  }
  return result;
}

}  // namespace

cv::Mat resize_bicubic(const cv::Mat& rgb, cv::Size full, cv::Rect window) {
  return resize(rgb, full, window, kCubic);
}

cv::Mat resize_bilinear(const cv::Mat& rgb, cv::Size full) {
  return resize(rgb, full, {{}, full}, kTriangle);
}

}  // namespace theriac::loader
