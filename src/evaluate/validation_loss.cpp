// Validation loss: CLIP's loss on pairs that were not trained on, lower is better.
//   Z = s * I T^T per batch of B pairs in the set's order, s = exp(logit scale)
//   loss = sum over batches of B * (CE(Z) + CE(Z^T)) / 2, divided by the number of pairs
// The value grows with B (at best ln of it less what was learned), so B is part of the protocol;
// the last batch may be smaller. Source: paper.md 9.3 and D7; as there, pictures are not augmented.
// I, T: unit rows [B, D]. No interval: a mean of losses is no rate.
#include <ATen/ops/log_softmax.h>

#include "evaluate/metrics.h"
#include "evaluate/prompted.h"

namespace theriac::evaluate {

namespace {

struct ValidationLossConfig final : MetricConfig {
  std::vector<std::string> data;
  std::int64_t batch_size = 128;
  void describe(config::Fields& f) override {
    f.value("data", data, "names of the data sets of image-caption pairs to measure on");
    f.value("batch_size", batch_size, "pairs that are contrasted with each other", {2, 1e6});
  }
  void check(config::Problems& problems) const override {
    if (data.empty()) problems.add("data", "name a data set with captions, as in [validation]");
  }
  std::unique_ptr<Metric> build() const override;
};

class ValidationLoss final : public Metric {
 public:
  explicit ValidationLoss(ValidationLossConfig config) : config_(std::move(config)) {}

  std::vector<core::Record> operator()(Session& session) override {
    std::vector<core::Record> records;
    for (const auto& set : named(session, config_.data)) {
      const auto& images = session.images(set);
      std::vector<std::string> captions;
      for (const auto index : images.indices) captions.push_back(set.source->row(index).caption);
      auto record = session.record(set, "validation_loss");
      record.n = images.clean_ND.size(0);
      record.value = record.low = record.high =
          mean_loss(images.clean_ND, session.embed_texts(captions), session.logit_scale());
      record.protocol = "batch_size " + std::to_string(config_.batch_size);
      records.push_back(std::move(record));
    }
    return records;
  }

 private:
  double mean_loss(const torch::Tensor& image_ND, const torch::Tensor& text_ND,
                   double scale) const {
    const auto n = image_ND.size(0);
    double sum = 0;
    for (std::int64_t begin = 0; begin < n; begin += config_.batch_size) {
      const auto end = std::min(n, begin + config_.batch_size);
      const auto logits_BB =
          scale * image_ND.slice(0, begin, end).mm(text_ND.slice(0, begin, end).t());
      for (const std::int64_t axis : {0, 1})
        sum -= at::log_softmax(logits_BB, axis).diagonal().sum().item<double>() / 2;
    }
    return sum / static_cast<double>(n);
  }

  ValidationLossConfig config_;
};

std::unique_ptr<Metric> ValidationLossConfig::build() const {
  return std::make_unique<ValidationLoss>(*this);
}

}  // namespace

config::Entry<MetricConfig> validation_loss() {
  return config::entry<MetricConfig, ValidationLossConfig>(
      "validation_loss", "CLIP's loss on image-caption pairs that were not trained on");
}

}  // namespace theriac::evaluate
