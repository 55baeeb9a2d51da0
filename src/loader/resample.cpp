// Antialiased bicubic resampling with the arithmetic of Pillow's Image.resize(BICUBIC)
// (src/libImaging/Resample.c): Keys' cubic with a = -0.5, widened by the scale when shrinking;
// horizontal pass first, rounded to 8 bits between the passes; weights normalised in double, then
// fixed point with 22 bits, rounded half away from zero; sums in int32. Only the rows and columns
// that the window needs are computed, which changes no value.
// Four rows are interleaved (16 bytes a column), so that one load feeds two vectors of 8 sums.
#include "loader/resample.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace theriac::loader {
namespace {

constexpr int kBits = 22;
constexpr std::size_t kRows = 4;  // per block of the horizontal pass

using Ints = std::int32_t __attribute__((vector_size(32)));
using Bytes = std::uint8_t __attribute__((vector_size(8)));

// For each output place: the first input place, and `taps` weights (zero beyond the last one used).
struct Weights {
  std::size_t taps = 0;
  std::vector<std::size_t> first;
  std::vector<std::int32_t> weight;
};

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

Weights weights_for(int in, int out, int from, int count) {
  const double scale = static_cast<double>(in) / out;
  const double width = std::max(scale, 1.0);
  const double support = 2 * width;
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
      const double w = cubic((k - centre + 0.5) * (1.0 / width));
      exact[static_cast<std::size_t>(k - low)] = w;
      sum += w;
    }
    // Shifted left at the right border, so that all taps stay inside the picture.
    const int first = std::min(low, in - static_cast<int>(result.taps));
    result.first.push_back(static_cast<std::size_t>(first));
    auto* w = &result.weight[result.taps * static_cast<std::size_t>(i)] + (low - first);
    for (int k = 0; k < high - low; ++k) {
      const double scaled = exact[static_cast<std::size_t>(k)] / sum * (1 << kBits);
      w[k] = static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
  return result;
}

[[gnu::always_inline]] inline void store(const Ints& sum, std::uint8_t* out) {
  Ints value = sum >> kBits;
  value = value < 0 ? Ints{} : value;
  const Ints most = Ints{} + 255;
  value = value > most ? most : value;
  const Bytes bytes = __builtin_convertvector(value, Bytes);
  std::memcpy(out, &bytes, sizeof bytes);
}

// sum += weight * 8 bytes
[[gnu::always_inline]] inline void add(Ints& sum, const std::uint8_t* in, std::int32_t weight) {
  Bytes bytes;
  std::memcpy(&bytes, in, sizeof bytes);
  sum += __builtin_convertvector(bytes, Ints) * weight;
}

// in: columns of 4 rows x 4 bytes. out: the same layout, one column per output place.
[[gnu::always_inline]] inline void horizontal(const std::uint8_t* in, const Weights& weights,
                                              std::uint8_t* out) {
  const auto* w = weights.weight.data();
  for (const auto first : weights.first) {
    const auto* column = in + 16 * first;
    Ints top = Ints{} + (1 << (kBits - 1)), bottom = top;
    for (std::size_t k = 0; k < weights.taps; ++k, column += 16) {
      add(top, column, w[k]);
      add(bottom, column + 8, w[k]);
    }
    store(top, out);
    store(bottom, out + 8);
    out += 16;
    w += weights.taps;
  }
}

// One output row from `taps` rows that are `stride` bytes (a multiple of 16) apart.
[[gnu::always_inline]] inline void vertical(const std::uint8_t* in, std::size_t stride,
                                            const std::int32_t* weight, std::size_t taps,
                                            std::uint8_t* out) {
  for (std::size_t x = 0; x < stride; x += 16) {
    const auto* row = in + x;
    Ints left = Ints{} + (1 << (kBits - 1)), right = left;
    for (std::size_t k = 0; k < taps; ++k, row += stride) {
      add(left, row, weight[k]);
      add(right, row + 8, weight[k]);
    }
    store(left, out + x);
    store(right, out + x + 8);
  }
}

struct Passes {
  void (*horizontal)(const std::uint8_t*, const Weights&, std::uint8_t*);
  void (*vertical)(const std::uint8_t*, std::size_t, const std::int32_t*, std::size_t,
                   std::uint8_t*);
};

void horizontal_any(const std::uint8_t* in, const Weights& weights, std::uint8_t* out) {
  horizontal(in, weights, out);
}
void vertical_any(const std::uint8_t* in, std::size_t stride, const std::int32_t* weight,
                  std::size_t taps, std::uint8_t* out) {
  vertical(in, stride, weight, taps, out);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void horizontal_avx2(const std::uint8_t* in, const Weights& weights,
                                             std::uint8_t* out) {
  horizontal(in, weights, out);
}
[[gnu::target("avx2")]] void vertical_avx2(const std::uint8_t* in, std::size_t stride,
                                           const std::int32_t* weight, std::size_t taps,
                                           std::uint8_t* out) {
  vertical(in, stride, weight, taps, out);
}
#endif

// The same values on every machine; the instruction set only decides the speed.
Passes passes() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return {horizontal_avx2, vertical_avx2};
#endif
  return {horizontal_any, vertical_any};
}

// Rows of `stride` bytes, 3 bytes a column, the rest padding.
struct Rows {
  Rows(int width, int height)
      : stride((3 * static_cast<std::size_t>(width) + 15) / 16 * 16),
        bytes(stride * static_cast<std::size_t>(height)) {}
  std::uint8_t* row(int y) { return bytes.data() + stride * static_cast<std::size_t>(y); }
  std::size_t stride;
  std::vector<std::uint8_t> bytes;
};

// Rows top, ..., top + height - 1 of `rgb`, resized to the columns of `weights`.
Rows resize_rows(const cv::Mat& rgb, int top, int height, const Weights& weights,
                 const Passes& pass) {
  const auto columns = static_cast<std::size_t>(rgb.cols);
  Rows result(static_cast<int>(weights.first.size()), height);
  std::vector<std::uint8_t> in(16 * columns), out(16 * weights.first.size());
  for (int y = 0; y < height; y += static_cast<int>(kRows)) {
    const auto rows = std::min(kRows, static_cast<std::size_t>(height - y));
    for (std::size_t r = 0; r < rows; ++r) {
      const auto* from = rgb.ptr<std::uint8_t>(top + y + static_cast<int>(r));
      auto* to = in.data() + 4 * r;
      for (std::size_t x = 0; x < columns; ++x, from += 3, to += 16) std::copy_n(from, 3, to);
    }
    pass.horizontal(in.data(), weights, out.data());
    for (std::size_t r = 0; r < rows; ++r) {
      const auto* from = out.data() + 4 * r;
      auto* to = result.row(y + static_cast<int>(r));
      for (std::size_t x = 0; x < weights.first.size(); ++x, from += 16, to += 3)
        std::copy_n(from, 3, to);
    }
  }
  return result;
}

Rows copy_rows(const cv::Mat& rgb, int top, int height, int left, int width) {
  Rows result(width, height);
  for (int y = 0; y < height; ++y)
    std::copy_n(rgb.ptr<std::uint8_t>(top + y, left), 3 * width, result.row(y));
  return result;
}

}  // namespace

cv::Mat resize_bicubic(const cv::Mat& rgb, cv::Size full, cv::Rect window) {
  CV_Assert(rgb.type() == CV_8UC3 && !rgb.empty() && !window.empty());
  CV_Assert((window & cv::Rect({}, full)) == window);
  const Passes pass = passes();
  const bool resize_height = full.height != rgb.rows;
  Weights rows;
  int top = window.y, bottom = window.y + window.height;
  if (resize_height) {
    rows = weights_for(rgb.rows, full.height, window.y, window.height);
    top = static_cast<int>(rows.first.front());
    bottom = static_cast<int>(rows.first.back() + rows.taps);
  }
  Rows wide = full.width == rgb.cols
                  ? copy_rows(rgb, top, bottom - top, window.x, window.width)
                  : resize_rows(rgb, top, bottom - top,
                                weights_for(rgb.cols, full.width, window.x, window.width), pass);

  cv::Mat result(window.size(), CV_8UC3);
  std::vector<std::uint8_t> line(wide.stride);
  for (int y = 0; y < window.height; ++y) {
    const std::uint8_t* from = wide.row(resize_height ? 0 : y);
    if (resize_height) {
      const auto i = static_cast<std::size_t>(y);
      pass.vertical(wide.row(static_cast<int>(rows.first[i]) - top), wide.stride,
                    rows.weight.data() + rows.taps * i, rows.taps, line.data());
      from = line.data();
    }
    std::copy_n(from, 3 * window.width, result.ptr<std::uint8_t>(y));
  }
  return result;
}

}  // namespace theriac::loader
