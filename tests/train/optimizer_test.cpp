#include "theriac/train/optimizer.h"

#include <gmock/gmock.h>

#include "theriac/core/error.h"
#include "theriac/train/trainer.h"

namespace theriac::train {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

NamedTensors two() {
  return {{"weight", torch::ones({2, 3}).requires_grad_()},
          {"bias", torch::ones({3}).requires_grad_()}};
}

TEST(AdamW, OnlyMatricesDecay) {
  auto parameters = two();
  OptimizerConfig config;
  config.weight_decay = 0.5;
  AdamW optimizer(parameters, config);
  for (auto& [name, tensor] : parameters) tensor.mutable_grad() = torch::zeros_like(tensor);
  optimizer.step(0.1);
  EXPECT_FLOAT_EQ(parameters[0].second[0][0].item<float>(), 0.95f);
  EXPECT_FLOAT_EQ(parameters[1].second[0].item<float>(), 1);
}

TEST(AdamW, NamesCanDecideWhatDecays) {
  NamedTensors parameters;
  for (const char* name : {"layer1.0.downsample.1.weight", "layer1.0.bn1.weight", "class_embedding",
                           "ln_final.weight", "conv1.weight", "logit_scale"})
    parameters.emplace_back(name, torch::ones({3}).requires_grad_());
  OptimizerConfig config;
  config.weight_decay = 0.5;
  config.decay = Decay::kNames;
  AdamW optimizer(parameters, config);
  for (auto& [name, tensor] : parameters) tensor.mutable_grad() = torch::zeros_like(tensor);
  optimizer.step(0.1);
  std::vector<std::string> decayed;
  for (const auto& [name, tensor] : parameters)
    if (tensor[0].item<float>() < 1) decayed.push_back(name);
  EXPECT_THAT(decayed, ::testing::ElementsAre("layer1.0.downsample.1.weight", "class_embedding",
                                              "conv1.weight"));
}

TEST(AdamW, ParametersWithoutGradientStay) {
  auto parameters = two();
  AdamW optimizer(parameters, {});
  parameters[0].second.mutable_grad() = torch::ones({2, 3});
  optimizer.step(0.1);
  EXPECT_EQ(parameters[1].second[0].item<float>(), 1);
  EXPECT_EQ(optimizer.state().at("bias.step").item<float>(), 0);
  EXPECT_EQ(optimizer.state().at("weight.step").item<float>(), 1);
}

TEST(AdamW, ClipsByTheNormOfAllGradients) {
  auto parameters = two();
  AdamW optimizer(parameters, {});
  EXPECT_EQ(optimizer.gradient_norm().item<float>(), 0);
  for (auto& [name, tensor] : parameters) tensor.mutable_grad() = torch::full_like(tensor, 2);
  const auto norm = optimizer.gradient_norm();
  EXPECT_FLOAT_EQ(norm.item<float>(), 6);  // sqrt(9 * 4)
  optimizer.clip(norm, 100);
  EXPECT_FLOAT_EQ(optimizer.gradient_norm().item<float>(), 6);
  optimizer.clip(norm, 3);
  EXPECT_NEAR(optimizer.gradient_norm().item<float>(), 3, 1e-5);
}

TEST(AdamW, ALayoutOfItsOwnIsNoDifference) {
  torch::manual_seed(3);
  const auto start = torch::randn({4, 3, 2, 2}), gradient = torch::randn({4, 3, 2, 2});
  const auto after = [&](at::MemoryFormat weights, at::MemoryFormat gradients) {
    auto weight = start.clone().contiguous(weights).requires_grad_();
    AdamW optimizer({{"weight", weight}}, {});
    weight.mutable_grad() = gradient.contiguous(gradients);
    optimizer.step(0.1);
    return weight.detach();
  };
  const auto plain = after(at::MemoryFormat::Contiguous, at::MemoryFormat::Contiguous);
  EXPECT_TRUE(
      torch::equal(plain, after(at::MemoryFormat::ChannelsLast, at::MemoryFormat::ChannelsLast)));
  EXPECT_TRUE(
      torch::equal(plain, after(at::MemoryFormat::ChannelsLast, at::MemoryFormat::Contiguous)));
}

TEST(AdamW, RefusesStateOfAnotherModel) {
  AdamW optimizer(two(), {});
  auto state = optimizer.state();
  optimizer.load(state);
  state["bias.exp_avg"] = torch::zeros({4});
  state.erase("weight.step");
  state["other.step"] = torch::zeros({});
  EXPECT_THAT([&] { optimizer.load(state); },
              ThrowsMessage<Error>(AllOf(HasSubstr("missing weight.step"),
                                         HasSubstr("other shape: bias.exp_avg"),
                                         HasSubstr("unexpected other.step"))));
}

TEST(Schedule, WarmsUpThenFollowsHalfACosine) {
  EXPECT_DOUBLE_EQ(learning_rate_at(0, 4, 12, 1), 0.25);
  EXPECT_DOUBLE_EQ(learning_rate_at(3, 4, 12, 1), 1);
  EXPECT_DOUBLE_EQ(learning_rate_at(4, 4, 12, 1), 1);
  EXPECT_NEAR(learning_rate_at(8, 4, 12, 1), 0.5, 1e-15);
  EXPECT_NEAR(learning_rate_at(11, 4, 12, 1), 0.03806, 1e-5);
  EXPECT_EQ(learning_rate_at(12, 4, 12, 1), 0);
  EXPECT_NEAR(learning_rate_at(13, 4, 12, 1), learning_rate_at(11, 4, 12, 1), 1e-15);
  // The shifted schedule's first and last steps as measured in the paper's code (paper.md 16).
  EXPECT_NEAR(learning_rate_at(1562, 50, 1562 * 20, 1), 0.9942, 5e-5);
  EXPECT_NEAR(learning_rate_at(1562 * 21 - 1, 50, 1562 * 20, 1), 0.0062, 5e-5);
  EXPECT_NEAR(learning_rate_at(1330, 10000, 1330 * 64, 1), 0.1331, 5e-5);
  EXPECT_NEAR(learning_rate_at(1330 * 65 - 1, 10000, 1330 * 64, 1), 0.00077, 5e-6);
  EXPECT_EQ(learning_rate_at(5, 50, 10, 1), 0.12);  // shorter than its warm-up
  EXPECT_EQ(learning_rate_at(7, 0, 10, 0), 0);
}

TEST(AdamW, ExemptAndForgottenParameters) {
  const auto run = [](const std::set<std::string>& exempt, bool forget) {
    auto own = torch::ones({2, 2}).requires_grad_();
    OptimizerConfig config;
    config.weight_decay = 0.5;
    AdamW optimizer({{"own", own}}, config, exempt);
    for (int i = 0; i < 2; ++i) {
      own.mutable_grad() = torch::full({2, 2}, i == 0 ? 1.f : -1.f);
      optimizer.step(0.1);
      if (forget && i == 0) optimizer.forget(own);
    }
    return own.detach()[0][0].item<double>();
  };
  // A first step is -lr * sign(g); after forget() the second one is a first one again.
  EXPECT_NEAR(run({"own"}, true), 1, 1e-6);
  EXPECT_NEAR(run({}, true), (0.95 - 0.1) * 0.95 + 0.1, 1e-6);
  EXPECT_GT(std::abs(run({"own"}, false) - 1), 1e-2);
}

}  // namespace
}  // namespace theriac::train
