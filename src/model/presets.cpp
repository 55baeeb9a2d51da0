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

ResNetConfig resnet(std::vector<std::int64_t> layers, std::int64_t width, std::int64_t heads) {
  ResNetConfig image;
  image.layers = std::move(layers);
  image.width = width;
  image.heads = heads;
  return image;
}

VitConfig vit(std::int64_t width, std::int64_t layers, std::int64_t heads, std::int64_t patch) {
  VitConfig image;
  image.width = width;
  image.layers = layers;
  image.heads = heads;
  image.patch = patch;
  return image;
}

Architecture rn50() {
  return {224, 1024, choose("resnet", resnet({3, 4, 6, 3}, 64, 32)), text(512, 8, 12, 77)};
}
Architecture rn101() {
  return {224, 512, choose("resnet", resnet({3, 4, 23, 3}, 64, 32)), text(512, 8, 12, 77)};
}
Architecture rn50x4() {
  return {288, 640, choose("resnet", resnet({4, 6, 10, 6}, 80, 40)), text(640, 10, 12, 77)};
}
Architecture vit_s16() {
  return {224, 384, choose("vit", vit(384, 12, 6, 16)), text(384, 6, 12, 77)};
}
Architecture vit_b32() {
  return {224, 512, choose("vit", vit(768, 12, 12, 32)), text(512, 8, 12, 77)};
}
Architecture vit_b16() {
  return {224, 512, choose("vit", vit(768, 12, 12, 16)), text(512, 8, 12, 77)};
}
Architecture vit_l14() {
  return {224, 768, choose("vit", vit(1024, 24, 16, 14)), text(768, 12, 12, 77)};
}

}  // namespace

const std::vector<PresetRow>& preset_rows() {
  static const std::vector<PresetRow> rows = {
      {{"tiny_rn", "small ResNet for 64 px images: the quickstart, a CPU is enough"}, tiny_rn},
      {{"tiny_vit", "small vision transformer for 64 px images"}, tiny_vit},
      {{"rn50", "CLIP ResNet-50, 224 px, 102 million parameters"}, rn50},
      {{"rn101", "CLIP ResNet-101, 224 px, 120 million parameters"}, rn101},
      {{"rn50x4", "CLIP ResNet-50x4, 288 px, 178 million parameters"}, rn50x4},
      {{"vit_s16", "ViT-S/16 with open_clip's shape, 224 px, 62 million parameters"}, vit_s16},
      {{"vit_b32", "CLIP ViT-B/32, 224 px, 151 million parameters"}, vit_b32},
      {{"vit_b16", "CLIP ViT-B/16, 224 px, 150 million parameters"}, vit_b16},
      {{"vit_l14", "CLIP ViT-L/14, 224 px, 428 million parameters"}, vit_l14},
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
