// To the model's input size with torchvision's integer rules: the shorter side becomes `size`, the
// longer one floor(size * long / short); the centre crop begins at half the difference, rounded
// half to even (as Python rounds).
#include <algorithm>
#include <cstdint>

#include "loader/resample.h"
#include "theriac/loader/transform.h"

namespace theriac::loader {
namespace {

int half_to_even(int difference) {
  const int half = difference / 2;
  return difference % 2 == 0 ? half : half + half % 2;
}

}  // namespace

cv::Mat fit(const cv::Mat& rgb, int size, poison::Geometry geometry) {
  if (rgb.cols == size && rgb.rows == size) return rgb;
  if (geometry == poison::Geometry::kSquash)
    return resize_bicubic(rgb, {size, size}, {0, 0, size, size});
  const auto scaled = [&](int side) {
    return static_cast<int>(std::int64_t{size} * side / std::min(rgb.cols, rgb.rows));
  };
  const cv::Size full(scaled(rgb.cols), scaled(rgb.rows));
  return resize_bicubic(
      rgb, full, {half_to_even(full.width - size), half_to_even(full.height - size), size, size});
}

}  // namespace theriac::loader
