// Against values that Python wrote once (scripts/golden): loss terms with gradients, AdamW,
// schedule.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "theriac/checkpoint/checkpoint.h"
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

// scripts/golden/make_steps.py: open_clip's classes with torch.optim.AdamW, float64, to 1e-9.
void check_steps(const std::string& kind, const std::string& image, std::int64_t image_size,
                 std::int64_t text_layers) {
  checkpoint::Card card;
  const nlohmann::json text = {
      {"width", 8}, {"heads", 2}, {"layers", text_layers}, {"context", 16}};
  card.model = {{"config",
                 {{"image_size", image_size},
                  {"embedding", 16},
                  {"image", nlohmann::json::parse(image)},
                  {"text", text}}},
                {"vocabulary", 64},
                {"end_id", 63}};
  const auto clip = checkpoint::make_model(card);
  const auto start = golden("tiny_" + kind + ".safetensors"), wanted = golden("steps.safetensors");
  std::map<std::string, torch::Tensor> state;
  for (const auto& [name, tensor] : start)
    if (name.starts_with("state.")) state.emplace(name.substr(6), tensor);
  checkpoint::load_state_dict(*clip, state);
  clip->to(torch::kFloat64);
  clip->train();

  train::NamedTensors parameters;
  for (const auto& item : clip->named_parameters())
    parameters.emplace_back(item.key(), item.value());
  std::ranges::sort(parameters, {}, [](const auto& parameter) { return parameter.first; });
  train::AdamW optimizer(parameters, train::OptimizerConfig());
  train::TrainConfig config;
  objective::Objective objective(config.objective);
  const auto unit = [](const torch::Tensor& x) { return x / x.norm(2, 1, true); };
  const auto images = start.at("images").to(torch::kFloat64);
  for (int k = 0; k < 5; ++k) {
    optimizer.zero_grad();
    const auto loss = objective({.image_BD = unit(clip->encode_image(images)),
                                 .text_BD = unit(clip->encode_text(start.at("tokens"))),
                                 .augmented_image_BD = {},
                                 .augmented_text_BD = {},
                                 .logit_scale = clip->logit_scale().exp()})
                          .total;
    loss.backward();
    EXPECT_NEAR(loss.item<double>(), wanted.at(kind + ".loss")[k].item<double>(), 1e-9) << k;
    optimizer.step(1e-2);
    const torch::NoGradGuard no_grad;
    clip->logit_scale().clamp_(0, std::log(100.0));
  }
  int whole = 0;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, tensor] = parameters[i];
    const auto at = static_cast<std::int64_t>(i);
    EXPECT_NEAR(tensor.sum().item<double>(), wanted.at(kind + ".sum")[at].item<double>(), 1e-9)
        << name;
    EXPECT_NEAR(tensor.norm().item<double>(), wanted.at(kind + ".norm")[at].item<double>(), 1e-9)
        << name;
    if (const auto found = wanted.find(kind + ".after." + name); found != wanted.end()) {
      ++whole;
      EXPECT_LT(distance(tensor, found->second), 1e-9) << name;
    }
  }
  EXPECT_GT(whole, 20);
}

TEST(Golden, FiveStepsOfATinyResNetInFloat64) {
  check_steps("rn", R"({"type": "resnet", "layers": [1, 1, 1, 1], "width": 2, "heads": 4})", 32, 1);
}

TEST(Golden, FiveStepsOfATinyViTInFloat64) {
  check_steps("vit", R"({"type": "vit", "layers": 2, "width": 16, "heads": 2, "patch": 4})", 16, 2);
}

}  // namespace
}  // namespace theriac::testing
