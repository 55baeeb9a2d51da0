// Softmax cross-entropy over in-batch negatives (InfoNCE).
//   Z = s * A C^T,  CE(Z) = mean_i -log softmax(Z_i)[i];  ln B when all logits are equal.
// A, C: [B, D] with unit rows; s: scalar. Logits, softmax and loss keep the embeddings' type
// (fp32). Source: CLIP (Radford et al. 2021, figure 3). The paper multiplied in fp16; this does
// not. Axes: B pairs, D embedding.
#include "objective/contrast.h"

namespace theriac::objective {

namespace {

torch::Tensor own_index(const torch::Tensor& row_BD) {
  return torch::arange(row_BD.size(0), row_BD.options().dtype(torch::kLong));
}

}  // namespace

torch::Tensor contrast(const torch::Tensor& row_BD, const torch::Tensor& column_BD,
                       const torch::Tensor& scale) {
  const auto logits_BB = (scale * row_BD).matmul(column_BD.t());
  return at::cross_entropy_loss(logits_BB, own_index(row_BD));
}

torch::Tensor symmetric_contrast(const torch::Tensor& row_BD, const torch::Tensor& column_BD,
                                 const torch::Tensor& scale) {
  const auto logits_BB = (scale * row_BD).matmul(column_BD.t());
  const auto own_B = own_index(row_BD);
  return (at::cross_entropy_loss(logits_BB, own_B) + at::cross_entropy_loss(logits_BB.t(), own_B)) /
         2;
}

}  // namespace theriac::objective
