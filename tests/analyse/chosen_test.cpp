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
  const auto pairs = training_pairs(memory_source(12), plan_of({0, 1, 6, 7}), 24, 2);
  std::vector<std::int64_t> clean, poisoned;
  for (std::int64_t i = 0; i < pairs->size(); ++i)
    (pairs->row(i).label == 1 ? poisoned : clean).push_back(pairs->origin(i));
  EXPECT_THAT(poisoned, ::testing::ElementsAre(0, 6));
  EXPECT_THAT(clean, ::testing::ElementsAre(2, 8));  // the first and fifth of 2-5 and 8-11
}

TEST(TrainingPairs, KeepWhatIsWrongWithASample) {
  const auto source = memory_source(4);
  source->bad = {data::Bad::kNone, data::Bad::kMissingFile, data::Bad::kMissingFile};
  const auto pairs = training_pairs(source, plan_of({1}), 24, 100);
  EXPECT_EQ(pairs->get(0).bad, data::Bad::kNone);
  EXPECT_EQ(pairs->get(1).bad, data::Bad::kMissingFile);
  EXPECT_EQ(pairs->get(2).bad, data::Bad::kMissingFile);
}

TEST(Thinned, IsEvenAndFillsMissingCaptions) {
  const auto source = memory_source(9);
  source->rows[3].caption = " ";
  source->rows[6].caption = "";
  source->rows[6].label = -1;
  const auto thin = thinned(source, 3, "a photo of a {}", true);
  ASSERT_EQ(thin->size(), 3);
  EXPECT_EQ(thin->origin(1), 3);
  EXPECT_EQ(thin->row(0).caption, source->rows[0].caption);
  EXPECT_EQ(thin->row(1).caption, "a photo of an owl");
  EXPECT_EQ(thin->row(2).caption, "");
  EXPECT_EQ(thinned(source, 3, "a photo of a {}", false)->row(1).caption, "a photo of a owl");
  EXPECT_EQ(thinned(source, 50, "{}", true)->size(), 9);
}

}  // namespace
}  // namespace theriac::analyse
