#include "theriac/loader/transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>

#include "theriac/core/random.h"

namespace theriac::loader {
namespace {

cv::Mat noise_of(cv::Size size, std::uint64_t key = 5) {
  cv::Mat picture(size, CV_8UC3);
  core::Stream(key).fill_bytes(picture.data, picture.total() * 3);
  return picture;
}

double difference(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

// Pillow's definition, written plainly: one value of the result, sums in double rounded as there.
cv::Mat resize_plainly(const cv::Mat& in, int out, bool across) {
  const int size = across ? in.cols : in.rows;
  cv::Mat result(across ? in.rows : out, across ? out : in.cols, CV_8UC3);
  const double scale = static_cast<double>(size) / out, width = std::max(scale, 1.0);
  const auto cubic = [](double x) {
    x = std::abs(x);
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0.0;
  };
  for (int i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * scale;
    const int low = std::max(0, static_cast<int>(centre - 2 * width + 0.5));
    const int high = std::min(size, static_cast<int>(centre + 2 * width + 0.5));
    double total = 0;
    for (int k = low; k < high; ++k) total += cubic((k - centre + 0.5) / width);
    for (int j = 0; j < (across ? in.rows : in.cols); ++j) {
      for (int c = 0; c < 3; ++c) {
        std::int64_t sum = 1 << 21;
        for (int k = low; k < high; ++k) {
          const auto weight = std::llround(cubic((k - centre + 0.5) / width) / total * (1 << 22));
          sum += weight * (across ? in.at<cv::Vec3b>(j, k) : in.at<cv::Vec3b>(k, j))[c];
        }
        auto& to = across ? result.at<cv::Vec3b>(j, i) : result.at<cv::Vec3b>(i, j);
        to[c] = cv::saturate_cast<std::uint8_t>(sum >> 22);
      }
    }
  }
  return result;
}

TEST(Fit, SizeThatFitsIsLeftAlone) {
  const auto picture = noise_of({16, 16});
  EXPECT_EQ(fit(picture, 16, poison::Geometry::kCrop).data, picture.data);
}

TEST(Fit, SquashEqualsThePlainDefinition) {
  for (const auto size : {cv::Size(50, 37), cv::Size(9, 200), cv::Size(7, 5), cv::Size(1, 1),
                          cv::Size(16, 33), cv::Size(131, 16)}) {
    const auto picture = noise_of(size);
    const auto expected = resize_plainly(resize_plainly(picture, 16, true), 16, false);
    EXPECT_EQ(difference(fit(picture, 16, poison::Geometry::kSquash), expected), 0) << size;
  }
}

TEST(Fit, CropEqualsResizeThenCentreCrop) {
  struct Case {
    cv::Size size, full;
    cv::Point corner;
  };
  // floor(size * long / short); corners are half the difference, rounded half to even
  for (const auto& [size, full, corner] :
       {Case{{50, 37}, {21, 16}, {2, 0}}, Case{{37, 50}, {16, 21}, {0, 2}},
        Case{{70, 50}, {22, 16}, {3, 0}}, Case{{600, 16}, {600, 16}, {292, 0}},
        Case{{16, 35}, {16, 35}, {0, 10}}, Case{{3, 4}, {16, 21}, {0, 2}}}) {
    const auto picture = noise_of(size);
    auto expected = picture;
    if (full.width != size.width) expected = resize_plainly(expected, full.width, true);
    if (full.height != size.height) expected = resize_plainly(expected, full.height, false);
    const auto found = fit(picture, 16, poison::Geometry::kCrop);
    EXPECT_EQ(difference(found, expected(cv::Rect(corner, cv::Size(16, 16)))), 0) << size;
  }
}

TEST(Fit, ExtremeShapesNeedLittleMemory) {
  EXPECT_EQ(fit(noise_of({100000, 1}), 64, poison::Geometry::kCrop).size(), cv::Size(64, 64));
}

}  // namespace
}  // namespace theriac::loader
