#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "theriac/model/clip.h"

namespace theriac::model {
namespace {

constexpr std::int64_t kVocabulary = 49408;

Clip empty(const std::string& preset) {
  ModelConfig config;
  config.preset = preset;
  return Clip(config, kVocabulary, kVocabulary - 1, std::nullopt);
}

using Shapes = std::map<std::string, std::vector<std::int64_t>>;

Shapes shapes(const Clip& clip) {
  Shapes result;
  for (const auto& item : clip.named_parameters()) result[item.key()] = item->sizes().vec();
  for (const auto& item : clip.named_buffers()) result[item.key()] = item->sizes().vec();
  return result;
}

// Counts as published for CLIP (Radford et al. 2021); open_clip's ViT-S-16.
TEST(Parameters, CountsAreClips) {
  const std::map<std::string, std::int64_t> counts = {
      {"rn50", 102'007'137},    {"rn101", 119'688'033},   {"rn50x4", 178'300'601},
      {"vit_s16", 62'257'537},  {"vit_b32", 151'277'313}, {"vit_b16", 149'620'737},
      {"vit_l14", 427'616'513},
  };
  for (const auto& [preset, count] : counts)
    EXPECT_EQ(parameter_count(empty(preset)), count) << preset;
}

// scripts/golden/make_parameter_names.py, open_clip_torch 3.3
TEST(Parameters, NamesAndShapesAreOpenClips) {
  std::ifstream file(THERIAC_SOURCE_DIR "/tests/golden/open_clip_shapes.json");
  const auto golden = nlohmann::json::parse(file);
  for (const auto& [preset, expected] : golden.items())
    EXPECT_EQ(shapes(empty(preset)), expected.get<Shapes>()) << preset;
}

TEST(Parameters, Rn50HasThePapersTensors) {
  const auto clip = empty("rn50");
  EXPECT_EQ(clip.parameters().size(), 324u);
  std::int64_t buffers = 0;
  for (const auto& buffer : clip.buffers()) buffers += buffer.numel();
  EXPECT_EQ(buffers, 53'303);
}

// Multiply-adds on paper. RN50: convolutions 5.37e9 (the pool's one query adds 0.4 %); ViT-B/32:
// 4.4e9. Text: 12 blocks of 12 W^2 and 2 T W a token, the last for one row only past its keys.
TEST(Parameters, ForwardFlopsAreThoseOnPaper) {
  auto rn50 = empty("rn50"), vit = empty("vit_b32");
  const auto resnet = forward_flops(rn50, 77), shorter = forward_flops(rn50, 10);
  EXPECT_NEAR(resnet.image / 2, 5.39e9, 0.03e9);
  EXPECT_EQ(resnet.image, shorter.image);
  const double block = 77 * (12.0 * 512 * 512 + 2 * 77 * 512);
  EXPECT_NEAR(resnet.text / 2, 11 * block, 0.02 * 11 * block);
  EXPECT_NEAR(shorter.text / resnet.text, 10.0 / 77, 0.01);
  EXPECT_NEAR(forward_flops(vit, 77).image / 2, 4.4e9, 0.4e9);
}

TEST(Parameters, DecayExemptsGainsBiasesAndTheLogitScale) {
  const auto clip = empty("vit_b32");
  for (const auto& item : clip.named_parameters()) {
    const auto& name = item.key();
    const bool exempt = name.ends_with("bias") || name.find("ln_") != std::string::npos ||
                        name == "logit_scale" || name == "visual.class_embedding";
    EXPECT_EQ(decays(item.value()), !exempt) << name;
  }
}

TEST(Parameters, ChannelsLastKeepsValues) {
  ModelConfig config;
  config.preset = "tiny_rn";
  Clip clip(config, 20, 19, 3);
  const auto weight = clip.named_parameters()["visual.conv2.weight"];
  const auto before = weight.detach().clone();
  to_channels_last(clip);
  EXPECT_TRUE(weight.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::equal(weight, before));
}

}  // namespace
}  // namespace theriac::model
