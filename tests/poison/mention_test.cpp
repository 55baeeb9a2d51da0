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
