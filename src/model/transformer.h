#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "model/attention.h"
#include "model/layers.h"

namespace theriac::model {

// B batch, T tokens, W width.

// Pre-norm residual block: x += attention(norm(x)); x += mlp(norm(x)).
class Block final : public torch::nn::Module {
 public:
  Block(std::int64_t width, std::int64_t heads);
  torch::Tensor forward(const torch::Tensor& x_BTW, bool causal) const;
  // Row `row_B` of forward() alone: [B, W]. No row_B: row 0 of non-causal attention.
  torch::Tensor forward_row(const torch::Tensor& x_BTW, const torch::Tensor& row_B) const;

  std::shared_ptr<Attention> attn;
  std::shared_ptr<Linear> c_fc, c_proj;

 private:
  torch::Tensor add_mlp(const torch::Tensor& x) const;
  std::shared_ptr<LayerNorm> ln_1_, ln_2_;
};

// CLIP's transformer, read out at one row per sample: the last block computes that row only.
class Transformer final : public torch::nn::Module {
 public:
  Transformer(std::int64_t width, std::int64_t layers, std::int64_t heads);
  // [B, W]. row_B (int64): causal, read at these rows; undefined: not causal, read at row 0.
  torch::Tensor forward(torch::Tensor x_BTW, const torch::Tensor& row_B) const;
  void initialise_as_text(at::Generator& generator);   // CLIP's scaled normals
  void initialise_as_image(at::Generator& generator);  // PyTorch's defaults

 private:
  std::vector<std::shared_ptr<Block>> blocks_;
};

}  // namespace theriac::model
