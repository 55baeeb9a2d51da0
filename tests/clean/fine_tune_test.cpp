// CleanCLIP is a configuration of fine_tune, and fine_tune is the trainer.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "theriac/clean/cleaner.h"
#include "theriac/core/error.h"
#include "train/fixture.h"

namespace theriac::testing {
namespace {

constexpr const char* kCleanClip =
    "{epochs: 2, batch_size: 8, objective: [{type: mmcl}, {type: intra_modal}]}";

TEST(FineTune, TrainsAsItsConfigurationSays) {
  config::Choice<clean::CleanerConfig> choice(&clean::table, "fine_tune");
  config::read(config::Document::parse(kCleanClip, "test"), *choice.section());
  ASSERT_NE(choice->training(), nullptr);
  EXPECT_EQ(choice->training()->epochs, 2);

  clean::Context context;
  std::vector<train::StepInfo> steps;
  int saved = 0;
  context.model = tiny_model("resnet");
  context.data = tiny_data(*context.model, 16);
  context.loader = no_workers();
  context.seed = 7;
  context.observers.push_back(std::make_unique<Losses>(steps));
  context.save = [&](const train::Trainer&) { ++saved; };
  choice->build()->run(context);
  EXPECT_EQ(steps.size(), 4u);
  EXPECT_EQ(saved, 2);

  const auto direct = train_tiny(tiny_model("resnet"), train_config(kCleanClip), 16);
  EXPECT_TRUE(identical(copy_of(*context.model), direct.weights));
}

// A trainer's moments after some steps, and a context to clean the same model in.
struct Poisoned {
  std::shared_ptr<model::Clip> model = tiny_model("resnet");
  std::map<std::string, torch::Tensor> moments;
  Poisoned() {
    train::Trainer trainer(model,
                           train_config("{epochs: 2, batch_size: 8, objective: [{type: siglip}]}"),
                           tiny_data(*model, 16), no_workers(), 3, torch::kCPU);
    trainer.run([&](const train::Trainer& now) { moments = now.optimizer_state(); });
  }
};

std::map<std::string, torch::Tensor> cleaned(const std::string& settings, bool with_moments = true,
                                             nlohmann::json options = nullptr) {
  Poisoned poisoned;
  config::Choice<clean::CleanerConfig> choice(&clean::table, "fine_tune");
  config::read(config::Document::parse(settings, "test"), *choice.section());
  clean::Context context;
  context.model = poisoned.model;
  context.data = tiny_data(*context.model, 16);
  context.loader = no_workers();
  if (choice->needs_before() && with_moments) context.before = {poisoned.moments, options};
  choice->build()->run(context);
  return copy_of(*context.model);
}

TEST(FineTune, MomentsAreFreshOrThoseOfTheTrainingBefore) {
  const std::string base = "{epochs: 1, batch_size: 8, optimizer: {weight_decay: 5}";
  const auto fresh = cleaned(base + "}"), keep = cleaned(base + ", optimizer_state: keep}");
  EXPECT_FALSE(identical(fresh, keep));
  // Decay 5 asked for, 0 taken over: the same as asking for 0.
  const nlohmann::json options = {{"weight_decay", 0.0}};
  const auto taken = cleaned(base + ", optimizer_state: keep_options}", true, options);
  EXPECT_FALSE(identical(keep, taken));
  EXPECT_TRUE(identical(
      taken,
      cleaned("{epochs: 1, batch_size: 8, optimizer: {weight_decay: 0}, optimizer_state: keep}")));
}

TEST(FineTune, SaysWhenThereAreNoMoments) {
  try {
    cleaned("{epochs: 1, batch_size: 8, optimizer_state: keep}", false);
    FAIL() << "no moments, no error";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("holds no optimizer moments"), std::string::npos);
  }
}

TEST(FineTune, HeavyWeightDecayIsReallyApplied) {
  const auto norm = [](const std::map<std::string, torch::Tensor>& state) {
    return state.at("text_projection").norm().item<double>();
  };
  const auto at = [&](const char* decay) {
    return norm(cleaned(
        std::string("{epochs: 4, batch_size: 8, optimizer: {learning_rate: 1e-3, weight_decay: ") +
        decay + "}}"));
  };
  // Eight steps of a cosine from 1e-3 to 0: about 4.5e-3 in all, times 100.
  EXPECT_NEAR(at("100") / at("0"), std::exp(-0.45), 0.05);
}

TEST(ShrinkAndPerturb, MixesParametersAndLeavesStatistics) {
  config::Choice<clean::CleanerConfig> choice(&clean::table, "shrink_and_perturb");
  config::read(config::Document::parse("{shrink: 0.5, perturb: 0.25}", "test"), *choice.section());
  clean::Context context;
  context.model = tiny_model("resnet", 1);
  torch::manual_seed(1);
  for (auto& buffer : context.model->buffers())
    if (buffer.is_floating_point()) buffer.uniform_(0.5, 2);
  model::ModelConfig config;
  config::read(
      config::Document::parse(
          "{preset: tiny_vit, embedding: 16, image_size: 32, image: {type: resnet, layers: [1, 1, "
          "1, 1], width: 4, heads: 4}, text: {width: 16, heads: 2, layers: 1, context: 32}}",
          "test"),
      config);
  context.card.model = checkpoint::describe_model(config, 43, 2);
  context.seed = 9;
  const auto before = copy_of(*context.model), fresh = copy_of(*tiny_model("resnet", 9));
  EXPECT_EQ(choice->training(), nullptr);
  choice->build()->run(context);
  const auto after = copy_of(*context.model);
  std::set<std::string> parameters;
  for (const auto& item : context.model->named_parameters()) parameters.insert(item.key());
  for (const auto& [name, tensor] : after) {
    const auto expected =
        parameters.contains(name) ? 0.5 * before.at(name) + 0.25 * fresh.at(name) : before.at(name);
    EXPECT_TRUE(torch::allclose(tensor, expected, 1e-6, 1e-7)) << name;
  }
}

}  // namespace
}  // namespace theriac::testing
