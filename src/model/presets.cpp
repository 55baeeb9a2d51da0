#include "model/presets.h"

#include <memory>
#include <utility>

#include "model/resnet.h"
#include "model/vit.h"

namespace theriac::model {
namespace {

config::Choice<ImageEncoderConfig> resnet(std::vector<std::int64_t> layers, std::int64_t width,
                                          std::int64_t heads) {
  auto config = std::make_unique<ResNetConfig>();
  config->layers = std::move(layers);
  config->width = width;
  config->heads = heads;
  config::Choice<ImageEncoderConfig> choice(&image_encoders);
  choice.type = "resnet";
  choice.assign(std::move(config));
  return choice;
}

config::Choice<ImageEncoderConfig> vit(std::int64_t width, std::int64_t layers, std::int64_t heads,
                                       std::int64_t patch) {
  auto config = std::make_unique<VitConfig>();
  config->width = width;
  config->layers = layers;
  config->heads = heads;
  config->patch = patch;
  config::Choice<ImageEncoderConfig> choice(&image_encoders);
  choice.type = "vit";
  choice.assign(std::move(config));
  return choice;
}

TextConfig text(std::int64_t width, std::int64_t heads, std::int64_t layers, std::int64_t context) {
  TextConfig config;
  config.width = width;
  config.heads = heads;
  config.layers = layers;
  config.context = context;
  return config;
}

Architecture tiny_rn() { return {64, 128, resnet({1, 1, 1, 1}, 16, 8), text(128, 4, 1, 32)}; }
Architecture tiny_vit() { return {64, 128, vit(128, 3, 4, 8), text(128, 4, 1, 32)}; }
Architecture rn50() { return {224, 1024, resnet({3, 4, 6, 3}, 64, 32), text(512, 8, 12, 77)}; }
Architecture vit_b32() { return {224, 512, vit(768, 12, 12, 32), text(512, 8, 12, 77)}; }

}  // namespace

const std::vector<PresetRow>& preset_rows() {
  static const std::vector<PresetRow> rows = {
      {{"tiny_rn", "small ResNet for 64 px images: the quickstart, a CPU is enough"}, tiny_rn},
      {{"tiny_vit", "small vision transformer for 64 px images"}, tiny_vit},
      {{"rn50", "CLIP ResNet-50, 224 px, 102 million parameters"}, rn50},
      {{"vit_b32", "CLIP ViT-B/32, 224 px, 151 million parameters"}, vit_b32},
  };
  return rows;
}

const PresetRow* find_preset(const std::string& name) {
  for (const auto& row : preset_rows())
    if (row.preset.name == name) return &row;
  return nullptr;
}

std::vector<Preset> presets() {
  std::vector<Preset> result;
  for (const auto& row : preset_rows()) result.push_back(row.preset);
  return result;
}

}  // namespace theriac::model
