// Principal components from the covariance's eigenvectors, in float64.
// N points, D their width, K components.

#include <torch/torch.h>

#include "theriac/analyse/projection.h"

namespace theriac::analyse {

Pca pca(const torch::Tensor& points_ND, std::int64_t components) {
  const auto wide_ND = points_ND.to(torch::kFloat64);
  const auto centred_ND = wide_ND - wide_ND.mean(0, true);
  const auto covariance_DD =
      centred_ND.t().mm(centred_ND) / static_cast<double>(centred_ND.size(0));
  const auto [variance_D, vectors_DD] = torch::linalg_eigh(covariance_DD);  // ascending
  Pca result;
  auto axes_KD = vectors_DD.t().flip(0).narrow(0, 0, components);
  const auto largest_K1 = axes_KD.abs().argmax(1, true);
  axes_KD = axes_KD * axes_KD.gather(1, largest_K1).sign();
  result.axes_KD = axes_KD.contiguous();
  result.scores_NK = centred_ND.mm(axes_KD.t());
  const auto positive_D = variance_D.clamp_min(0);
  const double total = positive_D.sum().item<double>();
  result.share_K = positive_D.flip(0).narrow(0, 0, components) / (total > 0 ? total : 1.0);
  return result;
}

}  // namespace theriac::analyse
