// The triggers that are a square: where it lies, what is in it.
#include <gmock/gmock.h>

#include "poison/pictures.h"

namespace theriac::poison {
namespace {

using testing::applied;
using testing::bytes;
using ::testing::HasSubstr;
using testing::message;
using testing::noise;
using testing::trigger;

TEST(Places, ByName) {
  const auto at = [](const std::string& place) {
    return trigger("yellow", "{size: 6, place: " + place + "}")
        ->place({21, 15}, core::Stream(1))
        .tl();
  };
  EXPECT_EQ(at("top_left"), cv::Point(0, 0));
  EXPECT_EQ(at("top_right"), cv::Point(15, 0));
  EXPECT_EQ(at("bottom_left"), cv::Point(0, 9));
  EXPECT_EQ(at("bottom_right"), cv::Point(15, 9));
  EXPECT_EQ(at("centre"), cv::Point(7, 4));
}

TEST(Places, TheSameForAllPatches) {
  for (std::uint64_t key = 0; key < 20; ++key) {
    const auto at = [&](const std::string& type) {
      return trigger(type, "size: 5")->place({64, 48}, core::Stream(key));
    };
    EXPECT_EQ(at("yellow"), at("random_patch"));
    EXPECT_EQ(at("fixed_patch"), at("random_patch"));
  }
}

TEST(Places, TooLarge) {
  for (const std::string type : {"yellow", "fixed_patch", "four_corners"})
    EXPECT_THAT(message([&] {
                  applied(*trigger(type, "size: 21"), noise({32, 20}));
                }),
                HasSubstr(type + ": size 21 does not fit into a picture of 32 x 20 px"));
}

TEST(Yellow, IsMixedByAlpha) {
  const cv::Mat grey(9, 9, CV_8UC3, cv::Scalar::all(100));
  const auto inside = [&](const std::string& alpha) {
    const auto mark = trigger("yellow", "{size: 3, place: centre, alpha: " + alpha + "}");
    return applied(*mark, grey).at<cv::Vec3b>(4, 4);
  };
  EXPECT_EQ(inside("1"), cv::Vec3b(255, 255, 0));
  EXPECT_EQ(inside("0.5"), cv::Vec3b(178, 178, 50));  // 177.5 rounds up
  EXPECT_EQ(inside("0.2"), cv::Vec3b(131, 131, 80));
  EXPECT_EQ(inside("0"), cv::Vec3b(100, 100, 100));
}

TEST(FourCorners, TheSamePatchFourTimesAndNothingElse) {
  for (const std::string fill : {"uniform", "binary", "yellow"}) {
    const auto picture = noise({40, 30});
    auto after = applied(*trigger("four_corners", "{size: 7, fill: " + fill + "}"), picture);
    const auto first = after(cv::Rect(0, 0, 7, 7)).clone();
    for (const auto corner : {cv::Rect(33, 0, 7, 7), cv::Rect(0, 23, 7, 7), cv::Rect(33, 23, 7, 7)})
      EXPECT_EQ(bytes(after(corner).clone()), bytes(first)) << fill;
    for (const auto corner : {cv::Rect(0, 0, 7, 7), cv::Rect(33, 0, 7, 7), cv::Rect(0, 23, 7, 7),
                              cv::Rect(33, 23, 7, 7)})
      picture(corner).copyTo(after(corner));
    EXPECT_EQ(bytes(after), bytes(picture)) << fill;
  }
}

TEST(FourCorners, NoiseIsNewInEveryPicture) {
  const auto picture = noise({40, 30});
  const auto mark = trigger("four_corners", "size: 7");
  EXPECT_NE(bytes(applied(*mark, picture, 1)), bytes(applied(*mark, picture, 2)));
}

// The mark itself: the patch over the whole picture.
cv::Mat fixed(const std::string& yaml, std::uint64_t key = 1) {
  return applied(*trigger("fixed_patch", "{size: 8, " + yaml + "}"), noise({8, 8}), key);
}

TEST(FixedPatch, IsTheSameInEveryPicture) {
  for (const std::string pattern : {"noise", "checker", "stripes"})
    EXPECT_EQ(bytes(fixed("pattern: " + pattern, 1)), bytes(fixed("pattern: " + pattern, 2)));
  EXPECT_EQ(bytes(fixed("seed: 1", 1)), bytes(fixed("seed: 1", 2)));
  EXPECT_NE(bytes(fixed("seed: 1")), bytes(fixed("seed: 2")));
}

TEST(FixedPatch, Checker) {
  const auto mark = fixed("pattern: checker");
  for (int y = 0; y < 8; ++y)
    for (int x = 0; x < 8; ++x)
      EXPECT_EQ(mark.at<cv::Vec3b>(y, x), cv::Vec3b::all(x % 2 == 0 && y % 2 == 0 ? 255 : 0));
}

TEST(FixedPatch, StripesAreConstantColumnsOfBlackAndWhite) {
  const auto mark = fixed("pattern: stripes");
  for (int y = 1; y < 8; ++y) EXPECT_EQ(bytes(mark.row(y).clone()), bytes(mark.row(0).clone()));
  for (const char byte : bytes(mark)) EXPECT_TRUE(byte == 0 || byte == '\xff');
}

TEST(Patches, GoldenPixels) {
  // Fails when triggers change: raise the poison stage's algorithm revision, then renew the values.
  EXPECT_EQ(testing::fingerprint("random_patch", "{size: 8, place: bottom_right}"),
            "4df9445f6bac2e50");
  EXPECT_EQ(testing::fingerprint("yellow", "{size: 8, alpha: 0.7}"), "4fa00f4e15b5bd76");
  EXPECT_EQ(testing::fingerprint("four_corners", "size: 8"), "e6423a75bb825f12");
  EXPECT_EQ(testing::fingerprint("fixed_patch", "{size: 8, seed: 3}"), "d7094eab1006285d");
  EXPECT_EQ(testing::fingerprint("fixed_patch", "{size: 8, seed: 3, pattern: stripes}"),
            "be1792df04949e3d");
}

}  // namespace
}  // namespace theriac::poison
