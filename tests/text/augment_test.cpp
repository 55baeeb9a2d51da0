#include "theriac/text/augment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <sstream>
#include <vector>

#include "text/small_wordnet.h"
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

// Written down before there were more operations.
TEST(AugmentText, ResultsStayWhatTheyWere) {
  EXPECT_EQ(view({}, 0), "a photo of a banana on blue paper");
  EXPECT_EQ(view({}, 1), "a photo of a banana on blue");
  EXPECT_EQ(view({}, 2), "a photo of a banana blue on paper");
  EXPECT_EQ(view({}, 3), "a photo of banana on paper");
  EXPECT_EQ(view(settings(true, false), 1), "a photo paper a banana on blue of");
  EXPECT_EQ(view(settings(false, true), 3), "a photo of a on blue");
}

TEST(AugmentText, SynonymsReplaceEveryOccurrence) {
  const SmallWordNet folder;
  auto config = settings(false, false, 0.5);  // both words of the small WordNet, if it has them
  config.synonyms = true;
  config.wordnet = folder.path();
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 60; ++i) seen.insert(view(config, i, "The (Dog, a dog is big!"));
  EXPECT_EQ(seen, (std::set<std::string>{"The (hound, a hound is large!",
                                         "The (wiener, a wiener is large!",
                                         "The (chase after, a chase after is large!"}));
  EXPECT_EQ(view(config, 0, "dog"), view(config, 0, "dog"));
  EXPECT_NE(view(config, 0, "dog"), "dog") << "one word is enough";
  EXPECT_EQ(view(config, 0, "\u65e5\u672c 123"), "\u65e5\u672c 123");
  config.rate = 0.1;
  for (std::uint64_t i = 0; i < 20; ++i) {
    const auto text = view(config, i, "dog big");
    EXPECT_TRUE(text.starts_with("dog ") != text.ends_with(" big")) << text << ": one word of two";
  }
}

TEST(AugmentText, InsertKeepsTheWords) {
  const SmallWordNet folder;
  auto config = settings(false, false, 0.1);
  config.insert = true;
  config.wordnet = folder.path();
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < 60; ++i) seen.insert(view(config, i, "one big"));
  EXPECT_EQ(seen, (std::set<std::string>{"large one big", "one large big"}));
  EXPECT_EQ(view(config, 0, "one two"), "one two") << "no word has a synonym";
}

TEST(AugmentText, FourOperationsAQuarterEach) {
  const SmallWordNet folder;
  AugmentConfig config;
  config.synonyms = config.insert = config.letters_only = true;
  config.rate = 0.1;
  config.wordnet = folder.path();
  int longer = 0, large = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto found = words(view(config, i, "One big's-BIG, no."));  // one bigs big no
    longer += found.size() > 4;
    large += found.size() == 4 && std::ranges::count(found, "large") == 1;
  }
  EXPECT_NEAR(longer / 2000.0, 0.25, 0.03) << "big is found in ten tries";
  EXPECT_NEAR(large / 2000.0, 0.25, 0.03);
}

// A megabyte of words is changed at its start, by every operation, at once.
TEST(AugmentText, VeryLongCaptions) {
  const SmallWordNet folder;
  std::string caption;
  for (int i = 0; i < 130'000; ++i)
    caption += i % 3 == 0 ? "dog " : i % 3 == 1 ? "big " : "x" + std::string(i % 7, 'y') + " ";
  const auto start = std::chrono::steady_clock::now();
  for (int operation = 0; operation < 4; ++operation) {
    auto config = settings(operation == 0, operation == 1);
    config.synonyms = operation == 2;
    config.insert = operation == 3;
    config.wordnet = folder.path();
    const auto found = words(view(config, 1, caption)), before = words(caption);
    EXPECT_NE(found, before) << operation;
    EXPECT_TRUE(std::equal(before.end() - 125'000, before.end(), found.end() - 125'000));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(AugmentText, LettersOnly) {
  auto config = settings(false, false);
  config.letters_only = true;
  EXPECT_EQ(view(config, 0, "It's  the Dog\u2019s T-shirt, 3 caf\u00e9s!"),
            "its the dogs t shirt caf s");
  EXPECT_EQ(view(config, 0, "\u65e5\u672c 123"), "\u65e5\u672c 123") << "nothing would be left";
}

TEST(AugmentText, NeedsWordNetOnlyWhereItIsUsed) {
  AugmentConfig config;
  config.wordnet = "/none";
  EXPECT_NO_THROW(Augmenter{config});
  config.insert = true;
  EXPECT_THROW(Augmenter{config}, Error);
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
