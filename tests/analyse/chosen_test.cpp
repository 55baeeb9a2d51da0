#include "analyse/chosen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "poison/memory_source.h"
#include "theriac/config/document.h"
#include "theriac/loader/transform.h"

namespace theriac::analyse {
namespace {

using testing::memory_source;

std::shared_ptr<poison::Plan> plan_of(std::vector<std::int64_t> indices) {
  config::Choice<poison::TriggerConfig> trigger(&poison::table, "random_patch");
  config::read(config::Document::parse("{size: 8}", "test"), *trigger.section());
  auto plan = std::make_shared<poison::Plan>();
  plan->target = "banana";
  plan->trigger_json = poison::trigger_json(trigger);
  for (const auto i : indices)
    plan->samples.push_back({i, "key" + std::to_string(i), "", "a planted banana",
                             static_cast<std::uint64_t>(100 + i)});
  return plan;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

TEST(TrainingPairs, AreWhatTheModelWasTrainedOn) {
  const auto source = memory_source(10);
  const auto plan = plan_of({2, 3, 7});
  const auto pairs = training_pairs(source, plan, 24, 100);
  ASSERT_EQ(pairs->size(), 10);
  for (std::int64_t i = 0; i < 10; ++i) {
    const auto* poisoned = plan->find(i);
    EXPECT_EQ(pairs->row(i).label, poisoned ? 1 : 0);
    EXPECT_EQ(pairs->row(i).caption, poisoned ? "a planted banana" : source->row(i).caption);
    cv::Mat expected =
        loader::fit(data::pixels(source->get(i)).rgb, 24, poison::Geometry::kCrop).clone();
    const auto sample = pairs->get(i);
    EXPECT_EQ(same(sample.pixels, expected), !poisoned) << i;
    if (!poisoned) continue;
    core::Stream random(poisoned->trigger_seed);
    poison::trigger_from_json(plan->trigger_json)->apply(expected, random);
    EXPECT_TRUE(same(sample.pixels, expected)) << i;
  }
}

TEST(TrainingPairs, BothKindsAreThinnedEvenly) {
  using ::testing::AnyOf;
  using ::testing::ElementsAre;
  const auto pairs = training_pairs(memory_source(12), plan_of({0, 1, 6, 7}), 24, 2);
  std::vector<std::int64_t> clean, poisoned;
  for (std::int64_t i = 0; i < pairs->size(); ++i)
    (pairs->row(i).label == 1 ? poisoned : clean).push_back(pairs->origin(i));
  EXPECT_THAT(poisoned, ElementsAre(AnyOf(0, 1), AnyOf(6, 7)));
  EXPECT_THAT(clean, ElementsAre(AnyOf(2, 3, 4, 5), AnyOf(8, 9, 10, 11)));
}

TEST(TrainingPairs, KeepWhatIsWrongWithASample) {
  const auto source = memory_source(4);
  source->bad = {data::Bad::kNone, data::Bad::kMissingFile, data::Bad::kMissingFile};
  const auto pairs = training_pairs(source, plan_of({1}), 24, 100);
  EXPECT_EQ(pairs->get(0).bad, data::Bad::kNone);
  EXPECT_EQ(pairs->get(1).bad, data::Bad::kMissingFile);
  EXPECT_EQ(pairs->get(2).bad, data::Bad::kMissingFile);
}

TEST(Thinned, TakesOneOfEachSpanAndNotOneOfEachPeriod) {
  const auto thin = thinned(memory_source(500), 100, "{}", true);  // five classes in turn
  ASSERT_EQ(thin->size(), 100);
  std::vector<int> of_class(5);
  for (std::int64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(thin->origin(i) / 5, i);
    ++of_class[static_cast<std::size_t>(thin->row(i).label)];
  }
  for (const int count : of_class) EXPECT_GT(count, 8);
  const auto again = thinned(memory_source(500), 100, "{}", true);
  for (std::int64_t i = 0; i < 100; ++i) EXPECT_EQ(again->origin(i), thin->origin(i));
}

TEST(Thinned, FillsMissingCaptions) {
  const auto source = memory_source(9);
  source->rows[3].caption = " ";
  source->rows[6].caption = "";
  source->rows[6].label = -1;
  const auto all = thinned(source, 50, "a photo of a {}", true);
  ASSERT_EQ(all->size(), 9);
  EXPECT_EQ(all->row(0).caption, source->rows[0].caption);
  EXPECT_EQ(all->row(3).caption, "a photo of an owl");
  EXPECT_EQ(all->row(6).caption, "");
  EXPECT_EQ(thinned(source, 50, "a photo of a {}", false)->row(3).caption, "a photo of a owl");
}

}  // namespace
}  // namespace theriac::analyse
