#include "theriac/text/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <vector>

#include "theriac/config/document.h"
#include "theriac/core/error.h"

namespace theriac::text {
namespace {

const std::string kCaption = "a photo of a banana on blue paper";

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

AugmentConfig settings(bool swap, bool remove, double rate = 0.2) {
  AugmentConfig config;
  config.swap = swap;
  config.remove = remove;
  config.rate = rate;
  return config;
}

std::string view(const AugmentConfig& config, std::uint64_t sample,
                 const std::string& caption = kCaption) {
  auto random = core::stream(3, "augment text", 0, sample);
  return Augmenter(config)(caption, random);
}

TEST(AugmentText, SwapKeepsTheWords) {
  const auto config = settings(true, false);
  auto expected = words(kCaption);
  std::ranges::sort(expected);
  int unchanged = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    auto found = words(view(config, i));
    unchanged += found == words(kCaption);
    std::ranges::sort(found);
    ASSERT_EQ(found, expected);
  }
  EXPECT_LT(unchanged, 20) << "only the swap of the two 'a' (1 of 28) does not show";
}

TEST(AugmentText, DeleteKeepsTheOrderAndNeverAll) {
  const auto config = settings(false, true, 0.9);
  const auto all = words(kCaption);
  std::size_t kept = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto found = words(view(config, i));
    ASSERT_FALSE(found.empty());
    kept += found.size();
    auto at = all.begin();
    for (const auto& word : found) {
      at = std::find(at, all.end(), word);
      ASSERT_NE(at, all.end());
      ++at;
    }
  }
  // 8 words kept with probability 0.1 each, plus one when none is left (0.9^8).
  EXPECT_NEAR(static_cast<double>(kept) / 2000, 0.8 + 0.43, 0.08);
}

TEST(AugmentText, BothOperationsHappenHalfTheTime) {
  int shorter = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) shorter += words(view({}, i)).size() < 8;
  // half of them delete, and 1 - 0.8^8 of those lose a word
  EXPECT_NEAR(shorter / 2000.0, 0.5 * (1 - 0.168), 0.04);
}

TEST(AugmentText, PureFunctionOfTheStream) {
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(view({}, i), view({}, i));
    seen.insert(view({}, i));
  }
  EXPECT_GT(seen.size(), 25u);
}

TEST(AugmentText, LeavesAloneWhatCannotBeChanged) {
  EXPECT_EQ(view({}, 0, ""), "");
  EXPECT_EQ(view({}, 0, "  "), "  ");
  EXPECT_EQ(view({}, 0, "banana"), "banana");
  EXPECT_EQ(view(settings(false, false), 0), kCaption);
}

TEST(AugmentText, Configuration) {
  AugmentConfig config;
  config::read(config::Document::parse("{swap: false, delete: true, rate: 0.5}", "test"), config);
  EXPECT_FALSE(config.swap);
  EXPECT_TRUE(config.remove);
  EXPECT_EQ(config.rate, 0.5);
  try {
    config::read(config::Document::parse("rate: 0", "test"), config);
    FAIL() << "a rate without effect was accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("rate"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace theriac::text
