// Operations that look at a pixel's three values together: saturation, hue, grey (Pillow's Blend.c
// and Convert.c; hue as torchvision's adjust_hue does it, in 8-bit HSV).
#include <algorithm>
#include <array>

#include "loader/operations.h"

namespace theriac::loader {
namespace {

using Pixel = std::array<std::uint8_t, 3>;

template <class Function>
cv::Mat each_pixel(const cv::Mat& rgb, const Function& function) {
  cv::Mat result(rgb.size(), CV_8UC3);
  for (int y = 0; y < rgb.rows; ++y) {
    const auto* in = rgb.ptr<std::uint8_t>(y);
    auto* out = result.ptr<std::uint8_t>(y);
    for (int x = 0; x < rgb.cols; ++x, in += 3, out += 3) function(in, out);
  }
  return result;
}

std::uint8_t to_byte_range(int value) {
  return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

Pixel to_hsv(const std::uint8_t* rgb) {
  const int r = rgb[0], g = rgb[1], b = rgb[2];
  const int high = std::max({r, g, b}), low = std::min({r, g, b});
  if (high == low) return {0, 0, rgb[0]};
  const auto span = static_cast<float>(high - low);
  const auto below = [&](int value) { return static_cast<float>(high - value) / span; };
  float sixths = 0;
  if (r == high)
    sixths = below(b) - below(g);
  else if (g == high)
    sixths = static_cast<float>(2.0 + below(r) - below(b));
  else
    sixths = static_cast<float>(4.0 + below(g) - below(r));
  const double raised = sixths / 6.0 + 1.0;  // below 2
  const auto turn = static_cast<float>(raised < 1 ? raised : raised - 1);
  const float saturation = span / static_cast<float>(high);
  return {to_byte_range(static_cast<int>(turn * 255.0)),
          to_byte_range(static_cast<int>(saturation * 255.0)), static_cast<std::uint8_t>(high)};
}

void from_hsv(const Pixel& hsv, std::uint8_t* rgb) {
  const auto [h, s, v] = hsv;
  if (s == 0) {
    rgb[0] = rgb[1] = rgb[2] = v;
    return;
  }
  const double sixths = static_cast<float>(h) * 6.0 / 255.0;
  const int sector = static_cast<int>(sixths);
  const auto rest = static_cast<float>(sixths - sector);
  const auto share = static_cast<float>(static_cast<float>(s) / 255.0);
  const auto scaled = [value = static_cast<float>(v)](double factor) {
    return to_byte_range(static_cast<int>(value * factor + 0.5));
  };
  const std::uint8_t p = scaled(1.0 - share), q = scaled(1.0 - share * rest),
                     t = scaled(1.0 - share * (1.0 - rest));
  const Pixel sectors[] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
  std::ranges::copy(sectors[sector % 6], rgb);
}

}  // namespace

cv::Mat color(const cv::Mat& rgb, std::span<const double> factor) {
  const auto f = static_cast<float>(factor[0]);
  return each_pixel(rgb, [f](const std::uint8_t* in, std::uint8_t* out) {
    const int l = luma(in[0], in[1], in[2]);
    for (int c = 0; c < 3; ++c) out[c] = blend(l, in[c], f);
  });
}

cv::Mat grey(const cv::Mat& rgb, std::span<const double>) {
  return each_pixel(rgb, [](const std::uint8_t* in, std::uint8_t* out) {
    out[0] = out[1] = out[2] = static_cast<std::uint8_t>(luma(in[0], in[1], in[2]));
  });
}

cv::Mat hue(const cv::Mat& rgb, std::span<const double> turns) {
  const auto shift = static_cast<unsigned>(static_cast<int>(turns[0] * 255));
  return each_pixel(rgb, [shift](const std::uint8_t* in, std::uint8_t* out) {
    Pixel hsv = to_hsv(in);
    hsv[0] = static_cast<std::uint8_t>(hsv[0] + shift);
    from_hsv(hsv, out);
  });
}

}  // namespace theriac::loader
