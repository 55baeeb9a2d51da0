#pragma once

#include <torch/types.h>

#include <cstdint>

#include "theriac/loader/batch.h"
#include "theriac/model/clip.h"
#include "theriac/objective/term.h"
#include "theriac/train/config.h"

namespace theriac::train {

// A batch on the device with its views stacked in front: V = 1 or 2, plain first.
struct Inputs {
  loader::Views views;
  torch::Tensor image_VBHWC;  // uint8
  torch::Tensor tokens_VBT;   // int64, all views padded to one T
  std::int64_t size() const { return image_VBHWC.size(1); }
  Inputs rows(std::int64_t begin, std::int64_t end) const;
};

Inputs to_device(const loader::Batch& batch, loader::Views views, std::int64_t pad_id,
                 torch::Device device);

// All views through one forward pass of each tower (batch-norm statistics see all of them);
// embeddings normalised in fp32, or in fp64 for a model of that type. logit_scale is left
// undefined.
objective::Embeddings embed(model::Clip& model, const Inputs& inputs, Precision precision);

}  // namespace theriac::train
