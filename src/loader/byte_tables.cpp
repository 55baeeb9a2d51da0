// Operations that map each byte through a table (ImageOps and ImageEnhance of Pillow).
#include <algorithm>
#include <array>
#include <numeric>

#include "loader/operations.h"

namespace theriac::loader {
namespace {

using Bytes = std::array<std::uint8_t, 256>;
using Counts = std::array<std::int64_t, 256>;

template <class Function>
Bytes bytes_of(const Function& function) {
  Bytes table;
  for (std::size_t x = 0; x < table.size(); ++x) table[x] = function(static_cast<int>(x));
  return table;
}

cv::Mat look_up(const cv::Mat& rgb, const std::array<Bytes, 3>& tables) {
  cv::Mat result(rgb.size(), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* in = rgb.ptr<std::uint8_t>(y);
    auto* out = result.ptr<std::uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x, in += 3, out += 3)
      for (std::size_t c = 0; c < 3; ++c) out[c] = tables[c][in[c]];
  }
  return result;
}

cv::Mat look_up(const cv::Mat& rgb, const Bytes& table) {
  return look_up(rgb, {table, table, table});
}

std::array<Counts, 3> histograms(const cv::Mat& rgb) {
  std::array<Counts, 3> counts{};
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* in = rgb.ptr<std::uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x, in += 3)
      for (std::size_t c = 0; c < 3; ++c) ++counts[c][in[c]];
  }
  return counts;
}

// Mean of the grey picture, rounded.
int mean_luma(const cv::Mat& rgb) {
  std::int64_t sum = 0;
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* in = rgb.ptr<std::uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x, in += 3) sum += luma(in[0], in[1], in[2]);
  }
  return static_cast<int>(static_cast<double>(sum) / static_cast<double>(rgb.total()) + 0.5);
}

// The darkest value becomes 0 and the brightest 255.
Bytes stretch(const Counts& counts) {
  const auto used = [](std::int64_t count) { return count > 0; };
  const auto low = std::ranges::find_if(counts, used) - counts.begin();
  const auto high = counts.rend() - std::find_if(counts.rbegin(), counts.rend(), used) - 1;
  if (high <= low) return bytes_of([](int x) { return static_cast<std::uint8_t>(x); });
  const double scale = 255.0 / static_cast<double>(high - low);
  const double offset = -static_cast<double>(low) * scale;
  return bytes_of([&](int x) {
    return static_cast<std::uint8_t>(std::clamp(static_cast<int>(x * scale + offset), 0, 255));
  });
}

// Equal numbers of pixels for each value; the count of the brightest one is left out of the step.
Bytes level(const Counts& counts) {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  const auto last = *std::find_if(counts.rbegin(), counts.rend() - 1,
                                  [](std::int64_t count) { return count > 0; });
  const std::int64_t step = (total - last) / 255;
  if (step == 0) return bytes_of([](int x) { return static_cast<std::uint8_t>(x); });
  std::int64_t below = step / 2;
  return bytes_of([&](int x) {
    const auto value = static_cast<std::uint8_t>(std::min<std::int64_t>(below / step, 255));
    below += counts[static_cast<std::size_t>(x)];
    return value;
  });
}

}  // namespace

cv::Mat brightness(const cv::Mat& rgb, std::span<const double> factor) {
  const auto f = static_cast<float>(factor[0]);
  return look_up(rgb, bytes_of([&](int x) { return blend(0, x, f); }));
}

cv::Mat contrast(const cv::Mat& rgb, std::span<const double> factor) {
  const auto f = static_cast<float>(factor[0]);
  const int mean = mean_luma(rgb);
  return look_up(rgb, bytes_of([&](int x) { return blend(mean, x, f); }));
}

cv::Mat posterize(const cv::Mat& rgb, std::span<const double> bits) {
  const int mask = ~((1 << (8 - static_cast<int>(bits[0]))) - 1);
  return look_up(rgb, bytes_of([&](int x) { return static_cast<std::uint8_t>(x & mask); }));
}

cv::Mat solarize(const cv::Mat& rgb, std::span<const double> threshold) {
  return look_up(rgb, bytes_of([&](int x) {
                   return static_cast<std::uint8_t>(x < threshold[0] ? x : 255 - x);
                 }));
}

cv::Mat invert(const cv::Mat& rgb, std::span<const double>) {
  return look_up(rgb, bytes_of([](int x) { return static_cast<std::uint8_t>(255 - x); }));
}

cv::Mat auto_contrast(const cv::Mat& rgb, std::span<const double>) {
  const auto counts = histograms(rgb);
  return look_up(rgb, {stretch(counts[0]), stretch(counts[1]), stretch(counts[2])});
}

cv::Mat equalize(const cv::Mat& rgb, std::span<const double>) {
  const auto counts = histograms(rgb);
  return look_up(rgb, {level(counts[0]), level(counts[1]), level(counts[2])});
}

}  // namespace theriac::loader
