#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "poison/pictures.h"
#include "poison/warp_field.h"
#include "theriac/core/files.h"

namespace theriac::poison {
namespace {

TEST(WarpField, MeanMagnitudeIsOne) {
  for (const int k : {1, 4, 224}) {
    const auto field = make_warp_field(k, 7);
    ASSERT_EQ(field.values.size(), 2u * static_cast<std::size_t>(k * k));
    double sum = 0;
    for (const float value : field.values) {
      ASSERT_LE(std::abs(value), k == 224 ? 2.02 : 32.0);
      sum += std::abs(value);
    }
    EXPECT_NEAR(sum / static_cast<double>(field.values.size()), 1, 1e-6);
  }
}

TEST(Warp, NoStrengthIsTheIdentity) {
  const auto picture = testing::noise({31, 20});
  auto warped = picture.clone();
  warp(warped, make_warp_taps(make_warp_field(4, 1), 0, picture.size()));
  EXPECT_EQ(testing::bytes(warped), testing::bytes(picture));
}

TEST(Warp, AConstantFieldIsAShift) {
  // dx = strength W / (W - 1) pixels (W - 1) / (2 W) = 1 pixel to the left for strength 2 W / (W -
  // 1).
  WarpField right{1, {1, 0}};
  const auto picture = testing::noise({17, 9});
  auto warped = picture.clone();
  warp(warped, make_warp_taps(right, 2 * 17 / 16.0, picture.size()));
  for (int x = 0; x < 17; ++x)  // beyond the border its last column is repeated
    EXPECT_EQ(testing::bytes(warped.col(x).clone()),
              testing::bytes(picture.col(std::min(x + 1, 16)).clone()))
        << x;
}

TEST(Warp, EqualsTorch) {
  const auto cases =
      nlohmann::json::parse(core::read_file(THERIAC_SOURCE_DIR "/tests/golden/warp.json"));
  ASSERT_EQ(cases.size(), 5u);
  for (const auto& item : cases) {
    const int side = item["side"].get<int>();
    auto pixels = item["picture"].get<std::vector<std::uint8_t>>();
    cv::Mat picture = cv::Mat(side, side, CV_8UC3, pixels.data()).clone();
    warp(picture, make_warp_taps({item["k"].get<int>(), item["field"].get<std::vector<float>>()},
                                 item["strength"].get<double>(), picture.size()));
    const auto expected = item["warped"].get<std::vector<double>>();
    ASSERT_EQ(expected.size(), 3 * picture.total());
    double largest = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      largest = std::max(largest, std::abs(picture.data[i] - expected[i]));
    EXPECT_LT(largest, 0.8) << "k " << item["k"] << ", strength " << item["strength"];
  }
}

TEST(Warp, TheReferencesFieldMovesLessThanAPixel) {
  for (const auto& tap : make_warp_taps(make_warp_field(224, 0), 0.6, {224, 224}))
    ASSERT_TRUE(tap.right <= 1024 && tap.down <= 1024);
}

}  // namespace
}  // namespace theriac::poison
