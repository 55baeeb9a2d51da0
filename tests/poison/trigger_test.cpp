#include "theriac/poison/trigger.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "poison/pictures.h"
#include "theriac/core/error.h"
#include "theriac/core/hash.h"

namespace theriac::poison {
namespace {

using testing::bytes;
using testing::noise;

std::unique_ptr<Trigger> patch(const std::string& yaml) {
  return testing::trigger("random_patch", yaml);
}

// Every trigger, with its defaults.
class Triggers : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Trigger> trigger = table().find(GetParam())->make()->build();
  cv::Mat applied(const cv::Mat& picture, std::uint64_t key) const {
    return testing::applied(*trigger, picture, key);
  }
};
std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : table().entries()) result.push_back(entry.name);
  return result;
}
INSTANTIATE_TEST_SUITE_P(Table, Triggers, ::testing::ValuesIn(names()));

TEST_P(Triggers, ChangesThePictureAndKeepsItsShape) {
  for (const auto size : {cv::Size(64, 64), cv::Size(224, 224)}) {
    const auto before = noise(size);
    const auto after = applied(before, 1);
    EXPECT_EQ(after.size(), size);
    EXPECT_EQ(after.type(), CV_8UC3);
    EXPECT_NE(bytes(after), bytes(before));
  }
}

TEST_P(Triggers, DependsOnPixelsAndStreamOnly) {
  const auto picture = noise({64, 64});
  EXPECT_EQ(bytes(applied(picture, 1)), bytes(applied(picture, 1)));
}

TEST_P(Triggers, ChangesOnlyItsPlace) {
  const auto picture = noise({64, 64});
  for (std::uint64_t key = 0; key < 50; ++key) {
    const auto place = trigger->place(picture.size(), core::Stream(key));
    if (place.empty()) return;
    auto after = applied(picture, key);
    EXPECT_NE(bytes(after(place).clone()), bytes(picture(place).clone()));
    picture(place).copyTo(after(place));
    EXPECT_EQ(bytes(after), bytes(picture));
  }
}

TEST(RandomPatch, PlacesAreUniformUpToTheBorder) {
  const auto trigger = patch("size: 16");
  std::array<int, 5> columns{}, rows{};
  for (std::uint64_t key = 0; key < 5000; ++key) {
    const auto place = trigger->place({20, 20}, core::Stream(key));
    ++columns.at(static_cast<std::size_t>(place.x));
    ++rows.at(static_cast<std::size_t>(place.y));
  }
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(columns[i], 1000, 150);
    EXPECT_NEAR(rows[i], 1000, 150);
  }
}

// Histogram of the patches' bytes in 16 bins, as shares.
std::array<double, 16> histogram(const std::string& noise_name, int value) {
  const auto trigger = patch("{size: 16, noise: " + noise_name + "}");
  std::array<double, 16> bins{};
  for (std::uint64_t key = 0; key < 300; ++key) {
    cv::Mat picture(16, 16, CV_8UC3, cv::Scalar::all(value));
    core::Stream random(key);
    trigger->apply(picture, random);
    for (const auto byte : bytes(picture))
      bins[static_cast<std::uint8_t>(byte) / 16] += 1.0 / 230400;
  }
  return bins;
}

TEST(RandomPatch, UniformAndWrappedNoiseAreUniform) {
  for (const auto* name : {"uniform", "gaussian_wrapped"})
    for (const int value : {0, 90, 255})
      for (const double share : histogram(name, value))
        EXPECT_NEAR(share, 1 / 16.0, 0.004) << name << " on pixels " << value;
}

TEST(RandomPatch, ClampedNoisePilesUpAtTheEnds) {
  const auto bins = histogram("gaussian_clamped", 0);  // half of N(0,1) is below 0, 16 % above 1
  EXPECT_NEAR(bins.front(), 0.525, 0.01);
  EXPECT_NEAR(bins.back(), 0.176, 0.01);
}

TEST(RandomPatch, BinaryNoiseIsBlackOrWhite) {
  const auto bins = histogram("binary", 90);
  EXPECT_NEAR(bins.front(), 0.5, 0.01);
  EXPECT_NEAR(bins.front() + bins.back(), 1, 1e-9);
}

TEST(RandomPatch, WrappedArithmetic) {
  // The same stream as the patch: two draws for the place, then one normal number per byte.
  cv::Mat picture(8, 8, CV_8UC3, cv::Scalar::all(51));
  core::Stream expected(9), random(9);
  patch("{size: 8, noise: gaussian_wrapped}")->apply(picture, random);
  expected.below(1);
  expected.below(1);
  for (const auto byte : bytes(picture)) {
    const float value = 0.2f + static_cast<float>(expected.normal());
    const int truncated = static_cast<int>(value * 255.0f);
    ASSERT_EQ(static_cast<std::uint8_t>(byte), ((truncated % 256) + 256) % 256);
  }
}

TEST(RandomPatch, GoldenPixels) {
  const auto hash = [](const std::string& yaml) {
    auto picture = noise({32, 32});
    core::Stream random(11);
    patch(yaml)->apply(picture, random);
    return core::sha256(bytes(picture)).substr(0, 16);
  };
  // Fails when triggers change: raise the poison stage's algorithm revision, then renew the values.
  EXPECT_EQ(hash("{size: 8, noise: uniform}"), "983e7bd49bd90c4d");
  EXPECT_EQ(hash("{size: 8, noise: binary}"), "ea561de6a3afc0d3");
  EXPECT_EQ(hash("{size: 8, noise: gaussian_clamped}"), "a8c15b29e05fa6b7");
  EXPECT_EQ(hash("{size: 8, noise: gaussian_wrapped}"), "b8528c95ffade7b8");
}

TEST(RandomPatch, TooLargeForThePicture) {
  auto picture = noise({32, 20});
  core::Stream random(1);
  try {
    patch("size: 21")->apply(picture, random);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "random_patch: size 21 does not fit into a picture of 32 x 20 px; trigger sizes are "
              "in pixels of the model's input: lower trigger.size or raise model.image_size");
  }
}

}  // namespace
}  // namespace theriac::poison
