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

std::map<std::string, std::vector<std::int64_t>> shapes(const Clip& clip) {
  std::map<std::string, std::vector<std::int64_t>> result;
  for (const auto& item : clip.named_parameters()) result[item.key()] = item->sizes().vec();
  for (const auto& item : clip.named_buffers()) result[item.key()] = item->sizes().vec();
  return result;
}

std::map<std::string, std::vector<std::int64_t>> golden(const std::string& name) {
  std::ifstream file(THERIAC_SOURCE_DIR "/tests/golden/" + name);
  return nlohmann::json::parse(file).get<std::map<std::string, std::vector<std::int64_t>>>();
}

TEST(Parameters, CountsAreClips) {
  EXPECT_EQ(parameter_count(empty("rn50")), 102'007'137);
  EXPECT_EQ(parameter_count(empty("vit_b32")), 151'277'313);
}

TEST(Parameters, NamesAndShapesAreOpenClips) {
  EXPECT_EQ(shapes(empty("rn50")), golden("open_clip_rn50.json"));
  EXPECT_EQ(shapes(empty("vit_b32")), golden("open_clip_vit_b32.json"));
}

TEST(Parameters, Rn50HasThePapersTensors) {
  const auto clip = empty("rn50");
  EXPECT_EQ(clip.parameters().size(), 324u);
  std::int64_t buffers = 0;
  for (const auto& buffer : clip.buffers()) buffers += buffer.numel();
  EXPECT_EQ(buffers, 53'303);
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
