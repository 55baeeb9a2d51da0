#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace theriac::objective {

// Centroids [K, D] with unit rows of e [N, D] with unit rows, N >= K, on e's device.
torch::Tensor spherical_kmeans(const torch::Tensor& e_ND, std::int64_t clusters,
                               std::int64_t iterations, std::uint64_t seed);

// The row of `centroid` with the largest inner product, int64 [N]; the first of equal ones.
torch::Tensor nearest(const torch::Tensor& e_ND, const torch::Tensor& centroid_KD);

// Which rows spherical_kmeans() starts from: `clusters` distinct ones of `samples`.
std::vector<std::int64_t> initial_rows(std::int64_t samples, std::int64_t clusters,
                                       std::uint64_t seed);

}  // namespace theriac::objective
