// k nearest neighbours: the class that most of the k nearest pictures of the memory have.
//   score(n, c) = number of the k neighbours of n with label c + (mean cosine to them + 1) / 4
// The second part, below 1, decides between classes with equally many votes, and gives classes
// without a vote 0.
// Cosine of unit rows: [N, D] x [M, D]; k = 50 in the paper's notes (paper.md 9.7), which do not
// say how votes are counted or ties broken.
// N images, M pictures of the memory, C classes, D embedding width.

#include <algorithm>

#include "evaluate/metrics.h"
#include "evaluate/probe.h"
#include "theriac/core/error.h"

namespace theriac::evaluate {

namespace {

constexpr std::int64_t kMostCosines = std::int64_t{1} << 26;  // computed at once

struct KnnConfig final : ProbeConfig {
  std::int64_t k = 50;
  void describe(config::Fields& f) override {
    f.value("k", k, "neighbours that vote", {1, 1e6});
    ProbeConfig::describe(f);
  }
  std::unique_ptr<Metric> build() const override {
    return make_probe("knn", std::make_shared<KnnConfig>(*this));
  }

  Classifier learn(const Memory& known, std::uint64_t) const override {
    const auto size = known.label_M.size(0);
    if (k > size)
      throw Error("knn.k: " + std::to_string(k) + " neighbours of a memory with " +
                  std::to_string(size) + " pictures; choose a smaller k or a larger memory");
    return [known, size, neighbours = k](const Features& images) {
      const auto votes = [&](const torch::Tensor& part_ND) {
        const auto [cosine_Nk, nearest_Nk] =
            part_ND.mm(known.features.unit_ND.t()).topk(neighbours, 1);
        const auto label_Nk = known.label_M.index({nearest_Nk});
        const auto zero_NC = torch::zeros({part_ND.size(0), known.classes}, part_ND.options());
        const auto count_NC = zero_NC.scatter_add(1, label_Nk, torch::ones_like(cosine_Nk));
        const auto sum_NC = zero_NC.scatter_add(1, label_Nk, (cosine_Nk + 1) / 4);
        return count_NC + sum_NC / count_NC.clamp_min(1);
      };
      std::vector<torch::Tensor> scores;
      for (const auto& part_ND :
           images.unit_ND.split(std::max<std::int64_t>(1, kMostCosines / size)))
        scores.push_back(votes(part_ND));
      return torch::cat(scores);
    };
  }
};

}  // namespace

config::Entry<MetricConfig> knn() {
  return config::entry<MetricConfig, KnnConfig>(
      "knn", "accuracy and attack success of the nearest pictures of a labelled set");
}

}  // namespace theriac::evaluate
