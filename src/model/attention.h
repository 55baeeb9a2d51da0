#pragma once

#include <torch/nn/module.h>

#include <cstdint>

namespace theriac::model {

// B batch, T tokens, W width.

// Multi-head self-attention with one packed projection; parameter names as in PyTorch's
// MultiheadAttention.
class Attention final : public torch::nn::Module {
 public:
  Attention(std::int64_t width, std::int64_t heads);
  torch::Tensor forward(const torch::Tensor& x_BTW, bool causal) const;
  // Row `row_B` of forward() alone: [B, W]. No row_B: row 0 of non-causal attention.
  torch::Tensor forward_row(const torch::Tensor& x_BTW, const torch::Tensor& row_B) const;

  torch::Tensor in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias;

 private:
  std::int64_t heads_;
};

// One attention head group's projection, [W, W] and [W].
struct Projection {
  torch::Tensor weight_WW, bias_W;
};

// Attention of one query row per sample over its tokens, before the output projection.
// query_BW and tokens_BTW are what the projections are applied to; visible_BT (bool) may be
// undefined (all). Returns [B, W].
torch::Tensor attend_one(const torch::Tensor& query_BW, const torch::Tensor& tokens_BTW,
                         const Projection& query, const Projection& key, const Projection& value,
                         std::int64_t heads, const torch::Tensor& visible_BT = {});

// x_BTW[b, row_B[b]]; row 0 when row_B is undefined.
torch::Tensor take_row(const torch::Tensor& x_BTW, const torch::Tensor& row_B);

}  // namespace theriac::model
