// Image self-supervision of SLIP: two augmented views of a picture find each other.
//   p = normalise(W3 relu(BN(W2 relu(BN(W1 e + b1)) + b2)) + b3),  W1: [H, D], W2: [H, H], W3: [P,
//   H] NT-Xent = weight * mean over all 2B views v of -log softmax(p_v . p_u /
//   temperature)[partner], u running over the other 2B - 1 views: the partner and 2B - 2 negatives
// e: [B, D] unit rows of each view; value ln(2B - 1) when all views are equal.
// Source: Chen et al. (ICML 2020), section 2.1; head and values: Mu et al., SLIP (ECCV 2022): H
// 4096, P 256, temperature 0.1. Differs from it: the head sits on the normalised embedding, not on
// the features before CLIP's projection, and the head's batch norm always uses the statistics of
// the view's batch (it keeps no running ones, as nothing evaluates the head).
#include "objective/simclr.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <limits>

namespace theriac::objective {

namespace {

class SimClr final : public Term {
 public:
  explicit SimClr(const SimClrConfig& config) : config_(config) {}

  loader::Views views() const override {
    return {.plain = false, .augmented = false, .two_images = true};
  }

  void begin(const Setup& setup) override {
    auto generator = at::make_generator<at::CPUGeneratorImpl>(setup.seed);
    const std::int64_t widths[] = {setup.width, config_.hidden, config_.hidden, config_.out};
    head_.clear();
    for (int i = 0; i < 3; ++i) {
      const std::string layer = std::to_string(i);
      // PyTorch's default for linear layers: uniform in +-1 / sqrt(inputs).
      const double bound = 1 / std::sqrt(static_cast<double>(widths[i]));
      const auto uniform = [&](torch::IntArrayRef shape) {
        return torch::empty(shape, torch::kFloat32).uniform_(-bound, bound, generator);
      };
      head_.emplace_back("linear" + layer + ".weight", uniform({widths[i + 1], widths[i]}));
      head_.emplace_back("linear" + layer + ".bias", uniform({widths[i + 1]}));
      if (i == 2) break;
      head_.emplace_back("bn" + layer + ".weight", torch::ones({widths[i + 1]}));
      head_.emplace_back("bn" + layer + ".bias", torch::zeros({widths[i + 1]}));
    }
    for (auto& item : head_) item.second.requires_grad_();
  }

  Losses operator()(const Embeddings& e) override {
    const auto pairs = e.augmented_image_BD.size(0);
    const auto p_VP = torch::cat({project(e.augmented_image_BD), project(e.augmented2_image_BD)});
    const auto self_VV = torch::eye(2 * pairs, p_VP.options().dtype(torch::kBool));
    const auto logits_VV = (p_VP / config_.temperature)
                               .matmul(p_VP.t())
                               .masked_fill(self_VV, -std::numeric_limits<double>::infinity());
    const auto view_B = torch::arange(pairs, p_VP.options().dtype(torch::kLong));
    const auto partner_V = torch::cat({view_B + pairs, view_B});
    const auto loss = config_.weight * at::cross_entropy_loss(logits_VV, partner_V);
    return {.total = loss, .parts = {{"simclr", loss.detach()}}};
  }

  Named parameters() override { return head_; }

 private:
  torch::Tensor project(const torch::Tensor& e_BD) const {
    std::size_t next = 0;
    const auto own = [&] { return head_[next++].second.to(e_BD.dtype()); };
    auto x = e_BD;
    for (int i = 0; i < 3; ++i) {
      const auto weight = own(), bias = own();
      x = at::linear(x, weight, bias);
      if (i == 2) break;
      const auto gain = own(), shift = own();
      x = at::relu(at::batch_norm(x, gain, shift, {}, {}, /*training=*/true, /*momentum=*/0,
                                  /*eps=*/1e-5, /*cudnn_enabled=*/true));
    }
    return x / x.norm(2, /*dim=*/1, /*keepdim=*/true);
  }

  SimClrConfig config_;
  Named head_;
};

}  // namespace

void SimClrConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.value("temperature", temperature, "divides the similarities; fixed", {1e-4, 1e4});
  fields.value("hidden", hidden, "width of the projection head's two hidden layers", {1, 1 << 16});
  fields.value("out", out, "width of what the projection head gives", {1, 1 << 16});
}

std::unique_ptr<Term> SimClrConfig::build() const { return std::make_unique<SimClr>(*this); }

}  // namespace theriac::objective
