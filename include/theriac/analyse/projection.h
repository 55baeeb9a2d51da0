#pragma once

#include <torch/types.h>

#include <cstdint>

// N points, D their width, K components.

namespace theriac::analyse {

// Principal components, largest variance first. Each has its sign from its entry of largest
// magnitude, which is positive, so that equal data give equal pictures.
struct Pca {
  torch::Tensor scores_NK;  // float64; of the centred points
  torch::Tensor axes_KD;    // float64, unit rows
  torch::Tensor share_K;    // float64; of the total variance, 0 when all points are equal
};
Pca pca(const torch::Tensor& points_ND, std::int64_t components);  // components <= D

struct TsneOptions {
  double perplexity = 30;
  std::int64_t iterations = 1000;
  std::uint64_t seed = 0;
};
struct Tsne {
  torch::Tensor layout_N2;  // float32
  double divergence;        // KL(P || Q) in nats
};
inline constexpr std::int64_t kMostTsnePoints = 10000;  // memory: about 2 N^2 doubles
// Bit for bit the same for any number of threads. Error when N < 3 perplexity + 1 or too large.
Tsne tsne(const torch::Tensor& points_ND, const TsneOptions& options);

// Its two parts. P: symmetric, float64, sums to 1.
torch::Tensor joint_probabilities(const torch::Tensor& points_ND, double perplexity);
struct Divergence {
  double value;
  torch::Tensor gradient_N2;
};
// KL(P || Q) of a layout and its gradient, in the layout's precision, which P has, too. P may be
// exaggerated by `factor`, which changes the gradient alone.
Divergence tsne_divergence(const torch::Tensor& joint_NN, const torch::Tensor& layout_N2,
                           double factor = 1);

}  // namespace theriac::analyse
