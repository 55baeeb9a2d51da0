// Progressive removal: which pairs go, what is counted, and that a resumed run goes on with the
// same.
#include "train/removal.h"

#include <gmock/gmock.h>

#include "core/message.h"
#include "train/fixture.h"

namespace theriac::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using train::Removal;
using train::RemoveConfig;

loader::Dataset ten_rows() {
  loader::Dataset data;
  data.source = memory_source(10);
  auto plan = std::make_shared<poison::Plan>();
  for (const std::int64_t i : {2, 5}) plan->samples.push_back({i, "", "", "", 0});
  data.plan = plan;
  return data;
}

const std::vector<std::int64_t> kAll = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
const auto kSimilarity = [] {
  return torch::tensor({.1, .2, .9, .8, .3, .4, .8, .5, .0, .6}, torch::kDouble);
};

TEST(Removal, TakesTheHighestOrTheLowestAndTheFirstOfEqualOnes) {
  RemoveConfig config;
  config.fraction = 0.25;  // of 10 and of 8: 2 each
  Removal high(config, ten_rows());
  high.choose(0, kAll, kSimilarity());
  EXPECT_THAT(high.kept(), ElementsAre(0, 1, 4, 5, 6, 7, 8, 9));
  EXPECT_EQ(high.removed(), 2);
  EXPECT_EQ(high.poisoned(), 1);
  high.choose(2, {0, 1, 4, 5, 6, 7, 8, 9},
              torch::tensor({.9, .2, .1, .95, .3, .4, .5, .6}, torch::kDouble));
  EXPECT_THAT(high.kept(), ElementsAre(1, 4, 6, 7, 8, 9));
  EXPECT_EQ(high.poisoned(), 2);
  EXPECT_TRUE(
      torch::equal(high.state(), torch::tensor({3, 0, 1, 1, 0, 3, 0, 0, 0, 0}, torch::kInt)));
  config.by = RemoveConfig::By::kLowest;
  Removal low(config, ten_rows());
  low.choose(0, kAll, kSimilarity());
  EXPECT_THAT(low.kept(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 9));
  EXPECT_EQ(low.poisoned(), 0);
}

TEST(Removal, UnusableRowsGoLastAndBadSimilaritiesAreNamed) {
  RemoveConfig config;
  config.fraction = 0.5;
  Removal removal(config, ten_rows());
  removal.choose(0, {1, 3, 4}, torch::tensor({.1, .2, .3}));
  EXPECT_THAT(removal.kept(), ElementsAre(5, 6, 7, 8, 9));
  EXPECT_THAT(message([&] {
                removal.choose(1, {5, 6}, torch::tensor({.1f, NAN}));
              }),
              HasSubstr("before epoch 2 the similarity of memory:6 is not a finite number"));
}

struct Epochs final : train::Observer {
  explicit Epochs(std::vector<train::EpochInfo>& out) : epochs(out) {}
  void on_epoch(const train::EpochInfo& info, model::Clip&) override { epochs.push_back(info); }
  std::vector<train::EpochInfo>& epochs;
};

constexpr const char* kRemoving =
    "{epochs: 3, batch_size: 8, objective: [{type: supervised}, {type: mmcl}], remove: {fraction: "
    "0.25, epochs: [1, 3]}}";

// Of 40 pairs 10 go before epoch 1 and 7 before epoch 3: 3 + 3 + 2 steps.
TEST(Trainer, RemovesPairsBeforeAnEpoch) {
  auto model = tiny_model("vit");
  train::Trainer trainer(model, train_config(kRemoving), tiny_data(*model, 40), no_workers(), 7,
                         torch::kCPU);
  std::vector<train::EpochInfo> epochs;
  std::vector<train::StepInfo> steps;
  trainer.add(std::make_unique<Epochs>(epochs));
  trainer.add(std::make_unique<Losses>(steps));
  trainer.run({});
  ASSERT_EQ(steps.size(), 8u);
  EXPECT_EQ(steps.back().total_steps, 8);
  EXPECT_EQ(steps.back().batches, 2);
  std::vector<std::int64_t> removed;
  for (const auto& epoch : epochs) removed.push_back(epoch.removed->pairs);
  EXPECT_THAT(removed, ElementsAre(0, 10, 10, 17));
  EXPECT_EQ(epochs.back().removed->of, 40);
  EXPECT_EQ(trainer.state().extra.at("removed").at("pairs"), 17);
  EXPECT_EQ(trainer.optimizer_state().at("data.removed_before").count_nonzero().item<int>(), 17);
}

// What goes first is what the model at hand likes best.
TEST(Trainer, RemovesByTheModelsOwnSimilarity) {
  auto model = tiny_model("vit");
  const auto data = tiny_data(*model, 40);
  torch::Tensor similarity;
  {
    const torch::NoGradGuard no_grad;
    loader::Loader loader(data, no_workers(), 40, {}, 1);
    loader.for_each(40, [&](const loader::Batch& batch) {
      const auto unit = [](const torch::Tensor& raw) { return raw / raw.norm(2, 1, true); };
      similarity = (unit(model->encode_image(loader::normalise(batch.image))) *
                    unit(model->encode_text(batch.tokens)))
                       .sum(1);
    });
  }
  train::Trainer trainer(model, train_config("{batch_size: 8, remove: {fraction: 0.1}}"), data,
                         no_workers(), 7, torch::kCPU);
  trainer.run({});
  const auto removed_N = trainer.optimizer_state().at("data.removed_before") > 0;
  EXPECT_EQ(removed_N.sum().item<int>(), 4);
  EXPECT_GE(similarity.masked_select(removed_N).min().item<float>(),
            similarity.masked_select(removed_N.logical_not()).max().item<float>() - 1e-6f);
}

TEST(Trainer, RefusesToRemoveTooMuchOrNothing) {
  auto model = tiny_model("vit");
  EXPECT_THAT(message([] { train_config("{remove: {fraction: 0.02}}").check_rows(40); }),
              HasSubstr("0.02 of 40 pairs is less than one pair; raise it"));
  EXPECT_THAT(message([&] {
                train::Trainer(model, train_config("{batch_size: 8, remove: {fraction: 0.9}}"),
                               tiny_data(*model, 40), no_workers(), 7, torch::kCPU);
              }),
              HasSubstr("of 40 pairs 4 would be left, fewer than a batch of 8"));
}

}  // namespace
}  // namespace theriac::testing
