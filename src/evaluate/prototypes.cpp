// Prototypes: the class whose mean picture is nearest.
//   p_c = mean of the unit rows of class c in the memory, made unit;  score(n, c) = x_n . p_c
// Source: paper.md 9.7 ("class means"); Snell et al. 2017, with the cosine for the distance. A
// class without a picture in the memory is never chosen.
// N images, M pictures of the memory, C classes, D embedding width.

#include <limits>

#include "evaluate/metrics.h"
#include "evaluate/probe.h"

namespace theriac::evaluate {

namespace {

struct PrototypesConfig final : ProbeConfig {
  std::unique_ptr<Metric> build() const override {
    return make_probe("prototypes", std::make_shared<PrototypesConfig>(*this));
  }

  Classifier learn(const Memory& known, std::uint64_t) const override {
    const auto& unit_MD = known.features.unit_ND;
    const auto one_MC =
        (known.label_M.unsqueeze(1) == torch::arange(known.classes, known.label_M.options()))
            .to(unit_MD.dtype());
    const auto sum_CD = one_MC.t().mm(unit_MD);
    const auto class_CD = sum_CD / sum_CD.norm(2, {1}, true).clamp_min(1e-12);
    const auto empty_1C = (one_MC.sum(0) == 0).unsqueeze(0);
    return [class_CD, empty_1C](const Features& images) {
      return images.unit_ND.mm(class_CD.t())
          .masked_fill(empty_1C, -std::numeric_limits<float>::infinity());
    };
  }
};

}  // namespace

config::Entry<MetricConfig> prototypes() {
  return config::entry<MetricConfig, PrototypesConfig>(
      "prototypes", "accuracy and attack success of the nearest class mean of a labelled set");
}

}  // namespace theriac::evaluate
