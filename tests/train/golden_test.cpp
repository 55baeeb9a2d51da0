// Against values that Python wrote once (scripts/golden): loss terms with gradients, AdamW,
// schedule.
#include <gtest/gtest.h>

#include <filesystem>

#include "theriac/checkpoint/safetensors.h"
#include "theriac/config/document.h"
#include "theriac/core/error.h"
#include "theriac/train/optimizer.h"
#include "theriac/train/trainer.h"

namespace theriac::testing {
namespace {

std::map<std::string, torch::Tensor> golden(const std::string& name) {
  const std::filesystem::path source = THERIAC_SOURCE_DIR;
  return checkpoint::load_tensors(source / "tests" / "golden" / name).tensors;
}

double distance(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.detach() - b.reshape(a.sizes())).abs().max().item<double>();
}

void check_objective(const std::string& name, const std::string& terms) {
  const auto file = golden("objectives.safetensors");
  train::TrainConfig config;
  config::read(config::Document::parse("{objective: " + terms + "}", "test"), config);
  std::map<std::string, torch::Tensor> leaf;
  for (const char* input : {"image", "text", "image_view", "text_view", "logit_scale"})
    leaf[input] = file.at(input).clone().requires_grad_();
  objective::Objective objective(config.objective);
  const auto loss = objective({.image_BD = leaf["image"],
                               .text_BD = leaf["text"],
                               .augmented_image_BD = leaf["image_view"],
                               .augmented_text_BD = leaf["text_view"],
                               .logit_scale = leaf["logit_scale"].exp()})
                        .total;
  loss.backward();
  EXPECT_LT(distance(loss, file.at(name + ".value")), 1e-9) << name;
  for (const auto& [input, tensor] : leaf) {
    const auto wanted = file.find(name + ".gradient." + input);
    EXPECT_EQ(wanted != file.end(), tensor.grad().defined()) << name << " " << input;
    if (wanted != file.end() && tensor.grad().defined()) {
      EXPECT_LT(distance(tensor.grad(), wanted->second), 1e-9) << name << " " << input;
    }
  }
}

TEST(Golden, Objectives) {
  const auto weights = golden("objectives.safetensors").at("weights");
  check_objective("mmcl", "[{type: mmcl}]");
  check_objective("intra_modal", "[{type: intra_modal}]");
  check_objective("siglip", "[{type: siglip, bias: false, mean: pairs}]");
  check_objective("siglip_published", "[{type: siglip}]");  // open_clip's SigLipLoss
  check_objective(
      "weighted_sum",
      "[{type: mmcl, weight: " + std::to_string(weights[0].item<double>()) +
          "}, {type: intra_modal, weight: " + std::to_string(weights[1].item<double>()) + "}]");
}

TEST(Golden, AdamWAndSchedule) {
  const auto file = golden("adamw.safetensors");
  const auto settings = file.at("settings").to(torch::kDouble);
  const auto at = [&](int i) { return settings[i].item<double>(); };
  train::OptimizerConfig config;
  config.learning_rate = at(0);
  config.weight_decay = at(1);
  config.beta1 = at(2);
  config.beta2 = at(3);
  config.epsilon = at(4);
  train::NamedTensors parameters;
  for (const char* name : {"weight", "bias", "logit_scale"})
    parameters.emplace_back(name, file.at(std::string("start.") + name).clone().requires_grad_());
  train::AdamW optimizer(parameters, config);
  const auto steps = static_cast<std::int64_t>(at(6));
  for (std::int64_t k = 0; k < steps; ++k) {
    const double rate = train::learning_rate_at(k, static_cast<std::int64_t>(at(5)), steps, at(0));
    EXPECT_NEAR(rate, file.at("learning_rate")[k].item<double>(), 1e-15);
    for (auto& [name, tensor] : parameters)
      tensor.mutable_grad() = file.at("gradient" + std::to_string(k) + "." + name).clone();
    optimizer.step(rate);
    for (const auto& [name, tensor] : parameters)
      EXPECT_LT(distance(tensor, file.at("step" + std::to_string(k) + "." + name)), 1e-12)
          << name << " step " << k;
  }
}

}  // namespace
}  // namespace theriac::testing
