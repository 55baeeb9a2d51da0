#include "theriac/analyse/study.h"

#include <nlohmann/json.hpp>

#include "core/message.h"
#include "core/temporary.h"
#include "evaluate/fixture.h"
#include "theriac/analyse/measures.h"
#include "theriac/core/files.h"

// A small model on hand-made data: the numbers are those of the session and of the metric.

namespace theriac::analyse {
namespace {

using ::testing::HasSubstr;

class StudyTest : public testing::MetricTest {
 protected:
  StudyTest() {
    std::vector<data::Row> rows;
    for (std::int64_t i = 0; i < 6; ++i)
      rows.push_back(
          {std::to_string(i), "caption " + std::string(1, static_cast<char>('a' + i)), i % 3, 0});
    source_ = std::make_shared<testing::Colours>(
        rows, std::vector<std::string>{"banana", "dog", "elephant"});
    session_ = session({{"test", source_, "id"}}, "banana");
    plan_ = std::make_shared<poison::Plan>();
    plan_->data_id = "train";
    plan_->target = "banana";
    plan_->trigger_json = R"({"type":"random_patch","size":8})";
    plan_->samples = {{1, "1", "", "a banana", 7}, {4, "4", "", "the banana", 8}};
  }

  Study study(Options options = {}) {
    options.iterations = 10;
    Data data{{"test", source_, "id"}, session_->attack(), source_, "train"};
    return Study(data, options, evaluate::SessionOptions{}, torch::kCPU);
  }
  Checkpoint checkpoint(std::int64_t epoch = 3) {
    return {"epoch " + std::to_string(epoch),     "pretrain-1", "hash", epoch, 30, model_,
            std::make_shared<testing::Letters>(), plan_};
  }

  std::shared_ptr<testing::Colours> source_;
  std::unique_ptr<evaluate::Session> session_;
  std::shared_ptr<poison::Plan> plan_;
  testing::TemporaryFolder folder_;
};

TEST_F(StudyTest, NumbersAreThoseOfTheSessionAndTheMetric) {
  auto all = study();
  all.add(checkpoint());
  const auto answer = all.write(folder_ / "out");
  const auto& numbers = answer["checkpoints"][0];
  EXPECT_EQ(answer["target"], "banana");
  EXPECT_EQ(numbers["name"], "epoch 3");
  const auto& images = session_->images(session_->data()[0]);
  const auto& pairs = session_->pairs(session_->data()[0]);
  EXPECT_NEAR(numbers["geometry"]["modality_gap"].get<double>(),
              modality_gap(images.clean_ND, pairs.text_PD), 1e-6);
  const auto records = run(*session_, "attack_success");
  EXPECT_NEAR(numbers["confusion"]["predicted_as_target"].get<double>(),
              find(records, "attack_success").value, 1e-9);
  EXPECT_NEAR(numbers["confusion"]["predicted_as_true_class"].get<double>(),
              find(records, "true_label_under_trigger").value, 1e-9);
  EXPECT_TRUE(numbers.contains("poison_rank"));
}

TEST_F(StudyTest, EveryFigureHasItsNumbersBesideIt) {
  auto all = study();
  all.add(checkpoint(1));
  all.add(checkpoint(2));
  const auto answer = all.write(folder_ / "out");
  for (const auto& [name, doc] : kinds()) {
    for (const char* ending : {".svg", ".csv"})
      EXPECT_TRUE(std::filesystem::exists(folder_ / ("out/" + name + ending))) << name << ending;
    EXPECT_THAT(core::read_file(folder_ / ("out/" + name + ".csv")), HasSubstr("epoch 2"));
  }
  for (const auto& file : answer["files"])
    EXPECT_TRUE(std::filesystem::exists(folder_ / ("out/" + file.get<std::string>()))) << file;
  EXPECT_THAT(core::read_file(folder_ / "out/numbers.csv"),
              HasSubstr("epoch 2,pretrain-1,2,geometry,modality_gap,"));
}

TEST_F(StudyTest, SamplesAreAtMostWhatIsAskedFor) {
  Options options;
  options.samples = 3;
  options.only = {"pca"};
  auto all = study(options);
  all.add(checkpoint());
  all.write(folder_ / "out");
  const auto csv = core::read_file(folder_ / "out/pca.csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 3 + 3 + 3 + 3);  // three prompts, too
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/tsne.csv"));
}

TEST_F(StudyTest, WhatIsMissingIsAnErrorOnlyWhereItWasAskedFor) {
  plan_ = nullptr;
  auto all = study();
  all.add(checkpoint());
  EXPECT_FALSE(all.write(folder_ / "out")["checkpoints"][0].contains("poison_rank"));
  Options options;
  options.only = {"poison_rank"};
  auto one = study(options);
  EXPECT_THAT(testing::message([&] { one.add(checkpoint()); }),
              HasSubstr("poison_rank of epoch 3: the checkpoint has no record of poisoned pairs"));
}

TEST_F(StudyTest, PoisonOfOtherDataHasNoRank) {
  plan_->data_id = "other";
  Options options;
  options.only = {"poison_rank"};
  auto one = study(options);
  EXPECT_THAT(testing::message([&] { one.add(checkpoint()); }),
              HasSubstr("drawn from data of id other, and data.train is train"));
  auto all = study();
  all.add(checkpoint());
  const auto numbers = all.write(folder_ / "out")["checkpoints"][0];
  EXPECT_FALSE(numbers.contains("poison_rank"));
  EXPECT_FALSE(numbers["similarity"].contains("mean_poisoned_pairs"));
  EXPECT_TRUE(numbers["similarity"].contains("mean_matching_pairs"));
}

}  // namespace
}  // namespace theriac::analyse
