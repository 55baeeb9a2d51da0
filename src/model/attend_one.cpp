// Multi-head attention for one query row: for head h with q = Wq_h x + bq_h,
//   score_t = (Wk_h' q) . y_t + q . bk_h,   p = softmax(score / sqrt(d)),
//   out_h   = Wv_h (sum_t p_t y_t) + bv_h.
// Shapes: query [B, W], tokens [B, T, W], result [B, W]; B batch, T tokens, W width, H heads,
//   D = W / H.
// Source: the identity k_t . q = (Wk' q) . y_t; Vaswani et al. 2017 (arXiv:1706.03762), eq. 1.
// Differs from projecting keys and values of all tokens: equal up to rounding at 1 / T of the
//   products (CLIP's attention pool: 15 instead of 430 million). Scores, softmax and sum are at
//   least fp32.
#include <torch/types.h>

#include <cmath>
#include <limits>

#include "model/attention.h"
#include "theriac/model/precision.h"

namespace theriac::model {
namespace {

torch::Tensor at_least_fp32(const torch::Tensor& x) {
  const bool narrow = x.scalar_type() == torch::kBFloat16 || x.scalar_type() == torch::kHalf;
  return narrow ? x.to(torch::kFloat) : x;
}

}  // namespace

torch::Tensor attend_one(const torch::Tensor& query_BW, const torch::Tensor& tokens_BTW,
                         const Projection& query, const Projection& key, const Projection& value,
                         std::int64_t heads, const torch::Tensor& visible_BT) {
  const auto batch = tokens_BTW.size(0), width = tokens_BTW.size(2), head_width = width / heads;
  const auto q_HBD = (at::linear(query_BW, query.weight_WW, query.bias_W) /
                      std::sqrt(static_cast<double>(head_width)))
                         .view({batch, heads, head_width})
                         .transpose(0, 1);
  const auto key_HDW = key.weight_WW.view({heads, head_width, width});
  const auto reach_BHW = at::bmm(q_HBD, key_HDW).transpose(0, 1);
  const auto offset_HB1 = at::bmm(q_HBD, key.bias_W.view({heads, head_width, 1}));

  torch::Tensor pooled_BHW;
  {
    const Autocast exact(tokens_BTW.device(), torch::kBFloat16, /*enabled=*/false);
    const auto y_BTW = at_least_fp32(tokens_BTW);
    auto score_BHT = at::baddbmm(at_least_fp32(offset_HB1).transpose(0, 1),
                                 at_least_fp32(reach_BHW), y_BTW.transpose(1, 2));
    if (visible_BT.defined())
      score_BHT = score_BHT.masked_fill(visible_BT.unsqueeze(1).logical_not(),
                                        -std::numeric_limits<double>::infinity());
    pooled_BHW = at::bmm(score_BHT.softmax(-1), y_BTW);
  }
  const auto value_HWD = value.weight_WW.view({heads, head_width, width}).transpose(1, 2);
  const auto out_HBD = at::bmm(pooled_BHW.transpose(0, 1), value_HWD);
  return out_HBD.transpose(0, 1).reshape({batch, width}) + value.bias_W;
}

}  // namespace theriac::model
