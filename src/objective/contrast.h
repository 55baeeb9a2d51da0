#pragma once

#include <torch/types.h>

namespace theriac::objective {

// CE(Z) = mean over rows i of -log softmax(Z_i)[i] for Z = s * row column^T: how well each row
// finds its own column among all of them. Differentiable in all arguments.
torch::Tensor contrast(const torch::Tensor& row_BD, const torch::Tensor& column_BD,
                       const torch::Tensor& scale);

// (CE(Z) + CE(Z^T)) / 2, both directions from one matrix product.
torch::Tensor symmetric_contrast(const torch::Tensor& row_BD, const torch::Tensor& column_BD,
                                 const torch::Tensor& scale);

}  // namespace theriac::objective
