// Training the image encoder on labelled pictures: a linear classifier of the image embedding.
//   L = weight * mean_i CE(W x_i + b, y_i),   W: [K, D] and b: [K] ~ U(+-1 / sqrt(D)), K classes
// x: [B, D], the image embedding before normalisation, or its unit rows; y from the data's labels,
// also for poisoned pictures, whose caption alone the attacker changes. Captions are not looked at:
// as the only term it leaves text encoder and logit scale as they are.
// Source: the supervised fine-tuning that CleanCLIP (Bansal et al., ICCV 2023) compares with: 10
// epochs of 50,000 labelled ImageNet pictures, learning rate 1e-4.
#include "objective/supervised.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <cmath>

#include "theriac/core/error.h"

namespace theriac::objective {

namespace {

// Class ids by row of the data, int64 [N].
torch::Tensor labels_of(const Setup& setup) {
  if (!setup.source)
    throw Error("supervised: there is no data here whose samples could have labels");
  const auto& source = *setup.source;
  const auto classes = static_cast<std::int64_t>(source.classes().size());
  if (classes < 2)
    throw Error(
        fmt::format("supervised: the data to train on has {} classes, expected 2 or more; use a "
                    "labelled source (imagenet, image_folder, csv with label_key, emoji, ...)",
                    classes));
  std::vector<std::int64_t> labels(static_cast<std::size_t>(source.size()));
  std::int64_t missing = 0, first = -1;
  for (std::int64_t i = 0; i < source.size(); ++i) {
    const auto label = labels[static_cast<std::size_t>(i)] = source.row(i).label;
    if (label >= classes)
      throw Error(fmt::format("supervised: label {} of {}, expected less than the {} classes",
                              label, source.where(i), classes));
    if (label < 0 && missing++ == 0) first = i;
  }
  if (missing > 0)
    throw Error(
        fmt::format("supervised: {} of {} samples have no label, first {}; label them or "
                    "remove them from the data",
                    missing, source.size(), source.where(first)));
  return torch::tensor(labels, torch::kLong);
}

class Supervised final : public Term {
 public:
  explicit Supervised(const SupervisedConfig& config) : config_(config) {}

  loader::Views views() const override { return {.plain = false, .plain_image = true}; }

  void begin(const Setup& setup) override {
    label_N_ = labels_of(setup);
    auto generator = at::make_generator<at::CPUGeneratorImpl>(setup.seed);
    const double bound = 1 / std::sqrt(static_cast<double>(setup.width));
    const auto classes = static_cast<std::int64_t>(setup.source->classes().size());
    const auto uniform = [&](torch::IntArrayRef shape) {
      return torch::empty(shape, torch::kFloat32)
          .uniform_(-bound, bound, generator)
          .requires_grad_();
    };
    weight_KD_ = uniform({classes, setup.width});
    bias_K_ = uniform({classes});
  }

  Losses operator()(const Embeddings& e) override {
    const auto& x_BD =
        config_.features == SupervisedConfig::Features::kRaw ? e.raw_image_BD : e.image_BD;
    const auto label_B = label_N_.index_select(0, e.index_B).to(x_BD.device());
    const auto logits_BK = at::linear(x_BD, weight_KD_.to(x_BD.dtype()), bias_K_.to(x_BD.dtype()));
    const auto loss = config_.weight * at::cross_entropy_loss(logits_BK, label_B);
    return {.total = loss, .parts = {{"supervised", loss.detach()}}};
  }

  Named parameters() override { return {{"weight", weight_KD_}, {"bias", bias_K_}}; }

 private:
  SupervisedConfig config_;
  torch::Tensor weight_KD_, bias_K_;
  torch::Tensor label_N_;  // on the CPU, by row of the data
};

}  // namespace

void SupervisedConfig::describe(config::Fields& fields) {
  fields.value("weight", weight, "factor of this term", {0, 1e6});
  fields.choice("features", features,
                "what the classifier sees: the image embedding before normalisation, or its "
                "direction alone",
                {{"raw", Features::kRaw}, {"unit", Features::kUnit}});
}

void SupervisedConfig::check_data(const Setup& setup) const { labels_of(setup); }

std::unique_ptr<Term> SupervisedConfig::build() const {
  return std::make_unique<Supervised>(*this);
}

}  // namespace theriac::objective
