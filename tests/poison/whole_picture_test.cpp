// The triggers that change the whole picture: blended and sig.
#include <gmock/gmock.h>

#include <cmath>

#include "poison/pictures.h"

namespace theriac::poison {
namespace {

using testing::applied;
using testing::bytes;
using testing::noise;
using testing::trigger;

cv::Mat grey(int side, int value) { return {side, side, CV_8UC3, cv::Scalar::all(value)}; }

// What is blended in: the picture at alpha 1.
cv::Mat pattern(const std::string& yaml, int side = 64, std::uint64_t key = 1) {
  return applied(*trigger("blended", "{alpha: 1, " + yaml + "}"), grey(side, 0), key);
}

TEST(Blended, FixedPatternsComeFromTheSeedOnly) {
  for (const std::string name : {"noise", "shapes"}) {
    const auto yaml = "pattern: " + name;
    EXPECT_EQ(bytes(pattern(yaml, 64, 1)), bytes(pattern(yaml, 64, 2))) << name;
    EXPECT_NE(bytes(pattern(yaml)), bytes(pattern(yaml + ", seed: 1"))) << name;
  }
  EXPECT_NE(bytes(pattern("pattern: fresh_noise", 64, 1)),
            bytes(pattern("pattern: fresh_noise", 64, 2)));
}

TEST(Blended, MixesByAlpha) {
  const auto mark = pattern("pattern: shapes");
  const auto mixed = applied(*trigger("blended", "{pattern: shapes, alpha: 0.2}"), grey(64, 200));
  for (int i = 0; i < 64 * 64 * 3; ++i)
    ASSERT_NEAR(mixed.data[i], 0.8 * 200 + 0.2 * mark.data[i], 0.501);
}

TEST(Blended, NoiseIsUniform) {
  double sum = 0, squares = 0;
  const auto mark = pattern("pattern: noise", 128);
  for (int i = 0; i < 128 * 128 * 3; ++i) {
    sum += mark.data[i];
    squares += mark.data[i] * mark.data[i];
  }
  const double n = 128 * 128 * 3, mean = sum / n;
  EXPECT_NEAR(mean, 127.5, 1.5);
  EXPECT_NEAR(std::sqrt(squares / n - mean * mean), 73.9, 1);
}

TEST(Blended, ShapesAreTheSameDrawingAtEverySize) {
  const auto small = pattern("pattern: shapes", 32), large = pattern("pattern: shapes", 96);
  int equal = 0;
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x)  // a pixel's centre is the centre of the middle one of 3 x 3
      equal += small.at<cv::Vec3b>(y, x) == large.at<cv::Vec3b>(3 * y + 1, 3 * x + 1);
  EXPECT_GT(equal, 32 * 32 * 98 / 100);
}

TEST(Sig, IsTheFormula) {
  const auto after = applied(*trigger("sig", "{amplitude: 40, frequency: 3}"), grey(50, 128));
  for (int y = 0; y < 50; ++y)
    for (int x = 0; x < 50; ++x)
      for (int c = 0; c < 3; ++c)
        ASSERT_NEAR(after.at<cv::Vec3b>(y, x)[c], 128 + 40 * std::sin(2 * M_PI * 3 * x / 50.0),
                    0.501);
}

TEST(Sig, IsClampedAndDimmed) {
  const auto* full = "{amplitude: 60, frequency: 1}";
  EXPECT_EQ(applied(*trigger("sig", full), grey(64, 250)).at<cv::Vec3b>(0, 16)[0], 255);
  EXPECT_EQ(applied(*trigger("sig", full), grey(64, 5)).at<cv::Vec3b>(0, 48)[0], 0);
  const auto reference = trigger("sig", "{amplitude: 12, frequency: 1, dim: 0.2}");
  EXPECT_EQ(applied(*reference, grey(64, 100)).at<cv::Vec3b>(9, 0)[1], 80);
  EXPECT_EQ(applied(*reference, grey(64, 100)).at<cv::Vec3b>(9, 16)[1], 92);
  EXPECT_EQ(applied(*reference, grey(64, 100)).at<cv::Vec3b>(9, 48)[1], 68);
}

TEST(WholePicture, GoldenPixels) {
  // Fails when triggers change: raise the poison stage's algorithm revision, then renew the values.
  EXPECT_EQ(testing::fingerprint("blended", "pattern: noise"), "9774e426de7ce3c9");
  EXPECT_EQ(testing::fingerprint("blended", "pattern: fresh_noise"), "9c13c8d45e8161a3");
  EXPECT_EQ(testing::fingerprint("blended", "pattern: shapes"), "48810b1de43be8d4");
  EXPECT_EQ(testing::fingerprint("sig", "{}"), "3a32835e645093d5");
  EXPECT_EQ(testing::fingerprint("warped", "{}"), "8ce6689567d253dc");
  EXPECT_EQ(testing::fingerprint("warped", "{grid: 4, strength: 0.5, seed: 2}"),
            "ac278f09651a41db");
}

}  // namespace
}  // namespace theriac::poison
