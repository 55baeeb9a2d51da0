#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace theriac::poison {

// WaNet's control grid: displacements [2, k, k], first in x, then in y, with mean |.| = 1.
struct WarpField {
  int k = 0;
  std::vector<float> values;
};
WarpField make_warp_field(int k, std::uint64_t seed);

// Where a pixel of the result comes from: the upper left of four neighbours, and the shares of the
// right and of the lower ones in 1/1024.
struct WarpTap {
  std::int32_t offset;  // in bytes of a continuous CV_8UC3 picture
  std::uint16_t right, down;
};
// One for each pixel, by rows. `size`: at least 2 x 2.
std::vector<WarpTap> make_warp_taps(const WarpField& field, double strength, cv::Size size);

void warp(cv::Mat& rgb, const std::vector<WarpTap>& taps);

}  // namespace theriac::poison
