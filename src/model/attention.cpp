#include "model/attention.h"

#include <torch/types.h>

namespace theriac::model {
namespace {

class Parameters final : public torch::nn::Module {};

}  // namespace

Attention::Attention(std::int64_t width, std::int64_t heads)
    : in_proj_weight(register_parameter("in_proj_weight", torch::empty({3 * width, width}))),
      in_proj_bias(register_parameter("in_proj_bias", torch::zeros({3 * width}))),
      heads_(heads) {
  const auto out_proj = register_module("out_proj", std::make_shared<Parameters>());
  out_proj_weight = out_proj->register_parameter("weight", torch::empty({width, width}));
  out_proj_bias = out_proj->register_parameter("bias", torch::zeros({width}));
}

torch::Tensor Attention::forward(const torch::Tensor& x_BTW, bool causal) const {
  const auto batch = x_BTW.size(0), tokens = x_BTW.size(1), width = x_BTW.size(2);
  // [3, B, heads, T, W / heads], all views of one product.
  const auto qkv = at::linear(x_BTW, in_proj_weight, in_proj_bias)
                       .view({batch, tokens, 3, heads_, width / heads_})
                       .permute({2, 0, 3, 1, 4});
  const auto mixed = at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], /*attn_mask=*/{},
                                                      /*dropout_p=*/0, causal);
  return at::linear(mixed.transpose(1, 2).reshape({batch, tokens, width}), out_proj_weight,
                    out_proj_bias);
}

torch::Tensor Attention::forward_row(const torch::Tensor& x_BTW, const torch::Tensor& row_B) const {
  torch::Tensor visible_BT;
  if (row_B.defined()) {
    const auto position_T = torch::arange(x_BTW.size(1), row_B.options());
    visible_BT = position_T <= row_B.unsqueeze(1);
  }
  const auto weight = in_proj_weight.chunk(3), bias = in_proj_bias.chunk(3);
  const auto mixed_BW = attend_one(take_row(x_BTW, row_B), x_BTW, {weight[0], bias[0]},
                                   {weight[1], bias[1]}, {weight[2], bias[2]}, heads_, visible_BT);
  return at::linear(mixed_BW, out_proj_weight, out_proj_bias);
}

torch::Tensor take_row(const torch::Tensor& x_BTW, const torch::Tensor& row_B) {
  if (!row_B.defined()) return x_BTW.select(1, 0);
  const auto index = row_B.view({-1, 1, 1}).expand({-1, 1, x_BTW.size(2)});
  return x_BTW.gather(1, index).squeeze(1);
}

}  // namespace theriac::model
