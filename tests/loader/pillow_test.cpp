// What Pillow and torchvision make of the same pictures (scripts/golden/make_images.py).
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>

#include "loader/operations.h"
#include "loader/views.h"
#include "theriac/core/base64.h"
#include "theriac/core/files.h"
#include "theriac/core/hash.h"
#include "theriac/data/image.h"
#include "theriac/loader/transform.h"

namespace theriac::loader {
namespace {

using nlohmann::json;

const json& golden() {
  static const json file =
      json::parse(core::read_file(THERIAC_SOURCE_DIR "/tests/golden/images.json"));
  return file;
}

// picture() of scripts/golden/pillow.py.
cv::Mat gradients(int width, int height, std::uint32_t state) {
  cv::Mat result(height, width, CV_8UC3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        state = state * 1664525U + 1013904223U;
        result.at<cv::Vec3b>(y, x)[c] = static_cast<std::uint8_t>(
            30 + (3 * x + 2 * y + 40 * c) % 150 + static_cast<int>((state >> 24) % 60));
      }
  return result;
}

std::string digest(const cv::Mat& rgb) {
  EXPECT_TRUE(rgb.isContinuous());
  return core::sha256({reinterpret_cast<const char*>(rgb.data), rgb.total() * 3});
}

TEST(Pillow, EveryOperationGivesTheSameBytes) {
  std::map<std::string, int> tested;
  for (const auto& item : golden().at("operations")) {
    const auto [name, values, width, height, seed, expected] = item.get<
        std::tuple<std::string, std::vector<double>, int, int, std::uint32_t, std::string>>();
    const auto rgb = gradients(width, height, seed);
    EXPECT_EQ(digest(operation(name).apply(rgb, values)), expected)
        << name << " " << (values.empty() ? 0 : values[0]) << " at " << rgb.size();
    EXPECT_EQ(digest(rgb), digest(gradients(width, height, seed))) << name << " changed its input";
    ++tested[name];
  }
  for (const auto& candidate : operations())
    EXPECT_GE(tested[std::string(candidate.name)], 3) << candidate.name;
}

TEST(Pillow, FitGivesTheSameBytes) {
  for (const auto& item : golden().at("fit")) {
    const auto [width, height, seed, size, geometry, expected] =
        item.get<std::tuple<int, int, std::uint32_t, int, std::string, std::string>>();
    const auto found =
        fit(gradients(width, height, seed), size,
            geometry == "crop" ? poison::Geometry::kCrop : poison::Geometry::kSquash);
    EXPECT_EQ(digest(found.clone()), expected) << width << " x " << height << " " << geometry;
  }
}

TEST(Pillow, FilesAreDecodedToTheSameBytes) {
  for (const auto& item : golden().at("files")) {
    const auto [name, content, width, height, expected] =
        item.get<std::tuple<std::string, std::string, int, int, std::string>>();
    const std::string bytes = core::from_base64(content);
    const auto decoded =
        data::decode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    ASSERT_EQ(decoded.bad, data::Bad::kNone) << name << ": " << decoded.detail;
    EXPECT_EQ(decoded.rgb.size(), cv::Size(width, height)) << name;
    EXPECT_EQ(digest(decoded.rgb), expected) << name;
  }
}

std::string key_of(const std::string& name, const std::vector<double>& values) {
  return name + json(values).dump();
}

// How often each list of steps is drawn, against what torchvision's table says.
TEST(AutoAugment, StepsAreThoseOfTorchvisionAsOftenAsThere) {
  const json& policies = golden().at("policies");
  std::map<std::string, double> expected;
  for (const auto& pair : policies) {
    using Half = std::vector<std::pair<std::string, double>>;  // what may happen, how likely
    const auto half = [](const json& chance) {
      const auto name = chance[0].get<std::string>();
      const double p = chance[1];
      Half result{{"", 1 - p}};
      const auto values = chance[2].get<std::vector<double>>();
      if (values.empty()) result.emplace_back(key_of(name, {}), p);
      for (const double value : values)
        result.emplace_back(key_of(name, {value}), p / static_cast<double>(values.size()));
      return result;
    };
    for (const auto& [first, p] : half(pair[0]))
      for (const auto& [second, q] : half(pair[1]))
        expected[first + second] += p * q / static_cast<double>(policies.size());
  }
  const auto view = AutoAugmentConfig().build();
  std::map<std::string, int> found;
  constexpr int kDraws = 40000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    auto random = core::stream(1, "test", 0, i);
    std::string key;
    for (const auto& step : view->draw({224, 224}, random))
      key += key_of(std::string(step.operation->name), step.values);
    ++found[key];
  }
  for (const auto& [key, count] : found) {
    ASSERT_TRUE(expected.contains(key)) << key;
    const double p = expected[key], sigma = std::sqrt(kDraws * p * (1 - p));
    EXPECT_NEAR(count, kDraws * p, 5 * sigma + 1) << key;
  }
  for (const auto& [key, p] : expected) {
    EXPECT_TRUE(p < 1e-3 || found.contains(key)) << key;
  }
}

}  // namespace
}  // namespace theriac::loader
