#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "theriac/model/clip.h"

namespace theriac::model {

// What a preset's name stands for.
struct Architecture {
  std::int64_t image_size, embedding;
  config::Choice<ImageEncoderConfig> image;
  TextConfig text;
};

struct PresetRow {
  Preset preset;
  Architecture (*make)();
};

const std::vector<PresetRow>& preset_rows();
const PresetRow* find_preset(const std::string& name);  // null: unknown

}  // namespace theriac::model
