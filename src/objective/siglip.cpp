// Sigmoid loss: every image-caption pair of the batch is judged by itself, matching or not.
//   SIGLIP = weight / N * sum_ij softplus(-z_ij (s I_i . T_j + b)),  z_ij = 1 if i = j, else -1
// I, T: [B, D] with unit rows, B pairs; s = exp(t); b a learned bias. N = B (`mean: rows`), or B^2
// (`mean: pairs`).
// Source: Zhai et al., Sigmoid Loss for Language Image Pre-Training (ICCV 2023), equation 1 and
// algorithm 1. The authors start at t = ln 10; here t starts where the model's does, at
// ln(1 / 0.07). The paper's code has no bias and divides by B^2 (paper.md 2.4, D18):
// {bias: false, mean: pairs, weight: 0.1}.
#include "objective/siglip.h"

namespace theriac::objective {

namespace {

class Siglip final : public Term {
 public:
  explicit Siglip(const SiglipConfig& config) : config_(config) {
    if (config_.bias)
      bias_ = torch::tensor(static_cast<float>(config_.initial_bias)).requires_grad_();
  }

  loader::Views views() const override { return {.plain = true, .augmented = false}; }

  Losses operator()(const Embeddings& e) override {
    const auto pairs = e.image_BD.size(0);
    auto logits_BB = (e.logit_scale * e.image_BD).matmul(e.text_BD.t());
    if (bias_.defined()) logits_BB = logits_BB + bias_.to(logits_BB.dtype());
    const auto sign_BB = 2 * torch::eye(pairs, logits_BB.options()) - 1;
    const auto judged_BB = at::log_sigmoid(sign_BB * logits_BB);
    const auto count = config_.mean == SiglipConfig::Mean::kRows ? pairs : pairs * pairs;
    const auto loss = -config_.weight / static_cast<double>(count) * judged_BB.sum();
    return {.total = loss, .parts = {{"siglip", loss.detach()}}};
  }

  Named parameters() override {
    if (!bias_.defined()) return {};
    return {{"bias", bias_}};
  }

 private:
  SiglipConfig config_;
  torch::Tensor bias_;
};

}  // namespace

void SiglipConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.value("bias", bias, "learn a bias of the logits");
  fields.value("initial_bias", initial_bias, "where the bias starts", {-1000, 1000});
  fields.choice("mean", mean, "divide the sum by the batch's rows, or by all its pairs",
                {{"rows", Mean::kRows}, {"pairs", Mean::kPairs}});
}

void SiglipConfig::check(config::Problems& problems) const {
  if (!bias && initial_bias != SiglipConfig().initial_bias)
    problems.add("initial_bias", "has no effect with bias: false; leave one of them out");
}

std::unique_ptr<Term> SiglipConfig::build() const { return std::make_unique<Siglip>(*this); }

}  // namespace theriac::objective
