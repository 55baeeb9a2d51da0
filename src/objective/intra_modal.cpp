// Intra-modal contrast ("SSL"): every sample finds its own augmented view, in each modality.
//   SSL = weight * (image * CE(s I I'^T) + text * CE(s T T'^T)) / 2
// I, T: [B, D] with unit rows; I', T' the augmented views; s = exp(t), shared with MMCL.
// One direction only (rows are plain views), no negatives from the same view, no projection head;
// the gradient flows into both views.
// Source: CleanCLIP (Bansal et al., ICCV 2023); paper.md 2.2. A factor for each modality is ours.
#include "objective/intra_modal.h"

#include "objective/contrast.h"

namespace theriac::objective {

namespace {

class IntraModal final : public Term {
 public:
  explicit IntraModal(const IntraModalConfig& config) : config_(config) {}

  loader::Views views() const override { return {.plain = true, .augmented = true}; }

  Losses operator()(const Embeddings& e) override {
    Losses losses;
    add(losses, "intra_modal_image", config_.image, e.image_BD, e.augmented_image_BD,
        e.logit_scale);
    add(losses, "intra_modal_text", config_.text, e.text_BD, e.augmented_text_BD, e.logit_scale);
    return losses;
  }

 private:
  void add(Losses& losses, const char* name, double factor, const torch::Tensor& plain_BD,
           const torch::Tensor& augmented_BD, const torch::Tensor& scale) const {
    if (factor == 0) return;
    const auto loss = config_.weight * factor / 2 * contrast(plain_BD, augmented_BD, scale);
    losses.total = losses.total.defined() ? losses.total + loss : loss;
    losses.parts.emplace_back(name, loss.detach());
  }

  IntraModalConfig config_;
};

}  // namespace

void IntraModalConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.value("image", image, "factor of the images' half", {0, 1e6});
  fields.value("text", text, "factor of the captions' half", {0, 1e6});
}

void IntraModalConfig::check(config::Problems& problems) const {
  if (image == 0 && text == 0)
    problems.add("image", "image and text are both 0: this term would do nothing; leave it out");
}

std::unique_ptr<Term> IntraModalConfig::build() const {
  return std::make_unique<IntraModal>(*this);
}

}  // namespace theriac::objective
