#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace theriac::loader {

// Which views of a pair the objective needs. Pictures come in the order plain, augmented,
// augmented2; captions in the order plain, augmented.
struct Views {
  bool plain = true;         // picture and caption
  bool augmented = false;    // picture and caption
  bool two_images = false;   // two augmented pictures; the first is `augmented`'s
  bool plain_image = false;  // the plain picture, whether or not its caption is needed
  bool image() const { return plain || plain_image; }
  bool augmented_image() const { return augmented || two_images; }
  std::int64_t images() const { return image() + augmented_image() + two_images; }
  std::int64_t captions() const { return plain + augmented; }
  Views operator|(Views other) const {
    return {plain || other.plain, augmented || other.augmented, two_images || other.two_images,
            plain_image || other.plain_image};
  }
};

// One batch on the CPU. Undefined tensors for views that were not asked for.
struct Batch {
  torch::Tensor image;                // uint8 [B, S, S, 3], RGB
  torch::Tensor augmented_image;      // the same
  torch::Tensor augmented2_image;     // the same, drawn independently
  torch::Tensor tokens;               // int64 [B, T], T = longest caption of the batch, padded
  torch::Tensor augmented_tokens;     // int64 [B, T'], the same
  std::vector<std::int64_t> indices;  // rows of the source, for messages
  std::int64_t size() const { return static_cast<std::int64_t>(indices.size()); }
};

}  // namespace theriac::loader
