#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>

#include "theriac/model/clip.h"

namespace theriac::model {
namespace {

class Initialisation : public ::testing::Test {
 protected:
  static Clip make(const std::string& preset, std::uint64_t seed) {
    ModelConfig config;
    config.preset = preset;
    return Clip(config, 1000, 999, seed);
  }
  // A wide network, so that the statistics are tight.
  static const Clip& wide() {
    static const Clip clip = [] {
      ModelConfig config;
      config.preset = "tiny_rn";
      config.text.emplace();
      config.text->width = 256;
      config.text->layers = 3;
      return Clip(config, 1000, 999, 11);
    }();
    return clip;
  }
  static void expect_deviation(const Clip& clip, const std::string& name, double expected) {
    const auto values = clip.named_parameters()[name].detach().to(torch::kDouble).flatten();
    const auto n = static_cast<double>(values.numel());
    EXPECT_NEAR(values.std().item<double>() / expected, 1, 5 / std::sqrt(2 * n)) << name;
    EXPECT_NEAR(values.mean().item<double>() / expected, 0, 5 / std::sqrt(n)) << name;
  }
};

TEST_F(Initialisation, EveryValueIsFinite) {
  for (const auto& preset : {"tiny_rn", "tiny_vit"})
    for (const auto& item : make(preset, 5).named_parameters())
      EXPECT_TRUE(item->isfinite().all().item<bool>()) << preset << " " << item.key();
}

TEST_F(Initialisation, DependsOnTheSeedOnly) {
  for (const auto& preset : {"tiny_rn", "tiny_vit"}) {
    torch::manual_seed(1);
    const auto one = make(preset, 5);
    torch::manual_seed(2);
    torch::rand({7});
    const int threads = at::get_num_threads();
    at::set_num_threads(threads > 1 ? 1 : 2);
    const auto two = make(preset, 5);
    at::set_num_threads(threads);
    const auto other = make(preset, 6);
    const auto others = two.named_parameters();
    for (const auto& item : one.named_parameters())
      EXPECT_TRUE(torch::equal(item.value(), others[item.key()])) << preset << " " << item.key();
    EXPECT_FALSE(torch::equal(one.named_parameters()["token_embedding.weight"],
                              other.named_parameters()["token_embedding.weight"]));
  }
}

TEST_F(Initialisation, DoesNotTouchTheGlobalGenerator) {
  torch::manual_seed(1);
  const auto expected = torch::rand({3});
  torch::manual_seed(1);
  make("tiny_rn", 5);
  EXPECT_TRUE(torch::equal(torch::rand({3}), expected));
}

TEST_F(Initialisation, TextTowerIsClips) {
  const double width = 256, onto_residual = 1 / std::sqrt(width * 6);
  expect_deviation(wide(), "token_embedding.weight", 0.02);
  expect_deviation(wide(), "positional_embedding", 0.01);
  expect_deviation(wide(), "text_projection", 1 / std::sqrt(width));
  expect_deviation(wide(), "transformer.resblocks.1.attn.in_proj_weight", 1 / std::sqrt(width));
  expect_deviation(wide(), "transformer.resblocks.1.attn.out_proj.weight", onto_residual);
  expect_deviation(wide(), "transformer.resblocks.2.mlp.c_fc.weight", 1 / std::sqrt(2 * width));
  expect_deviation(wide(), "transformer.resblocks.2.mlp.c_proj.weight", onto_residual);
  expect_deviation(wide(), "transformer.resblocks.2.mlp.c_fc.bias", 1 / std::sqrt(3 * width));
}

TEST_F(Initialisation, ResNetIsClips) {
  const auto parameters = wide().named_parameters();
  const auto channels = static_cast<double>(parameters["visual.attnpool.q_proj.weight"].size(1));
  expect_deviation(wide(), "visual.attnpool.positional_embedding", 1 / std::sqrt(channels));
  expect_deviation(wide(), "visual.attnpool.c_proj.weight", 1 / std::sqrt(channels));
  const auto conv = parameters["visual.layer1.0.conv2.weight"];
  expect_deviation(wide(), "visual.layer1.0.conv2.weight",
                   1 / std::sqrt(3 * static_cast<double>(conv[0].numel())));
  EXPECT_EQ(parameters["visual.layer1.0.bn3.weight"].abs().max().item<float>(), 0);
  EXPECT_EQ(parameters["visual.layer1.0.bn2.weight"].min().item<float>(), 1);
}

TEST_F(Initialisation, VitKeepsPyTorchsDefaults) {
  const auto clip = make("tiny_vit", 3);
  const auto parameters = clip.named_parameters();
  const auto width = static_cast<double>(parameters["visual.proj"].size(0));
  expect_deviation(clip, "visual.proj", 1 / std::sqrt(width));
  expect_deviation(clip, "visual.positional_embedding", 1 / std::sqrt(width));
  const auto block = [](const std::string& name) {
    return "visual.transformer.resblocks.0." + name;
  };
  expect_deviation(clip, block("attn.in_proj_weight"), std::sqrt(2 / (4 * width)));
  expect_deviation(clip, block("mlp.c_fc.weight"), 1 / std::sqrt(3 * width));
  EXPECT_EQ(parameters[block("attn.in_proj_bias")].abs().max().item<float>(), 0);
}

TEST_F(Initialisation, WeightsAreRoundedToHalfPrecisionOnRequest) {
  for (const auto& preset : {"tiny_rn", "tiny_vit"}) {
    ModelConfig config;
    config.preset = preset;
    config.initial_weights = InitialWeights::kFp16;
    const Clip rounded(config, 1000, 999, 5);
    const auto exact = make(preset, 5);
    const auto exacts = exact.named_parameters();
    int changed = 0;
    for (const auto& item : rounded.named_parameters()) {
      const auto& from = exacts[item.key()];
      const bool same = torch::equal(item.value(), from);
      changed += !same;
      const bool embedding = item.key().find("embedding") != std::string::npos;
      if (embedding || from.dim() == 0) {
        EXPECT_TRUE(same) << item.key();
      }
      if (!embedding && from.dim() >= 2) {
        EXPECT_TRUE(torch::equal(item.value(), from.to(torch::kHalf).to(torch::kFloat)))
            << item.key();
        EXPECT_FALSE(same) << item.key();
      }
    }
    EXPECT_GT(changed, 20);
  }
}

TEST_F(Initialisation, LogitScaleIsOneOverSevenHundredths) {
  auto clip = make("tiny_rn", 1);
  EXPECT_EQ(clip.logit_scale().scalar_type(), torch::kFloat);
  EXPECT_FLOAT_EQ(clip.logit_scale().item<float>(), static_cast<float>(std::log(1 / 0.07)));
}

}  // namespace
}  // namespace theriac::model
