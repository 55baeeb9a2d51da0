// Spherical k-means (Dhillon and Modha 2001), Lloyd's iterations under the inner product:
//   a_n = argmax_k e_n . c_k,   c_k <- normalise(sum of the e_n with a_n = k)
// e: [N, D], c: [K, D], unit rows; starts from K distinct rows drawn with the seed. An empty
// cluster (or one whose sum vanishes) starts anew at the row that its own centroid fits worst, the
// second one at the second worst, and so on. Both steps are matrix products (the sum's with a
// one-hot matrix), so that they run where the embeddings are and, without atomic additions, give
// the same bits each time. The paper used faiss on the CPU (paper.md 2.5), which splits a large
// cluster instead; Debian's build of it is a static library with OpenMP and a BLAS of its own
// beside LibTorch's, and would copy the data off the GPU.
#include "objective/spherical_kmeans.h"

#include <numeric>
#include <stdexcept>
#include <tuple>

#include "theriac/core/random.h"

namespace theriac::objective {

namespace {

constexpr std::int64_t kChunk = 8192;  // rows of a similarity matrix at a time

struct Assignment {
  torch::Tensor similarity_N, label_N;
};

Assignment assign(const torch::Tensor& e_ND, const torch::Tensor& centroid_KD) {
  std::vector<torch::Tensor> similarity, label;
  for (const auto& chunk_CD : e_ND.split(kChunk)) {
    const auto similarity_CK = chunk_CD.matmul(centroid_KD.t());
    label.push_back(similarity_CK.argmax(1));
    similarity.push_back(similarity_CK.gather(1, label.back().unsqueeze(1)).squeeze(1));
  }
  return {torch::cat(similarity), torch::cat(label)};
}

torch::Tensor sums(const torch::Tensor& e_ND, const torch::Tensor& label_N, std::int64_t clusters) {
  auto sum_KD = torch::zeros({clusters, e_ND.size(1)}, e_ND.options());
  const auto labels = label_N.split(kChunk);
  std::size_t next = 0;
  for (const auto& chunk_CD : e_ND.split(kChunk)) {
    const auto& label_C = labels[next++];
    const auto member_CK = torch::zeros({label_C.size(0), clusters}, e_ND.options())
                               .scatter_(1, label_C.unsqueeze(1), 1);
    sum_KD.addmm_(member_CK.t(), chunk_CD);
  }
  return sum_KD;
}

}  // namespace

std::vector<std::int64_t> initial_rows(std::int64_t samples, std::int64_t clusters,
                                       std::uint64_t seed) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(samples));
  std::iota(rows.begin(), rows.end(), 0);
  core::stream(seed, "k-means").shuffle(rows);
  rows.resize(static_cast<std::size_t>(clusters));
  return rows;
}

torch::Tensor nearest(const torch::Tensor& e_ND, const torch::Tensor& centroid_KD) {
  return assign(e_ND, centroid_KD.to(e_ND.dtype())).label_N;
}

torch::Tensor spherical_kmeans(const torch::Tensor& e_ND, std::int64_t clusters,
                               std::int64_t iterations, std::uint64_t seed) {
  if (clusters < 1 || e_ND.size(0) < clusters)
    throw std::invalid_argument("spherical_kmeans: fewer rows than clusters");
  const torch::NoGradGuard no_grad;
  const auto row_K = torch::tensor(initial_rows(e_ND.size(0), clusters, seed), torch::kLong);
  auto centroid_KD = e_ND.index_select(0, row_K.to(e_ND.device()));
  for (std::int64_t i = 0; i < iterations; ++i) {
    const auto [similarity_N, label_N] = assign(e_ND, centroid_KD);
    const auto sum_KD = sums(e_ND, label_N, clusters);
    const auto norm_K1 = sum_KD.norm(2, /*dim=*/1, /*keepdim=*/true);
    const auto empty_E = (norm_K1.squeeze(1) < 1e-6).nonzero().squeeze(1);
    centroid_KD = sum_KD / norm_K1.clamp_min(1e-6);
    if (empty_E.size(0) == 0) continue;
    const auto order_N = std::get<1>(at::sort(similarity_N, /*stable=*/true, /*dim=*/0,
                                              /*descending=*/false));
    centroid_KD.index_copy_(0, empty_E, e_ND.index_select(0, order_N.slice(0, 0, empty_E.size(0))));
  }
  return centroid_KD;
}

}  // namespace theriac::objective
