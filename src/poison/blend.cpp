#include "poison/blend.h"

#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

namespace theriac::poison {

void blend(cv::Mat picture, const cv::Mat& mark, double alpha) {
  CV_Assert(picture.type() == CV_8UC3 && mark.type() == CV_8UC3 && picture.size() == mark.size());
  constexpr std::uint32_t kOne = 1u << 16;
  const auto above = static_cast<std::uint32_t>(std::lround(alpha * kOne));
  const std::uint32_t below = kOne - above;
  for (int y = 0; y < picture.rows; ++y) {
    auto* row = picture.ptr<std::uint8_t>(y);
    const auto* other = mark.ptr<std::uint8_t>(y);
    for (int i = 0; i < 3 * picture.cols; ++i)
      row[i] = static_cast<std::uint8_t>((row[i] * below + other[i] * above + kOne / 2) >> 16);
  }
}

}  // namespace theriac::poison
