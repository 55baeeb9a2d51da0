#include "model/presets.h"

#include <memory>
#include <utility>

#include "model/resnet.h"
#include "model/vit.h"

namespace theriac::model {
namespace {

template <class Config>
config::Choice<ImageEncoderConfig> choose(std::string type, Config config) {
  config::Choice<ImageEncoderConfig> choice(&image_encoders);
  choice.type = std::move(type);
  choice.assign(std::make_unique<Config>(std::move(config)));
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

Architecture tiny_rn() {
  ResNetConfig image;
  image.layers = {1, 1};
  image.width = 32;
  image.heads = 4;
  image.stem_strides = {2, 2, 2};
  image.stem_widths = {8, 16};
  image.stem_pool = false;
  image.first_stride = 2;
  return {64, 128, choose("resnet", image), text(64, 4, 1, 32)};
}

Architecture tiny_vit() {
  VitConfig image;
  image.width = 128;
  image.layers = 3;
  image.heads = 4;
  image.patch = 8;
  return {64, 128, choose("vit", image), text(64, 4, 1, 32)};
}

Architecture rn50() { return {224, 1024, choose("resnet", ResNetConfig{}), text(512, 8, 12, 77)}; }

Architecture vit_b32() { return {224, 512, choose("vit", VitConfig{}), text(512, 8, 12, 77)}; }

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
