// Multimodal contrastive loss: every image finds its caption and every caption its image.
//   MMCL(I, T) = (CE(s I T^T) + CE(s T I^T)) / 2
//   views plain: weight * MMCL(I, T)
//   views both:  weight * (MMCL(I, T) + MMCL(I', T')) / 2, I' and T' the augmented views
// I, T: [B, D] with unit rows; s = exp(t); value in [0, inf), ln B when nothing is known.
// Source: CLIP (Radford et al. 2021); paper.md 2.1. `both` is not in the paper: it is the control
// that trains on the augmented views without the intra-modal loss.
#include "objective/mmcl.h"

#include "objective/contrast.h"

namespace theriac::objective {

namespace {

class Mmcl final : public Term {
 public:
  explicit Mmcl(const MmclConfig& config) : config_(config) {}

  loader::Views views() const override {
    return {.plain = true, .augmented = config_.views == MmclConfig::Views::kBoth};
  }

  Losses operator()(const Embeddings& e) override {
    auto loss = symmetric_contrast(e.image_BD, e.text_BD, e.logit_scale);
    if (config_.views == MmclConfig::Views::kBoth)
      loss =
          (loss + symmetric_contrast(e.augmented_image_BD, e.augmented_text_BD, e.logit_scale)) / 2;
    loss = config_.weight * loss;
    return {.total = loss, .parts = {{"mmcl", loss.detach()}}};
  }

 private:
  MmclConfig config_;
};

}  // namespace

void MmclConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.choice("views", views, "pairs that are contrasted: the plain ones, or also the augmented",
                {{"plain", Views::kPlain}, {"both", Views::kBoth}});
}

std::unique_ptr<Term> MmclConfig::build() const { return std::make_unique<Mmcl>(*this); }

}  // namespace theriac::objective
