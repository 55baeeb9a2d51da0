#include "theriac/loader/transform.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <opencv2/core.hpp>

namespace theriac::loader {
namespace {

cv::Mat noise(cv::Size size, std::uint64_t key = 5) {
  cv::Mat picture(size, CV_8UC3);
  core::Stream(key).fill_bytes(picture.data, picture.total() * 3);
  return picture;
}

double difference(const cv::Mat& a, const cv::Mat& b) { return cv::norm(a, b, cv::NORM_INF); }

ViewConfig still() {
  ViewConfig config;
  config.crop_min = 1;
  config.flip = config.rotation = 0;
  config.brightness = config.contrast = config.saturation = 0;
  return config;
}

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
  const auto picture = noise({16, 16});
  EXPECT_EQ(fit(picture, 16, poison::Geometry::kCrop).data, picture.data);
}

TEST(Fit, SquashEqualsThePlainDefinition) {
  for (const auto size : {cv::Size(50, 37), cv::Size(9, 200), cv::Size(7, 5), cv::Size(1, 1),
                          cv::Size(16, 33), cv::Size(131, 16)}) {
    const auto picture = noise(size);
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
    const auto picture = noise(size);
    auto expected = picture;
    if (full.width != size.width) expected = resize_plainly(expected, full.width, true);
    if (full.height != size.height) expected = resize_plainly(expected, full.height, false);
    const auto found = fit(picture, 16, poison::Geometry::kCrop);
    EXPECT_EQ(difference(found, expected(cv::Rect(corner, cv::Size(16, 16)))), 0) << size;
  }
}

TEST(Fit, ExtremeShapesNeedLittleMemory) {
  EXPECT_EQ(fit(noise({100000, 1}), 64, poison::Geometry::kCrop).size(), cv::Size(64, 64));
}

TEST(View, NothingToDoIsIdentity) {
  const auto picture = noise({64, 64});
  core::Stream random(1);
  EXPECT_EQ(difference(augment(picture, still(), random), picture), 0);
}

TEST(View, FlipMirrors) {
  const auto picture = noise({64, 64});
  auto config = still();
  config.flip = 1;
  core::Stream random(1);
  cv::Mat mirrored;
  const auto found = augment(picture, config, random);
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x)
      ASSERT_EQ(found.at<cv::Vec3b>(y, x), picture.at<cv::Vec3b>(y, 63 - x));
}

TEST(View, DependsOnTheStreamOnlyAndLeavesTheInput) {
  const auto picture = noise({64, 64});
  const auto copy = picture.clone();
  core::Stream one(1), same(1), other(2);
  const auto first = augment(picture, {}, one);
  EXPECT_EQ(first.size(), cv::Size(64, 64));
  EXPECT_EQ(difference(first, augment(picture, {}, same)), 0);
  EXPECT_GT(difference(first, augment(picture, {}, other)), 0);
  EXPECT_EQ(difference(picture, copy), 0);
}

TEST(View, ColoursFollowTheirDefinition) {
  auto config = still();
  config.brightness = config.contrast = config.saturation = 0.5;
  for (std::uint64_t key = 0; key < 20; ++key) {
    const cv::Vec3b colour(200, 90, 30);
    const cv::Mat picture(8, 8, CV_8UC3, cv::Scalar(200, 90, 30));
    core::Stream random(key), draws(key);
    const auto found = augment(picture, config, random).at<cv::Vec3b>(4, 4);
    for (int i = 0; i < 5; ++i) draws.uniform();  // geometry
    const double b = draws.uniform(0.5, 1.5), c = draws.uniform(0.5, 1.5),
                 s = draws.uniform(0.5, 1.5);
    const auto grey = [](const cv::Vec3d& v) { return .299 * v[0] + .587 * v[1] + .114 * v[2]; };
    const auto blend = [](double base, double factor, const cv::Vec3d& v) {
      cv::Vec3d result;
      for (int i = 0; i < 3; ++i) result[i] = std::clamp(base + factor * (v[i] - base), 0., 255.);
      return result;
    };
    auto expected = blend(0, b, cv::Vec3d(colour));
    expected = blend(grey(expected), c, expected);
    expected = blend(grey(expected), s, expected);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(found[i], expected[i], 4) << key;
  }
}

// Share of the mark's points that some point of the view comes from, by looking at the picture: the
// mark is white on black, the view's mean is what is visible of it, magnified by the crop.
TEST(View, VisibleAgreesWithThePicture) {
  ViewConfig config = still();
  config.crop_min = 0.5;
  config.rotation = 40;
  config.flip = 0.5;
  for (std::uint64_t key = 0; key < 60; ++key) {
    const cv::Rect mark(static_cast<int>(key * 7 % 40), static_cast<int>(key * 11 % 40), 24, 24);
    cv::Mat picture = cv::Mat::zeros(64, 64, CV_8UC3);
    picture(mark).setTo(cv::Scalar::all(255));
    core::Stream random(key), draw(key);
    const double side = draw.uniform(0.5, 1);
    const double white = cv::sum(augment(picture, config, random))[0] / 255 * side * side;
    const double share = visible(mark, picture.size(), config, core::Stream(key));
    EXPECT_GE(share, 0);
    EXPECT_LE(share, 1 + 1e-9);
    const auto middle = [](int from) { return from > 16 && from + 24 < 48; };
    // Away from the border there are no reflections, and the two agree.
    if (middle(mark.x) && middle(mark.y)) {
      EXPECT_NEAR(share, white / mark.area(), 0.03) << key;
    }
    EXPECT_LE(share, white / mark.area() + 0.03) << key;
  }
}

TEST(View, VisibleWithoutGeometryIsAll) {
  EXPECT_DOUBLE_EQ(visible({3, 4, 10, 10}, {64, 64}, still(), core::Stream(1)), 1);
  EXPECT_DOUBLE_EQ(visible({}, {64, 64}, still(), core::Stream(1)), 1);
}

TEST(View, VisibleAgreesWithSampling) {
  ViewConfig config;
  config.crop_min = 0.4;
  config.rotation = 90;
  for (std::uint64_t key = 0; key < 40; ++key) {
    core::Stream draw(key), points(key + 1000);
    const double side = draw.uniform(0.4, 1), left = draw.uniform() * (1 - side),
                 top = draw.uniform() * (1 - side);
    draw.chance(0.5);
    const double angle = draw.uniform(-90, 90) * CV_PI / 180;
    const cv::Rect mark(static_cast<int>(points.below(48)), static_cast<int>(points.below(48)), 16,
                        16);
    int inside = 0;
    for (int i = 0; i < 4000; ++i) {
      const double x = mark.x + points.uniform(0, 16) - (left + side / 2) * 64;
      const double y = mark.y + points.uniform(0, 16) - (top + side / 2) * 64;
      const double u = x * std::cos(angle) - y * std::sin(angle),
                   v = x * std::sin(angle) + y * std::cos(angle);
      inside += std::abs(u) <= side * 32 && std::abs(v) <= side * 32;
    }
    config.flip = 0;
    EXPECT_NEAR(visible(mark, {64, 64}, config, core::Stream(key)), inside / 4000.0, 0.04) << key;
  }
}

}  // namespace
}  // namespace theriac::loader
