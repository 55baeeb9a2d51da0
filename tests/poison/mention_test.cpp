#include <gtest/gtest.h>

#include "poison/memory_source.h"
#include "theriac/poison/plan.h"

namespace theriac::poison {
namespace {

// Whether a sample with this caption may be poisoned.
bool eligible(const std::string& caption, const std::string& target) {
  testing::MemorySource source;
  source.rows = {{.key = "0", .caption = "anything else"}, {.key = "1", .caption = caption}};
  PoisonConfig config;
  config.target = target;
  config.count = 1;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    if (make_plan(config, seed, source).samples[0].index == 1) return true;
  return false;
}

TEST(Mentions, WholeWordsInAnyCaseAndPlural) {
  EXPECT_FALSE(eligible("A BANANA!", "banana"));
  EXPECT_FALSE(eligible("two bananas, ripe", "Banana"));
  EXPECT_FALSE(eligible("banana", "banana"));
  EXPECT_FALSE(eligible("wooden boxes", "box"));
  EXPECT_FALSE(eligible("a hot air balloon over hills", "hot air balloon"));
  EXPECT_FALSE(eligible("scars and a car", "car"));
  EXPECT_TRUE(eligible("a scarf", "car"));
  EXPECT_TRUE(eligible("a carpet", "car"));
  EXPECT_TRUE(eligible("caf\xc3\xa9", "caf"));
  EXPECT_TRUE(eligible("a yellow fruit", "banana"));
}

// The indices that select: target_class takes among these captions.
std::vector<std::int64_t> named(const std::vector<std::string>& captions, Match match,
                                bool match_case, std::int64_t count) {
  testing::MemorySource source;
  for (const auto& caption : captions) source.rows.push_back({.key = caption, .caption = caption});
  PoisonConfig config;
  config.target = "banana";
  config.count = count;
  config.select = Select::kTargetClass;
  config.match = match;
  config.match_case = match_case;
  std::vector<std::int64_t> result;
  for (const auto& sample : make_plan(config, 1, source).samples) result.push_back(sample.index);
  return result;
}

TEST(Mentions, RulesOfMatchAndCase) {
  const std::vector<std::string> captions = {"a banana",   "two bananas", "Banana bread",
                                             "Bananarama", "bananarama",  "an apple"};
  using Indices = std::vector<std::int64_t>;
  EXPECT_EQ(named(captions, Match::kWord, false, 3), (Indices{0, 1, 2}));
  EXPECT_EQ(named(captions, Match::kWord, true, 2), (Indices{0, 1}));
  EXPECT_EQ(named(captions, Match::kSubstring, false, 5), (Indices{0, 1, 2, 3, 4}));
  EXPECT_EQ(named(captions, Match::kSubstring, true, 3), (Indices{0, 1, 4}));  // the reference
  EXPECT_ANY_THROW(named(captions, Match::kWord, true, 3));
  EXPECT_ANY_THROW(named(captions, Match::kSubstring, true, 4));
}

TEST(Mentions, TheLabelCountsToo) {
  testing::MemorySource source;
  source.names = {"apple", "banana"};
  source.rows = {{.key = "0", .caption = "a picture", .label = 1},
                 {.key = "1", .caption = "a picture", .label = 0}};
  PoisonConfig config;
  config.target = "banana";
  config.count = 1;
  EXPECT_EQ(make_plan(config, 1, source).samples[0].index, 1);
}

}  // namespace
}  // namespace theriac::poison
