// Linear probe: logistic regression on frozen image features, which are not made unit.
//   minimise mean_i -log softmax(W x_i + b)[label_i] over W [C, D] and b [C]
// AdamW (betas 0.9, 0.999), weight decay on W only, learning rate r/2 (1 + cos(pi t / T)) at step
// t of T; the last batch of an epoch may be smaller.
// Source: paper.md 9.6 (evaluate.py). It differs in that W and b start at 0, not at random: the
// problem is convex. The order of the pictures is drawn from (seed, epoch).
// M pictures of the memory, C classes, D embedding width.

#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "evaluate/metrics.h"
#include "evaluate/probe.h"
#include "theriac/core/random.h"

namespace theriac::evaluate {

namespace {

torch::Tensor shuffled(std::int64_t size, core::Stream random) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = 0; i < order.size(); ++i)
    std::swap(order[i], order[i + random.below(order.size() - i)]);
  return torch::tensor(order, torch::kInt64);
}

struct LinearProbeConfig final : ProbeConfig {
  std::int64_t epochs = 32, batch_size = 128;
  double learning_rate = 5e-3, weight_decay = 0.01;
  void describe(config::Fields& f) override {
    f.value("epochs", epochs, "passes over the memory", {1, 1e6});
    f.value("batch_size", batch_size, "pictures in a step", {1, 1e6});
    f.value("learning_rate", learning_rate, "of the first step; falls to 0 as a cosine", {0, 1e3});
    f.value("weight_decay", weight_decay, "of the weights, not of the bias", {0, 1e3});
    ProbeConfig::describe(f);
  }
  std::unique_ptr<Metric> build() const override {
    return make_probe("linear_probe", std::make_shared<LinearProbeConfig>(*this));
  }

  Classifier learn(const Memory& known, std::uint64_t seed) const override {
    const torch::AutoGradMode with_gradient(true);
    const auto x_MD = known.features.unit_ND * known.features.length_N.unsqueeze(1);
    const auto size = x_MD.size(0);
    const auto options = x_MD.options().requires_grad(true);
    auto weight_CD = torch::zeros({known.classes, x_MD.size(1)}, options);
    auto bias_C = torch::zeros({known.classes}, options);
    using torch::optim::AdamWOptions;
    const auto group = [&](const torch::Tensor& tensor, double decay) {
      return torch::optim::OptimizerParamGroup(
          {tensor},
          std::make_unique<AdamWOptions>(AdamWOptions(learning_rate).weight_decay(decay)));
    };
    torch::optim::AdamW optimizer({group(weight_CD, weight_decay), group(bias_C, 0)},
                                  AdamWOptions(learning_rate));
    const auto steps = epochs * ((size + batch_size - 1) / batch_size);
    std::int64_t step = 0;
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      const auto order_M =
          shuffled(size, core::stream(seed, "linear probe", static_cast<std::uint64_t>(epoch)))
              .to(x_MD.device());
      for (const auto& rows_B : order_M.split(batch_size)) {
        const double turn =
            std::numbers::pi * static_cast<double>(step++) / static_cast<double>(steps);
        for (auto& parameters : optimizer.param_groups())
          parameters.options().set_lr(learning_rate / 2 * (1 + std::cos(turn)));
        optimizer.zero_grad();
        at::cross_entropy_loss(at::linear(x_MD.index_select(0, rows_B), weight_CD, bias_C),
                               known.label_M.index_select(0, rows_B))
            .backward();
        optimizer.step();
      }
    }
    return [weight = weight_CD.detach(), bias = bias_C.detach()](const Features& images) {
      return at::linear(images.unit_ND * images.length_N.unsqueeze(1), weight, bias);
    };
  }
};

}  // namespace

config::Entry<MetricConfig> linear_probe() {
  return config::entry<MetricConfig, LinearProbeConfig>(
      "linear_probe", "accuracy and attack success of logistic regression on image features");
}

}  // namespace theriac::evaluate
