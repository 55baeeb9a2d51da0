#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace theriac::loader {

// Which views of a pair the objective needs.
struct Views {
  bool plain = true;
  bool augmented = false;
  Views operator|(Views other) const {
    return {plain || other.plain, augmented || other.augmented};
  }
};

// One batch on the CPU. Undefined tensors for views that were not asked for.
struct Batch {
  torch::Tensor image;                // uint8 [B, S, S, 3], RGB
  torch::Tensor augmented_image;      // the same
  torch::Tensor tokens;               // int64 [B, T], T = longest caption of the batch, padded
  torch::Tensor augmented_tokens;     // int64 [B, T'], the same
  std::vector<std::int64_t> indices;  // rows of the source, for messages
  std::int64_t size() const { return static_cast<std::int64_t>(indices.size()); }
};

}  // namespace theriac::loader
