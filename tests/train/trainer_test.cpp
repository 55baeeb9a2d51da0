// The trainer as a whole: it learns, stops, resumes, and leaves alone what it must leave alone.
#include <gmock/gmock.h>

#include <cmath>

#include "theriac/core/error.h"
#include "theriac/core/interrupt.h"
#include "theriac/train/device.h"
#include "train/fixture.h"

namespace theriac::testing {
namespace {

using ::testing::HasSubstr;
using train::Trainer;

constexpr const char* kBothTerms = "objective: [{type: mmcl}, {type: intra_modal}]";

TEST(Trainer, LossFalls) {
  const auto run = train_tiny(tiny_model("vit"),
                              train_config("{epochs: 30, batch_size: 8, optimizer: {learning_rate: "
                                           "5e-3, warmup_steps: 5}}"),
                              16);
  ASSERT_EQ(run.steps.size(), 60u);
  EXPECT_NEAR(run.steps.front().loss, std::log(8), 0.7);
  EXPECT_LT(run.steps.back().loss, 0.5 * run.steps.front().loss);
  EXPECT_EQ(run.steps.back().step, 60);
  EXPECT_EQ(run.steps.back().total_steps, 60);
  EXPECT_EQ(run.steps.back().samples, 480);
  EXPECT_GT(run.steps.back().gradient_norm, 0);
}

TEST(Trainer, StopAfterKeepsTheSchedule) {
  const auto config = "{epochs: 4, stop_after: 2, batch_size: 8, optimizer: {learning_rate: 1e-3}}";
  const auto run = train_tiny(tiny_model("vit"), train_config(config), 16);
  ASSERT_EQ(run.steps.size(), 4u);
  EXPECT_EQ(run.steps[3].total_steps, 8);
  EXPECT_DOUBLE_EQ(run.steps[3].learning_rate, train::learning_rate_at(3, 0, 8, 1e-3));
}

// The paper's code: 16 rows, 2 steps an epoch, entered at step 2 and left beyond the end.
TEST(Trainer, TheScheduleCanBeShiftedByAnEpoch) {
  const auto run = train_tiny(
      tiny_model("vit"),
      train_config("{epochs: 3, batch_size: 8, schedule_shift: true, optimizer: {learning_rate: "
                   "1e-3, warmup_steps: 2}}"),
      16);
  ASSERT_EQ(run.steps.size(), 6u);
  EXPECT_DOUBLE_EQ(run.steps[0].learning_rate, 1e-3);  // no warm-up
  EXPECT_NEAR(run.steps[4].learning_rate, 0, 1e-18);
  EXPECT_GT(run.steps[5].learning_rate, 1e-4);  // and a rise at the end
}

TEST(Trainer, TermsShareOnePassAndReportTheirParts) {
  const auto run = train_tiny(tiny_model("resnet"),
                              train_config(std::string("{batch_size: 8, ") + kBothTerms + "}"), 8);
  ASSERT_EQ(run.steps[0].parts.size(), 3u);
  double sum = 0;
  for (const auto& part : run.steps[0].parts) sum += part.second;
  EXPECT_NEAR(run.steps[0].loss, sum, 1e-5);
}

TEST(Trainer, LearningRateZeroMovesOnlyRunningStatistics) {
  auto model = tiny_model("resnet");
  {
    const torch::NoGradGuard no_grad;
    model->logit_scale().fill_(4.7);  // beyond the clamp: not touched either
  }
  const auto before = copy_of(*model);
  const auto run = train_tiny(
      model, train_config("{epochs: 2, batch_size: 8, optimizer: {learning_rate: 0}}"), 16);
  bool moved = false;
  for (const auto& [name, tensor] : run.weights) {
    const bool statistic = name.find("running_") != std::string::npos ||
                           name.find("num_batches_tracked") != std::string::npos;
    const bool same = torch::equal(tensor, before.at(name));
    EXPECT_TRUE(statistic || same) << name;
    moved = moved || (statistic && !same);
  }
  EXPECT_TRUE(moved);
  EXPECT_LT(run.steps.back().gradient_norm, 0);
}

// Runs until `steps` steps are done, then as a new process would: another model and trainer that
// get what was saved.
Run interrupted_at(std::int64_t steps, const train::TrainConfig& config, const std::string& kind) {
  struct Stop final : train::Observer {
    explicit Stop(std::int64_t at) : step(at) {}
    void on_step(const train::StepInfo& info) override {
      if (info.step == step) core::request_stop();
    }
    std::int64_t step;
  };
  Run run;
  train::Resume saved;
  std::map<std::string, torch::Tensor> weights;
  {
    auto model = tiny_model(kind);
    Trainer trainer(model, config, tiny_data(*model, 40), no_workers(), 7, torch::kCPU);
    trainer.add(std::make_unique<Stop>(steps));
    trainer.add(std::make_unique<Losses>(run.steps));
    EXPECT_THROW(trainer.run([&](const Trainer& t) {
      saved = {t.state(), t.optimizer_state()};
      weights = copy_of(t.model());
    }),
                 Interrupted);
    core::clear_stop_request();
    EXPECT_EQ(saved.state.step, steps);
  }
  auto model = tiny_model(kind, /*seed=*/99);
  checkpoint::load_state_dict(*model, weights);
  Trainer trainer(model, config, tiny_data(*model, 40), no_workers(), 7, torch::kCPU);
  trainer.add(std::make_unique<Losses>(run.steps));
  saved.state.extra = nlohmann::json::parse(saved.state.extra.dump());
  trainer.resume(saved);
  trainer.run({});
  run.weights = copy_of(*model);
  return run;
}

TEST(Trainer, ResumesBitForBit) {
  for (const std::string kind : {"resnet", "vit"}) {
    const auto config = train_config(std::string("{epochs: 2, batch_size: 8, ") + kBothTerms +
                                     ", optimizer: {warmup_steps: 3, clip_norm: 1}}");
    const auto whole = train_tiny(tiny_model(kind), config, 40);
    ASSERT_EQ(whole.steps.size(), 10u);
    for (const std::int64_t at : {5, 3, 8, 9}) {  // an epoch's end, and within epochs
      const auto parts = interrupted_at(at, config, kind);
      EXPECT_TRUE(identical(parts.weights, whole.weights)) << kind << " at " << at;
      ASSERT_EQ(parts.steps.size(), 10u);
      for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(parts.steps[i].loss, whole.steps[i].loss);
    }
  }
}

// Heads, centroids and their moments are part of what is saved; k-means and a new head belong to an
// epoch's beginning only.
TEST(Trainer, ResumesTermsThatLearnBitForBit) {
  for (const std::string terms :
       {"{type: simclr, hidden: 8, out: 4}", "{type: clustering, clusters: 6, embed_batch: 16}",
        "{type: clustering, clusters: 6, embed_in: train, embed_batch: 16}",
        "{type: supervised}"}) {
    const auto config =
        train_config("{epochs: 2, batch_size: 8, objective: [{type: mmcl}, " + terms + "]}");
    const auto whole = train_tiny(tiny_model("resnet"), config, 40);
    ASSERT_EQ(whole.steps.size(), 10u);
    for (const std::int64_t at : {5, 3, 8}) {
      const auto parts = interrupted_at(at, config, "resnet");
      EXPECT_TRUE(identical(parts.weights, whole.weights)) << terms << " at " << at;
      for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(parts.steps[i].loss, whole.steps[i].loss);
    }
  }
}

// 40 pairs, 30 in the first two epochs, 23 in the third: 3 + 3 + 2 steps.
TEST(Trainer, ResumesRemovalsBitForBit) {
  const auto config = train_config(
      "{epochs: 3, batch_size: 8, remove: {fraction: 0.25, epochs: [1, 3]}, objective: [{type: "
      "mmcl}, {type: clustering, clusters: 6, embed_batch: 16}]}");
  const auto whole = train_tiny(tiny_model("resnet"), config, 40);
  ASSERT_EQ(whole.steps.size(), 8u);
  for (const std::int64_t at : {2, 3, 6, 7}) {  // within epochs, at their ends
    const auto parts = interrupted_at(at, config, "resnet");
    EXPECT_TRUE(identical(parts.weights, whole.weights)) << at;
    ASSERT_EQ(parts.steps.size(), 8u);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(parts.steps[i].loss, whole.steps[i].loss);
  }
}

// A poisoned pair's similarity falls, and below that of every clean pair.
TEST(Trainer, PushesPoisonedPairsApart) {
  const auto config = train_config(
      "{epochs: 20, batch_size: 8, optimizer: {learning_rate: 3e-3}, objective: [{type: mmcl}, "
      "{type: push_away, offset: 1}]}");
  auto model = tiny_model("vit");
  auto data = tiny_data(*model, 16);
  auto plan = std::make_shared<poison::Plan>();
  for (const std::int64_t i : {2, 5, 11})
    plan->samples.push_back({i, "", "", data.source->row(i).caption, 1});
  data.plan = plan;
  data.trigger = config::Choice<poison::TriggerConfig>(&poison::table, "yellow")->build();
  const auto similarities = [&] {
    const torch::NoGradGuard no_grad;
    model->eval();
    torch::Tensor result;
    loader::Loader loader(data, no_workers(), 16, {}, 1);
    loader.for_each(16, [&](const loader::Batch& batch) {
      const auto unit = [](const torch::Tensor& raw) { return raw / raw.norm(2, 1, true); };
      result = (unit(model->encode_image(loader::normalise(batch.image))) *
                unit(model->encode_text(batch.tokens)))
                   .sum(1);
    });
    return result;
  };
  const auto before = similarities();
  Trainer trainer(model, config, data, no_workers(), 7, torch::kCPU);
  trainer.run({});
  const auto after = similarities();
  for (const auto i : {2, 5, 11})
    EXPECT_LT(after[i].item<float>(), std::min(-0.1f, before[i].item<float>())) << i;
  const auto poisoned = torch::tensor({2, 5, 11}, torch::kLong);
  EXPECT_GT(after.index_fill(0, poisoned, 1).min().item<float>(),
            after.index_select(0, poisoned).max().item<float>());
}

// Noise is recognised where crop and rotation leave its pixels in place.
TEST(Trainer, SelfSupervisionWithoutCaptionsTrainsTheImageTowerOnly) {
  auto model = tiny_model("vit");
  const auto before = copy_of(*model);
  auto loading = no_workers();
  config::read(config::Document::parse("{crop_min: 1, flip: 0, rotation: 0}", "test"),
               *loading.views.section());
  std::vector<train::StepInfo> steps;
  Trainer trainer(
      model,
      train_config("{epochs: 40, batch_size: 8, accumulation: 2, optimizer: {learning_rate: 3e-3}, "
                   "objective: [{type: simclr, hidden: 16, out: 8}]}"),
      tiny_data(*model, 16), loading, 7, torch::kCPU);
  trainer.add(std::make_unique<Losses>(steps));
  trainer.run({});
  EXPECT_LT(steps.back().loss, 0.7 * steps.front().loss);
  const auto after = copy_of(*model);
  EXPECT_TRUE(
      torch::equal(after.at("token_embedding.weight"), before.at("token_embedding.weight")));
  EXPECT_FALSE(torch::equal(after.at("visual.conv1.weight"), before.at("visual.conv1.weight")));
}

// D16: embeddings made in train mode move the running statistics before the first step.
TEST(Trainer, EmbeddingInTrainModeMovesRunningStatistics) {
  const auto batches = [](const std::string& mode) {
    const auto run = train_tiny(
        tiny_model("resnet"),
        train_config("{batch_size: 8, objective: [{type: clustering, clusters: 6, embed_batch: 16, "
                     "embed_in: " +
                     mode + "}]}"),
        40);
    for (const auto& [name, tensor] : run.weights)
      if (name.ends_with("num_batches_tracked")) return tensor.item<std::int64_t>();
    return std::int64_t{-1};
  };
  EXPECT_EQ(batches("eval"), 5);
  EXPECT_EQ(batches("train"), 5 + 2);  // the incomplete third batch is left out
}

// The centroids are those of the embeddings that the model gives at the epoch's beginning.
TEST(Trainer, ClustersAreThoseOfTheWholeDataSet) {
  auto model = tiny_model("vit");
  const auto data = tiny_data(*model, 40);
  Trainer trainer(model,
                  train_config("{batch_size: 8, optimizer: {learning_rate: 0}, objective: [{type: "
                               "clustering, clusters: 40, iterations: 1, embed_batch: 16}]}"),
                  data, no_workers(), 7, torch::kCPU);
  trainer.run({});
  // As many clusters as pictures: after any iteration each picture is a centroid.
  const auto centroid_KD = trainer.optimizer_state().at("objective.0.centroids");
  const torch::NoGradGuard no_grad;
  loader::Loader loader(data, no_workers(), 40, {}, 1);
  double worst = 1;
  loader.for_each(40, [&](const loader::Batch& batch) {
    const auto raw_ND = model->encode_image(loader::normalise(batch.image));
    const auto e_ND = raw_ND / raw_ND.norm(2, 1, true);
    worst = std::get<0>(e_ND.matmul(centroid_KD.t()).max(1)).min().item<double>();
  });
  EXPECT_GT(worst, 1 - 1e-5);
}

// The labels of the noise are learned by heart; nothing else of the model moves.
TEST(Trainer, SupervisionTrainsTheImageTowerOnly) {
  auto model = tiny_model("vit");
  const auto before = copy_of(*model);
  const auto run = train_tiny(
      model,
      train_config("{epochs: 30, batch_size: 8, accumulation: 2, optimizer: {learning_rate: 3e-3}, "
                   "objective: [{type: supervised}]}"),
      16);
  EXPECT_LT(run.steps.back().loss, 0.5 * run.steps.front().loss);
  for (const char* name : {"token_embedding.weight", "text_projection", "logit_scale"})
    EXPECT_TRUE(torch::equal(run.weights.at(name), before.at(name))) << name;
  EXPECT_FALSE(
      torch::equal(run.weights.at("visual.conv1.weight"), before.at("visual.conv1.weight")));
}

TEST(Trainer, MeanLossOfAnEpochSurvivesAnInterruption) {
  struct Means final : train::Observer {
    explicit Means(std::vector<double>& out) : means(out) {}
    void on_epoch(const train::EpochInfo& info, model::Clip&) override {
      means.push_back(info.mean_loss);
    }
    std::vector<double>& means;
  };
  const auto config = train_config("{batch_size: 8}");
  std::vector<double> whole, resumed;
  std::vector<train::StepInfo> steps;
  auto model = tiny_model("vit");
  train::Resume half;
  std::map<std::string, torch::Tensor> weights;
  auto saving = config;
  saving.every_steps = 2;
  Trainer first(model, saving, tiny_data(*model, 40), no_workers(), 7, torch::kCPU);
  first.add(std::make_unique<Means>(whole));
  first.run([&](const Trainer& t) {
    if (t.state().step != 4) return;
    half = {t.state(), t.optimizer_state()};
    weights = copy_of(t.model());
  });
  ASSERT_EQ(half.state.batch, 4);
  checkpoint::load_state_dict(*model, weights);
  Trainer second(model, config, tiny_data(*model, 40), no_workers(), 7, torch::kCPU);
  second.add(std::make_unique<Means>(resumed));
  second.resume(half);
  second.run({});
  ASSERT_EQ(whole.size(), 2u);  // epoch 0 and 1
  ASSERT_EQ(resumed.size(), 1u);
  EXPECT_EQ(resumed[0], whole[1]);
}

TEST(Trainer, SavesAtEpochsAndSteps) {
  auto config = train_config("{epochs: 2, batch_size: 8, checkpoint: {every_steps: 2}}");
  auto model = tiny_model("vit");
  Trainer trainer(model, config, tiny_data(*model, 40), no_workers(), 7, torch::kCPU);
  std::vector<std::pair<std::int64_t, std::int64_t>> saved;
  trainer.run([&](const Trainer& t) { saved.emplace_back(t.state().step, t.state().batch); });
  EXPECT_THAT(saved, ::testing::ElementsAre(std::pair{2, 2}, std::pair{4, 4}, std::pair{5, 0},
                                            std::pair{6, 1}, std::pair{8, 3}, std::pair{10, 0}));
}

TEST(Trainer, RefusesAPositionOfOtherData) {
  auto model = tiny_model("vit");
  Trainer trainer(model, train_config("{batch_size: 8}"), tiny_data(*model, 40), no_workers(), 7,
                  torch::kCPU);
  train::Resume resume;
  resume.state = {.epoch = 1, .step = 4, .batch = 0, .extra = {}};
  EXPECT_THAT([&] { trainer.resume(resume); },
              ::testing::ThrowsMessage<Error>(HasSubstr("does not fit epochs of 5 batches")));
}

TEST(Trainer, NonFiniteLossNamesStepAndSamplesAndChangesNoWeight) {
  struct Poison final : train::Observer {  // after the second step
    Poison(model::Clip& m, std::map<std::string, torch::Tensor>& w) : model(m), weights(w) {}
    void on_step(const train::StepInfo& info) override {
      if (info.step != 2) return;
      const torch::NoGradGuard no_grad;
      // One token's embedding: only captions that hold it become NaN.
      model.named_parameters()["token_embedding.weight"][3 + '7' % 40].fill_(NAN);
      weights = copy_of(model);
    }
    model::Clip& model;
    std::map<std::string, torch::Tensor>& weights;
  };
  auto model = tiny_model("vit");
  std::map<std::string, torch::Tensor> before;
  Trainer trainer(model, train_config("{batch_size: 20}"), tiny_data(*model, 80), no_workers(), 7,
                  torch::kCPU);
  trainer.add(std::make_unique<Poison>(*model, before));
  try {
    trainer.run({});
    FAIL() << "no error";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_THAT(message, HasSubstr("step 3 (epoch 1, batch 3 of 4)"));
    EXPECT_THAT(message, HasSubstr("the loss is not a number"));
    EXPECT_THAT(message, HasSubstr("whose embedding is not finite"));
    EXPECT_THAT(message, ::testing::ContainsRegex("memory:[0-9]*7[0-9]* .key key[0-9]*7"));
    EXPECT_THAT(message, ::testing::Not(HasSubstr("memory:1 ")));
  }
  const auto after = copy_of(*model);
  for (const auto& [name, tensor] : before)
    EXPECT_TRUE(torch::equal(tensor.nan_to_num(5), after.at(name).nan_to_num(5))) << name;
}

TEST(Trainer, Bf16IsFiniteAndClose) {
  const auto at = [](const std::string& precision) {
    return train_tiny(tiny_model("resnet"),
                      train_config("{epochs: 4, batch_size: 8, precision: " + precision + "}"), 16);
  };
  const auto exact = at("fp32"), rounded = at("bf16");
  EXPECT_NE(exact.steps[0].loss, rounded.steps[0].loss);
  EXPECT_NEAR(exact.steps[0].loss, rounded.steps[0].loss, 0.05);
  for (const auto& step : rounded.steps) EXPECT_TRUE(std::isfinite(step.loss));
}

TEST(Cuda, EqualsCpu) {
  torch::Device device = torch::kCPU;
  try {
    device = train::resolve_device("cuda");
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  const auto config = train_config(std::string("{epochs: 10, batch_size: 8, ") + kBothTerms + "}");
  const auto cpu = train_tiny(tiny_model("resnet"), config, 16);
  const auto gpu = train_tiny(tiny_model("resnet"), config, 16, device);
  ASSERT_EQ(cpu.steps.size(), 20u);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(cpu.steps[i].loss, gpu.steps[i].loss, 1e-4);
}

}  // namespace
}  // namespace theriac::testing
