#pragma once

#include <torch/types.h>

#include <memory>
#include <optional>
#include <string>

#include "theriac/model/clip.h"

namespace theriac::testing {

// Vocabulary 50: 1..47 words, 48 start, 49 end, 0 padding.
inline std::shared_ptr<model::Clip> make_clip(const std::string& preset,
                                              std::optional<std::int64_t> text_layers = {}) {
  model::ModelConfig config;
  config.preset = preset;
  config = config.resolved();
  if (text_layers) config.text->layers = *text_layers;
  return std::make_shared<model::Clip>(config, 50, 49, 1);
}

// `length` ids, start and end included, padded to `columns`.
inline torch::Tensor caption(std::int64_t length, std::int64_t columns) {
  auto ids = torch::zeros({columns}, torch::kInt64);
  ids.slice(0, 1, length - 1) = torch::arange(1, length - 1) * 5 % 47 + 1;
  ids[0] = 48;
  ids[length - 1] = 49;
  return ids;
}

}  // namespace theriac::testing
