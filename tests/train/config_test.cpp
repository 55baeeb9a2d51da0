#include "theriac/train/config.h"

#include <gmock/gmock.h>

#include "theriac/config/document.h"

namespace theriac::train {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> problems(const std::string& yaml) {
  TrainConfig config;
  return config::problems(config::Document::parse(yaml, "file"), config);
}

TEST(TrainConfig, ReadsWhatItWrites) {
  TrainConfig config;
  config::read(config::Document::parse(
                   "{epochs: 8, stop_after: 3, batch_size: 64, accumulation: 4, precision: bf16,"
                   " objective: [{type: mmcl, views: both}, {type: intra_modal, weight: 2}],"
                   " optimizer: {learning_rate: 2e-3, warmup_steps: 50, clip_norm: 1.5}, seed: 9,"
                   " checkpoint: {every: 2, keep: 3, every_steps: 10}}",
                   "file"),
               config);
  EXPECT_EQ(config.last_epoch(), 3);
  EXPECT_EQ(config.precision, Precision::kBf16);
  EXPECT_EQ(config.objective.size(), 2u);
  EXPECT_EQ(config.every, 2);
  EXPECT_EQ(config.keep, 3);
  EXPECT_EQ(config.every_steps, 10);
  TrainConfig again;
  const std::string text = config::to_yaml(config);
  config::read(config::Document::parse(text, "again"), again);
  EXPECT_EQ(config::to_yaml(again), text);
}

TEST(TrainConfig, DefaultIsMmcl) {
  const TrainConfig config;
  ASSERT_EQ(config.objective.size(), 1u);
  EXPECT_EQ(config.objective[0].type, "mmcl");
}

TEST(TrainConfig, RefusesWhatDoesNotFit) {
  EXPECT_THAT(problems("{epochs: 2, stop_after: 3}"), ElementsAre(HasSubstr("stop_after")));
  EXPECT_THAT(problems("{batch_size: 10, accumulation: 3}"),
              ElementsAre(HasSubstr("does not divide batch_size 10")));
  EXPECT_THAT(problems("{batch_size: 4, accumulation: 4}"),
              ElementsAre(HasSubstr("fewer than 2 pairs")));
  EXPECT_THAT(problems("{objective: []}"), ElementsAre(HasSubstr("at least one term")));
  EXPECT_THAT(problems("{optimizer: {type: sgd}}"), ElementsAre(HasSubstr("adamw")));
}

TEST(TrainConfig, RemovalShortensEpochs) {
  TrainConfig config;
  config::read(config::Document::parse("{epochs: 4, batch_size: 10, remove: {fraction: 0.25, "
                                       "epochs: [2, 3], by: lowest}}",
                                       "file"),
               config);
  EXPECT_EQ(config.rows_in(0, 101), 101);
  EXPECT_EQ(config.rows_in(1, 101), 76);  // without floor(25.25)
  EXPECT_EQ(config.rows_in(2, 101), 57);
  EXPECT_EQ(config.rows_in(3, 101), 57);
  EXPECT_EQ(config.steps_before(1, 101), 10);
  EXPECT_EQ(config.steps_before(4, 101), 10 + 7 + 5 + 5);
}

TEST(TrainConfig, RefusesRemovalsThatNeverHappen) {
  EXPECT_THAT(problems("{epochs: 4, stop_after: 2, remove: {epochs: [1, 3]}}"),
              ElementsAre(HasSubstr("epoch 3 is beyond the last epoch, 2")));
  EXPECT_THAT(problems("{remove: {epochs: []}}"), ElementsAre(HasSubstr("at least one epoch")));
  EXPECT_THAT(problems("{epochs: 4, remove: {epochs: [2, 2]}}"),
              ElementsAre(HasSubstr("rising order")));
  EXPECT_THAT(problems("{remove: {fraction: 1}}"), ElementsAre(HasSubstr("fraction")));
  EXPECT_THAT(problems("{remove: {by: middle}}"), ElementsAre(HasSubstr("highest")));
}

}  // namespace
}  // namespace theriac::train
