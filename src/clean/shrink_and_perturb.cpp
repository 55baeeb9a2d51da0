// Shrink and perturb: theta <- shrink * theta + perturb * theta_fresh, once, for every parameter,
// gains and logit scale included; batch norm's running statistics stay. theta_fresh is one random
// initialisation of the same network. Cleaning by training usually follows as the next cleaner.
// Source: Ash and Adams, On Warm-Starting Neural Network Training (NeurIPS 2020), section 4; as a
// cleaner: paper.md 2.6 (shrink 0.95, perturb 1e-4).
#include "clean/shrink_and_perturb.h"

namespace theriac::clean {

namespace {

class ShrinkAndPerturb final : public Cleaner {
 public:
  ShrinkAndPerturb(double shrink, double perturb) : shrink_(shrink), perturb_(perturb) {}

  void run(Context& context) override {
    const auto fresh = checkpoint::make_model(context.card, context.seed);
    const auto theirs = fresh->named_parameters();
    const torch::NoGradGuard no_grad;
    for (auto& item : context.model->named_parameters()) {
      auto& own = item.value();
      own.mul_(shrink_).add_(theirs[item.key()].to(own.device()), perturb_);
    }
  }

 private:
  double shrink_, perturb_;
};

}  // namespace

void ShrinkAndPerturbConfig::describe(config::Fields& fields) {
  CleanerConfig::describe(fields);
  fields.value("shrink", shrink, "factor of the poisoned weights", {0, 1});
  fields.value("perturb", perturb, "factor of a freshly initialised model's weights", {0, 10});
}

std::unique_ptr<Cleaner> ShrinkAndPerturbConfig::build() const {
  return std::make_unique<ShrinkAndPerturb>(shrink, perturb);
}

}  // namespace theriac::clean
