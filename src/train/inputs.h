#pragma once

#include <torch/types.h>

#include <cstdint>

#include "theriac/loader/batch.h"
#include "theriac/model/clip.h"
#include "theriac/objective/term.h"
#include "theriac/train/config.h"

namespace theriac::train {

// A batch on the device with its views stacked in front, in the order that loader::Views gives:
// V pictures and W captions a pair.
struct Inputs {
  loader::Views views;
  torch::Tensor image_VBHWC;  // uint8
  torch::Tensor tokens_WBT;   // int64, all views padded to one T; undefined without captions
  torch::Tensor index_B =
      {};  // int64 rows of the source, on the CPU; undefined where there is none
  std::int64_t size() const { return image_VBHWC.size(1); }
  Inputs rows(std::int64_t begin, std::int64_t end) const;
};

Inputs to_device(const loader::Batch& batch, loader::Views views, std::int64_t pad_id,
                 torch::Device device);

// Unit rows [N, D] of pictures uint8 [N, S, S, 3] on the device.
torch::Tensor embed_images(model::Clip& model, const torch::Tensor& image_NHWC,
                           Precision precision);

// The same of captions, int64 [N, T].
torch::Tensor embed_captions(model::Clip& model, const torch::Tensor& tokens_NT,
                             Precision precision);

// All views through one forward pass of each tower (batch-norm statistics see all of them);
// embeddings normalised in fp32, or in fp64 for a model of that type. logit_scale is left
// undefined.
objective::Embeddings embed(model::Clip& model, const Inputs& inputs, Precision precision);

}  // namespace theriac::train
